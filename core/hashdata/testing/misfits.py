"""Say where an answer does not have the shape that a connector asks for: the first place, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hashdata.answers import Fields, ListOf, Shape

_LONGEST = 60
_WHOLE = "the answer"
_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}


def misfit(shape: Shape, value: object, where: str = _WHOLE) -> str | None:
    """Return what is wrong at the first place that does not fit, None where all of it does."""
    try:
        if shape.fits(value):
            return None
        reason = f"{where} is {_shown(value)}, which does not fit {_name(shape)}"
    except Exception as error:  # noqa: BLE001 - a connector's shape may raise anything
        reason = f"{type(shape).__name__} raises {type(error).__name__} for {where}"
    inner: Iterator[str] = iter(())
    if isinstance(shape, Fields):
        inner = _in_fields(shape, value, where)
    elif isinstance(shape, ListOf):
        inner = _in_list(shape, value, where)
    return next(inner, reason)


def _in_list(shape: ListOf, value: object, where: str) -> Iterator[str]:
    """Yield what is wrong with a list and its items."""
    if not isinstance(value, list):
        yield f"{where} is {_kind(value)}, not a list"
        return
    if len(value) < shape.at_least:
        yield f"{where} has {len(value)} items, and {shape.at_least} are asked for"
    for position, item in enumerate(value):
        if wrong := misfit(shape.item, item, f"{_within(where)}[{position}]"):
            yield wrong


def _in_fields(shape: Fields, value: object, where: str) -> Iterator[str]:
    """Yield what is wrong with an object and its fields."""
    if not isinstance(value, dict):
        yield f"{where} is {_kind(value)}, not an object"
        return
    for name in sorted(shape.without & value.keys()):
        yield f"{where} has {name}, which only errors have"
    for name, inner in shape.fields.items():
        path = f"{_within(where)}.{name}".removeprefix(".")
        if name not in value:
            yield f"{path} is missing"
        elif wrong := misfit(inner, value[name], path):
            yield wrong


def _within(where: str) -> str:
    """Return the beginning of a place within another; that of the whole answer is empty."""
    return "" if where == _WHOLE else where


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a number")


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _LONGEST else _kind(value)


def _name(shape: Shape) -> str:
    """Return a shape as a connector writes it, where that is short."""
    text = repr(shape)
    return text if len(text) <= _LONGEST and "object at" not in text else type(shape).__name__
