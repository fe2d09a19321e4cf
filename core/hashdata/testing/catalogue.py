"""All checks, in the order in which an author mends what they find."""

from __future__ import annotations

from collections.abc import Mapping

from hashdata.testing.check import Check
from hashdata.testing.contract import CHECKS as CONTRACT
from hashdata.testing.declared import CHECKS as DECLARED
from hashdata.testing.flags import CHECKS as FLAGS
from hashdata.testing.guides import CHECKS as GUIDES
from hashdata.testing.harmlessness import CHECKS as HARMLESSNESS
from hashdata.testing.leaks import CHECKS as LEAKS
from hashdata.testing.observed import CHECKS as OBSERVED
from hashdata.testing.personas import CHECKS as PERSONAS
from hashdata.testing.provenance import CHECKS as PROVENANCE
from hashdata.testing.readable import CHECKS as READABLE
from hashdata.testing.reads import CHECKS as READS
from hashdata.testing.recordable import CHECKS as RECORDABLE
from hashdata.testing.streams import CHECKS as STREAMS
from hashdata.testing.subject import Subject, Unavailable

CHECKS: tuple[Check, ...] = (
    *CONTRACT,
    *GUIDES,
    *PROVENANCE,
    *HARMLESSNESS,
    *READS,
    *READABLE,
    *PERSONAS,
    *OBSERVED,
    *DECLARED,
    *FLAGS,
    *STREAMS,
    *LEAKS,
    *RECORDABLE,
)


def examine(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    """Return the problems of every check that finds some, without pytest."""
    found: dict[str, tuple[str, ...]] = {}
    for check in CHECKS:
        try:
            problems = check.problems(subject)
        except Unavailable:
            continue
        if problems:
            found[check.name] = problems
    return found
