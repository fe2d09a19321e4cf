"""JSON of which the numbers stay as they are written: 12.50 is not 12.5, and no float is in between."""

from __future__ import annotations

import json


class Numeral(str):
    """A number of JSON, as it is written."""

    __slots__ = ()


def read(text: str) -> object:
    """Read a text that `answers.parse` takes, with a `Numeral` for each number."""
    value: object = json.loads(text, parse_int=Numeral, parse_float=Numeral)
    return value


def written(value: object) -> str:
    """Write what `read` returned, in ASCII."""
    if isinstance(value, Numeral):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value)
