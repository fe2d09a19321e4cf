"""
Answers that must not be taken for fewer rights: with an unknown one, with one more, or with nothing where some stood.

Each is made in the very places that hold rights, which `carriers` finds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hashdata.permissions import Permission
from hashdata.testing.carriers import ABSENT, Carrier
from hashdata.testing.mutations import UNKNOWN, Mutation, Way, at, place, put, unknown, without

_SEPARATORS = (", ", ",", "|", ";", " ")
# Of no enumeration, and with bits of no mask.
_NUMBER = 98_989


def unknown_rights(
    found: Sequence[Carrier], states: Sequence[Permission]
) -> Iterator[tuple[Mutation, Sequence[Permission]]]:
    """Yield answers with a right that nobody knows where rights are held, and the permissions that it may give."""
    for carrier in found:
        for what, held in _with_unknown(carrier.held, carrier.other):
            # What a number says, it says of the right whose place it is in; a word may say anything.
            given = carrier.given if type(carrier.held) is int else states
            yield Mutation(f"{what} in {carrier.where}", put(carrier.base, carrier.way, held)), given
        # In the innermost list: an outer one may hold other keys, whose names are their owner's.
        for way in list(_lists_above(carrier))[-1:]:
            if (row := _row(carrier, way)) is not ABSENT:
                added = _longer(carrier, way, _like([row]))
                yield Mutation(f"an unknown row in {place(way)}", added), states
    yield from ((mutation, states) for mutation in _in_tables(found))


def otherwise_written(found: Sequence[Carrier]) -> Iterator[tuple[Carrier, Mutation]]:
    """Yield answers in which a place holds nothing, or a value of another type; true and false are left to flags."""
    # Exchanges leave out of a table of lists those that are empty; what is new there is noticed as unknown.
    tables = {key for key, held in _tables(found).items() if key.kind is list and len(held) > 1}
    for carrier in found:
        base, way, where, held = carrier.base, carrier.way, carrier.where, carrier.held
        if held is ABSENT or isinstance(held, bool):
            continue
        values: list[object] = [None, *_retyped(held, carrier.other)]
        if _Table.of(carrier) not in tables:
            if way:
                yield carrier, Mutation(f"{where} left out", without(base, way))
            values += _emptied(held, carrier.other)
        for value in values:
            yield carrier, Mutation(f"{where} as {json.dumps(value)}", put(base, way, value))
        for above in _lists_above(carrier):
            yield carrier, Mutation(f"{place(above)} empty", put(base, above, []))
            if (row := _row(carrier, above)) is not ABSENT:
                yield carrier, Mutation(f"one more row in {place(above)}", _longer(carrier, above, row))


def _emptied(held: object, other: object) -> list[object]:
    """Return the list or text that is empty; nothing where some key is stated so, because that is what it has."""
    empty: object = [] if isinstance(held, list) else ""
    return [empty] if isinstance(held, list | str) and empty not in (held, other) else []


def _lists_above(carrier: Carrier) -> Iterator[Way]:
    """Yield the ways to the lists of rows that a place stands in; rows are objects or lists."""
    for length in range(len(carrier.way)):
        held = at(carrier.base, carrier.way[:length])
        if isinstance(held, list) and isinstance(held[0], dict | list):
            yield carrier.way[:length]


def _row(carrier: Carrier, list_way: Way) -> object:
    """Return the row that a place stands in as it is where the right is held; ABSENT where it is held by nothing."""
    inner = carrier.way[len(list_way) :]
    return ABSENT if carrier.on is ABSENT else at(put(at(carrier.base, list_way), inner, carrier.on), inner[:1])


def _longer(carrier: Carrier, list_way: Way, row: object) -> object:
    """Return the answer with one more row."""
    rows = at(carrier.base, list_way)
    return put(carrier.base, list_way, [*rows, row] if isinstance(rows, list) else rows)


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
        yield "an unknown number", _NUMBER


def _like(models: Sequence[object]) -> object:
    """Return an unknown right written as those in a list are; of an object only the texts change."""
    model = models[-1] if models else UNKNOWN
    if isinstance(model, dict):
        return {name: UNKNOWN if isinstance(item, str) else item for name, item in model.items()}
    if isinstance(model, list):
        return [UNKNOWN if isinstance(item, str) else item for item in model]
    return _NUMBER if isinstance(model, int) and not isinstance(model, bool) else unknown(model)


def _in_tables(found: Sequence[Carrier]) -> Iterator[Mutation]:
    """Yield answers with an unknown field more in each object that holds one field for each right."""
    for table, held in _tables(found).items():
        if len(held) > 1 and held[0].on is not ABSENT:
            added = [UNKNOWN] if table.kind is list else held[0].on
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
