"""What `hashdata sandbox` prints: the practice keys, and a command to try each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from hashdata.connector import Connector
from hashdata.render.plain import plain
from hashdata.sandbox.standing import Place


def page(connector: Connector, places: Sequence[Place]) -> Iterator[RenderableType]:
    """Yield the list of practice keys, each as one line of JSON that a test reads."""
    yield Text(
        f"A practice {plain(connector.info.title)} stands at {places[0].origin} until Ctrl-C.",
        style="bold",
    )
    personas = Table(box=None, pad_edge=False, show_header=False)
    for place in places:
        elsewhere = "" if place.origin == places[0].origin else f" (at {place.origin})"
        personas.add_row(f"  {place.persona.name}", plain(place.persona.about) + elsewhere)
    yield personas
    yield Text("\nTheir keys, to put into a file or to pipe:\n")
    for place in places:
        line = json.dumps(dict(place.persona.credentials))
        yield Text(f"# {place.persona.name}\n{line}", no_wrap=True, overflow="ignore")
    first = places[0]
    yield Text("\nIn another terminal, for example:\n")
    command = (
        f"echo '{json.dumps(dict(first.persona.credentials))}' | hashdata connectors test {connector.name} "
        f"--credentials - --endpoint {first.origin}"
    )
    yield Text(command, no_wrap=True, overflow="ignore")
