"""Laws over any answer: nothing unrecognised is evidence, nothing raises, nothing leaks, nothing is accepted."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping

from hashdata.answers import Raw, Reading
from hashdata.connector import Terms
from hashdata.permissions import Cause, Grant, Verdict
from hashdata.questions import Probe, Stream
from hashdata.redaction import Redactor, spellings
from hashdata.tester import words
from hashdata.tester.classify import Classifier, ClockFinding, Finding
from hashdata.tester.evidence import printable
from hashdata.tester.judge import Found, judge, may_ask_writes
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.tester.exchange import GOOD, Reply, Seen, good, run
from tests.tester.findings import EVIDENCE
from tests.tester.subjects import CLASSIC_VALUES, SPOT, TERMS, VALUES, classifier, connector_of, credentials, questions

# Every code and sentence that means something to one of the connectors, and its nearest neighbours.
PATTERNS = [
    pattern
    for terms in TERMS.values()
    for pattern in (*terms.diagnoses, *(answer for probe in terms.probes for answer in probe.answers))
]
CODES = sorted({p.code for p in PATTERNS if isinstance(p.code, int)})
WORDS = sorted({p.code for p in PATTERNS if isinstance(p.code, str)})
SENTENCES = sorted({p.message for p in PATTERNS if p.message})

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
codes = st.one_of(
    st.sampled_from(CODES),
    st.sampled_from(CODES).map(str),
    st.sampled_from(CODES).map(float),
    st.sampled_from(WORDS),
    st.integers(),
    st.booleans(),
    st.none(),
    json_values,
)
sentences = st.one_of(
    st.sampled_from(SENTENCES),
    st.sampled_from(SENTENCES).map(str.lower),
    st.sampled_from(SENTENCES).map(lambda text: text + " "),
    st.sampled_from(SENTENCES).map(lambda text: text[:-1]),
    st.text(max_size=20),
    json_values,
)
near_misses = st.fixed_dictionaries(
    {},
    optional={
        "code": codes,
        "message": sentences,
        "msg": sentences,
        "data": st.one_of(json_values, st.just([]), st.just({"ordId": "1"})),
        "id": json_values,
        "withdrawalRequestsId": json_values,
    },
)
good_bodies = st.sampled_from([*GOOD.values(), [], {"code": 200, "data": []}, {"code": "200000", "data": []}])
values = st.one_of(near_misses, st.lists(near_misses, max_size=2), good_bodies, json_values)
texts = st.one_of(
    values.map(json.dumps),
    values.map(lambda value: f"<html>{json.dumps(value)}</html>"),
    values.map(lambda value: "\ufeff" + json.dumps(value)),
    values.map(lambda value: json.dumps(value)[:-1]),
    near_misses.map(lambda value: json.dumps(value)[:-1] + ', "code": 403, "code": 10042}'),
    st.sampled_from(["", " ", "null", "NaN", "[" * 5000, "9" * 5000, "1e999", '{"serverTime": 1e999}', '"\\ud800"']),
    st.text(max_size=40),
)
statuses = st.one_of(
    st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 503, 520]), st.integers(100, 599)
)
headers = st.dictionaries(
    st.sampled_from(["content-type", "retry-after", "web-filter", "location"]),
    st.one_of(
        st.sampled_from(["unauthenticated", "0", "30", "Wed, 21 Oct 2026 07:28:00 GMT", "text/html", "nan", "\udcff"]),
        st.text(max_size=12),
    ),
    max_size=3,
)
apis = st.sampled_from(sorted(TERMS))
fast = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answer(asked: Stream | Probe, status: int, fields: Mapping[str, str], text: str) -> Raw:
    return Raw(asked.method, asked.path, status, fields, text, 3)


def is_recognised_refusal(api: str, probe: Probe, status: int, text: str) -> bool:
    """Say independently of the classifier whether this is one of the four refusals that are known."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict) or status == 429 or 300 <= status < 400:
        return False
    said = {json.dumps(value[name]) for name in ("message", "msg") if name in value}
    code, only = value.get("code"), next(iter(said)) if len(said) == 1 else None
    if api == "classic":
        return code == "400007"
    if type(code) is not int:
        return False
    if probe.permission == "withdraw":
        return code == 403 and only == '"Permission to withdraw denied."'
    return code == (403 if api == "main" else 10042) and only == '"Trading operation is not allowed."'


@fast
@given(api=apis, status=statuses, fields=headers, text=texts)
def test_a_write_question_is_refused_only_by_a_recognised_refusal(
    api: str, status: int, fields: dict[str, str], text: str
) -> None:
    for probe in TERMS[api].probes:
        finding = classifier(api).probe(probe, answer(probe, status, fields, text))

        if finding.grant is Grant.REFUSED:
            assert is_recognised_refusal(api, probe, status, text)


@fast
@given(api=apis, status=statuses, fields=headers, text=texts)
def test_a_stream_is_readable_only_by_json_of_its_shape_with_a_status_of_success(
    api: str, status: int, fields: dict[str, str], text: str
) -> None:
    for stream in TERMS[api].streams:
        finding = classifier(api).stream(stream, answer(stream, status, fields, text))

        if finding.grant is Grant.GRANTED:
            assert 200 <= status < 300
            assert stream.shape.fits(json.loads(text))


@fast
@given(api=apis, status=statuses, fields=headers, text=texts)
def test_what_is_neither_granted_nor_refused_always_has_a_cause(
    api: str, status: int, fields: dict[str, str], text: str
) -> None:
    knows = classifier(api)
    for asked in questions(api):
        raw = answer(asked, status, fields, text)
        finding = knows.probe(asked, raw) if isinstance(asked, Probe) else knows.stream(asked, raw)

        assert (finding.cause is None) == (finding.grant is not Grant.UNPROVEN) or finding.grant is Grant.REFUSED
        assert (finding.unrecognised is not None) == (finding.cause is Cause.UNRECOGNISED_ANSWER)


@fast
@given(api=apis, status=statuses, fields=headers, text=texts, now=st.floats(0, 4e12))
def test_no_answer_to_the_time_breaks_the_clock(
    api: str, status: int, fields: dict[str, str], text: str, now: float
) -> None:
    clock = TERMS[api].api.clock

    finding = classifier(api).clock(clock, Raw("GET", clock.path, status, fields, text, 3), now)

    known = finding.offset_ms is not None
    assert not (known and finding.cause)
    assert known or finding.cause or status == 404


@fast
@given(number=st.one_of(st.integers(), st.floats()))
@example(10**400)
@example(float("inf"))
def test_no_number_breaks_the_clock(number: float) -> None:
    clock = TERMS["main"].api.clock
    text = json.dumps({"serverTime": number}).replace("Infinity", "1e999")

    classifier("main").clock(clock, Raw("GET", clock.path, 200, {}, text, 3), 1.8e12)


# Judging.

CAUSES = [c for c in Cause if not c.endswith("_granted") and c is not Cause.CONTRADICTION]
findings = st.builds(
    lambda grant, cause, executed: Finding(
        grant=grant,
        evidence=EVIDENCE,
        cause=cause if grant is Grant.UNPROVEN else None,
        executed=executed and grant is Grant.GRANTED,
    ),
    st.sampled_from(Grant),
    st.sampled_from([c for c in CAUSES if c is not Cause.INCOMPLETE_READ]),
    st.booleans(),
)
clocks = st.one_of(
    st.builds(ClockFinding, offset_ms=st.integers(-200_000, 200_000), tolerance_ms=st.just(60_000)),
    st.builds(
        lambda cause: ClockFinding(failed=Finding(grant=Grant.UNPROVEN, evidence=EVIDENCE, cause=cause)),
        st.sampled_from(CAUSES[1:]),
    ),
    st.just(ClockFinding()),
)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), api=apis, clock=clocks)
def test_only_a_good_read_and_every_refusal_are_accepted(data: st.DataObject, api: str, clock: ClockFinding) -> None:
    terms = TERMS[api]
    likely = st.one_of(st.just(Finding(grant=Grant.GRANTED, evidence=EVIDENCE)), findings)
    refused = st.one_of(st.just(Finding(grant=Grant.REFUSED, evidence=EVIDENCE)), findings)
    required = [s for s in terms.streams if s.required]
    reads = {s: data.draw(likely) for s in required}
    probes = {p: data.draw(refused) for p in terms.probes}

    judgement = judge(terms, Found(clock=clock, reads=reads, probes=probes))

    all_read = {f.grant for f in reads.values()} == {Grant.GRANTED}
    all_refused = {f.grant for f in probes.values()} == {Grant.REFUSED}
    accepted = all_read and all_refused and may_ask_writes(clock, reads)
    assert (judgement.verdict is Verdict.ACCEPTED) == accepted
    assert (judgement.cause is None) == accepted
    granted = any(f.grant is Grant.GRANTED for f in probes.values())
    assert not granted or judgement.verdict is Verdict.DENIED
    assert judgement.verdict is not Verdict.UNUSABLE or Grant.GRANTED not in {f.grant for f in reads.values()}


def concluded(
    terms: Terms, script: Mapping[Stream | Probe, Raw], time: Raw, redactor: Redactor
) -> tuple[Verdict, list[str]]:
    """Classify and judge answers as a test does; return the verdict and everything that is said of it."""
    knows = Classifier(terms, redactor)
    clock = knows.clock(terms.api.clock, time, 1.8e12)
    reads = {s: knows.stream(s, script[s]) for s in terms.streams}
    probes = {p: knows.probe(p, script[p]) for p in terms.probes} if may_ask_writes(clock, reads) else {}
    judgement = judge(terms, Found(clock=clock, reads=reads, probes=probes))
    said = [words.summary(terms, clock, judgement), words.fix(connector_of(terms.api.name), terms, judgement) or ""]
    every = [*reads.values(), *probes.values(), *([clock.failed] if clock.failed else [])]
    said += [line for f in every for line in (f.unrecognised or "").split("\n")]
    said += [str(x) for f in every for x in (f.evidence.code, f.evidence.message, f.account_id) if x is not None]
    return judgement.verdict, said


def is_one_printable_line(text: str) -> bool:
    return all(unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in {"Zl", "Zp"} for c in text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), api=apis)
def test_any_answers_end_in_a_verdict_and_in_printable_lines(data: st.DataObject, api: str) -> None:
    terms = TERMS[api]
    script = {
        asked: answer(asked, data.draw(statuses), data.draw(headers), data.draw(texts)) for asked in questions(api)
    }
    time = Raw("GET", terms.api.clock.path, data.draw(statuses), {}, data.draw(texts), 3)

    verdict, said = concluded(terms, script, time, credentials(api).redactor)

    if verdict is Verdict.ACCEPTED:
        assert all(is_recognised_refusal(api, p, script[p].status, script[p].text) for p in terms.probes)
    assert [line for line in said if not is_one_printable_line(line)] == []


SPELLED = sorted({spelling for value in CLASSIC_VALUES.values() for spelling in spellings(value)})
around = st.sampled_from(["", " ", "key=", '"', "x" * 300, "\u200b", "\n"])


@fast
@given(
    spelling=st.sampled_from(SPELLED),
    before=around,
    after=around,
    status=st.sampled_from([200, 400, 401, 403, 500]),
    name=st.sampled_from(["code", "message", "msg", "accountId", "other"]),
)
def test_a_credential_that_the_exchange_repeats_in_any_spelling_is_never_said(
    spelling: str, before: str, after: str, status: int, name: str
) -> None:
    terms = TERMS["classic"]
    redactor = credentials("classic").redactor
    for body in (
        {name: before + spelling + after},
        {before + spelling + after: 1},
        {"code": 1, "message": "x", "deep": {spelling: [spelling]}},
        [{"accountId": before + spelling, "accountType": "SPOT"}],
    ):
        text = json.dumps(body)
        script = {q: answer(q, status, {"content-type": spelling}, text) for q in questions("classic")}

        _, said = concluded(terms, script, Raw("GET", "/api/v1/timestamp", 404, {}, "", 1), redactor)

        assert [line for line in said if spelling in line] == []


def test_an_account_id_that_is_the_key_is_not_said() -> None:
    asked = TERMS["main"].streams[0]
    body = json.dumps([{"accountId": VALUES["api_key"], "accountType": "SPOT"}])

    finding = classifier("main").stream(asked, answer(asked, 200, {}, body))

    assert finding.account_id == "[redacted]"


def test_a_credential_of_digits_does_not_show_as_a_code() -> None:
    digits = "12345678901234567890"
    asked = TERMS["main"].probes[0]
    knows = Classifier(TERMS["main"], Redactor([digits]))

    finding = knows.probe(asked, answer(asked, 400, {}, json.dumps({"code": int(digits), "message": "x"})))

    assert digits not in repr(finding)


def test_a_code_without_end_is_cut() -> None:
    asked = TERMS["main"].probes[0]

    finding = classifier("main").probe(asked, answer(asked, 400, {}, '{"code": ' + "7" * 4000 + "}"))

    assert len(str(finding.evidence.code)) <= 40


@fast
@given(text=st.text(), longest=st.integers(1, 60))
def test_a_printable_line_is_one_line_of_no_more_than_its_length(text: str, longest: int) -> None:
    line = printable(text, longest)

    assert len(line) <= longest
    assert is_one_printable_line(line)


@fast
@given(text=texts)
def test_reading_an_answer_never_raises(text: str) -> None:
    reading = Reading(Raw("GET", "/x", 200, {}, text, 1))

    assert type(reading.code) in {int, str, type(None)}
    assert type(reading.message) in {str, type(None)}


# A whole test over HTTP.


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    replies=st.dictionaries(
        st.sampled_from(sorted({q.sends for q in (*TERMS["main"].streams, *TERMS["main"].probes)})),
        st.tuples(st.sampled_from([200, 400, 401, 403, 404, 500, 503]), texts),
        min_size=1,
        max_size=3,
    )
)
def test_a_whole_test_accepts_only_recognised_answers(replies: dict[str, tuple[int, str]]) -> None:
    seen: list[Seen] = []

    def script(one: Seen) -> Reply:
        if one.line not in replies:
            return good(one)
        status, text = replies[one.line]
        return Reply(text.encode("utf-8", "replace").decode(), status)

    report = run(script, seen=seen)

    lines = [one.line for one in seen]
    assert len(lines) == len(set(lines))
    assert is_one_printable_line(report.summary)
    assert is_one_printable_line(report.fix or "")
    assert all(is_one_printable_line(limit) for limit in report.limits)
    if report.verdict is Verdict.ACCEPTED:
        for probe in SPOT.probes:
            status, text = replies.get(probe.sends, (403, json.dumps(GOOD[probe.sends])))
            assert is_recognised_refusal("main", probe, status, text)
        for stream in [s for s in SPOT.streams if s.required and s.sends in replies]:
            status, text = replies[stream.sends]
            assert status == 200
            assert stream.shape.fits(json.loads(text))
