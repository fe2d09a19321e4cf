"""The tree of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli import accounts, cassettes, connectors, doctor, plugins, portal, sandbox, terminal, vault
from hashdata.cli.quick import Command, Group
from hashdata.errors import ExitCode

_HELP = """
Connect exchange accounts read-only, and prove it.

A key is accepted only when the exchange itself refuses to trade and to
withdraw with it, and when everything required can be read.

\b
Exit codes:
  0    the key is accepted, or the command did what it should
  1    the key is denied: it can do more than read, or may not read all
  2    the command or its input cannot be used
  3    the key is unusable: the exchange does not accept it
  4    inconclusive: something could not be found out
  5    a connector is broken, or hashdata is
  130  interrupted
"""


app = typer.Typer(
    name="hashdata",
    cls=Group,
    help=_HELP,
    # Typer's frames put blanks at line ends and say nothing that the plain page does not.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
)
app.add_typer(connectors.app, name="connectors")
app.add_typer(accounts.app, name="accounts")
app.add_typer(vault.app, name="vault")
app.add_typer(plugins.app, name="plugins")
app.add_typer(cassettes.app, name="cassettes")
app.command("doctor", cls=Command)(doctor.doctor)
app.command("portal", cls=Command)(portal.portal)
app.command("sandbox", cls=Command)(sandbox.sandbox)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

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
    """Print the help where no command is given; what it says stands above, for the exit codes."""
    del version
    if context.invoked_subcommand is None:
        terminal.write(context.get_help())
        raise typer.Exit(ExitCode.USAGE)
