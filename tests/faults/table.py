# ruff: noqa: E501 - a sentence of the page stands on one line
"""Write the page about faults from the catalogue that the tests prove: `python -m tests.faults.table`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from hashdata.permissions import MEANINGS, Cause, Verdict

from tests.faults.catalogue import catalogue, oddities
from tests.faults.obstacles import obstacles
from tests.faults.trial import SETTINGS

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_HEAD = "| fault | verdict | cause | exit code |\n|---|---|---|---|"
_KINDS = {
    "connection": "The connection breaks",
    "slowness": "The answer does not come to an end",
    "size": "The answer is too large",
    "coding": "The answer is packed wrongly",
    "wrong content": "Something else answers",
    "out of order": "The exchange is out of order",
    "redirect": "The answer leads elsewhere",
    "rate limit": "The exchange asks to slow down",
    "echo": "The answer repeats the request",
    "headers": "The headers are not usable",
    "TLS": "The encryption breaks",
    "name": "The name leads nowhere",
    "address": "The name leads to a private address",
    "greeting": "Nobody answers, or not in TLS",
    "certificate": "The certificate is not good",
    "clock": "The clock is off",
}


def _row(name: str, cause: Cause | None) -> str:
    verdict = MEANINGS[cause].verdict if cause else Verdict.ACCEPTED
    return f"| {name} | {verdict} | {f'`{cause}`' if cause else '-'} | {int(verdict.exit_code)} |"


def _tables(rows: Iterable[tuple[str, str, Cause | None]]) -> Iterator[str]:
    """Yield a heading and a table for every kind, in the order of their first rows."""
    by_kind: dict[str, list[str]] = {}
    for kind, name, cause in rows:
        by_kind.setdefault(kind, []).append(_row(name, cause))
    for kind, lines in by_kind.items():
        yield "\n".join([f"### {_KINDS[kind]}", "", _HEAD, *lines])


def page() -> str:
    """Return the whole page."""
    positions = sum(len(setting.positions) for setting in SETTINGS.values())
    faults, before, odd = catalogue(), obstacles(), oddities()
    intro = f"""# Faults

No fault makes a key look accepted, and each is named for what it is.
This page is written by `python -m tests.faults.table` from the catalogue that the tests prove, and a test fails when the two differ.

## What is tried

* {len(faults)} faults are each tried at {positions} questions, which makes {len(faults) * positions} tests of a key that is accepted without the fault.
  The questions are the time, a read and every write question, of the spot API and of both futures APIs.
* {len(before)} obstacles that come before any answer, and clocks that are off, are tried with each of the {len(SETTINGS)} APIs.
* {len(odd)} answers that look strange but are whole are tried at the same {positions} questions; they change nothing.
* All of this goes over TLS, through the same door that leads to the real exchange; the tests give it another name server, port and authority.
* The faults that plain HTTP has are also tried on the installed command with `--endpoint`, each at one question.

In every test of a fault the verdict, its cause, the time, the memory and the number of questions are checked, and the practice exchange has executed nothing.
A test ends within a second of its `--timeout`, and a fault costs less than 20 MB.
One answer is no fault: HTTP 404 to the time, whatever its body, only leaves the clocks uncompared, and the report's limits say so; [why](decisions/0006-the-time-call-is-required.md).

## What is asked again

* A read, or the time, is asked once more where the cause is `network`.
* It is also asked once more after HTTP 429 with a `Retry-After` that ends before the deadline.
* Nothing else is asked again: not after a timeout, a bad certificate, a redirect or a page.
* A write question is never sent twice, and none is sent after a read or the time has failed.
* A connection that has carried a write question is not used for another question, and neither is one on which something came unasked.

## Faults of one answer
"""
    first = _tables((case.kind, case.name, case.cause) for case in faults)
    second = _tables((obstacle.kind, obstacle.name, obstacle.cause) for obstacle in before)
    strange = "\n".join([_HEAD, *(_row(case.name, case.cause) for case in odd)])
    return (
        "\n\n".join(
            [
                intro.rstrip("\n"),
                *first,
                "## Before an answer",
                *second,
                "## Odd, but whole\n\nThese are no faults: the key is judged by the first answer, which is whole.",
                strange,
            ]
        )
        + "\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
