"""
Find the places where an answer about rights holds what a key may do.

Two keys with different rights get answers that differ in many places. One of
them carries a right if what is read of the answer changes with it: when the
other key's value is put there, a permission is refused that was granted, or
the other way round. There an unknown right would stand, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hashdata.permissions import Grant, Permission
from hashdata.rights import Rights
from hashdata.testing.mutations import Way, place, put, without

ABSENT = object()
_DECIDED = {Grant.GRANTED, Grant.REFUSED}


@dataclass(frozen=True, slots=True)
class Carrier:
    """
    A place in the answer `base`: what is `held` there, and what the `other` key has there.

    `given` are the permissions that differ with it, and `on` is the one of
    the two that grants them.
    """

    base: object
    way: Way
    held: object
    other: object
    given: tuple[Permission, ...]
    on: object

    @property
    def where(self) -> str:
        """The place in words."""
        return place(self.way)


def carriers(
    read: Callable[[object], Rights], states: Sequence[Permission], mine: object, others: Sequence[object]
) -> tuple[Carrier, ...]:
    """Return the places at which `mine` differs from `others` in what is read of it, and those at which they do."""
    found: dict[tuple[str, Way], Carrier] = {}
    for other in others:
        for base, against in ((mine, other), (other, mine)):
            before = read(base)
            for way, held, instead in _differing(base, against):
                after = read(_exchanged(base, way, instead))
                given = tuple(p for p in states if {before.of(p), after.of(p)} == _DECIDED)
                if given:
                    on = held if before.of(given[0]) is Grant.GRANTED else instead
                    found.setdefault((json.dumps(base), way), Carrier(base, way, held, instead, given, on))
    return tuple(found.values())


def _differing(
    mine: object, other: object, way: Way = (), *, in_row: bool = False
) -> Iterator[tuple[Way, object, object]]:
    """Yield each place at which two JSON values differ, with what stands there."""
    if isinstance(mine, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*mine, *other]):
            yield from _differing(mine.get(name, ABSENT), other.get(name, ABSENT), (*way, name))
    elif isinstance(mine, list) and isinstance(other, list) and (_are_rows(mine, other) or _fit(mine, other, in_row)):
        for position, (one, two) in enumerate(zip(mine, other, strict=True)):
            yield from _differing(one, two, (*way, position), in_row=True)
    elif type(mine) is not type(other) or mine != other:
        yield way, mine, other


def _are_rows(mine: list[object], other: list[object]) -> bool:
    """Whether two lists hold the same number of objects or lists, which belong to each other."""
    is_table = all(one and all(isinstance(item, dict | list) for item in one) for one in (mine, other))
    return is_table and len(mine) == len(other)


def _fit(mine: list[object], other: list[object], in_row: bool) -> bool:  # noqa: FBT001 - said by the caller
    """Whether two lists are rows of a table, in which each position has its meaning."""
    return in_row and len(mine) == len(other)


def _exchanged(base: object, way: Way, instead: object) -> object:
    return without(base, way) if instead is ABSENT else put(base, way, instead)
