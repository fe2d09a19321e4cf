"""What becomes of the values that a person gives for a key."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hashdata.credentials import MAX_LENGTH, CredentialSchema, Field
from hashdata.errors import CredentialError, ExitCode
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.credentials.schemas import GOOD, KEY, SCHEMA, SECRET


def refusal(values: Mapping[str, object]) -> CredentialError:
    with pytest.raises(CredentialError) as raised:
        SCHEMA.bind(values)
    return raised.value


def said(values: Mapping[str, object]) -> str:
    """Return everything that binding says about `values`, refused or not."""
    try:
        credentials = SCHEMA.bind(values)
    except CredentialError as error:
        return f"{error!r} {error} {error.args} {error.what} {error.fix} {error.problems}"
    return f"{credentials!r} {credentials} {credentials.warnings}"


def test_good_values_are_bound_as_they_are() -> None:
    bound = SCHEMA.bind(GOOD)

    assert {name: bound[name].reveal() for name in bound} == GOOD
    assert bound.warnings == ()


def test_everything_that_is_missing_is_named_at_once() -> None:
    error = refusal({})

    assert error.problems == {
        "api_key": "API Key (api_key) is missing",
        "secret": "Secret Key (secret) is missing",
    }
    assert str(error) == "API Key (api_key) is missing; Secret Key (secret) is missing"


def test_every_kind_of_problem_is_named_at_once() -> None:
    error = refusal({"api_key": "a\nb", "secret": 5, "passphrase": "é", "Secret": "x"})

    assert set(error.problems) == {"api_key", "secret", "passphrase", "Secret"}


def test_a_refusal_is_a_usage_error_and_names_the_fields() -> None:
    error = refusal({})

    assert error.exit_code is ExitCode.USAGE
    assert error.fix == "Give these fields as text: api_key, secret, passphrase (optional)."


@pytest.mark.parametrize("empty", [None, "", " ", "\t\n", "\u200b", "\ufeff \u200b"])
def test_an_optional_value_that_is_empty_was_not_given(empty: str | None) -> None:
    assert "passphrase" not in SCHEMA.bind({**GOOD, "passphrase": empty})


@pytest.mark.parametrize("empty", [None, "", " ", "\t\n", "\u200b", "\ufeff \u200b"])
def test_a_required_value_that_is_empty_is_missing(empty: str | None) -> None:
    assert refusal({**GOOD, "secret": empty}).problems == {"secret": "Secret Key (secret) is missing"}


BLANKS = " \t\r\n\xa0\xad\u2003\u200b\u200c\u200d\u200e\u200f\u2028\u2060\u3000\ufeff"


@given(before=st.text(BLANKS), after=st.text(BLANKS))
def test_blanks_and_invisible_characters_around_a_value_are_stripped(before: str, after: str) -> None:
    assert SCHEMA.bind({**GOOD, "api_key": f"{before}{KEY}{after}"})["api_key"].reveal() == KEY


def test_a_blank_within_a_value_is_part_of_it() -> None:
    assert SCHEMA.bind({**GOOD, "passphrase": "two words"})["passphrase"].reveal() == "two words"


@pytest.mark.parametrize(
    "value", ["kéy-value", "key\u2019value", "ключ-value", "key\u200bvalue", "key\xa0value", "\ud800"]
)
def test_what_is_not_ascii_is_refused_by_its_label(value: str) -> None:
    problem = "API Key (api_key) has a character that is not plain ASCII, such as a typographic quote"

    assert refusal({**GOOD, "api_key": value}).problems == {"api_key": problem}


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a\0b", "a\x7fb", "a\x1bb", "a\rb"])
def test_what_cannot_be_printed_is_refused_by_its_label(value: str) -> None:
    problem = "API Key (api_key) has a line break or another character that cannot be printed"

    assert refusal({**GOOD, "api_key": value}).problems == {"api_key": problem}


def test_a_value_may_have_1024_characters() -> None:
    assert SCHEMA.bind({**GOOD, "api_key": "k" * MAX_LENGTH})["api_key"].reveal() == "k" * 1024


def test_a_longer_value_is_refused() -> None:
    problems = refusal({**GOOD, "api_key": "k" * (MAX_LENGTH + 1)}).problems

    assert problems == {"api_key": "API Key (api_key) is longer than 1024 characters"}


@pytest.mark.parametrize("value", [5, 1.5, True, b"bytes", ["list"], {"a": "b"}])
def test_what_is_not_text_is_refused(value: object) -> None:
    assert refusal({**GOOD, "secret": value}).problems == {"secret": "Secret Key (secret) is not text"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("apiKey", "api_key"),
        ("api-key", "api_key"),
        ("API_KEY", "api_key"),
        ("apikey", "api_key"),
        ("key", "api_key"),
        ("Secret", "secret"),
        ("secretKey", "secret"),
        ("Passphrase", "passphrase"),
        ("pass phrase", "passphrase"),
    ],
)
def test_a_misspelt_field_gets_a_suggestion(name: str, meant: str) -> None:
    assert refusal({**GOOD, name: "x"}).problems == {name: f"unknown field {name} (did you mean {meant}?)"}


def test_an_unknown_field_that_is_like_no_other_gets_no_suggestion() -> None:
    assert refusal({**GOOD, "comment": "x"}).problems == {"comment": "unknown field comment"}


@pytest.mark.parametrize(
    "name", [KEY[:8] + "12345678", SECRET, "p4ssphrase!", "a" * 25, "key\n", "", "ключ", "\x1b[31m"]
)
def test_an_unknown_name_that_could_be_a_value_is_not_shown(name: str) -> None:
    error = refusal({name: "x", **GOOD})

    assert error.problems == {"#0": "a field with a name that is not one of ours (not shown)"}


def test_a_format_only_warns() -> None:
    bound = SCHEMA.bind({**GOOD, "api_key": "another-format"})

    assert bound.warnings == ("The API Key does not look like the ones seen so far (sixteen capitals).",)


def test_a_format_without_a_hint_warns_too() -> None:
    schema = CredentialSchema((Field(name="api_key", label="Key", format="[0-9]+"),))

    assert schema.bind({"api_key": "letters"}).warnings == (
        "The Key does not look like the ones seen so far (format).",
    )


def test_a_swapped_key_and_secret_are_noticed() -> None:
    assert SCHEMA.bind({"api_key": SECRET, "secret": KEY}).warnings == (
        "What was given as API Key looks like the Secret Key; are they swapped?",
        "What was given as Secret Key looks like the API Key; are they swapped?",
    )


def test_a_format_must_fit_the_whole_value() -> None:
    assert not SCHEMA.fields[0].fits(f"{KEY}Q")


# None of these stands in any sentence of ours, so a single one that shows is a leak.
STRANGE = "~^|{}<>$%@=é中\n\0\u2019"
values = st.one_of(st.text(STRANGE, min_size=4, max_size=40), st.text(STRANGE, min_size=1030, max_size=1030))


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("api_key", "secret", "passphrase", "Secret"), values)))
def test_not_a_character_of_any_value_is_said(given_values: dict[str, str]) -> None:
    # Mappings are shown with braces, quotes and commas of their own.
    told = said(given_values).replace("{", "").replace("}", "")

    assert not set(told) & set(STRANGE) - set("{}")


@given(st.fixed_dictionaries({name: st.text(min_size=4) | st.integers(min_value=10_000) for name in GOOD}))
def test_no_value_is_said(given_values: dict[str, str | int]) -> None:
    ordinary = (
        said({}) + said(GOOD) + said({"api_key": "é", "secret": "a\nb"}) + said({"api_key": 1, "secret": "k" * 2000})
    )
    ordinary += said({"api_key": SECRET, "secret": KEY}) + said({"api_key": "odd", "secret": "odd"})
    texts = [str(value) for value in given_values.values()]
    assume(not any(text in ordinary for text in texts))

    told = said(given_values)

    assert not any(text in told for text in texts)


@given(st.text(min_size=25))
def test_no_long_name_is_said(name: str) -> None:
    assert name not in said({**GOOD, name: "x"})


@given(st.text("0123456789abcdef", min_size=4).filter(lambda name: any(c.isdigit() for c in name)))
def test_no_name_with_a_digit_is_said(name: str) -> None:
    assert name not in said({name: "x", **GOOD}).replace("#0", "")


def test_a_field_that_the_door_cannot_use_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown credential field 'apiKey'; known are api_key, secret, passphrase"):
        Field(name="apiKey", label="Key")


@pytest.mark.parametrize("fields", [(), (SCHEMA.fields[0], SCHEMA.fields[0])], ids=["none", "twice"])
def test_a_schema_needs_each_field_once(fields: tuple[Field, ...]) -> None:
    with pytest.raises(ValueError, match="at least one field, each name once"):
        CredentialSchema(fields)
