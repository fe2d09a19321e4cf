"""What the kit says of an author's cassettes: each that is not as expected, and why, in one sentence."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from hashdata.permissions import Cause
from hashdata.testing import cassette_tests
from hashdata.testing.replaying import problems_of
from hashdata.testing.subject import Problem, Subject

from tests.cassettes.test_replay import EXPECTED
from tests.conformance.test_kit import ran
from tests.record_cassettes import FOLDER

CONNECTORS = {name: Subject(name) for name in ("poloniex", "poloniex-futures")}
ACCEPTED = FOLDER / "poloniex" / "accepted.yaml"
TESTS = """
from hashdata.testing import cassette_tests

TestExample = cassette_tests("poloniex", {folder!r}, {expected!r})
"""


def problems(path: Path, cause: Cause | None = None) -> list[str]:
    try:
        return list(problems_of(CONNECTORS["poloniex"], path, cause))
    except Problem as problem:
        return [str(problem)]


@pytest.mark.parametrize("cassette", EXPECTED)
def test_every_cassette_of_this_project_replays_on_this_computer_too(cassette: str) -> None:
    cause = EXPECTED[cassette]
    subject = CONNECTORS[cassette.split("/", maxsplit=1)[0]]

    found = list(problems_of(subject, FOLDER / f"{cassette}.yaml", Cause(cause) if cause else None))

    assert found == []


def test_another_end_than_the_expected_one_is_told() -> None:
    trading = FOLDER / "poloniex" / "denied-trade.yaml"

    (otherwise,) = problems(ACCEPTED, Cause.TRADE_GRANTED)
    (denied,) = problems(trading)
    (other,) = problems(trading, Cause.WITHDRAW_GRANTED)

    assert otherwise.startswith(
        "accepted.yaml ends with accepted, and denied (trade_granted) is expected. The exchange "
    )
    assert denied.startswith("denied-trade.yaml ends with denied (trade_granted), and accepted is expected. ")
    assert "ends with denied (trade_granted), and denied (withdraw_granted) is expected. " in other


def changed(tmp_path: Path, pattern: str, instead: str) -> Path:
    """Return the accepted cassette with something in it written otherwise."""
    text = ACCEPTED.read_text("ascii")
    found, count = re.subn(pattern, instead, text, flags=re.DOTALL)
    assert count > 0
    path = tmp_path / "changed.yaml"
    path.write_text(found, "ascii")
    return path


def line_of(request: Mapping[str, str]) -> str:
    return f"{request['method']} {urlsplit(request['uri']).path}"


def without(tmp_path: Path, line: str, *, again: bool = False) -> Path:
    """Return the accepted cassette without what answers `line`, or with it twice."""
    document = yaml.safe_load(ACCEPTED.read_text("ascii"))
    interactions = document["interactions"]
    (about,) = (one for one in interactions if line_of(one["request"]) == line)
    if again:
        interactions.append(copy.deepcopy(about))
    else:
        interactions.remove(about)
    file = tmp_path / "changed.yaml"
    file.write_text(yaml.safe_dump(document), "ascii")
    return file


def test_a_question_that_is_not_in_the_recording_is_named(tmp_path: Path) -> None:
    assert problems(without(tmp_path, "POST /orders")) == [
        "changed.yaml has no answer to what the connector asks now: POST /orders. Record it again."
    ]


def test_a_question_with_another_parameter_is_another_question(tmp_path: Path) -> None:
    path = changed(tmp_path, '"amount":"1"', '"amount":"2"')

    assert any("no answer to what the connector asks now: POST /orders" in one for one in problems(path))


def test_an_answer_that_nothing_asks_for_is_named(tmp_path: Path) -> None:
    assert problems(without(tmp_path, "GET /accounts/balances", again=True)) == [
        "changed.yaml holds answers that nothing asks for: GET /accounts/balances. Record it again."
    ]


def test_what_should_not_be_in_a_recording_is_named_and_not_repeated(tmp_path: Path) -> None:
    path = changed(tmp_path, r"source: '", "source: 'jane@mail.example ")

    (told,) = problems(path)

    assert told.startswith("changed.yaml may hold what nobody should see: email (")
    assert "jane" not in told


@pytest.mark.parametrize(
    ("pattern", "instead", "told"),
    [
        (r"^version.*", "- 1\n", "changed.yaml is not a recording that can be read: it is not YAML with requests"),
        (r"recorded_at: '[^']*'", "recorded_at: 'once'", "It does not say when it was recorded. Record it again."),
        (r"^version.*", "version: 1\ninteractions: []\n", "It holds no request that the connector sends."),
    ],
)
def test_what_cannot_be_replayed_is_told(tmp_path: Path, pattern: str, instead: str, told: str) -> None:
    assert any(one.startswith(told) for one in problems(changed(tmp_path, pattern, instead)))


def test_a_recording_of_another_connector_is_not_replayed() -> None:
    (told,) = problems(FOLDER / "poloniex-futures" / "classic-accepted.yaml")

    assert "no request that the connector sends" in told


def test_a_cause_that_there_is_none_of_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="'trading' is not a valid Cause"):
        cassette_tests("poloniex", FOLDER / "poloniex", {"denied-trade": "trading"})


def test_the_class_fails_for_what_is_missing_and_for_what_nobody_expects(tmp_path: Path) -> None:
    folder = tmp_path / "cassettes"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_bytes(ACCEPTED.read_bytes())
    path = tmp_path / "test_mine.py"
    path.write_text(TESTS.format(folder=str(folder), expected={"one": None, "three": "clock"}), "utf-8")

    out = ran("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(path)).stdout

    assert "two.yaml is not replayed. Say which cause it must give, None where the key is accepted." in out
    assert "three.yaml is expected in cassettes and is not there." in out
    assert "three.yaml is not a recording that can be read: it cannot be opened" in out
    assert "2 failed, 1 passed" in out
