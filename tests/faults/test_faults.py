"""No fault of the network, at no question, makes a key look accepted; each is named for what it is."""

from __future__ import annotations

import time

import pytest
from hashdata.permissions import Cause, Verdict

from tests.faults.catalogue import FaultCase, catalogue
from tests.faults.trial import SETTINGS, Setting, peak_memory_mb, reset_peak_memory, try_fault

TIMEOUT = 1.5
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
    begin = time.monotonic()
    before = reset_peak_memory()
    report, log, changes = try_fault(setting, question, case.misbehave, timeout=TIMEOUT)
    grown = peak_memory_mb() - before
    took = time.monotonic() - begin

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, case.cause)
    assert took < TIMEOUT + 1
    assert grown < 20
    assert changes == []
    if question.startswith("GET"):
        assert {call.request.method for call in log.calls} == {"GET"}, "a write question after a failed read"
    # A read is asked again once when the network failed; a write question is never sent twice.
    again = question.startswith("GET") and case.cause is Cause.NETWORK
    assert log.count(question) == (2 if again else 1)
