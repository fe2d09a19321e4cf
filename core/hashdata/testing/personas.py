"""
Positive controls: the practice keys show that each answer can come out either way.

A connector that always says refused passes every test of a read-only key, so
a key that may trade must be there to be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hashdata.connector import Terms
from hashdata.errors import HashdataError
from hashdata.permissions import MEANINGS, Cause, Grant, Permission, Verdict
from hashdata.questions import DeclaredProbe, Probe
from hashdata.redaction import Redactor
from hashdata.tester.classify import Classifier
from hashdata.tester.report import Report
from hashdata.testing.check import Group
from hashdata.testing.subject import Problem, Subject, Unavailable

CHECKS = Group()

_WRONG = frozenset({Cause.UNKNOWN_KEY, Cause.WRONG_SECRET, Cause.WRONG_PASSPHRASE, Cause.WRONG_KEY_OR_SECRET})
_GRANTS = frozenset({Grant.GRANTED, Grant.REFUSED})


@dataclass(frozen=True, slots=True)
class _Spread:
    """What one question found out about one permission: each grant, or each cause of none, over all practice keys."""

    where: str
    found: frozenset[str]

    def lacks(self, grant: Grant) -> str | None:
        """Return a sentence where no key is answered `grant`."""
        if grant in self.found:
            return None
        advice = f"Add a practice key for which it is {grant}, or correct what recognises that answer."
        if not self.found & _GRANTS:
            causes = ", ".join(sorted(self.found)) or "it is never asked"
            return f"{self.where} is always unproven: {causes}. {advice}"
        (other,) = self.found & _GRANTS
        return f"{self.where} is always {other}, whatever the key may do, so that proves nothing. {advice}"


def _spreads(subject: Subject) -> Iterator[_Spread]:
    """Yield what each question about a permission found out; one that never varies hides behind another."""
    for terms in subject.terms:
        for probe in terms.probes:
            yield _spread(subject, terms, probe, probe.permission)
        for declared in terms.declared:
            for permission in declared.states:
                yield _spread(subject, terms, declared, permission)


def _spread(subject: Subject, terms: Terms, probe: Probe | DeclaredProbe, permission: Permission) -> _Spread:
    classifier = Classifier(terms, Redactor([]))
    found = set[str]()
    for raw in (run.answer(probe) for run in subject.runs_of(terms)):
        if raw is not None:
            finding = (
                classifier.probe(probe, raw)
                if isinstance(probe, Probe)
                else classifier.statement(probe, raw).of(permission)
            )
            found.add(finding.grant if finding.grant in _GRANTS else finding.cause or Cause.UNRECOGNISED_ANSWER)
    return _Spread(f"The permission {permission} ({terms.api.name}, {probe.sends})", frozenset(found))


@CHECKS.add("The connector brings a practice exchange, without which nothing below can be tried.")
def it_has_a_practice_exchange(subject: Subject) -> Iterator[str]:
    """Yield why there is none."""
    connector = subject.connector
    try:
        if connector.make_sandbox() is None:
            yield "There is no practice exchange. Let sandbox() return what makes one, as docs/hooks.md says."
        elif not subject.personas:
            yield "The practice exchange has no personas. Add a practice key for each thing that can happen."
    except (HashdataError, Unavailable) as error:
        yield f"The practice exchange cannot be used: {error}. Correct what sandbox() returns."


@CHECKS.add("Each question about a permission is answered *granted* for some practice key.")
def every_forbidden_permission_has_an_example_that_is_granted(subject: Subject) -> Iterator[str]:
    """Yield permissions that a key could have without being noticed."""
    yield from (problem for spread in _spreads(subject) if (problem := spread.lacks(Grant.GRANTED)))


@CHECKS.add("Each question about a permission is answered *refused* for some practice key.")
def every_forbidden_permission_has_an_example_that_is_refused(subject: Subject) -> Iterator[str]:
    """Yield permissions for which no key could be accepted."""
    yield from (problem for spread in _spreads(subject) if (problem := spread.lacks(Grant.REFUSED)))


@CHECKS.add("Each API has a practice key that is accepted.")
def a_key_that_can_only_read_is_accepted(subject: Subject) -> Iterator[str]:
    """Yield APIs of which no key passes, with what becomes of those there are."""
    for terms in subject.terms:
        runs = subject.runs_of(terms)
        if not any(run.report.verdict is Verdict.ACCEPTED for run in runs):
            verdicts = ", ".join(f"{run.persona.name} is {_ended(run.report)}" for run in runs) or "there is none"
            yield (
                f"No practice key of the API {terms.api.name} is accepted: {verdicts}. "
                "Add one that reads everything and may do nothing else."
            )


@CHECKS.add("The test of each practice key ends as its author says, where the author says it in `ends`.")
def every_practice_key_ends_as_expected(subject: Subject) -> Iterator[str]:
    """Yield keys that end otherwise, those of which nothing is said, and those that are not there."""
    ended = {run.persona.name: run.report for run in subject.runs}
    if subject.ends is None:
        return
    for name, report in ended.items():
        if name not in subject.ends:
            yield f"ends does not name the practice key {name}, which is {_ended(report)}. Say how it must end."
        elif report.cause is not (cause := subject.ends[name]):
            yield f"The practice key {name} is {_ended(report)}, and {_expected(cause)} is expected."
    for name in subject.ends.keys() - {persona.name for persona in subject.personas}:
        yield f"ends names the practice key {name}, and there is none."


def _expected(cause: Cause | None) -> str:
    return f"{MEANINGS[cause].verdict} ({cause})" if cause else str(Verdict.ACCEPTED)


@CHECKS.add("Each API has a practice key that is unusable, because key, secret or passphrase is wrong.")
def a_wrong_key_is_unusable(subject: Subject) -> Iterator[str]:
    """Yield APIs of which no wrong key is recognised."""
    for terms in subject.terms:
        if not any(run.report.cause in _WRONG for run in subject.runs_of(terms)):
            yield (
                f"No practice key of the API {terms.api.name} is unusable because it is wrong. "
                "Add one with an unknown key or a wrong secret, and a Diagnosis for what the exchange answers."
            )


@CHECKS.add("An accepted key is unusable with another secret or passphrase: the practice exchange verifies both.")
def a_wrong_secret_or_passphrase_is_unusable(subject: Subject) -> Iterator[str]:
    """Yield APIs at which any of them will do, and those whose answer to a wrong one is not recognised."""
    for terms in subject.terms:
        run = subject.accepted(terms)
        for name in ("secret", "passphrase"):
            if not (value := run.persona.credentials.get(name, "")):
                continue
            try:
                report = subject.trial(run, {}, credentials={name: _other(value)}).report
            except Problem:
                # What is no secret at all cannot even be signed with.
                continue
            if report.verdict is Verdict.ACCEPTED:
                yield (
                    f"The practice exchange accepts the key of {run.persona.name} with another {name}. "
                    "Verify each signature and passphrase, with code of your own and not with ccxt's."
                )
            elif report.verdict is not Verdict.UNUSABLE:
                yield (
                    f"The key of {run.persona.name} with another {name} is {_ended(report)}, so nobody learns what "
                    f"is wrong. Add a Diagnosis for what the exchange answers to a wrong {name}."
                )


def _ended(report: Report) -> str:
    """Return the verdict and its cause."""
    return f"{report.verdict} ({report.cause})" if report.cause else str(report.verdict)


def _other(secret: str) -> str:
    """Return another secret of the same form, which may be hex or base64: two neighbours change places."""
    pairs = (at for at in range(len(secret) - 1) if secret[at : at + 2].isalnum() and secret[at] != secret[at + 1])
    at = next(pairs, None)
    return secret + "0" if at is None else secret[:at] + secret[at + 1] + secret[at] + secret[at + 2 :]
