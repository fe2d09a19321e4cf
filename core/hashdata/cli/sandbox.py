"""`hashdata sandbox`: a practice exchange that stands until it is stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli.completion import complete_connector
from hashdata.errors import ExitCode


def sandbox(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A connector, such as poloniex.", autocompletion=complete_connector),
    ],
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="The port, up to 65535; 0 takes a free one.")
    ] = 0,
) -> ExitCode:
    """
    Run a practice exchange on this computer until Ctrl-C.

    Prints the practice keys and a command to try them with.
    Exit codes: 2 usage error (the port is in use), 130 stopped by Ctrl-C.
    """
    import asyncio

    from hashdata.cli import terminal
    from hashdata.registry import find
    from hashdata.render import sandbox as rendered
    from hashdata.sandbox.personas import exchange_of
    from hashdata.sandbox.standing import stand

    connector = find(name)
    exchange = exchange_of(connector)
    try:
        asyncio.run(
            stand(exchange, port=port, ready=lambda places: terminal.show(*rendered.page(connector, places))),
        )
    except KeyboardInterrupt:
        terminal.note("Stopped.")
    return ExitCode.INTERRUPTED
