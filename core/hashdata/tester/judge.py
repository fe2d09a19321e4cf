"""From findings to a verdict. Denied comes first, accepted last, and nothing is accepted by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hashdata.connector import Terms
from hashdata.permissions import FORBIDDEN, MEANINGS, Cause, Grant, Permission, Verdict
from hashdata.questions import DeclaredProbe, Probe, Stream
from hashdata.tester.classify import ClockFinding, Finding, Statement

# Of several causes the earlier one is named: the clock, which makes every signature wrong, then what the exchange
# says of the key, from key to account, then what kept it from saying anything.
_ORDER = (
    Cause.CLOCK,
    Cause.RETIRED_KEY,
    Cause.EXPIRED_KEY,
    Cause.UNKNOWN_KEY,
    Cause.WRONG_SECRET,
    Cause.WRONG_PASSPHRASE,
    Cause.WRONG_KEY_OR_SECRET,
    Cause.ADDRESS_NOT_ALLOWED,
    Cause.ACCOUNT_FROZEN,
    Cause.ACCOUNT_RESTRICTED,
    Cause.ACCOUNT_NOT_OPENED,
    Cause.TLS,
    Cause.RATE_LIMITED,
    Cause.MAINTENANCE,
    Cause.NOT_THE_API,
    Cause.TOO_LARGE,
    Cause.NETWORK,
    Cause.TIMEOUT,
    Cause.UNRECOGNISED_ANSWER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """
    The verdict, its cause, and the grant of every permission.

    `decisive` are the findings that the cause was taken from. `granted` are
    the forbidden permissions that the key has. `gaps` are sentences about
    what it can never read, and `unknown` rights that the exchange states and
    the connector does not know.
    """

    verdict: Verdict
    cause: Cause | None
    grants: Mapping[Permission, Grant]
    decisive: tuple[Finding, ...] = ()
    granted: tuple[Permission, ...] = ()
    gaps: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_grant(reads: Mapping[Stream, Finding]) -> Grant:
    """Return the grant of reading: granted only when every required stream is readable."""
    required = [finding.grant for stream, finding in reads.items() if stream.required]
    if Grant.REFUSED in required:
        return Grant.REFUSED
    return Grant.GRANTED if required and set(required) == {Grant.GRANTED} else Grant.UNPROVEN


def may_ask_writes(clock: ClockFinding, reads: Mapping[Stream, Finding]) -> bool:
    """Whether reading has worked, with a clock that is not known to be wrong, so that write questions may be asked."""
    return clock.cause is None and not clock.is_off and read_grant(reads) is Grant.GRANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that a test found out about one key."""

    clock: ClockFinding
    reads: Mapping[Stream, Finding]
    statements: Mapping[DeclaredProbe, Statement] = field(default_factory=dict)
    probes: Mapping[Probe, Finding] = field(default_factory=dict)

    def of(self, permission: Permission) -> list[Finding]:
        """Return what was found out about a forbidden permission, by every witness."""
        # What is granted counts also where the connector did not expect that to be said.
        stated = [
            finding
            for probe, statement in self.statements.items()
            if (finding := statement.of(permission)).grant is Grant.GRANTED or permission in probe.states
        ]
        return [*stated, *(found for probe, found in self.probes.items() if probe.permission is permission)]


def judge(terms: Terms, found: Found) -> Judgement:
    """Decide on a key from everything that was found out about it."""
    by_permission = {p: found.of(p) for p in FORBIDDEN}
    grants = {Permission.READ: read_grant(found.reads)} | {p: _grant(by_permission[p]) for p in FORBIDDEN}
    granted = tuple(p for p in FORBIDDEN if grants[p] is Grant.GRANTED)
    verdict, cause, decisive = _denied(by_permission, granted) if granted else _decide(terms, found)
    gaps = tuple(gap for statement in found.statements.values() for gap in statement.gaps)
    return Judgement(
        verdict=verdict,
        cause=cause,
        grants=grants,
        decisive=tuple(decisive),
        granted=granted,
        gaps=gaps,
        unknown=tuple(right for one in found.statements.values() if one.rights for right in one.rights.unknown),
    )


_Decision = tuple[Verdict, Cause | None, Sequence[Finding]]


def _grant(findings: Sequence[Finding]) -> Grant:
    """Return the grant of one permission: the worst of what its questions found, refused only if all say so."""
    grants = {finding.grant for finding in findings}
    if Grant.GRANTED in grants:
        return Grant.GRANTED
    return Grant.REFUSED if grants == {Grant.REFUSED} else Grant.UNPROVEN


def _decide(terms: Terms, found: Found) -> _Decision:
    """Go through the verdicts on a key of which no forbidden permission is known, the worst first."""
    if found.clock.is_off:
        # It explains every error, so nothing that was answered is held against the key, or for it.
        return Verdict.INCONCLUSIVE, Cause.CLOCK, ()
    required = [finding for stream, finding in found.reads.items() if stream.required]
    refused = [finding for finding in required if finding.grant is Grant.REFUSED]
    if short := refused or [statement.finding for statement in found.statements.values() if statement.gaps]:
        return Verdict.DENIED, Cause.INCOMPLETE_READ, short
    if undecided := _undecided_by_reading(found.clock, required):
        return undecided
    if unproven := [f for permission in terms.askable for f in found.of(permission) if f.grant is Grant.UNPROVEN]:
        return Verdict.INCONCLUSIVE, *_named(unproven)
    if required and terms.askable and _is_complete(terms, found):
        return Verdict.ACCEPTED, None, ()
    return Verdict.INCONCLUSIVE, Cause.UNRECOGNISED_ANSWER, ()


def _is_complete(terms: Terms, found: Found) -> bool:
    """Whether every question that decides has a finding, and every askable permission has one."""
    reads = all(stream in found.reads for stream in terms.streams if stream.required)
    probes = all(probe in found.probes for probe in terms.probes)
    statements = all(probe in found.statements for probe in terms.declared)
    return reads and probes and statements and all(found.of(permission) for permission in terms.askable)


def _undecided_by_reading(clock: ClockFinding, required: Sequence[Finding]) -> _Decision | None:
    """Say why reading did not work; None when it did."""
    unread = [finding for finding in required if finding.grant is not Grant.GRANTED]
    # A retired service answers the public question like every other, so what it says of keys comes from the reads.
    if clock.failed and not (unread and MEANINGS[_cause(clock.failed)].verdict is Verdict.UNUSABLE):
        return Verdict.INCONCLUSIVE, _cause(clock.failed), (clock.failed,)
    if not unread:
        return None
    cause, decisive = _named(unread)
    # One readable stream shows that the exchange accepts the key, whatever it says elsewhere.
    accepts_key = len(unread) < len(required)
    return Verdict.INCONCLUSIVE if accepts_key else MEANINGS[cause].verdict, cause, decisive


def _denied(found: Mapping[Permission, Sequence[Finding]], granted: Sequence[Permission]) -> _Decision:
    """Name the cause of a denial: what was carried out, then a contradiction, then the first grant."""
    for permission in granted:
        if executed := [f for f in found[permission] if f.executed]:
            return Verdict.DENIED, Cause.granted(permission), executed
    for permission in granted:
        grants = {finding.grant for finding in found[permission] if not finding.is_partial}
        if grants >= {Grant.GRANTED, Grant.REFUSED}:
            return Verdict.DENIED, Cause.CONTRADICTION, found[permission]
    return Verdict.DENIED, Cause.granted(granted[0]), found[granted[0]]


def _named(findings: Sequence[Finding]) -> tuple[Cause, Sequence[Finding]]:
    """Name one cause for findings that are unproven, and those that have it."""
    cause = min(map(_cause, findings), key=_ORDER.index)
    return cause, [finding for finding in findings if _cause(finding) is cause]


def _cause(finding: Finding) -> Cause:
    return finding.cause or Cause.UNRECOGNISED_ANSWER
