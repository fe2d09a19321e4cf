"""
Compare declared values with the annotations of their dataclasses.

A connector's author may use no type checker, and a title that is None would
end `connectors list` for every other connector where it is printed.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType

# A type checker takes `typing`'s special form for no type.
_CALLABLE: object = Callable


def misfit(where: str, value: object, kind: object) -> str | None:
    """Return a sentence about the first part of `value` that is not what `kind` says; None when all of it is."""
    return next(_misfits(where, value, kind), None)


def _misfits(where: str, value: object, kind: object) -> Iterator[str]:
    """Yield a sentence for each part of `value` that does not fit."""
    origin, kinds = typing.get_origin(kind), typing.get_args(kind)
    if origin is not None:
        yield from _of_generic(where, value, kind, origin, kinds)
    elif not isinstance(kind, type):
        return
    elif getattr(kind, "_is_protocol", False):
        yield from _of_protocol(where, value, kind)
    elif type(value) is not kind and not (kind is str and isinstance(value, str)) and not _is_whole(value, kind):
        # No subclasses: what was checked once must not become something else when it is read again.
        yield _sentence(where, value, kind)
    elif is_dataclass(value):
        yield from _of_fields(where, value)


def _of_generic(where: str, value: object, kind: object, origin: type, kinds: tuple[object, ...]) -> Iterator[str]:
    """Check what the annotation describes by other annotations."""
    if origin in {UnionType, typing.Union}:
        if type(value) in kinds:
            # Of the right kind as a whole, so it is a part of it that may be wrong.
            yield from _misfits(where, value, type(value))
        elif all(misfit(where, value, option) for option in kinds):
            yield _sentence(where, value, kind)
    elif origin is _CALLABLE:
        if not callable(value) or isinstance(value, type):
            yield _sentence(where, value, Callable)
    elif origin is Mapping:
        yield from _of_mapping(where, value, *kinds)
    else:
        yield from _of_items(where, value, origin, kinds)


def _of_mapping(where: str, value: object, key: object, item: object) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield _sentence(where, value, Mapping)
        return
    for name, held in value.items():
        yield from _misfits(f"a key of {where}", name, key)
        yield from _misfits(f"{where}[{name!s:.40}]", held, item)


def _of_items(where: str, value: object, origin: type, kinds: tuple[object, ...]) -> Iterator[str]:
    """Check a tuple, a sequence or a set: `kinds` is one for all of its items, or one for each."""
    if not isinstance(value, origin) or isinstance(value, str):
        yield _sentence(where, value, origin)
        return
    items: Sequence[object] = tuple(typing.cast("Iterable[object]", value))
    each = kinds if origin is tuple and kinds[-1] is not Ellipsis else kinds[:1] * len(items)
    if len(each) != len(items):
        yield f"{where} has {len(items)} items, not {len(each)}."
    for position, (item, kind) in enumerate(zip(items, each, strict=False)):
        yield from _misfits(f"{where}[{position}]", item, kind)


def _of_protocol(where: str, value: object, kind: type) -> Iterator[str]:
    """Check what may be any class that has the methods of `kind`, and all of it where it is one of ours."""
    methods = [name for name in vars(kind) if not name.startswith("_")]
    if isinstance(value, type) or not all(callable(getattr(value, name, None)) for name in methods):
        yield _sentence(where, value, kind)
    elif is_dataclass(value):
        yield from _of_fields(where, value)


def _of_fields(where: str, value: object) -> Iterator[str]:
    hints = _hints(type(value))  # type: ignore[arg-type]  # mypy looks at the hash of instances, not of the class
    for field in fields(typing.cast("typing.Any", value)):
        yield from _misfits(f"{where}.{field.name}", getattr(value, field.name), hints[field.name])


@cache
def _hints(kind: type) -> dict[str, object]:
    """Return the annotation of each field; where a module imports `Sequence` for type checkers alone, it is this."""
    return typing.get_type_hints(kind, localns={"Sequence": Sequence})


def _is_whole(value: object, kind: type) -> bool:
    """Whether a whole number stands where any number may."""
    return kind is float and type(value) is int


def _sentence(where: str, value: object, kind: object) -> str:
    return f"{where} is {named(value)}, not {kind_of(kind)}."


def kind_of(kind: object) -> str:
    """Name what an annotation asks for."""
    if isinstance(kind, UnionType):
        names = {type(None): "nothing"}
        return " or ".join(names.get(option) or kind_of(option) for option in typing.get_args(kind))
    return kind.__name__ if isinstance(kind, type) else str(kind)


def named(value: object) -> str:
    """Name the type of a value for a sentence."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return "nothing" if value is None else type(value).__name__
