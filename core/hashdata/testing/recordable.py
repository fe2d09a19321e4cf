"""A recording of each practice key: it can be written, and what is left in it means what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from hashdata.connector import Connector
from hashdata.recording import Leak, Recorder
from hashdata.recording.meanings import meanings
from hashdata.recording.reading import taken_apart
from hashdata.testing.check import Group
from hashdata.testing.subject import Subject
from hashdata.testing.trial import Run

CHECKS = Group()


@CHECKS.add("A recording of each practice key can be written, and its answers mean what they meant.")
def every_practice_key_can_be_recorded(subject: Subject) -> Iterator[str]:
    """Yield answers that a donor's recording would spoil, and those for which it would not be written."""
    told: dict[str, list[str]] = {}
    for run in subject.runs:
        for problem in dict.fromkeys(_problems(subject.connector, run)):
            told.setdefault(problem, []).append(run.persona.name)
    for problem, names in told.items():
        yield problem.format(names=", ".join(names))


def _problems(connector: Connector, run: Run) -> Iterator[str]:
    """Yield what is wrong with the recording of one key; the names of keys are filled in later."""
    now = datetime.now(UTC)
    credentials = connector.schema.bind(run.persona.credentials)
    # Practice keys belong to nobody, so the stand-ins may be the same each time.
    recorder = Recorder(connector, credentials, practice=True, at=now, elapsed=lambda: 0.0, seed=b"practice")
    for one in run.exchanged:
        recorder(one.signed, one.raw)
    try:
        text = recorder.text()
    except Leak as leak:
        reason = str(leak).replace("{", "{{").replace("}", "}}")
        yield f"A recording of {{names}} is not written: {reason}. Take it out of the practice exchange."
        return
    # The recorder puts answers into this order.
    asked = sorted(run.exchanged, key=lambda one: (one.signed.method != "GET", one.signed.url))
    for one, kept in zip(asked, taken_apart(text.encode())[1], strict=True):
        before, after = (list(meanings(it, [connector])) for it in (replace(kept, body=one.raw.text), kept))
        if before != after:
            yield (
                f"{kept.method} {one.raw.path} of {{names}} means something else once it is recorded: what the "
                "connector reads in it is replaced as if it were the owner's. Name the rights in `words` of the "
                "DeclaredProbe, and other words in an Answer, a Diagnosis or an Is()."
            )
