"""Start the portal with its options checked, and open a browser."""

from __future__ import annotations

import webbrowser

from hashdata.cli import terminal
from hashdata.cli.unlocking import key_file, store_here
from hashdata.errors import UsageError
from hashdata.portal.server import serve

_LAST_PORT = 65535
_DIGITS = 9


async def run(port: str, *, opens: bool, is_practice: bool, key_file_option: str | None) -> None:
    """Serve the portal until it ends; raise `UsageError` for options that cannot be used."""
    if not (port.isascii() and port.isdecimal() and len(port) <= _DIGITS and int(port) <= _LAST_PORT):
        raise UsageError(f"--port is not a number from 0 to {_LAST_PORT}", fix="Leave it out for any free port.")

    def tell(address: str) -> None:
        terminal.write(f"Open {address}")
        if opens:
            webbrowser.open(address)

    await serve(store_here(), port=int(port), key_file=key_file(key_file_option), is_practice=is_practice, tell=tell)
