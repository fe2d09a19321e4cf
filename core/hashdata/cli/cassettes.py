"""`hashdata cassettes`: look through recordings that others give away."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli import terminal
from hashdata.cli.options import Json
from hashdata.cli.quick import Command, Group
from hashdata.errors import ExitCode

app = typer.Typer(cls=Group, rich_markup_mode=None, invoke_without_command=True)


@app.callback()
def cassettes(context: typer.Context) -> None:
    """Look through recordings of tests that others give away."""
    if context.invoked_subcommand is None:
        terminal.write(context.get_help())
        raise typer.Exit(ExitCode.USAGE)


@app.command(cls=Command)
def check(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A file that --record wrote, or a folder of them.")],
    json: Json = False,
) -> ExitCode:
    """
    Say what a recording shows, and what should not be in it.

    Sends nothing. Exit codes: 0 nothing was found, 1 something must be
    looked at, 2 a file cannot be read.
    """
    from pathlib import Path

    from hashdata.recording.checking import check as look_through
    from hashdata.registry import installed
    from hashdata.render import cassettes as rendered

    connectors = [entry.connector for entry in installed() if entry.connector]
    files = look_through(Path(path), connectors)
    if json:
        terminal.emit(rendered.to_json(files))
    else:
        terminal.show(*rendered.page(files))
    if any(file.unreadable for file in files):
        return ExitCode.USAGE
    return ExitCode.ACCEPTED if all(file.is_fine for file in files) else ExitCode.DENIED
