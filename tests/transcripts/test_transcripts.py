"""Every answer that was recorded live or is documented, and what it must mean to the tester."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.tester.subjects import TERMS, found, question, raw
from tests.transcripts.expectations import EXPECTED, NOT_OURS

FOLDER = Path(__file__).parent
# A status of null was not recorded: what an answer means must be the same for each of these.
PLAUSIBLE = (200, 400, 401, 403, 500)


@dataclass(frozen=True)
class Line:
    """One recorded answer."""

    id: str
    evidence: str
    source: str
    route: str
    status: int | None
    headers: dict[str, str]
    body: object

    @property
    def text(self) -> str:
        """The body as text; the recorder's null stands for an empty list."""
        if self.body is None:
            return "[]"
        return self.body if isinstance(self.body, str) else json.dumps(self.body)

    @property
    def statuses(self) -> tuple[int, ...]:
        return PLAUSIBLE if self.status is None else (self.status,)


@cache
def lines() -> dict[str, Line]:
    read: dict[str, Line] = {}
    for path in sorted(FOLDER.glob("*.jsonl")):
        for text in path.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            answer = line["response"]
            read[line["id"]] = Line(
                line["id"],
                line["evidence"],
                line["source"],
                f"{line['request']['method']} {line['request']['url'].split('.com')[1].split('?')[0].rstrip('/')}",
                answer["status"],
                {name.lower(): value for name, value in answer.get("headers", {}).items()},
                answer["body"],
            )
    return read


ROWS = [(api, name, meaning, line) for (api, name, meaning), ids in EXPECTED.items() for line in ids]


@pytest.mark.parametrize(("api", "name", "meaning", "line_id"), ROWS)
def test_a_recorded_answer_means_what_it_must(api: str, name: str, meaning: str, line_id: str) -> None:
    line, asked = lines()[line_id], question(api, name)
    # Data is evidence only where the status does not deny it; the next test tries the other statuses.
    statuses = (line.status or 200,) if meaning == "readable" else line.statuses

    meanings = {found(api, asked, raw(asked, status, line.text, line.headers)) for status in statuses}

    assert meanings == {meaning}


@pytest.mark.parametrize(("api", "name", "line_id"), [(a, n, i) for a, n, m, i in ROWS if m == "readable"])
def test_a_good_body_with_an_error_status_is_not_readable(api: str, name: str, line_id: str) -> None:
    line, asked = lines()[line_id], question(api, name)

    meanings = {found(api, asked, raw(asked, status, line.text)) for status in (400, 401, 403, 500)}

    assert meanings == {"unrecognised_answer"}


@pytest.mark.parametrize(
    ("api", "name", "line_id"), [(a, n, i) for a, n, m, i in ROWS if m == "readable" and lines()[i].body is None]
)
def test_a_live_null_in_place_of_a_list_is_unproven(api: str, name: str, line_id: str) -> None:
    asked = question(api, name)

    meaning = found(api, asked, raw(asked, 200, "null", lines()[line_id].headers))

    assert meaning == "unrecognised_answer"


def test_every_recorded_answer_is_expected_to_mean_something_or_is_left_out_for_a_reason() -> None:
    expected = {line for _, _, _, line in ROWS}
    left_out = {line for ids in NOT_OURS.values() for line in ids}

    assert set(lines()) - expected - left_out == set()
    assert (expected | left_out) - set(lines()) == set()
    assert expected & left_out == set()


def test_no_answer_to_a_declared_question_is_left_out() -> None:
    declared = {asked.sends for terms in TERMS.values() for asked in (*terms.streams, *terms.probes)}
    left_out = [line for ids in NOT_OURS.values() for line in ids]

    assert [line for line in left_out if lines()[line].route in declared and lines()[line].body is not None] == []


def test_every_answer_to_a_declared_question_is_tried_on_that_question() -> None:
    tried = {(question(api, name).sends, line) for api, name, _, line in ROWS}
    declared = {asked.sends for terms in TERMS.values() for asked in (*terms.streams, *terms.probes)}
    missing = [line.id for line in lines().values() if line.route in declared and (line.route, line.id) not in tried]

    # The two documented statuses of recvWindow come without a body.
    assert missing == ["doc_spot_recvwindow-400", "doc_spot_recvwindow-408"]


def test_no_transcript_is_a_fixture_and_every_one_names_its_source() -> None:
    kinds = Counter(line.evidence for line in lines().values())

    assert kinds.keys() == {"observed", "documented"}
    assert all(line.source for line in lines().values())


@pytest.mark.parametrize("api", ["main", "v3", "classic"])
def test_every_refusal_that_counts_was_observed_or_is_documented(api: str) -> None:
    for asked in TERMS[api].probes:
        recorded = [i for a, n, m, i in ROWS if (a, n, m) == (api, str(asked.permission), "refused")]

        assert recorded


def is_error(line: Line) -> bool:
    """Whether the body is an object with a code that is not one of success."""
    value = json.loads(line.text) if line.text.startswith("{") else None
    return isinstance(value, dict) and value.get("code", 200) not in {200, "200000"}


@pytest.mark.parametrize("api", ["main", "v3", "classic"])
def test_no_recorded_error_is_readable_on_any_stream_with_any_status(api: str) -> None:
    errors = [line for line in lines().values() if is_error(line)]

    readable = [
        (asked.name, line.id)
        for asked in TERMS[api].streams
        for line in errors
        for status in line.statuses
        if found(api, asked, raw(asked, status, line.text, line.headers)) == "readable"
    ]
    assert len(errors) > 50
    assert readable == []


@pytest.mark.parametrize("api", ["main", "v3", "classic"])
def test_nothing_but_the_recorded_refusals_is_refused(api: str) -> None:
    refusals = {(n, i) for a, n, m, i in ROWS if a == api and m == "refused"}

    refused = {
        (str(asked.permission), line.id)
        for asked in TERMS[api].probes
        for line in lines().values()
        for status in line.statuses
        if found(api, asked, raw(asked, status, line.text, line.headers)) == "refused"
    }
    assert {(name, lines()[i].text) for name, i in refused} == {(name, lines()[i].text) for name, i in refusals}
