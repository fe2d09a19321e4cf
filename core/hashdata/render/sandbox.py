"""What `hashdata sandbox` prints: the practice keys, and a command to try one of them with."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from hashdata.connector import Connector
from hashdata.render.layout import heading
from hashdata.render.plain import plain
from hashdata.sandbox.standing import Place


def page(connector: Connector, places: Sequence[Place]) -> Iterator[RenderableType]:
    """Yield the practice keys, each as one line of JSON that a test reads, and a command at the end."""
    yield Text(f"A practice {plain(connector.info.title)} stands at {places[0].origin} until Ctrl-C.", style="bold")
    yield heading("Practice keys, each to be put into a file or piped")
    for place in places:
        elsewhere = "" if place.origin == places[0].origin else f" (at {place.origin})"
        yield Text(f"\n{place.persona.name}: {plain(place.persona.about)}{elsewhere}")
        yield _values(place)
    yield heading("In another terminal, for example")
    test = f"hashdata connectors test {connector.name} --credentials - --endpoint {places[0].origin}"
    yield f"\nprintf %s {shlex.quote(_values(places[0]))} | {test}"


def _values(place: Place) -> str:
    """Return a practice key as a test reads it."""
    return json.dumps(dict(place.persona.credentials))
