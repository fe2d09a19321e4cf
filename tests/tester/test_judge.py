"""From findings to a verdict: the table of verdicts, the order of diagnosis, and what is never accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hashdata.connector import Terms
from hashdata.permissions import MEANINGS, Askable, Cause, Grant, Permission, Standing, Verdict
from hashdata.questions import Probe
from hashdata.tester.classify import ClockFinding, Finding
from hashdata.tester.judge import Found, Judgement, judge, may_ask_writes

from tests.tester.findings import (
    EXECUTED,
    GRANTED,
    NARROW,
    OFF,
    ON,
    REFUSED,
    UNKNOWN,
    failed,
    judged,
    unproven,
    words,
)
from tests.tester.subjects import TERMS

WRONG_KEY = unproven(Cause.WRONG_KEY_OR_SECRET)
SLOW = unproven(Cause.TIMEOUT)
ODD = unproven(Cause.UNRECOGNISED_ANSWER)
NO_TIME = failed(Cause.NETWORK)


def with_reads(terms: Terms, probes: Mapping[Probe, Finding]) -> Judgement:
    """Judge a key that can read everything."""
    return judge(terms, Found(clock=ON, reads=dict.fromkeys(terms.streams, GRANTED), probes=probes))


TABLE: list[tuple[ClockFinding, Finding, Finding, str]] = [
    # clock, every read, every write question: verdict and cause
    (ON, GRANTED, REFUSED, "accepted"),
    (UNKNOWN, GRANTED, REFUSED, "accepted"),
    (OFF, GRANTED, REFUSED, "inconclusive clock"),
    (NO_TIME, GRANTED, REFUSED, "inconclusive network"),
    (ON, GRANTED, GRANTED, "denied trade_granted"),
    (UNKNOWN, GRANTED, GRANTED, "denied trade_granted"),
    (OFF, GRANTED, GRANTED, "denied trade_granted"),
    (NO_TIME, GRANTED, GRANTED, "denied trade_granted"),
    (ON, GRANTED, EXECUTED, "denied trade_granted"),
    (ON, GRANTED, WRONG_KEY, "inconclusive wrong_key_or_secret"),
    (OFF, GRANTED, WRONG_KEY, "inconclusive clock"),
    (ON, GRANTED, SLOW, "inconclusive timeout"),
    (ON, GRANTED, ODD, "inconclusive unrecognised_answer"),
    (ON, WRONG_KEY, REFUSED, "unusable wrong_key_or_secret"),
    (UNKNOWN, WRONG_KEY, REFUSED, "unusable wrong_key_or_secret"),
    (OFF, WRONG_KEY, REFUSED, "inconclusive clock"),
    (NO_TIME, WRONG_KEY, REFUSED, "inconclusive network"),
    (ON, WRONG_KEY, GRANTED, "denied trade_granted"),
    (ON, SLOW, REFUSED, "inconclusive timeout"),
    (OFF, SLOW, REFUSED, "inconclusive clock"),
    (ON, ODD, REFUSED, "inconclusive unrecognised_answer"),
    (OFF, ODD, REFUSED, "inconclusive clock"),
    (ON, NARROW, REFUSED, "denied incomplete_read"),
    (UNKNOWN, NARROW, REFUSED, "denied incomplete_read"),
    (OFF, NARROW, REFUSED, "inconclusive clock"),
    (ON, NARROW, GRANTED, "denied trade_granted"),
]


@pytest.mark.parametrize(("clock", "read", "write", "expected"), TABLE)
def test_the_table_of_verdicts(clock: ClockFinding, read: Finding, write: Finding, expected: str) -> None:
    assert words(judged(clock, read, write)) == expected


@pytest.mark.parametrize("cause", [c for c in Cause if MEANINGS[c].verdict is not Verdict.DENIED], ids=str)
def test_a_cause_that_keeps_every_stream_from_being_read_decides_the_verdict(cause: Cause) -> None:
    assert words(judged(reads=unproven(cause))) == f"{MEANINGS[cause].verdict} {cause}"


@pytest.mark.parametrize("offset", [90_000, -90_000])
@pytest.mark.parametrize("cause", [c for c in Cause if MEANINGS[c].verdict is not Verdict.DENIED], ids=str)
def test_a_clock_that_is_off_explains_any_error(cause: Cause, offset: int) -> None:
    clock = ClockFinding(offset_ms=offset, tolerance_ms=60_000)

    assert words(judged(clock, reads=unproven(cause))) == "inconclusive clock"
    assert words(judged(clock, probes=unproven(cause))) == "inconclusive clock"


@pytest.mark.parametrize("cause", [c for c in Cause if MEANINGS[c].verdict is Verdict.UNUSABLE], ids=str)
def test_after_a_good_read_a_key_is_never_unusable(cause: Cause) -> None:
    assert words(judged(probes=unproven(cause))) == f"inconclusive {cause}"
    assert words(judged(probes={"withdraw": unproven(cause)})) == f"inconclusive {cause}"


@pytest.mark.parametrize("cause", [c for c in Cause if MEANINGS[c].verdict is Verdict.UNUSABLE], ids=str)
def test_one_readable_stream_shows_that_the_key_is_known(cause: Cause) -> None:
    assert words(judged(reads={"": unproven(cause), "balances": GRANTED})) == f"inconclusive {cause}"


ORDERED = [
    Cause.CLOCK,
    Cause.RETIRED_KEY,
    Cause.EXPIRED_KEY,
    Cause.UNKNOWN_KEY,
    Cause.WRONG_SECRET,
    Cause.WRONG_PASSPHRASE,
    Cause.WRONG_KEY_OR_SECRET,
    Cause.ADDRESS_NOT_ALLOWED,
    Cause.ACCOUNT_FROZEN,
    Cause.ACCOUNT_RESTRICTED,
    Cause.ACCOUNT_NOT_OPENED,
    Cause.RATE_LIMITED,
    Cause.MAINTENANCE,
    Cause.NOT_THE_API,
    Cause.TIMEOUT,
    Cause.UNRECOGNISED_ANSWER,
]
PAIRS = [(first, second) for n, first in enumerate(ORDERED) for second in ORDERED[n + 1 :]]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_causes_the_one_nearer_to_the_clock_and_the_key_is_named(first: Cause, second: Cause) -> None:
    one_way = judged(reads={"": unproven(first), "accounts": unproven(second)})
    other_way = judged(reads={"": unproven(second), "accounts": unproven(first)})

    assert (one_way.cause, other_way.cause) == (first, first)
    assert {finding.cause for finding in one_way.decisive} == {first}


@pytest.mark.parametrize("cause", [c for c in Cause if MEANINGS[c].verdict is Verdict.INCONCLUSIVE], ids=str)
def test_an_exchange_whose_time_cannot_be_had_is_not_reached(cause: Cause) -> None:
    for read in (GRANTED, WRONG_KEY, SLOW):
        judgement = judged(failed(cause), read)

        assert words(judgement) == f"inconclusive {cause}"
        assert [finding.cause for finding in judgement.decisive] == [cause]


@pytest.mark.parametrize("cause", [c for c in Cause if MEANINGS[c].verdict is Verdict.UNUSABLE], ids=str)
def test_a_time_that_is_answered_with_a_word_about_the_key_is_never_accepted(cause: Cause) -> None:
    assert judged(failed(cause)).verdict is Verdict.INCONCLUSIVE


def test_a_retired_service_that_answers_the_time_alike_is_told_by_the_reads() -> None:
    retired = unproven(Cause.RETIRED_KEY)

    assert words(judged(failed(Cause.RETIRED_KEY), retired, api="classic")) == "unusable retired_key"


def test_one_required_stream_that_is_unproven_is_enough_to_accept_nothing() -> None:
    for name in [stream.name for stream in TERMS["main"].streams if stream.required]:
        assert words(judged(reads={name: SLOW})) == "inconclusive timeout"


def test_optional_streams_decide_nothing() -> None:
    terms = TERMS["main"]
    reads = {s: GRANTED if s.required else WRONG_KEY for s in terms.streams}

    judgement = judge(terms, Found(clock=ON, reads=reads, probes=dict.fromkeys(terms.probes, REFUSED)))

    assert judgement.verdict is Verdict.ACCEPTED


# Precedence among denials.


@pytest.mark.parametrize(
    ("trade", "withdraw", "expected"),
    [
        (GRANTED, REFUSED, "denied trade_granted"),
        (REFUSED, GRANTED, "denied withdraw_granted"),
        (GRANTED, GRANTED, "denied trade_granted"),
        (GRANTED, EXECUTED, "denied withdraw_granted"),
        (EXECUTED, GRANTED, "denied trade_granted"),
        (GRANTED, SLOW, "denied trade_granted"),
        (SLOW, GRANTED, "denied withdraw_granted"),
        (REFUSED, SLOW, "inconclusive timeout"),
        (SLOW, REFUSED, "inconclusive timeout"),
        (WRONG_KEY, SLOW, "inconclusive wrong_key_or_secret"),
    ],
)
def test_a_grant_outranks_everything_that_is_unproven(trade: Finding, withdraw: Finding, expected: str) -> None:
    assert words(judged(probes={"trade": trade, "withdraw": withdraw})) == expected


def test_every_permission_that_was_granted_is_named() -> None:
    assert judged(probes=GRANTED).granted == (Permission.TRADE, Permission.WITHDRAW)


def twice(permission: Permission) -> tuple[Terms, Probe, Probe]:
    """Return the main terms with a second probe of one permission."""
    terms = TERMS["main"]
    first = next(p for p in terms.probes if p.permission is permission)
    second = replace(first)
    return replace(terms, probes=(*terms.probes, second)), first, second


@pytest.mark.parametrize("permission", [Permission.TRADE, Permission.WITHDRAW])
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (GRANTED, REFUSED, "denied contradiction"),
        (REFUSED, GRANTED, "denied contradiction"),
        (REFUSED, EXECUTED, "denied {}_granted"),
        (GRANTED, SLOW, "denied {}_granted"),
        (REFUSED, SLOW, "inconclusive timeout"),
        (REFUSED, REFUSED, "accepted"),
    ],
)
def test_two_questions_about_one_permission(
    permission: Permission, one: Finding, other: Finding, expected: str
) -> None:
    terms, first, second = twice(permission)
    probes = dict.fromkeys(terms.probes, REFUSED) | {first: one, second: other}

    judgement = with_reads(terms, probes)

    assert words(judgement) == expected.format(permission)


def test_a_contradiction_outranks_a_plain_grant_of_another_permission() -> None:
    terms, first, second = twice(Permission.WITHDRAW)
    probes = dict.fromkeys(terms.probes, GRANTED) | {first: GRANTED, second: REFUSED}

    assert words(with_reads(terms, probes)) == "denied contradiction"


# What was not asked.


def test_a_question_that_was_not_asked_is_never_accepted() -> None:
    terms = TERMS["main"]
    reads = dict.fromkeys(terms.streams, GRANTED)
    probes = dict.fromkeys(terms.probes, REFUSED)

    assert judge(terms, Found(clock=ON, reads=reads, probes=probes)).verdict is Verdict.ACCEPTED
    for left_out in terms.probes:
        some = {p: f for p, f in probes.items() if p is not left_out}
        assert judge(terms, Found(clock=ON, reads=reads, probes=some)).verdict is Verdict.INCONCLUSIVE
    for stream in [s for s in terms.streams if s.required]:
        fewer = {s: f for s, f in reads.items() if s is not stream}
        assert judge(terms, Found(clock=ON, reads=fewer, probes=probes)).verdict is Verdict.INCONCLUSIVE


def test_of_two_questions_about_one_permission_both_must_be_asked() -> None:
    terms, _, second = twice(Permission.TRADE)
    probes = {p: REFUSED for p in terms.probes if p is not second}

    assert with_reads(terms, probes).verdict is Verdict.INCONCLUSIVE


def test_nothing_at_all_is_never_accepted() -> None:
    assert judge(TERMS["main"], Found(clock=ON, reads={}, probes={})).verdict is Verdict.INCONCLUSIVE


def test_terms_without_anything_askable_accept_nothing() -> None:
    terms = TERMS["main"]
    absent = {p: Standing(Askable.ABSENT, "none") for p in terms.api.permissions}
    nothing = replace(terms, api=replace(terms.api, permissions=absent), probes=())

    assert with_reads(nothing, {}).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("api", ["main", "v3", "classic"])
def test_what_is_not_askable_is_unproven_and_does_not_block(api: str) -> None:
    judgement = judged(api=api)

    assert judgement.verdict is Verdict.ACCEPTED
    assert judgement.grants[Permission.TRANSFER] is Grant.UNPROVEN


@pytest.mark.parametrize(
    ("clock", "read", "may"),
    [
        (ON, GRANTED, True),
        (UNKNOWN, GRANTED, True),
        (OFF, GRANTED, False),
        (NO_TIME, GRANTED, False),
        (failed(Cause.RETIRED_KEY), GRANTED, False),
        (ON, SLOW, False),
        (ON, NARROW, False),
        (ON, WRONG_KEY, False),
    ],
)
def test_write_questions_wait_for_a_good_read_and_a_good_clock(
    clock: ClockFinding, read: Finding, *, may: bool
) -> None:
    required = [s for s in TERMS["main"].streams if s.required]

    assert may_ask_writes(clock, dict.fromkeys(required, read)) is may
    for stream in required:
        assert may_ask_writes(clock, dict.fromkeys(required, GRANTED) | {stream: read}) is may
