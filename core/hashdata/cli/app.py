"""The tree of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli import connectors, sandbox
from hashdata.errors import ExitCode

app = typer.Typer(
    name="hashdata",
    help="Connect exchange accounts read-only, and prove it.",
    pretty_exceptions_enable=False,
    invoke_without_command=True,
)
app.add_typer(connectors.app, name="connectors")
app.command("sandbox")(sandbox.sandbox)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from hashdata.cli import terminal

        terminal.write(f"hashdata {version('hashdata')} (ccxt {version('ccxt')})")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """
    Connect exchange accounts read-only, and prove it.

    A key is accepted only when the exchange itself refuses to trade and to
    withdraw with it, and when everything required can be read.

    Exit codes: 0 accepted, 1 denied, 2 usage error, 3 unusable key,
    4 inconclusive, 5 broken connector or internal error, 130 interrupted.
    """
    del version
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(ExitCode.USAGE)
