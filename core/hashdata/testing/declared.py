"""Negative controls for probes that declare: a `rights` function is pure, and an unknown flag proves nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hashdata.answers import Raw
from hashdata.connector import Terms
from hashdata.permissions import FORBIDDEN, Grant, Permission, Verdict
from hashdata.questions import DeclaredProbe
from hashdata.redaction import Redactor
from hashdata.rights import Rights
from hashdata.tester.classify import Classifier
from hashdata.testing.attempts import unknown_rights
from hashdata.testing.carriers import Carrier, carriers
from hashdata.testing.check import Group
from hashdata.testing.mutations import Mutation, mutations
from hashdata.testing.negatives import decoded, malformed
from hashdata.testing.subject import Problem, Subject

CHECKS = Group()

_ODD: tuple[object, ...] = ({}, [], None, 1, "x")


@CHECKS.add("A question for a key's rights answered with something foreign, cut, empty or late leaves them *unproven*.")
def no_malformed_statement_proves_anything(subject: Subject) -> Iterator[str]:
    """Yield answers that state something and say nothing."""
    for terms in subject.terms:
        for probe in terms.declared:
            run = subject.accepted(terms)
            model = run.answer(probe)
            if model is None:
                yield f"{probe.sends} got no answer for {run.persona.name}. Let the practice exchange answer it."
                continue
            for negative in malformed(model):
                report = subject.trial(run, {probe: negative.reply}).report
                stated = [p for p in probe.states if report.permissions[p].grant is not Grant.UNPROVEN]
                if stated or report.verdict is Verdict.ACCEPTED:
                    yield (
                        f"{probe.sends} answered with {negative.what} still decides {', '.join(stated) or 'the key'}. "
                        "Give the probe a shape with the flags that the exchange always sends."
                    )


@CHECKS.add("Two calls of `rights` with one answer return the same, change nothing, and never raise.")
def the_rights_function_is_pure(subject: Subject) -> Iterator[str]:
    """Yield what a second test of the same key would show as a change of its rights."""
    for probe in subject.connector.declared:
        odd = [value for value in _ODD if probe.shape.fits(value)]
        answers = [*odd, *(value for terms in subject.terms for value in _answers(subject, terms, probe))]
        first = [_called(probe, value) for value in answers]
        for value, before in zip(answers, first, strict=True):
            shown = json.dumps(value)[:60]
            if before.problem:
                yield f"rights() of {probe.sends} {before.problem} for {shown}. {before.advice}"
            # Others were asked about in between, and then none.
            elif any(_called(probe, value) != before for _ in range(2)):
                yield (
                    f"rights() of {probe.sends} returns something else when it is asked again about {shown}. "
                    "Compute it from the answer alone."
                )


@CHECKS.add("A right that the connector does not know, in the place of the known ones, leaves everything *unproven*.")
def an_unknown_flag_proves_nothing(subject: Subject) -> Iterator[str]:
    """Yield deny-lists: exchanges add rights, and a function that looks only for known ones does not see them."""
    for terms in subject.terms:
        for probe in terms.declared:
            model = subject.accepted(terms).answer(probe)
            if model is None:
                continue
            if unknown := list(unknown_rights(carriers_of(subject, terms, probe), probe.states)):
                yield from dict.fromkeys(_unnoticed(terms, probe, model, unknown))
                continue
            tried = list(mutations(decoded(model)))
            if not any(
                all(stated(terms, probe, model, m.value).of(p) is Grant.UNPROVEN for p in probe.states)
                and (m.is_added or probe.shape.fits(m.value))
                for m in tried
            ):
                yield (
                    f"No unknown right that was added to the answer of {probe.sends} was noticed "
                    f"({len(tried)} ways were tried, such as {', '.join(m.what for m in tried[:3])}). "
                    "List the flags that are known, and return every other one in Rights.unknown."
                )


@CHECKS.add("A right that is added to an answer never takes a granted or unproven permission away.")
def no_added_right_is_read_as_fewer_rights(subject: Subject) -> Iterator[str]:
    """Yield permissions that are granted, and refused once something was added."""
    for terms in subject.terms:
        for probe in terms.declared:
            for run in subject.runs_of(terms):
                model = run.answer(probe)
                if model is None:
                    continue
                before = stated(terms, probe, model, decoded(model))
                for mutation in (m for m in mutations(decoded(model)) if m.is_added):
                    after = stated(terms, probe, model, mutation.value)
                    yield from (
                        f"{probe.sends} of {run.persona.name} with {mutation.what} turns {p} from {before.of(p)} "
                        "to refused. What is added to an answer is never less."
                        for p in probe.states
                        if before.of(p) is not Grant.REFUSED and after.of(p) is Grant.REFUSED
                    )


def carriers_of(subject: Subject, terms: Terms, probe: DeclaredProbe) -> tuple[Carrier, ...]:
    """Return the places at which the answers to different practice keys hold what a key may do."""
    run = subject.accepted(terms)
    model = run.answer(probe)
    if model is None:
        return ()
    mine = decoded(model)
    others = [value for value in _answers(subject, terms, probe) if value != mine]
    return carriers(lambda value: stated(terms, probe, model, value), probe.states, mine, others)


def _unnoticed(
    terms: Terms, probe: DeclaredProbe, model: Raw, unknown: Sequence[tuple[Mutation, Sequence[Permission]]]
) -> Iterator[str]:
    """Yield unknown rights with which a permission is refused all the same, in the very places of the known ones."""
    for mutation, given in unknown:
        rights = stated(terms, probe, model, mutation.value)
        if left := [p for p in given if rights.of(p) is Grant.REFUSED]:
            yield (
                f"{probe.sends} with {mutation.what} still says that {', '.join(left)} is refused. List the rights "
                "that are known, and return every other one in Rights.unknown."
            )


@dataclass(frozen=True, slots=True)
class _Called:
    """What `rights` returned, what is wrong about that in words, and what to do."""

    rights: Rights | None = None
    problem: str = ""
    advice: str = "Return Rights() where nothing is said."


def _called(probe: DeclaredProbe, value: object) -> _Called:
    """Call `rights` with a copy of `value`."""
    given = copy.deepcopy(value)
    try:
        read = probe.rights(given)
    except Exception as error:  # noqa: BLE001 - a connector's function may raise anything
        return _Called(problem=f"raises {type(error).__name__}")
    if type(read) is not Rights:
        return _Called(problem="returns no Rights")
    return _Called(read) if given == value else _Called(read, "changes its argument", "Leave it as it came.")


def _answers(subject: Subject, terms: Terms, probe: DeclaredProbe) -> Iterator[object]:
    """Yield what the practice exchange states about each key, once for each answer."""
    if probe not in terms.declared:
        return
    raws = (run.answer(probe) for run in subject.runs_of(terms))
    texts = {raw.text: decoded(raw) for raw in raws if raw is not None}
    yield from texts.values()


def stated(terms: Terms, probe: DeclaredProbe, model: Raw, value: object) -> Rights:
    """Return what the tester makes of `value` as the answer."""
    try:
        statement = Classifier(terms, Redactor([])).statement(probe, replace(model, text=json.dumps(value)))
    except Exception as error:  # noqa: BLE001 - shapes are the connector's own code and may raise anything
        reason = f"The shape of {probe.sends} raises {type(error).__name__} for {json.dumps(value)[:60]}."
        raise Problem(f"{reason} A shape returns true or false for every JSON value and never raises.") from None
    return statement.rights or Rights(grants=dict.fromkeys(FORBIDDEN, Grant.UNPROVEN))
