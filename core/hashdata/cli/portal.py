"""`hashdata portal`: the same work in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.errors import ExitCode


def portal(
    port: Annotated[str, typer.Option(metavar="N", help="The port on 127.0.0.1; 0 takes a free one.")] = "0",
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the link, and open no browser.")] = False,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Practise: keep to practice exchanges and accounts.")
    ] = False,
    key_file: Annotated[
        str | None,
        typer.Option("--key-file", metavar="FILE", help="The file that opens the vault; also HASHDATA_KEY_FILE."),
    ] = None,
) -> ExitCode:
    """
    Open a local web page for adding, testing and keeping accounts.

    Only this computer can open it, by a link that works once. It ends by
    Ctrl-C, or by itself when nobody has used it for half an hour.
    """
    import asyncio

    from hashdata.cli import opening, terminal

    try:
        asyncio.run(opening.run(port, opens=not no_open, is_practice=sandbox, key_file_option=key_file))
    except KeyboardInterrupt:
        terminal.note("Stopped.")
        return ExitCode.INTERRUPTED
    terminal.note("Nobody has used the portal for half an hour, so it has ended.")
    return ExitCode.ACCEPTED
