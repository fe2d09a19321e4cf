# ruff: noqa: INP001, T201 - a script, whose output is its purpose
"""
Measure what every fault of the tests' catalogue costs: seconds beyond its deadline or in all, and memory.

Each fault is met at every question of every API, over TLS and through the
production door. Prints the numbers, the slowest and the largest. Linux only:
the peak of the memory is read from /proc.

Run it with `python benchmarks/faults.py` from the folder of the checkout.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.faults.catalogue import SLOW, FaultCase, bomb, catalogue
from tests.faults.trial import SETTINGS, peak_memory_mb, reset_peak_memory, try_fault

TIMEOUT = 2.0
IMPATIENT = 0.4
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """What one fault at one question cost."""

    name: str
    question: str
    seconds: float
    late: float
    megabytes: float


def measure(case: FaultCase, api: str, question: str) -> Cost:
    """Meet one fault; `late` are the seconds past the deadline, negative when it ended before."""
    timeout = IMPATIENT if case.kind == SLOW else TIMEOUT
    before = reset_peak_memory()
    begin = time.monotonic()
    report, _, _ = try_fault(SETTINGS[api], question, case.misbehave, timeout=timeout)
    seconds = time.monotonic() - begin
    if report.cause is not case.cause:
        sys.exit(f"{case.name} at {question} was given the cause {report.cause}")
    return Cost(case.name, question, seconds, seconds - timeout, peak_memory_mb() - before)


def main() -> None:
    """Measure, and print."""
    bomb(31), bomb(15)
    for api in SETTINGS:
        try_fault(SETTINGS[api], None, None)
    cases = catalogue()
    places = [(api, question) for api, setting in SETTINGS.items() for question in setting.positions]
    costs = [measure(case, *place) for case in cases for place in places]
    print(f"{len(cases)} faults at {len(places)} questions: {len(costs)} tests, {sum(c.seconds for c in costs):.1f} s")
    print("\nslowest of those that end by themselves")
    for cost in sorted((c for c in costs if c.late < 0), key=lambda c: -c.seconds)[:SHOWN]:
        print(f"  {cost.seconds:5.2f} s  {cost.name}, at {cost.question}")
    print("\nlatest past the deadline, of those that never end")
    for cost in sorted((c for c in costs if c.late >= 0), key=lambda c: -c.late)[:SHOWN]:
        print(f"  {cost.late:5.2f} s  {cost.name}, at {cost.question}")
    print("\nlargest growth of the memory")
    for cost in sorted(costs, key=lambda c: -c.megabytes)[:SHOWN]:
        print(f"  {cost.megabytes:5.1f} MB {cost.name}, at {cost.question}")


if __name__ == "__main__":
    main()
