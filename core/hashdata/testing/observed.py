"""Negative controls for probes that observe: what is not the exchange's refusal never counts as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hashdata.connector import Terms
from hashdata.permissions import Grant, Verdict
from hashdata.questions import Probe
from hashdata.testing.check import Group
from hashdata.testing.negatives import Negative, malformed, misquoted
from hashdata.testing.subject import Subject
from hashdata.testing.trial import Run

CHECKS = Group()

_ADVICE = "Recognise a refusal by the exchange's own code and sentence, and a grant by its code or by a full shape."


@CHECKS.add("A probe answered with something foreign, cut, empty or late is *unproven*, and the key is not accepted.")
def no_malformed_answer_to_a_probe_proves_anything(subject: Subject) -> Iterator[str]:
    """Yield answers that count as a refusal or as a grant and are neither."""
    for terms, probe, run in _probes(subject):
        model = run.answer(probe)
        yield from _problems(subject, terms, probe, run, malformed(model) if model else None)


@CHECKS.add("The refusal's sentence without its code, an unknown code with it, and a gateway's words are *unproven*.")
def no_answer_that_looks_like_a_refusal_is_one(subject: Subject) -> Iterator[str]:
    """Yield patterns that are too wide."""
    for terms, probe, run in _probes(subject):
        model = run.answer(probe)
        yield from _problems(subject, terms, probe, run, misquoted(model, terms.api.envelope) if model else None)


def _probes(subject: Subject) -> Iterator[tuple[Terms, Probe, Run]]:
    """Yield each probe, beside the test of a key that it is refused to."""
    for terms in subject.terms:
        for probe in terms.probes:
            yield terms, probe, subject.accepted(terms)


def _problems(
    subject: Subject, terms: Terms, probe: Probe, run: Run, negatives: Iterable[Negative] | None
) -> Iterator[str]:
    if negatives is None:
        yield f"{probe.sends} of the API {terms.api.name} got no answer for {run.persona.name}. Answer it."
        return
    for negative in negatives:
        report = subject.trial(run, {probe: negative.reply}).report
        grant = report.permissions[probe.permission].grant
        if grant is not Grant.UNPROVEN or report.verdict is Verdict.ACCEPTED:
            yield f"{probe.sends} answered with {negative.what} counts as {grant} {probe.permission}. {_ADVICE}"
