"""Connectors for exchanges that state rights in other forms: numbers, rows, lists of numbers, objects with names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hashdata.answers import Fields, Flag, ListOf, Number, Shape, Text
from hashdata.permissions import FORBIDDEN, Permission
from hashdata.practice import Reply, Request
from hashdata.rights import Rights, by_flags

from tests.conformance.broken import answering
from tests.conformance.example import FLAGS
from tests.conformance.mutant import SPELLING, UNKNOWN, Mutant
from tests.conformance.variants import GOOD, Variant

Read = Callable[[object], Rights]
KNOWN = {"orders": Permission.TRADE, "withdraw": Permission.WITHDRAW, "move": Permission.TRANSFER, "wallets": None}
NUMBERS = {2: None, 1: Permission.TRADE, 3: Permission.WITHDRAW, 5: Permission.TRANSFER}


@dataclass(frozen=True, slots=True)
class Form:
    """How an exchange states the `powers` of a key, the shape of that, and the words in it."""

    state: Callable[[frozenset[Permission]], object]
    shape: Shape
    words: frozenset[str] = frozenset()

    def read_by(self, rights: Read) -> Callable[[], Variant]:
        """Return a connector that reads such statements."""

        def restate(reply: Reply, _: Request) -> Reply:
            value = json.loads(reply.body)
            if "enableReading" not in value:
                return reply
            powers = frozenset(given for name, given in FLAGS.items() if given and value[name] is True)
            return replace(reply, body=json.dumps(self.state(powers)))

        stated = replace(GOOD.stated, rights=rights, shape=self.shape, words=self.words)
        return lambda: replace(GOOD, stated=stated, practice=answering("GET /sapi/v1/account/apiRestrictions", restate))


class Row:
    """A scope, whether it can be read, and whether it can be written."""

    def fits(self, value: object) -> bool:
        return isinstance(value, list) and len(value) == 3 and Text().fits(value[0]) and type(value[2]) is int


def _flags(powers: frozenset[Permission]) -> dict[str, int]:
    return {name: int(permission is None or permission in powers) for name, permission in KNOWN.items()}


FIELDS = Form(_flags, Fields(dict.fromkeys(KNOWN, Number())))
ROWS = Form(
    lambda powers: [[name, 1, on and int(KNOWN[name] is not None)] for name, on in _flags(powers).items()],
    ListOf(Row(), at_least=1),
    frozenset(KNOWN),
)
LIST = Form(
    lambda powers: {"permissions": [number for number, given in NUMBERS.items() if given is None or given in powers]},
    Fields({"permissions": ListOf(Number(), at_least=1)}),
)
NAMED = Form(
    lambda powers: {"perms": [{"name": name, "read_only": KNOWN[name] not in powers} for name in KNOWN]},
    Fields({"perms": ListOf(Fields({"name": Text(), "read_only": Flag()}), at_least=1)}),
    frozenset(KNOWN),
)


def _when(form: Form, found: Callable[[object], Iterable[object]], known: object = None) -> Read:
    table = known or KNOWN
    return lambda value: by_flags(found(value), table) if form.shape.fits(value) else Rights()  # type: ignore[arg-type]  # one of two tables


def fields(value: object, names: Iterable[str] | None = None) -> list[str]:
    """Name what is not off; what is neither 0 nor 1 is named with its value."""
    flags = value if isinstance(value, dict) else {}
    chosen = flags if names is None else names
    return [name if flags.get(name) == 1 else f"{name} {flags.get(name)}" for name in chosen if flags.get(name) != 0]


def rows(value: object) -> list[str]:
    """Name each scope that can be written, in whatever way that is said, and each that is not known."""
    listed = value if isinstance(value, list) else []
    return [row[0] for row in listed if row[2] != 0 or row[0] not in KNOWN]


def rows_of_one(value: object) -> list[str]:
    listed = value if isinstance(value, list) else []
    return [row[0] for row in listed if row[2] == 1 or row[0] not in KNOWN]


def numbers(value: object) -> list[int]:
    return value["permissions"] if isinstance(value, dict) else []


def known_numbers(value: object) -> list[int]:
    return [number for number in numbers(value) if number in NUMBERS]


def named(value: object) -> list[str]:
    """Name what can be written; a name that is not known and can only be read harms nobody."""
    listed = value["perms"] if isinstance(value, dict) else []
    return [row["name"] for row in listed if row["read_only"] is not True]


def named_and_known(value: object) -> list[str]:
    return [name for name in named(value) if name in KNOWN]


HONEST = {
    "numbers in fields": FIELDS.read_by(_when(FIELDS, fields)),
    "rows": ROWS.read_by(_when(ROWS, rows)),
    "a list of numbers": LIST.read_by(_when(LIST, numbers, NUMBERS)),
    "objects with names": NAMED.read_by(_when(NAMED, named)),
}
FORMS = (
    Mutant(
        "fields that nobody knows are passed over",
        UNKNOWN,
        FIELDS.read_by(_when(FIELDS, lambda value: fields(value, KNOWN))),
    ),
    Mutant("a two in a row read as off", UNKNOWN, ROWS.read_by(_when(ROWS, rows_of_one))),
    Mutant("numbers that nobody knows are passed over", UNKNOWN, LIST.read_by(_when(LIST, known_numbers, NUMBERS))),
    Mutant("names that nobody knows are passed over", UNKNOWN, NAMED.read_by(_when(NAMED, named_and_known))),
    Mutant(
        "no numbers read as no rights",
        SPELLING,
        replace(LIST, shape=Fields({"permissions": ListOf(Number())})).read_by(
            lambda value: by_flags(numbers(value), NUMBERS) if isinstance(value, dict) else Rights()  # type: ignore[arg-type]  # numbers, not words
        ),
    ),
)
assert set(KNOWN.values()) == {None, *FORBIDDEN}
