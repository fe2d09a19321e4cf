"""What the doctor found: as a list and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from hashdata.accounts.findings import Finding, Grade
from hashdata.render.layout import columns
from hashdata.render.plain import plain

SCHEMA = "hashdata.doctor/1"
_STYLES = {Grade.FINE: "green", Grade.MENDED: "yellow", Grade.NOTE: "yellow", Grade.PROBLEM: "bold red"}


def to_json(findings: Sequence[Finding]) -> dict[str, object]:
    """Return the published document `hashdata.doctor/1`."""
    return {
        "schema": SCHEMA,
        "findings": [
            {
                "check": str(finding.check),
                "grade": str(finding.grade),
                "what": finding.what,
                "fix": finding.fix or None,
                "about": finding.about,
            }
            for finding in findings
        ],
    }


def page(findings: Sequence[Finding]) -> Iterator[RenderableType]:
    """Yield a line for each finding, and how many need a hand."""
    yield columns(
        (
            (
                Text(str(finding.grade), style=_STYLES[finding.grade]),
                str(finding.check),
                plain(f"{finding.what} {finding.fix}"),
            )
            for finding in findings
        ),
        indent=0,
    )
    problems = sum(finding.grade is Grade.PROBLEM for finding in findings)
    if problems:
        yield Text(f"\n{problems} to mend by hand", style="bold red")
    else:
        yield Text("\nNothing needs a hand", style="green")
