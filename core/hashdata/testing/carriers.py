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
from hashdata.testing.mutations import UNKNOWN, Mutation, Way, place, put, unknown, without

ABSENT = object()
_SEPARATORS = (", ", ",", "|", ";", " ")
_DECIDED = {Grant.GRANTED, Grant.REFUSED}


@dataclass(frozen=True, slots=True)
class Carrier:
    """
    A place in the answer `base`: what is `held` there, and what the `other` key has there.

    `given` are the permissions that differ with it.
    """

    base: object
    way: Way
    held: object
    other: object
    given: tuple[Permission, ...]

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
                    found.setdefault((json.dumps(base), way), Carrier(base, way, held, instead, given))
    return tuple(found.values())


def unknown_rights(found: Sequence[Carrier]) -> Iterator[Mutation]:
    """Yield answers in which a right that nobody knows stands where rights are held."""
    for carrier in found:
        for what, held in _with_unknown(carrier.held, carrier.other):
            yield Mutation(f"{what} in {carrier.where}", put(carrier.base, carrier.way, held))
    yield from _in_tables(found)


def otherwise_written(found: Sequence[Carrier]) -> Iterator[tuple[Carrier, Mutation]]:
    """Yield answers in which a place holds nothing, or a value of another type; true and false are left to flags."""
    # Exchanges leave out of a table of lists those that are empty; what is new there is noticed as unknown.
    tables = {key for key, held in _tables(found).items() if key.kind is list and len(held) > 1}
    for carrier in found:
        base, way, where, held = carrier.base, carrier.way, carrier.where, carrier.held
        if held is ABSENT or isinstance(held, bool):
            continue
        if _Table.of(carrier) not in tables:
            yield carrier, Mutation(f"{where} left out", without(base, way))
        for value in (None, *_retyped(held, carrier.other)):
            yield carrier, Mutation(f"{where} as {json.dumps(value)}", put(base, way, value))


def _differing(mine: object, other: object, way: Way = ()) -> Iterator[tuple[Way, object, object]]:
    """Yield each place at which two JSON values differ, with what stands there."""
    if isinstance(mine, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*mine, *other]):
            yield from _differing(mine.get(name, ABSENT), other.get(name, ABSENT), (*way, name))
    elif _are_rows(mine, other) and isinstance(mine, list) and isinstance(other, list):
        for position, (one, two) in enumerate(zip(mine, other, strict=True)):
            yield from _differing(one, two, (*way, position))
    elif type(mine) is not type(other) or mine != other:
        yield way, mine, other


def _are_rows(mine: object, other: object) -> bool:
    """Whether two lists hold the same number of objects, which belong to each other."""
    both = (mine, other)
    return all(isinstance(one, list) and one and all(isinstance(item, dict) for item in one) for one in both) and (
        len(mine) == len(other)  # type: ignore[arg-type]  # both are lists
    )


def _exchanged(base: object, way: Way, instead: object) -> object:
    return without(base, way) if instead is ABSENT else put(base, way, instead)


def _with_unknown(held: object, other: object) -> Iterator[tuple[str, object]]:
    """Yield what could stand in a place if the key had a right that nobody knows."""
    if isinstance(held, list):
        models = other if isinstance(other, list) and other else held
        yield "an unknown item", [*held, _like(models)]
    elif isinstance(held, str):
        yield "an unknown word", UNKNOWN
        both = held + (other if isinstance(other, str) else "")
        for separator in {",": None} | {one: None for one in _SEPARATORS if one in both}:
            yield "one more unknown word", f"{held}{separator}{UNKNOWN}" if held else UNKNOWN
    elif type(held) is int:
        yield "an unknown number", 7


def _like(models: Sequence[object]) -> object:
    """Return an unknown right written as those in a list are; of an object only the texts change."""
    model = models[-1] if models else UNKNOWN
    if isinstance(model, dict):
        return {name: UNKNOWN if isinstance(item, str) else item for name, item in model.items()}
    return unknown(model)


def _in_tables(found: Sequence[Carrier]) -> Iterator[Mutation]:
    """Yield answers with an unknown field more in each object that holds one field for each right."""
    for table, held in _tables(found).items():
        if len(held) > 1 and table.kind in {bool, list}:
            added = unknown(held[0].held or held[0].other)
            what = f"an unknown {table.kind.__name__} in {place(table.way)}"
            yield Mutation(what, put(held[0].base, (*table.way, UNKNOWN), added))


@dataclass(frozen=True, slots=True)
class _Table:
    """An object in one answer, and the type of those of its fields that hold rights."""

    base: str
    way: Way
    kind: type

    @classmethod
    def of(cls, carrier: Carrier) -> _Table | None:
        """Return the table that a place belongs to; None where it is no field."""
        if not carrier.way or not isinstance(carrier.way[-1], str):
            return None
        return cls(json.dumps(carrier.base), carrier.way[:-1], type(carrier.held))


def _tables(found: Sequence[Carrier]) -> dict[_Table, list[Carrier]]:
    """Return the places of each object whose fields hold rights."""
    tables: dict[_Table, list[Carrier]] = {}
    for carrier in found:
        if table := _Table.of(carrier):
            tables.setdefault(table, []).append(carrier)
    return tables


def _retyped(held: object, other: object) -> tuple[object, ...]:
    """Return values of other types that could mean the same, or what the other key has."""
    if isinstance(held, list):
        return ",".join(map(str, held)) or "x", {}
    if isinstance(held, str):
        return [held], 1, True
    if isinstance(held, int | float):
        return (str(held), *((str(other), bool(other)) if isinstance(other, int | float) else ()))
    return "x", 1
