"""`hashdata doctor`: look at everything that is stored."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli.options import Json, KeyFile
from hashdata.errors import ExitCode


def doctor(
    key_file: KeyFile = None,
    bundle: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write what helps others to help, without labels, to a new file."),
    ] = None,
    json: Json = False,
) -> ExitCode:
    """
    Check accounts, vault, connectors and clock, and mend what can be mended.

    Asks no exchange. Exit codes: 0 all is well or mended, 2 something needs
    a hand.
    """
    from hashdata.cli import doctoring, terminal
    from hashdata.render import doctor as rendered

    examined = doctoring.examine_all(key_file, bundle)
    if json:
        terminal.emit(rendered.to_json(examined.findings))
    else:
        terminal.show(*rendered.page(examined.findings))
    if bundle is not None:
        terminal.note(f"Written to {bundle}. It names no account and no key; look it through before you send it.")
    return ExitCode.USAGE if examined.needs_a_hand else ExitCode.ACCEPTED
