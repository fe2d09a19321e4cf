"""No fault of the network, at no question, makes a key look accepted; each is named for what it is."""

from __future__ import annotations

import time

import pytest
from hashdata.permissions import Verdict

from tests.faults.catalogue import SLOW, FaultCase, catalogue, oddities
from tests.faults.trial import SETTINGS, Setting, patience, peak_memory_mb, reset_peak_memory, try_fault

TIMEOUT = 2.0
# What never ends is waited for, at every question of every API.
IMPATIENT = 0.7
POSITIONS = [(api, question) for api, setting in SETTINGS.items() for question in setting.positions]


def _id(value: object) -> str:
    return value.name if isinstance(value, FaultCase) else str(value)


@pytest.mark.parametrize("api", SETTINGS)
def test_without_a_fault_the_key_is_accepted(api: str) -> None:
    report, _, _ = try_fault(SETTINGS[api], None, None)

    assert report.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(("api", "question"), POSITIONS)
@pytest.mark.parametrize("case", catalogue(), ids=_id)
def test_a_fault_is_named_and_never_accepted(case: FaultCase, api: str, question: str) -> None:
    setting: Setting = SETTINGS[api]
    for timeout in patience(IMPATIENT if case.kind == SLOW else TIMEOUT):
        begin = time.monotonic()
        before = reset_peak_memory()
        report, log, changes = try_fault(setting, question, case.misbehave, timeout=timeout)
        grown = peak_memory_mb() - before
        took = time.monotonic() - begin
        if log.count(question):
            break

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, case.cause)
    assert took < timeout + 2
    assert grown < 20
    assert changes == []
    if question.startswith("GET"):
        assert {call.request.method for call in log.calls} == {"GET"}, "a write question after a failed read"
    # A read is asked again once when the network failed; a write question is never sent twice.
    again = question.startswith("GET") and case.is_asked_again
    assert log.count(question) == (2 if again else 1)


@pytest.mark.parametrize(("api", "question"), POSITIONS)
@pytest.mark.parametrize("case", oddities(), ids=_id)
def test_what_is_odd_but_whole_is_read_as_it_is(case: FaultCase, api: str, question: str) -> None:
    report, log, changes = try_fault(SETTINGS[api], question, case.misbehave)

    assert (report.verdict, report.cause) == (Verdict.ACCEPTED, None)
    assert log.count(question) == 1
    assert changes == []


def test_no_two_cases_have_the_same_name() -> None:
    names = [case.name for case in (*catalogue(), *oddities())]

    assert len(set(names)) == len(names)
