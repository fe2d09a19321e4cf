"""`hashdata sandbox`: a practice exchange that stands until it is stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli.completion import complete_connector


def sandbox(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A connector, such as poloniex.", autocompletion=complete_connector),
    ],
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 takes a free one.")] = 0,
) -> None:
    """
    Run a practice exchange on this computer until Ctrl-C.

    Prints the practice keys and a command to try each of them with.
    """
    import asyncio

    from hashdata.cli import terminal
    from hashdata.registry import find
    from hashdata.render import sandbox as rendered
    from hashdata.sandbox.personas import exchange_of
    from hashdata.sandbox.standing import stand

    connector = find(name)
    asyncio.run(
        stand(
            exchange_of(connector),
            port=port,
            ready=lambda places: terminal.show(*rendered.page(connector, places)),
        )
    )
