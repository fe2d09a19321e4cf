"""A secret shows itself in none of the ways in which Python shows a value."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pprint import pformat

import pytest
from hashdata.credentials import Credentials, Secret
from hashdata.redaction import Redactor
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.pretty import pretty_repr
from rich.traceback import Traceback

from tests.credentials.schemas import GOOD, KEY, SCHEMA, SECRET


@dataclass
class Holder:
    held: object


def percent(held: object) -> str:
    return "%s %r %a" % (held, held, held)  # noqa: UP031 - that it shows nothing is the point


def logged(held: object) -> str:
    stream = io.StringIO()
    logger = logging.Logger("test")  # noqa: LOG001 - of its own, so that no other handler sees it
    logger.addHandler(logging.StreamHandler(stream))
    logger.warning("%r %s", held, held)
    return stream.getvalue()


def plain_traceback(held: object) -> str:
    try:
        _raise(held)
    except ValueError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    return ""


def rich_traceback(held: object) -> str:
    stream = io.StringIO()
    try:
        _raise(held)
    except ValueError:
        Console(file=stream, width=200).print(Traceback(show_locals=True))
    return stream.getvalue()


def _raise(held: object) -> None:
    shown = [held]
    raise ValueError(len(shown))


SHOWN: tuple[Callable[[object], str], ...] = (
    repr,
    str,
    ascii,
    format,
    percent,
    logged,
    plain_traceback,
    rich_traceback,
    pformat,
    pretty_repr,
    lambda held: f"{held}",
    lambda held: f"{held!r:>40}",
    lambda held: f"{[held]} {(held,)} { ({'a': held}) }",
    lambda held: repr(Holder(held)),
    lambda held: repr(ValueError(held)),
    lambda held: json.dumps({"a": held}, default=str),
    lambda held: json.dumps({"a": held}, default=repr),
)
REFUSED: tuple[Callable[[object], object], ...] = (
    *(lambda held, protocol=protocol: pickle.dumps(held, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
    lambda held: pickle.dumps({"a": [held]}),
    copy.deepcopy,
    json.dumps,
    vars,
    lambda held: asdict(Holder(held)),
)


@pytest.mark.parametrize("show", SHOWN)
def test_a_secret_shows_stars(show: Callable[[object], str]) -> None:
    shown = show(Secret(SECRET))

    assert shown
    assert not Redactor([SECRET]).finds(shown)


@pytest.mark.parametrize("show", SHOWN)
@pytest.mark.parametrize("held", [SCHEMA.bind(GOOD), SCHEMA.bind(GOOD).redactor], ids=["credentials", "redactor"])
def test_what_holds_secrets_shows_none(held: object, show: Callable[[object], str]) -> None:
    shown = show(held)

    assert not Redactor([KEY, SECRET]).finds(shown)


@pytest.mark.parametrize("give", [*REFUSED, copy.copy])
def test_a_secret_cannot_be_pickled_copied_or_written(give: Callable[[object], object]) -> None:
    with pytest.raises(TypeError) as raised:
        give(Secret(SECRET))

    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("give", REFUSED)
@pytest.mark.parametrize("held", [SCHEMA.bind(GOOD), SCHEMA.bind(GOOD).redactor], ids=["credentials", "redactor"])
def test_what_holds_secrets_cannot_be_pickled_copied_or_written(held: object, give: Callable[[object], object]) -> None:
    with pytest.raises(TypeError) as raised:
        give(held)

    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("spec", ["", "s", ">40", "r", "{}", "%"])
def test_no_format_shows_a_secret(spec: str) -> None:
    assert format(Secret(SECRET), spec) == "****"


def test_a_secret_gives_its_value_when_it_is_asked_to() -> None:
    assert Secret(SECRET).reveal() == SECRET


def test_a_secret_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Secret(SECRET))


@given(st.text(), st.text())
def test_secrets_are_equal_when_their_values_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) is (one == other)
    assert Secret(one) == Secret(one)


def test_a_secret_is_never_equal_to_text() -> None:
    assert Secret(SECRET) != SECRET
    assert Secret(SECRET) != SECRET


def test_no_attribute_can_be_added_to_a_secret() -> None:
    with pytest.raises(AttributeError):
        Secret(SECRET).note = "x"  # type: ignore[attr-defined]  # what is tested


def test_nothing_public_of_a_secret_is_its_value() -> None:
    secret = Secret(SECRET)

    assert [name for name in dir(secret) if not name.startswith("_")] == ["reveal"]


@pytest.mark.parametrize(
    ("key", "shown"), [("ABCDEFGHIJKL", "IJKL"), ("ABCDEFGHIJK", None), ("ABCD", None), ("A", None)]
)
def test_the_last_four_are_shown_of_a_long_key_only(key: str, shown: str | None) -> None:
    assert SCHEMA.bind({**GOOD, "api_key": key}).last4 == shown


def test_there_are_no_last_four_without_a_key() -> None:
    assert Credentials({"secret": Secret(SECRET)}).last4 is None


def test_credentials_name_their_fields_in_the_order_of_the_page() -> None:
    bound = SCHEMA.bind({"passphrase": "words", "secret": SECRET, "api_key": KEY})

    assert repr(bound) == "Credentials(api_key, secret, passphrase)"


def test_asking_for_a_value_that_was_not_given_names_the_field_alone() -> None:
    with pytest.raises(KeyError) as raised:
        SCHEMA.bind(GOOD)["passphrase"]

    assert raised.value.args == ("passphrase",)


def test_credentials_know_how_to_find_themselves() -> None:
    redactor = SCHEMA.bind(GOOD).redactor

    assert redactor.clean(f"key={KEY}&sign={SECRET}") == "key=[redacted]&sign=[redacted]"
