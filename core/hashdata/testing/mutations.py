"""Change an answer about rights: add some that nobody knows, or write a flag in another way."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass

UNKNOWN = "zzqxUnknownRight"
# The names and positions that lead to a part of a JSON value.
Way = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mutation:
    """
    A changed answer.

    `what` says what was changed. `is_added` is false where a value was
    replaced, which a shape may refuse for reasons that have nothing to do with rights.
    """

    what: str
    value: object
    is_added: bool = True


@dataclass(frozen=True, slots=True)
class Flip:
    """A flag turned over: the changed answer, and `others` in which it is missing or no longer true or false."""

    what: str
    value: object
    others: tuple[Mutation, ...]


def mutations(value: object) -> Iterator[Mutation]:
    """Yield `value` with one unknown right more, for every place in which there could be one."""
    for way, held in list(_places(value, ())):
        where = place(way)
        if isinstance(held, list):
            # Of a list that is empty nothing tells what belongs into it, so text is only tried.
            models = [UNKNOWN] if not held else held[:1]
            yield Mutation(
                f"an unknown item in {where}", put(value, way, [*held, unknown(models[0])]), is_added=bool(held)
            )
        elif isinstance(held, dict):
            for model in {type(item): item for item in held.values()}.values():
                added = {**held, UNKNOWN: unknown(model)}
                yield Mutation(f"an unknown {type(model).__name__} in {where}", put(value, way, added))
        elif isinstance(held, str) and held:
            yield Mutation(f"an unknown word behind {where}", put(value, way, f"{held},{UNKNOWN}"), is_added=False)
        elif type(held) is int and held in {0, 1}:
            yield Mutation(f"{where} as {1 - held}", put(value, way, 1 - held), is_added=False)
            yield Mutation(f"{where} as 7", put(value, way, 7), is_added=False)


def flips(value: object) -> Iterator[Flip]:
    """Yield `value` with one flag turned over, for every flag in it."""
    for way, held in _places(value, ()):
        if isinstance(held, bool) and way:
            where = place(way)
            spellings: tuple[object, ...] = (str(not held).lower(), int(not held), None)
            written = [Mutation(f"{where} as {json.dumps(s)}", put(value, way, s), is_added=False) for s in spellings]
            left_out = Mutation(f"{where} left out", without(value, way), is_added=False)
            yield Flip(f"{where} as {json.dumps(not held)}", put(value, way, not held), (*written, left_out))


def at(value: object, way: Way) -> object:
    """Return what stands where `way` leads, which was found in this very value."""
    for step in way:
        value = value[step]  # type: ignore[index]  # see above
    return value


def place(way: Way) -> str:
    """Return a way in words."""
    return ".".join(map(str, way)) or "the answer"


def _places(value: object, way: Way) -> Iterator[tuple[Way, object]]:
    """Yield every part of a JSON value with the names and positions that lead to it."""
    yield way, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _places(item, (*way, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _places(item, (*way, position))


def put(value: object, way: Way, item: object) -> object:
    """Return a copy of `value` in which `item` stands where `way` leads."""
    if not way:
        return item
    changed = copy.deepcopy(value)
    place = changed
    for step in way[:-1]:
        place = place[step]  # type: ignore[index]  # `way` was found in this very value
    place[way[-1]] = item  # type: ignore[index]  # as above
    return changed


def without(value: object, way: Way) -> object:
    """Return a copy of `value` that has nothing where `way` leads."""
    changed = copy.deepcopy(value)
    place = changed
    for step in way[:-1]:
        place = place[step]  # type: ignore[index]  # `way` was found in this very value
    del place[way[-1]]  # type: ignore[attr-defined]  # as above
    return changed


def unknown(model: object) -> object:
    """Return an unknown right that is switched on, written as `model` is."""
    if isinstance(model, bool):
        return True
    if isinstance(model, int | float):
        return 1
    if isinstance(model, list):
        return [unknown(item) for item in model]
    if isinstance(model, dict):
        return {name: unknown(item) for name, item in model.items()}
    return UNKNOWN
