"""What can be read at all: each question for data, time and rights is understood for some practice key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from hashdata.answers import Raw, Reading, Shape
from hashdata.connector import Terms
from hashdata.questions import Question
from hashdata.tester.times import followed
from hashdata.testing.check import Group
from hashdata.testing.misfits import misfit
from hashdata.testing.subject import Subject
from hashdata.testing.trial import Run

CHECKS = Group()

_NO_PAGE = 404
_LONGEST = 80


@CHECKS.add("For some practice key the time is read, each stream is readable, and the rights have their shape.")
def every_question_is_understood_for_some_key(subject: Subject) -> Iterator[str]:
    """Yield questions of which no answer is understood, and the first thing in one that does not fit."""
    for terms in subject.terms:
        runs = subject.runs_of(terms)
        if not runs:
            continue
        yield from _clock(terms, runs)
        for stream in terms.streams:
            if not any(run.report.streams.get(stream.name) == "readable" for run in runs):
                yield f"No practice key can read the stream {stream.name}. {_why(terms, stream, stream.shape, runs)}"
        for probe in terms.declared:
            answers = (run.answer(probe) for run in runs)
            values = [_read(terms, raw) for raw in answers if raw is not None]
            if not any(reading.is_success and not misfit(probe.shape, reading.value) for reading in values):
                yield f"Of no practice key the rights are read. {_why(terms, probe, probe.shape, runs)}"


def _clock(terms: Terms, runs: Sequence[Run]) -> Iterator[str]:
    """Yield why the time is never read; an exchange without such a page may be."""
    clock = terms.api.clock
    if any(run.report.clock_offset_ms is not None for run in runs):
        return
    found = _best(terms, clock, runs)
    if found is None or found.raw.status == _NO_PAGE:
        return
    at = json.dumps(followed(found.value, clock.at))
    yield (
        f"The time is never read. {clock.sends} is answered {found.raw.text[:_LONGEST]}, where {list(clock.at)} leads "
        f"to {at}, which is no time in {clock.form}. Correct at and form of the Clock, or the practice exchange."
    )


def _why(terms: Terms, question: Question, shape: Shape, runs: Sequence[Run]) -> str:
    """Say what is wrong with the best answer to a question."""
    found = _best(terms, question, runs)
    if found is None:
        return f"{question.sends} is never answered. Let the practice exchange answer it."
    wrong = misfit(shape, found.value) if found.is_success else None
    said = wrong or f"the HTTP status is {found.raw.status} and the code {json.dumps(found.code)}"
    return f"{question.sends} is answered so: {said}. Compare the shape with what the practice exchange answers."


def _best(terms: Terms, question: Question, runs: Sequence[Run]) -> Reading | None:
    """Return an answer that is a success, else any."""
    answers = [_read(terms, raw) for run in runs if (raw := run.answer(question)) is not None]
    return next((one for one in answers if one.is_success), answers[0] if answers else None)


def _read(terms: Terms, raw: Raw) -> Reading:
    return Reading(raw, terms.api.envelope)
