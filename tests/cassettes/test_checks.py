"""The cassettes in the tree are fit to be there, and the check that says so finds what it is meant to find."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from hashdata.redaction import spellings
from hashdata.registry import find, names

from tests.canaries import CREDENTIALS_WITH_PASSPHRASE, KEY, PASSPHRASE, SECRET
from tests.cassettes.checks import forbidden, problems
from tests.record_cassettes import FOLDER

GOOD = FOLDER / "poloniex" / "accepted.yaml"


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    document = yaml.safe_load(GOOD.read_text(encoding="utf-8"))
    change(document["interactions"][0])
    return yaml.safe_dump(document)


def answered(text: str) -> str:
    return changed(lambda one: one["response"]["body"].update(string=text))


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_cassette_in_the_tree_is_fit_to_be_there(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8")) == []


def test_practice_keys_of_every_connector_are_searched_for() -> None:
    exchanges = [factory() for factory in (find(name).make_sandbox() for name in names()) if factory]

    values = {
        value for exchange in exchanges for persona in exchange.personas for value in persona.credentials.values()
    }
    assert len(values) > 40
    assert values | set(CREDENTIALS_WITH_PASSPHRASE.values()) <= forbidden()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda one: one["response"].pop("provenance"), "does not say where it comes from"),
        (lambda one: one["response"].update(provenance="observed"), "cannot be read"),
        (lambda one: one["response"]["provenance"].update(evidence="fixture"), "does not say where it comes from"),
        (lambda one: one["response"]["provenance"].update(source=" "), "does not say where it comes from"),
        (lambda one: one["response"]["provenance"].pop("recorded_at"), "does not say when it was recorded"),
        (lambda one: one["request"]["headers"].update(Key=["short"]), "a request header that is not kept"),
        (lambda one: one["response"]["headers"].update({"Set-Cookie": ["a=b"]}), "a response header that is not kept"),
        (
            lambda one: one["request"].update(uri=one["request"]["uri"] + "?signature=x"),
            "a parameter that no connector",
        ),
        (lambda one: one.pop("response"), "cannot be read"),
    ],
)
def test_a_cassette_that_is_not_as_ours_are_is_refused(
    change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    found = problems(changed(change))

    assert problem in found[0]


@pytest.mark.parametrize("value", [KEY, SECRET, PASSPHRASE], ids=["key", "secret", "passphrase"])
def test_a_credential_is_found_in_every_spelling(value: str) -> None:
    unseen = [n for n, spelling in enumerate(sorted(spellings(value))) if not problems(answered(f"<p>{spelling}</p>"))]

    assert unseen == []
    data = value.encode()
    for dressed in (data.hex(), quote(value, safe=""), base64.b64encode(b"ab" + data + b"c").decode(), value[::-1]):
        assert "it holds a credential" in problems(answered(dressed))


def test_a_practice_key_is_found_between_the_quotes_of_yaml() -> None:
    persona = find("poloniex").make_sandbox()().personas[0]  # type: ignore[misc]  # it has one

    assert problems(GOOD.read_text(encoding="utf-8") + f"# {persona.credentials['api_key']}\n") == [
        "it holds a credential"
    ]
    assert problems(answered(PASSPHRASE)) == ["it holds a credential"]


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(bytes(range(32))).decode(),
        "0123456789abcdef" * 8,
        '{"key": "ABCDEFGH-12345678"}',
        "PF-API-KEY: ABCDEFGH-12345678",
        "signature=abcdefgh12345678",
    ],
)
def test_what_looks_like_a_key_or_a_signature_is_refused(text: str) -> None:
    assert problems(answered(text)) == ["it holds what looks like a key or a signature"]


@pytest.mark.parametrize(
    "text", ["", "[]", "interactions: 7", "interactions: [7]", "{", "!!python/object:os.system {}"]
)
def test_what_is_no_cassette_is_refused(text: str) -> None:
    assert problems(text) == ["it cannot be read as a cassette"]
