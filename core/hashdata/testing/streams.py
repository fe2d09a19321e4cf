"""Negative controls for streams: what is not the data never counts as readable, and says nothing of the key."""

from __future__ import annotations

from collections.abc import Iterator

from hashdata.connector import Terms
from hashdata.permissions import Verdict
from hashdata.practice import Reply
from hashdata.questions import Question, Stream
from hashdata.testing.check import Group
from hashdata.testing.negatives import Negative, bare, errors, hollow, malformed, repeated
from hashdata.testing.subject import Subject
from hashdata.testing.trial import Run

CHECKS = Group()


@CHECKS.add("No stream is readable when it is answered with something foreign, cut, empty or late, or with an error.")
def no_stream_is_read_from_an_answer_that_is_not_its_data(subject: Subject) -> Iterator[str]:
    """Yield shapes that fit too much."""
    for terms in subject.terms:
        run = subject.accepted(terms)
        for stream in terms.streams:
            if run.answer(stream) is None:
                yield f"{stream.sends} got no answer for {run.persona.name}. Let the practice exchange answer it."
        for what, answered, trial in _trials(subject, terms, run):
            for stream in answered:
                if trial.report.streams.get(stream.name) == "readable":
                    yield (
                        f"The stream {stream.name} answered with {what} counts as readable. Give it a shape with "
                        "the fields of its data, and without= those of an error."
                    )


@CHECKS.add("When every stream is answered so, the verdict is *inconclusive*: nothing was said about the key.")
def nothing_foreign_says_anything_of_the_key(subject: Subject) -> Iterator[str]:
    """Yield answers by which a key would be accepted, denied or called unusable."""
    for terms in subject.terms:
        for what, answered, trial in _trials(subject, terms, subject.accepted(terms)):
            if any(s.required for s in answered) and trial.report.verdict is not Verdict.INCONCLUSIVE:
                verdict = trial.report.verdict
                advice = (
                    "Give the streams shapes with the fields of their data."
                    if verdict is Verdict.ACCEPTED
                    else "Let each Diagnosis name the exchange's own code, or a header of its own."
                )
                yield f"Reads of the API {terms.api.name} answered with {what} make a good key {verdict}. {advice}"


@CHECKS.add("A key that is refused a required stream is not accepted, whatever the words of the refusal.")
def no_key_that_is_refused_a_stream_is_accepted(subject: Subject) -> Iterator[str]:
    """Yield streams that take the refusal of a probe for data."""
    for terms in subject.terms:
        run = subject.accepted(terms)
        for probe in terms.probes:
            if (refusal := run.answer(probe)) is None:
                continue
            for status in sorted({200, refusal.status}):
                negative = repeated(f"the refusal of {probe.sends}", refusal, status)
                report = subject.trial(run, dict.fromkeys(terms.streams, negative.reply)).report
                read = [name for name, word in report.streams.items() if word == "readable"]
                if report.verdict is Verdict.ACCEPTED or read:
                    yield f"The streams {', '.join(read)} take {negative.what} for data. Give them a stricter shape."


def _trials(subject: Subject, terms: Terms, run: Run) -> Iterator[tuple[str, tuple[Stream, ...], Run]]:
    """Yield each negative control, the streams that were answered with it, and the test; one test asks all of them."""
    rounds: dict[str, dict[Question, Reply]] = {}
    for stream in terms.streams:
        model = run.answer(stream)
        envelope = terms.api.envelope
        negatives: list[Negative] = (
            [*malformed(model), *hollow(model, envelope), *bare(model), *errors(envelope)] if model else []
        )
        for negative in negatives:
            rounds.setdefault(negative.what, {})[stream] = negative.reply
    for what, instead in rounds.items():
        yield what, tuple(stream for stream in terms.streams if stream in instead), subject.trial(run, instead)
