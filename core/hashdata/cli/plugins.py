"""`hashdata plugins`: what connectors may do, and whether they are used."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli import terminal
from hashdata.cli.completion import complete_connector
from hashdata.cli.options import Json
from hashdata.cli.quick import Command, Group
from hashdata.errors import ExitCode

app = typer.Typer(cls=Group, rich_markup_mode=None, invoke_without_command=True)

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A connector, such as poloniex.", autocompletion=complete_connector)
]


@app.callback()
def plugins(context: typer.Context) -> None:
    """See what connectors may do, and switch them on and off."""
    if context.invoked_subcommand is None:
        terminal.write(context.get_help())
        raise typer.Exit(ExitCode.USAGE)


@app.command("list", cls=Command)
def list_(json: Json = False) -> None:
    """List what each connector may do, with its package and hosts."""
    from hashdata.registry import installed
    from hashdata.registry.choices import read_choices
    from hashdata.render import plugins as rendered

    entries, choices = installed(), read_choices()
    if json:
        terminal.emit(rendered.to_json(entries, choices))
    else:
        terminal.show(*rendered.table(entries, choices))


@app.command(cls=Command)
def show(name: Name) -> None:
    """Show what one connector may do, before it is given a key."""
    from hashdata.registry import find
    from hashdata.render import plugins as rendered

    terminal.show(*rendered.page(find(name)))


@app.command(cls=Command)
def enable(name: Name) -> None:
    """
    Switch a connector on, and allow it to be given keys.

    That holds for the version that is installed: another one is asked about
    again.
    """
    from hashdata.registry.consent import enable as switch
    from hashdata.render import plugins as rendered

    connector = switch(name)
    terminal.tell(*rendered.page(connector))
    terminal.note(f"\n{connector.name} {connector.version} is switched on and may be given keys.")


@app.command(cls=Command)
def disable(name: Name) -> None:
    """Switch a connector off: hashdata does not import it any more."""
    from hashdata.registry.consent import disable as switch

    terminal.note(f"{switch(name)} is switched off. Its accounts stay, and are not tested.")


@app.command(cls=Command)
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the connector will be called, such as bitvavo.")],
    ccxt: Annotated[str | None, typer.Option(metavar="ID", help="The exchange's id in ccxt.")] = None,
    title: Annotated[str | None, typer.Option(metavar="T", help="The name that people know.")] = None,
    author: Annotated[str | None, typer.Option(metavar="A", help="Who stands in the licence.")] = None,
    directory: Annotated[str, typer.Option(metavar="DIR", help="Where the folder is made.")] = ".",
    into: Annotated[str | None, typer.Option(metavar="FOLDER", help="The folder, hashdata-NAME if not given.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> None:
    """
    Start a package for a connector, with what ccxt knows.

    On a terminal what is not given is asked for. Nothing is overwritten.
    """
    import shlex

    from hashdata import scaffold
    from hashdata.cli.hidden import ask_openly, is_terminal

    ask = ask_openly if is_terminal() and not yes else None
    plan = scaffold.plan(name, ccxt=ccxt, title=title, author=author, directory=directory, into=into, ask=ask)
    files = scaffold.write(plan)
    terminal.write(f"{plan.folder} holds a connector for {plan.title}, in {len(files)} files.")
    there = shlex.quote(str(plan.folder))
    terminal.note(f"Next: `cd {there}`, `pip install -e '.[test]'`, `pytest`. The tests say what to decide.")
