"""What a report says: evidence, limits, sentences, and the block of an answer that nobody knows."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hashdata.answers import Raw, Reading
from hashdata.permissions import MEANINGS, Cause, Grant, Permission, Verdict
from hashdata.redaction import Redactor
from hashdata.tester import words
from hashdata.tester.classify import ClockFinding, Finding
from hashdata.tester.evidence import outline

from tests.tester.exchange import Reply, good, instead, run
from tests.tester.findings import EVIDENCE, EXECUTED, GRANTED, OFF, ON, judged, unproven
from tests.tester.subjects import SPOT, TERMS, VALUES

NOBODY = Redactor(())


def outlined(text: str, **headers: str) -> str:
    raw = Raw("GET", "/x", 200, {name.replace("_", "-"): value for name, value in headers.items()}, text, 1)
    return outline(raw, Reading(raw), NOBODY)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("", "(empty)"),
        (" \n", "(empty)"),
        ("<html>what the owner sees</html>", "(not JSON)"),
        ('{"code": 5, "msg": "new"}', '{"code": 5, "msg": "new"}'),
        (
            '{"balance": "12.5", "n": 3, "x": null, "y": true}',
            '{"balance": "<str>", "n": "<int>", "x": "<NoneType>", "y": "<bool>"}',
        ),
        ('[{"id": "1"}, {"id": "2"}]', '[{"id": "<str>"}]'),
        ('{"data": {"code": 5, "message": "mine"}}', '{"data": {"code": "<int>", "message": "<str>"}}'),
        ('{"code": {"deep": 1}}', '{"code": {"deep": "<int>"}}'),
        ('{"a":' * 9 + "1" + "}" * 9, '{"a": ' * 6 + '"<dict>"' + "}" * 6),
    ],
)
def test_an_outline_has_names_and_types_and_of_values_only_code_and_sentence(text: str, body: str) -> None:
    assert outlined(text).split("\n")[1] == f"body: {body}"


def test_an_outline_has_of_the_headers_only_the_content_type() -> None:
    head = outlined("", content_type="text/html", set_cookie="session=1").split("\n")[0]

    assert head == "GET /x -> HTTP 200, content type text/html"


def test_an_outline_is_two_lines_whatever_the_answer_holds() -> None:
    text = json.dumps({"a\nb\u2028c": 1, "message": "d\ne\u001b[31m"} | {f"n{n}": n for n in range(500)})

    assert len(outlined(text, content_type="a\u2028b").splitlines()) == 2


def test_an_accepted_report_has_the_evidence_of_every_refusal_and_every_required_read() -> None:
    report = run(good)

    evidence = {p: [f"{e.method} {e.path} {e.status}" for e in r.evidence] for p, r in report.permissions.items()}
    assert evidence[Permission.TRADE] == ["POST /orders 403"]
    assert evidence[Permission.WITHDRAW] == ["POST /wallets/withdraw 403"]
    assert evidence[Permission.TRANSFER] == []
    assert len(evidence[Permission.READ]) == 6
    assert set(report.streams.values()) == {"readable"}
    assert (report.last4, report.account_id) == (VALUES["api_key"][-4:], "123")


def test_what_was_read_is_no_evidence_of_what_was_not() -> None:
    report = run(instead({"GET /accounts/balances": Reply({"odd": 1})}))

    read = report.permissions[Permission.READ]
    assert (read.grant, [e.path for e in read.evidence]) == (Grant.UNPROVEN, ["/accounts/balances"])


def test_every_report_says_that_the_exchange_does_not_tell_key_from_account() -> None:
    for script in (good, instead({"GET /trades": Reply("")})):
        assert words.OBSERVED_ONLY in run(script).limits


@pytest.mark.parametrize("api", ["main", "v3", "classic"])
def test_a_permission_that_is_not_asked_about_is_unproven_with_a_note_and_a_limit(api: str) -> None:
    report = run(good, api)

    transfer = report.permissions[Permission.TRANSFER]
    assert (transfer.grant, transfer.askable) == (Grant.UNPROVEN, "unaskable")
    assert any(transfer.note and transfer.note in limit for limit in report.limits)


def test_the_document_holds_no_value_of_the_key_but_its_last_four_characters() -> None:
    text = json.dumps(run(good).to_json())

    assert [name for name, value in VALUES.items() if value in text] == []


def test_a_good_report_has_no_fix_and_every_other_has_one() -> None:
    assert words.fix(SPOT, TERMS["main"], judged()) is None
    for cause in [c for c in Cause if MEANINGS[c].verdict is not Verdict.DENIED]:
        assert words.fix(SPOT, TERMS["main"], judged(reads=unproven(cause)))


def test_a_denial_names_the_boxes_and_the_steps_of_the_guide() -> None:
    fix = words.fix(SPOT, TERMS["main"], judged(probes=GRANTED)) or ""

    assert "Enable Trading" in fix
    assert "hashdata connectors guide poloniex" in fix


def test_where_reading_is_refused_the_box_of_reading_is_to_be_ticked() -> None:
    short = Finding(grant=Grant.REFUSED, evidence=EVIDENCE, cause=Cause.INCOMPLETE_READ)

    fix = words.fix(SPOT, TERMS["main"], judged(reads=short)) or ""

    assert "Tick “Enable Reading”: step" in fix
    assert "Untick" not in fix


def test_a_contradiction_is_to_be_reported_and_nothing_is_to_be_unticked() -> None:
    terms = TERMS["main"]
    judgement = replace(judged(probes=GRANTED), cause=Cause.CONTRADICTION)

    assert "report this" in (words.fix(SPOT, terms, judgement) or "")
    assert "Untick" not in (words.fix(SPOT, terms, judgement) or "")
    assert "contradicts itself" in words.summary(terms, ON, judgement)


def test_an_execution_is_told_with_what_was_sent() -> None:
    summary = words.summary(TERMS["main"], ON, judged(probes={"trade": EXECUTED}))

    assert summary.startswith("DANGER")
    assert "GET /x" in summary


@pytest.mark.parametrize(("offset", "way"), [(90_000, "90 s behind"), (-90_000, "90 s ahead of")])
def test_a_clock_that_is_off_is_told_with_how_far(offset: int, way: str) -> None:
    clock = ClockFinding(offset_ms=offset, tolerance_ms=60_000)

    assert f"clock is {way} the exchange's" in words.summary(TERMS["main"], clock, judged(clock))


def test_a_clock_that_only_the_exchange_calls_wrong_is_not_told_with_a_measure() -> None:
    stale = Finding(grant=Grant.UNPROVEN, evidence=EVIDENCE, cause=Cause.CLOCK)

    summary = words.summary(TERMS["classic"], ON, judged(reads=stale, api="classic"))

    assert "0.0 s" not in summary
    assert "HTTP 400" in summary


def test_a_fault_is_told_with_the_place_where_it_happened() -> None:
    fault = Finding(
        grant=Grant.UNPROVEN, evidence=replace(EVIDENCE, status=None, code=None, message=None), cause=Cause.TIMEOUT
    )

    assert "This happened at GET /x." in words.summary(TERMS["main"], ON, judged(reads=fault))


@pytest.mark.parametrize(
    ("several", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_joined_as_in_a_sentence(several: list[str], sentence: str) -> None:
    assert words.listed(several) == sentence


def test_a_clock_that_is_off_needs_no_word_of_the_exchange() -> None:
    assert judged(OFF).decisive == ()
