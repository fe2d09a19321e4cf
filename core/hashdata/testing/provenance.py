"""Where everything is known from: recognised answers, diagnoses, and what the practice exchange says."""

from __future__ import annotations

from collections.abc import Iterator

from hashdata.testing.check import Group
from hashdata.testing.subject import Subject

CHECKS = Group()


@CHECKS.add("Each `Answer` and each `Diagnosis` has `evidence`: where it is known from.")
def every_recognised_answer_has_evidence(subject: Subject) -> Iterator[str]:
    """Yield patterns that could have been guessed."""
    advice = "Say where it is known from, such as 'documented: the error table of the API, read on 2026-11-01'."
    for probe in subject.connector.probes:
        for answer in probe.answers:
            if not answer.evidence.strip():
                named = answer.code if answer.code is not None else "a shape"
                yield f"An answer to {probe.sends} ({named}, {answer.means}) has no evidence. {advice}"
    for diagnosis in subject.connector.diagnoses:
        if not diagnosis.evidence.strip():
            yield f"The diagnosis {diagnosis.cause} ({diagnosis.code}) has no evidence. {advice}"


@CHECKS.add("Each reply of the practice exchange names its `source`.")
def every_practice_answer_has_a_source(subject: Subject) -> Iterator[str]:
    """Yield the keys whose replies come from nowhere."""
    for run in subject.runs:
        if bare := [reply for reply in run.replies if not reply.source.strip()]:
            yield (
                f"{len(bare)} replies to the practice key {run.persona.name} have no source, the first of them "
                f"{bare[0].body[:60]!r}. Name the document or the transcript that each reply is taken from."
            )
