"""`hashdata connectors`: list, show, guide, test."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli import terminal
from hashdata.cli.completion import complete_connector, complete_persona, complete_variant
from hashdata.cli.quick import Command, Group
from hashdata.errors import ExitCode

app = typer.Typer(cls=Group, rich_markup_mode=None, invoke_without_command=True)

Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="A connector, such as poloniex.", autocompletion=complete_connector),
]
Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document, also for an error.")]


@app.callback()
def connectors(context: typer.Context) -> None:
    """List, explain and use the connectors that are installed."""
    if context.invoked_subcommand is None:
        terminal.write(context.get_help())
        raise typer.Exit(ExitCode.USAGE)


@app.command("list", cls=Command)
def list_(json: Json = False) -> None:
    """List the installed connectors, broken ones with the reason."""
    from hashdata.registry import installed
    from hashdata.render import connectors as rendered

    entries = installed()
    if json:
        terminal.emit(rendered.to_json(entries))
    else:
        terminal.show(*rendered.table(entries))


@app.command(cls=Command)
def show(name: Name, json: Json = False) -> None:
    """Show what is asked for, and every request that a test may send."""
    from hashdata.registry import find
    from hashdata.render import connector as rendered

    connector = find(name)
    if json:
        terminal.emit(rendered.to_json(connector))
    else:
        terminal.show(*rendered.page(connector))


@app.command(cls=Command)
def guide(
    name: Name,
    variant: Annotated[
        str | None,
        typer.Option(metavar="V", help="A variant of the exchange's page.", autocompletion=complete_variant),
    ] = None,
    format_: Annotated[str, typer.Option("--format", metavar="text|markdown|html", help="How to print it.")] = "text",
) -> None:
    """Print the steps by which a key is made that can only read."""
    from datetime import date
    from shutil import get_terminal_size

    from hashdata.names import choose
    from hashdata.registry import find
    from hashdata.render.guide import Format, render

    connector = find(name)
    wanted = choose("format", format_, [str(known) for known in Format])
    variants = [known.name for known in connector.guide.variants]
    chosen = connector.guide.variant(choose("variant", variant, variants) if variant else None)
    today = date.today()  # noqa: DTZ011 - the reader's own day
    width = min(get_terminal_size((80, 24)).columns, 100)
    terminal.write(render(connector.guide, chosen, Format(wanted), today, connector=connector.name, width=width))


@app.command("test", cls=Command)
def examine_key(
    name: Name,
    credentials: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="TOML or JSON with the key's values, or - for standard input."),
    ] = None,
    sandbox: Annotated[
        str | None,
        typer.Option(metavar="PERSONA", help="Test a practice key instead.", autocompletion=complete_persona),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Send everything to this loopback address instead of the exchange."),
    ] = None,
    timeout: Annotated[str, typer.Option(metavar="S", help="Seconds that the whole test may take.")] = "20",
    all_streams: Annotated[bool, typer.Option("--all-streams", help="Ask the optional streams too.")] = False,
    record: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write every request and answer, scrubbed, to a new file."),
    ] = None,
    json: Json = False,
) -> ExitCode:
    """
    Test whether a key can only read, and say how that is known.

    Without --credentials and --sandbox the values are asked for, hidden.

    Exit codes: 0 accepted, 1 denied, 2 usage error, 3 unusable key,
    4 inconclusive, 5 broken connector or internal error, 130 interrupted.
    """
    from hashdata.cli import testing
    from hashdata.render import report as rendered

    plan = testing.plan(
        name,
        credentials=credentials,
        persona=sandbox,
        endpoint=endpoint,
        timeout=timeout,
        record=record,
    )
    report = testing.carry_out(plan, all_streams=all_streams)
    if json:
        terminal.emit(report.to_json())
        for line in rendered.to_report(report):
            terminal.note(line)
    else:
        terminal.show(*rendered.page(report))
    testing.save_recording(plan)
    return report.verdict.exit_code
