"""A short run of the fuzzing harness, on fixed seeds."""

from __future__ import annotations

import pytest

from tests.fuzz.harness import fuzz
from tests.fuzz.targets import TARGETS

RUNS = {"verdicts": 1500, "credentials": 1500, "reports": 300, "guides": 150}


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_escapes_and_nothing_is_accepted_without_evidence(target: str) -> None:
    outcome = fuzz(target, range(RUNS[target]))

    assert outcome.executions[target] == RUNS[target]
    assert outcome.finds == []
