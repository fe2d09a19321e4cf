"""Negative controls for probes that observe: what is not the exchange's refusal never counts as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hashdata.answers import Reading
from hashdata.connector import Terms
from hashdata.permissions import Grant, Verdict
from hashdata.questions import Pattern, Probe
from hashdata.testing.check import Group
from hashdata.testing.negatives import Negative, malformed, misquoted
from hashdata.testing.subject import Subject
from hashdata.testing.trial import Run

CHECKS = Group()

_STATUS = re.compile(r"[1-5][0-9][0-9]")
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


@CHECKS.add("No refusal is recognised by a code alone that is an HTTP status, as gateways answer them too.")
def no_refusal_is_a_status_alone(subject: Subject) -> Iterator[str]:
    """Yield refusals for which somebody in front of the exchange could speak."""
    for probe in subject.connector.probes:
        for answer in probe.answers:
            is_bare = answer.message is None and answer.body is None
            if answer.means is Grant.REFUSED and is_bare and _STATUS.fullmatch(str(answer.code)):
                yield (
                    f"A refusal of {probe.sends} is recognised by the code {answer.code!r} alone, which a gateway may "
                    "answer as well. Name the exchange's sentence in message."
                )


@CHECKS.add("Each declared code is of the type that the practice exchange answers it in: 403 is not '403'.")
def every_code_has_the_type_that_is_answered(subject: Subject) -> Iterator[str]:
    """Yield codes that no answer can match."""
    for terms in subject.terms:
        readings = (Reading(one.raw, terms.api.envelope) for run in subject.runs_of(terms) for one in run.exchanged)
        seen = {reading.code for reading in readings if reading.code is not None}
        patterns: list[Pattern] = [*terms.diagnoses, *(answer for probe in terms.probes for answer in probe.answers)]
        declared = dict.fromkeys(pattern.code for pattern in patterns if pattern.code is not None)
        # 1 and true are equal to Python, and neither is "1".
        for code in declared:
            others = [other for other in seen if str(other) == str(code) and type(other) is not type(code)]
            if others and not any(type(other) is type(code) and other == code for other in seen):
                yield f"The code {code!r} is declared, and the practice exchange answers {others[0]!r}. Write it so."


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
