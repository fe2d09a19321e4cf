"""What the report of a re-test changes in an account, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hashdata.accounts.account import Attempt
from hashdata.accounts.results import Result, is_drift
from hashdata.permissions import MEANINGS, Cause, Verdict

from tests.accounts.samples import NOON, account, report

_LATER = NOON + timedelta(days=7)


def _attempt(verdict: Verdict) -> Attempt:
    cause = next((cause for cause, meaning in MEANINGS.items() if meaning.verdict is verdict), None)
    return Attempt(at=_LATER, verdict=verdict, cause=cause)


def _report(verdict: Verdict, *, asked: bool = True, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of one
    return report(verdict, _attempt(verdict).cause, _LATER, asked=asked) | more


def test_an_inconclusive_test_leaves_the_verdict_that_stands_and_records_the_attempt() -> None:
    after = Result.of(_report(Verdict.INCONCLUSIVE, asked=False)).applied_to(account(1))

    assert after == replace(account(1), last=_attempt(Verdict.INCONCLUSIVE))


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.DENIED, Verdict.UNUSABLE])
def test_every_other_test_replaces_the_verdict_that_stands(verdict: Verdict) -> None:
    after = Result.of(_report(verdict)).applied_to(account(1))

    assert after.standing == after.last == _attempt(verdict)


@pytest.mark.parametrize("before", Verdict)
@pytest.mark.parametrize("now", Verdict)
def test_only_from_accepted_to_denied_is_drift(before: Verdict, now: Verdict) -> None:
    stored = account(1, standing=_attempt(before))

    assert is_drift(stored, _attempt(now)) == ((before, now) == (Verdict.ACCEPTED, Verdict.DENIED))


def test_a_denial_after_an_inconclusive_attempt_is_drift_all_the_same() -> None:
    unsure = Result.of(_report(Verdict.INCONCLUSIVE)).applied_to(account(1))

    assert is_drift(unsure, _attempt(Verdict.DENIED))


@pytest.mark.parametrize("asked", [True, False])
def test_the_time_of_asking_moves_only_when_write_questions_left(*, asked: bool) -> None:
    after = Result.of(_report(Verdict.INCONCLUSIVE, asked=asked)).applied_to(account(1))

    assert after.asked == (_LATER if asked else NOON)


@pytest.mark.parametrize(("verdict", "is_intact"), [(Verdict.ACCEPTED, True), (Verdict.INCONCLUSIVE, False)])
def test_what_was_changed_by_hand_is_known_again_once_a_test_found_something_out(
    verdict: Verdict, *, is_intact: bool
) -> None:
    after = Result.of(_report(verdict)).applied_to(account(1, is_intact=False))

    assert after.is_intact == is_intact


def test_the_account_id_is_learned_once_and_not_changed() -> None:
    result = Result.of(_report(Verdict.ACCEPTED, account_id="7"))

    assert result.applied_to(account(1, account_id=None)).account_id == "7"
    assert result.applied_to(account(1, account_id="6")).account_id == "6"


def test_an_account_id_with_nothing_in_it_is_none() -> None:
    assert Result.of(_report(Verdict.ACCEPTED, account_id="")).account_id is None


def test_the_end_of_a_key_is_taken_over_and_not_forgotten() -> None:
    told = Result.of(_report(Verdict.ACCEPTED, key={"expires_at": "2026-06-01T00:00:00Z"})).applied_to(account(1))
    after = Result.of(_report(Verdict.ACCEPTED)).applied_to(told)

    assert told.expires is not None
    assert told.expires.isoformat() == "2026-06-01T00:00:00+00:00"
    assert after.expires == told.expires


def test_a_re_test_changes_neither_label_nor_key_nor_what_nobody_knows() -> None:
    before = account(1, "mine", unknown={"team": "blue"}, endpoint="http://127.0.0.1:1")
    after = Result.of(_report(Verdict.DENIED)).applied_to(before)

    assert replace(after, standing=before.standing, last=before.last, asked=before.asked) == before


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "fine"},
        {"verdict": None},
        {"cause": "magic"},
        {"cause": 5},
        {"tested_at": "2026-03-01"},
        {"tested_at": None},
        {"account_id": 5},
        {"permissions": []},
        {"permissions": {"trade": {}}},
        {"key": None},
    ],
    ids=str,
)
def test_what_is_no_report_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Result.of(report() | change)


def test_every_cause_is_read_back() -> None:
    assert {Result.of(report(cause=cause)).attempt.cause for cause in Cause} == set(Cause)
