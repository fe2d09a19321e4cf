"""Findings made by hand, for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Mapping

from hashdata.permissions import Cause, Grant, Witness
from hashdata.tester.classify import ClockFinding, Finding
from hashdata.tester.evidence import Evidence
from hashdata.tester.judge import Found, Judgement, judge

from tests.tester.subjects import TERMS

EVIDENCE = Evidence(witness=Witness.OBSERVED, method="GET", path="/x", status=400, code=1, message="m", ms=1)
GRANTED = Finding(grant=Grant.GRANTED, evidence=EVIDENCE)
REFUSED = Finding(grant=Grant.REFUSED, evidence=EVIDENCE)
EXECUTED = Finding(grant=Grant.GRANTED, evidence=EVIDENCE, executed=True)
NARROW = Finding(grant=Grant.REFUSED, evidence=EVIDENCE, cause=Cause.INCOMPLETE_READ)

ON = ClockFinding(offset_ms=12, tolerance_ms=60_000)
OFF = ClockFinding(offset_ms=90_000, tolerance_ms=60_000)
UNKNOWN = ClockFinding()


def unproven(cause: Cause) -> Finding:
    return Finding(grant=Grant.UNPROVEN, evidence=EVIDENCE, cause=cause)


def failed(cause: Cause) -> ClockFinding:
    return ClockFinding(failed=unproven(cause))


def judged(
    clock: ClockFinding = ON,
    reads: Finding | Mapping[str, Finding] = GRANTED,
    probes: Finding | Mapping[str, Finding] = REFUSED,
    api: str = "main",
) -> Judgement:
    """Judge one finding for all streams or probes, or the named ones with good findings for the rest."""
    terms = TERMS[api]
    by_stream = {"": GRANTED} | dict(reads) if isinstance(reads, Mapping) else {"": reads}
    by_probe = {"": REFUSED} | dict(probes) if isinstance(probes, Mapping) else {"": probes}
    return judge(
        terms,
        Found(
            clock=clock,
            reads={s: by_stream.get(s.name, by_stream[""]) for s in terms.streams if s.required},
            probes={p: by_probe.get(str(p.permission), by_probe[""]) for p in terms.probes},
        ),
    )


def words(judgement: Judgement) -> str:
    """Return verdict and cause."""
    return f"{judgement.verdict} {judgement.cause}" if judgement.cause else str(judgement.verdict)
