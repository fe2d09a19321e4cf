"""A value is found and taken out in every spelling in which programs write it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hashdata.redaction import MASK, Redactor, spellings, withheld
from hypothesis import assume, example, given
from hypothesis import strategies as st

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
Spell = Callable[[str], str]


def in_lower_escapes(value: str) -> str:
    return "".join(c if c.isalnum() or c in "_.-~" else f"%{ord(c):02x}" for c in value)


SPELL: dict[str, Spell] = {
    "raw": str,
    "reversed": lambda value: value[::-1],
    "json": json.dumps,
    "json with escaped slashes": lambda value: json.dumps(value).replace("/", "\\/"),
    "url": quote,
    "url without slashes": lambda value: quote(value, safe=""),
    "url as javascript": lambda value: quote(value, safe="!'()*"),
    "url in lower case": in_lower_escapes,
    "form": quote_plus,
    "hex": lambda value: value.encode().hex(),
    "hex in upper case": lambda value: value.encode().hex().upper(),
}
values = st.text(PRINTABLE, min_size=6, max_size=130)
around = st.text(PRINTABLE, max_size=20)


@pytest.mark.parametrize("spell", SPELL.values(), ids=list(SPELL))
@given(value=values, before=around, after=around)
@example(value="a/b+c=d e", before="", after="")
@example(value="pass\"word\\'", before="{", after="}")
def test_a_value_is_found_in_every_spelling(spell: Spell, value: str, before: str, after: str) -> None:
    assert Redactor([value]).finds(before + spell(value) + after)


@pytest.mark.parametrize("spell", SPELL.values(), ids=list(SPELL))
@given(value=values, before=around, after=around)
@example(value="a/b+c=d e", before="", after="")
def test_cleaning_leaves_no_spelling(spell: Spell, value: str, before: str, after: str) -> None:
    # The mask itself would be found, and so would what an overlap of value, mask and neighbours spells.
    assume(not Redactor([value]).finds(before + MASK + after))

    cleaned = Redactor([value]).clean(before + spell(value) + after)

    assert MASK in cleaned
    assert spell(value).strip('"') not in cleaned


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode], ids=["standard", "url-safe"])
@given(value=values, before=st.binary(max_size=10), after=st.binary(max_size=10))
def test_a_value_is_found_within_base64_at_every_alignment(
    encode: Callable[[bytes], bytes], value: str, before: bytes, after: bytes
) -> None:
    assert Redactor([value]).finds(encode(before + value.encode() + after).decode())


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode], ids=["standard", "url-safe"])
@pytest.mark.parametrize("shift", [0, 1, 2])
@given(value=values)
def test_cleaning_base64_leaves_too_little_to_decode(shift: int, encode: Callable[[bytes], bytes], value: str) -> None:
    coded = encode(b"\0" * shift + value.encode()).decode()

    cleaned = Redactor([value]).clean(coded)

    # At most the characters that the value shares with its neighbours.
    assert len(cleaned.replace(MASK, "").replace("=", "")) <= 5


@given(values, st.text(PRINTABLE, max_size=200))
def test_text_without_the_value_is_left_alone(value: str, text: str) -> None:
    assume(not any(spelling in text for spelling in spellings(value)))

    assert not Redactor([value]).finds(text)
    assert Redactor([value]).clean(text) == text


@given(st.lists(values, min_size=2, max_size=3), around)
def test_several_values_are_all_taken_out(several: list[str], text: str) -> None:
    redactor = Redactor(several)

    cleaned = redactor.clean(f"{text} ".join(several))

    assert not any(value in cleaned.replace(MASK, "\0") for value in several)


def test_of_two_values_the_longer_is_taken_out_whole() -> None:
    assert Redactor(["secret-key", "secret-key-of-mine"]).clean("a secret-key-of-mine b") == f"a {MASK} b"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("cat", "concatenate the category"),
        ("1", "11 of 2100"),
        ("abc", "balance 1616263.5"),
        ("trade", "trades and traders"),
        ("ab", "about cabbages"),
    ],
)
def test_a_short_value_does_not_destroy_ordinary_words(value: str, text: str) -> None:
    assert Redactor([value]).clean(text) == text


@pytest.mark.parametrize(
    "text", ["cat", "cat,dog", '{"passphrase":"cat"}', "passphrase=cat&x=1", "(cat)", "tac", "636174"]
)
def test_a_short_value_is_found_as_a_word_of_its_own(text: str) -> None:
    assert Redactor(["cat"]).finds(text)


@pytest.mark.parametrize("nothing", [[], [""]])
def test_a_redactor_that_knows_nothing_changes_nothing(nothing: list[str]) -> None:
    redactor = Redactor(nothing)

    assert redactor.clean("text") == "text"
    assert not redactor.finds("text")


def test_a_value_of_special_characters_is_no_pattern() -> None:
    assert not Redactor([".*.*.*"]).finds("anything at all")


@pytest.mark.parametrize(
    ("value", "is_secret"),
    [
        ("2026-11-23T02:51:34.522Z", False),
        ("2026-11-23 02:51:34+01:00", False),
        ("1795348800000000", False),
        ("1795348800000.123", False),
        ("short-signature", False),
        ("/api/v4/main-account/balance", False),
        ("main-account/balance", False),
        ("a1b2c3d4e5f60718", True),
        ("17953488000000000x", True),
        ("2026-11-23T02:51:34.522Z,a1b2c3d4", True),
        ("A" * 43 + "=", True),
        ("/api/v4/main-account/other", True),
    ],
)
def test_what_signing_adds_withheld_unless_it_is_a_time_or_the_path(value: str, is_secret: bool) -> None:  # noqa: FBT001
    path = "/api/v4/main-account/balance"

    assert list(withheld({"X-Sign": value}, [], path)) == list(withheld({}, [value], path)) == [value] * is_secret


@pytest.mark.parametrize("name", ["Accept", "accept", "User-Agent", "Content-Type"])
def test_headers_that_say_the_same_of_every_request_are_not_withheld(name: str) -> None:
    assert list(withheld({name: "application/x-www-form-urlencoded"}, [], "/")) == []
