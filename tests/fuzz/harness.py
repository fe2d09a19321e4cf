"""
Throw random and nearly right input at everything that reads what others wrote.

    python -m tests.fuzz.harness --minutes 10

Each execution has a seed of its own, so that a find can be repeated. A short
run is part of the tests.
"""

from __future__ import annotations

import argparse
import time
import traceback
from dataclasses import dataclass, field

from tests.fuzz.source import Source
from tests.fuzz.targets import TARGETS


@dataclass(slots=True)
class Outcome:
    """How often each target ran, and what was found: target, seed and the last line of the error."""

    executions: dict[str, int] = field(default_factory=dict)
    finds: list[tuple[str, int, str]] = field(default_factory=list)


def fuzz(target: str, seeds: range) -> Outcome:
    """Run one target on every seed."""
    outcome = Outcome({target: 0})
    for seed in seeds:
        outcome.executions[target] += 1
        try:
            TARGETS[target](Source(seed))
        except Exception as error:  # noqa: BLE001 - every error is a find
            outcome.finds.append((target, seed, "".join(traceback.format_exception_only(error)).strip()))
    return outcome


def main() -> None:
    """Run every target in turn until the time is over, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--first-seed", type=int, default=0)
    given = parser.parse_args()
    until = time.monotonic() + given.minutes * 60
    seed, total = given.first_seed, Outcome()
    while time.monotonic() < until:
        for target in TARGETS:
            outcome = fuzz(target, range(seed, seed + 200))
            total.executions[target] = total.executions.get(target, 0) + outcome.executions[target]
            total.finds += outcome.finds
        seed += 200
    for target, count in total.executions.items():
        print(f"{target}: {count} executions")  # noqa: T201 - a program of its own
    print(f"{len(total.finds)} finds")  # noqa: T201 - as above
    for target, found, error in total.finds[:20]:
        print(f"  {target} seed {found}: {error}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
