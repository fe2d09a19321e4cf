"""Connectors for an exchange that states rights as words in one text, each broken in how it reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from hashdata.answers import Fields, Is, ListOf, Text
from hashdata.permissions import Grant, Permission
from hashdata.practice import Reply, Request
from hashdata.rights import Rights, by_flags

from tests.conformance.broken import Anything, answering
from tests.conformance.example import FLAGS
from tests.conformance.mutant import SPELLING, UNKNOWN, Mutant
from tests.conformance.variants import GOOD, Variant

# Of one word two permissions follow, as at several exchanges.
KNOWN: dict[str, Permission | tuple[Permission, ...] | None] = {
    "read": None,
    "trade": (Permission.TRADE, Permission.TRANSFER),
    "withdraw": Permission.WITHDRAW,
}
ROW = Fields({"perm": Text()})
SHAPE = Fields({"code": Is("0"), "data": ListOf(ROW, at_least=1)})


def in_words(reply: Reply, _: Request) -> Reply:
    """State the flags that are on as words."""
    value = json.loads(reply.body)
    if "enableReading" not in value:
        return reply
    given = {FLAGS[name] for name, held in value.items() if held is True and name in FLAGS}
    words = ["read", *(word for word in ("trade", "withdraw") if Permission(word) in given)]
    return replace(reply, body=json.dumps({"code": "0", "data": [{"perm": ",".join(words), "label": "mine"}]}))


def words_of(value: object, default: str = "") -> list[str]:
    data = value.get("data", [{}]) if isinstance(value, dict) else [{}]
    row = data[0] if data else {}
    perm = row.get("perm", default)
    return str(perm).split(",") if perm else []


def read_words(value: object) -> Rights:
    """Read every word, whether it is known or not."""
    return by_flags(words_of(value), KNOWN) if SHAPE.fits(value) else Rights()


def words(rights: Callable[[object], Rights], shape: object = SHAPE) -> Callable[[], Variant]:
    practice = answering("GET /sapi/v1/account/apiRestrictions", in_words)
    stated = replace(GOOD.stated, rights=rights, shape=shape)  # type: ignore[arg-type]  # some are no shape
    return lambda: replace(GOOD, stated=stated, practice=practice)


def known_of(found: Iterable[str]) -> Rights:
    return by_flags((word for word in found if word in KNOWN), KNOWN)


def within(value: object) -> Rights:
    """Look for known words anywhere in the text."""
    text = ",".join(words_of(value))
    return known_of(word for word in KNOWN if word in text) if SHAPE.fits(value) else Rights()


def supposing(value: object) -> Rights:
    """Take what is not there for a key that can only read."""
    return by_flags(words_of(value, "read"), KNOWN)


def after_the_first(value: object) -> Rights:
    """Suppose that the first word is always that of reading."""
    return by_flags(words_of(value)[1:], KNOWN) if SHAPE.fits(value) else Rights()


def silent(value: object) -> Rights:
    """Refuse whatever is not granted, and mention nothing that is unknown."""
    read = read_words(value)
    return Rights(grants={p: g if g is Grant.GRANTED else Grant.REFUSED for p, g in read.grants.items()})


def of_the_first_row(value: object) -> Rights:
    """Look at one row, however many there are."""
    return read_words(value)


def of_all_rows(value: object) -> Rights:
    """Look at every row."""
    rows = value["data"] if isinstance(value, dict) and SHAPE.fits(value) else []
    return by_flags((word for row in rows for word in row["perm"].split(",")), KNOWN) if rows else Rights()


def or_empty(shape: object) -> Callable[[], Variant]:
    """Read what has a shape, and take nothing for no rights."""
    return words(lambda value: by_flags(words_of(value), KNOWN) if shape.fits(value) else Rights(), shape)  # type: ignore[attr-defined]  # a shape


IN_A_LIST = Fields({"data": ListOf(Fields({}))})
TEXT = (
    Mutant("words that are not known are passed over", UNKNOWN, words(lambda value: known_of(words_of(value)))),
    Mutant("known words are looked for in the text", UNKNOWN, words(within)),
    Mutant("the first word is not looked at", UNKNOWN, words(after_the_first)),
    Mutant("unknown words are not mentioned", UNKNOWN, words(silent)),
    Mutant("rights that are missing read as none", SPELLING, words(supposing, IN_A_LIST)),
    Mutant("no answer read as no rights", SPELLING, or_empty(Fields({"data": ListOf(ROW)}))),
    Mutant(
        "an empty text read as no rights",
        SPELLING,
        or_empty(Fields({"data": ListOf(Fields({"perm": Text(empty=True)}), at_least=1)})),
    ),
    Mutant("rows that nobody looks at", SPELLING, words(of_the_first_row)),
    Mutant("rights of any type read as words", SPELLING, words(supposing, Anything())),
)
