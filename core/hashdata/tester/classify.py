"""
What one answer means. Decided on HTTP status, code and message as they came, never on an exception of ccxt.

No fault and no answer that is not recognised counts as evidence: what could
not be learned is unproven.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from hashdata.answers import Raw, Reading, Scalar
from hashdata.connector import Terms
from hashdata.exchange.ccxt_client import retry_after
from hashdata.exchange.faults import Fault
from hashdata.permissions import Cause, Grant, Permission, Witness
from hashdata.questions import Clock, DeclaredProbe, Probe, Stream
from hashdata.redaction import Redactor
from hashdata.rights import Rights
from hashdata.tester.evidence import Evidence, of_answer, outline, shown
from hashdata.tester.times import expires, followed, milliseconds

_TOO_MANY = 429
_NOT_FOUND = 404
_LONGEST_ID = 100
_MOST_FLAGS = 20
_LONGEST_GAP = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    What one question found out.

    For a stream, *granted* means that it is readable. `cause` says why
    something is unproven, or why a stream is refused. `executed` is the worst
    case: the exchange carried a write question out. `wait` is how many
    seconds the exchange asks to wait. `account_id` is the stable id that a
    good answer stated, and `expires` when it said that the key ends.
    `unrecognised` describes an answer that nobody knows, ready to be reported.
    `is_partial` is a right that is stated for a part of the permission alone.
    """

    grant: Grant
    evidence: Evidence
    cause: Cause | None = None
    executed: bool = False
    wait: float | None = None
    account_id: str | None = None
    expires: datetime | None = None
    unrecognised: str | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFinding:
    """
    How far the exchange's clock is ahead of ours in milliseconds.

    Neither offset nor cause: the exchange has no such page, so it is not
    known, and by itself that is no fault. `failed` is the answer that came
    instead of a time.
    """

    offset_ms: int | None = None
    failed: Finding | None = None
    tolerance_ms: int = 0

    @property
    def cause(self) -> Cause | None:
        """Why the time could not be learned."""
        return self.failed.cause if self.failed else None

    @property
    def is_off(self) -> bool:
        """Whether the difference is beyond what the exchange tolerates."""
        return self.offset_ms is not None and abs(self.offset_ms) > self.tolerance_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """
    What the exchange stated about a key.

    `finding` has its evidence, and why nothing could be learned from it.
    `rights` are None where nothing could.
    """

    finding: Finding
    rights: Rights | None = None

    def of(self, permission: Permission) -> Finding:
        """Return the finding about one permission."""
        if self.rights is None:
            return self.finding
        return replace(self.finding, grant=self.rights.of(permission), is_partial=permission in self.rights.partly)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the key can never read."""
        return self.rights.gaps if self.rights else ()


class Classifier:
    """Knows one API's recognised answers and one key's values, which must not show in evidence."""

    def __init__(self, terms: Terms, redactor: Redactor) -> None:
        self._terms = terms
        self._redactor = redactor

    def clock(self, clock: Clock, outcome: Raw | Fault, now_ms: float) -> ClockFinding:
        """Measure the clock; `now_ms` is our time when the answer was complete."""
        if isinstance(outcome, Fault):
            return ClockFinding(failed=_of_fault(outcome))
        if outcome.status == _NOT_FOUND:
            return ClockFinding()
        reading = self._read(outcome)
        stated_ms = milliseconds(followed(reading.value, clock.at), clock.form) if reading.is_success else None
        if stated_ms is None:
            return ClockFinding(failed=self._unproven(reading, Witness.OBSERVED))
        return ClockFinding(offset_ms=round(stated_ms - (now_ms - outcome.ms / 2)), tolerance_ms=clock.tolerance_ms)

    def stream(self, stream: Stream, outcome: Raw | Fault) -> Finding:
        """Say whether a stream is readable: only an answer of the expected shape says so."""
        if isinstance(outcome, Fault):
            return _of_fault(outcome)
        reading = self._read(outcome)
        base = Finding(grant=Grant.UNPROVEN, evidence=self._evidence(reading, Witness.OBSERVED))
        if reading.is_success and reading.is_json and stream.shape.fits(reading.value):
            return replace(
                base,
                grant=Grant.GRANTED,
                account_id=self._account_id(stream.account_id, reading.value),
                expires=expires(stream, reading.value),
            )
        if _is_answer(reading) and stream.unopened and stream.unopened.fits(reading.value):
            return replace(base, cause=Cause.ACCOUNT_NOT_OPENED)
        cause = self._why(reading)
        refused = cause is Cause.INCOMPLETE_READ
        return self._explained(replace(base, grant=Grant.REFUSED if refused else Grant.UNPROVEN), reading, cause)

    def probe(self, probe: Probe, outcome: Raw | Fault) -> Finding:
        """Say what an answer to a write question means; of two meanings the worse counts."""
        if isinstance(outcome, Fault):
            return _of_fault(outcome)
        reading = self._read(outcome)
        base = Finding(grant=Grant.UNPROVEN, evidence=self._evidence(reading, Witness.OBSERVED))
        if _is_answer(reading):
            matched = [answer for answer in probe.answers if answer.matches(reading)]
            grants = [answer for answer in matched if answer.means is Grant.GRANTED]
            if certain := [answer for answer in grants if answer.code is not None or reading.is_success]:
                executed = reading.is_success and any(answer.executed for answer in certain)
                return replace(base, grant=Grant.GRANTED, executed=executed)
            if matched and not grants:
                return replace(base, grant=Grant.REFUSED)
        finding = self._unproven(reading, Witness.OBSERVED)
        # It was read a moment ago, so what is frozen is trading.
        frozen = finding.cause is Cause.ACCOUNT_FROZEN
        return replace(finding, cause=Cause.ACCOUNT_RESTRICTED) if frozen else finding

    def statement(self, probe: DeclaredProbe, outcome: Raw | Fault) -> Statement:
        """Say what an answer about a key's rights states; what the connector cannot read states nothing."""
        if isinstance(outcome, Fault):
            return Statement(finding=_of_fault(outcome, Witness.DECLARED))
        reading = self._read(outcome)
        if not (reading.is_success and reading.is_json and _has_shape(probe, reading.value)):
            return Statement(finding=self._unproven(reading, Witness.DECLARED))
        finding = Finding(
            grant=Grant.UNPROVEN,
            evidence=self._evidence(reading, Witness.DECLARED),
            account_id=self._account_id(probe.account_id, reading.value),
        )
        rights = self._cleaned(_stated(probe, reading.value))
        if rights is None or any(rights.of(permission) is Grant.UNPROVEN for permission in probe.states):
            finding = self._explained(finding, reading, Cause.UNRECOGNISED_ANSWER)
            if rights is not None and rights.unknown:
                flags = f"unknown rights: {', '.join(rights.unknown)}"
                finding = replace(finding, unrecognised=f"{finding.unrecognised}\n{flags}")
        return Statement(finding=finding, rights=rights)

    def _cleaned(self, rights: Rights | None) -> Rights | None:
        """Return rights whose texts may be shown: they may repeat what the answer held."""
        if rights is None:
            return None
        unknown = tuple(shown(flag, _LONGEST_ID, self._redactor) for flag in rights.unknown[:_MOST_FLAGS])
        return replace(
            rights, unknown=unknown, gaps=tuple(shown(gap, _LONGEST_GAP, self._redactor) for gap in rights.gaps)
        )

    def _account_id(self, at: tuple[str | int, ...], value: object) -> str | None:
        """Return the account's stable id from where an answer states it; None where it states none."""
        value = followed(value, at) if at else None
        return shown(str(value), _LONGEST_ID, self._redactor) if Scalar().fits(value) else None

    def _read(self, raw: Raw) -> Reading:
        return Reading(raw, self._terms.api.envelope)

    def _evidence(self, reading: Reading, witness: Witness) -> Evidence:
        return of_answer(reading, witness, self._redactor)

    def _unproven(self, reading: Reading, witness: Witness) -> Finding:
        """Return the finding of an answer that proves nothing; only a stream can be short of rights to read."""
        cause = self._why(reading)
        cause = Cause.UNRECOGNISED_ANSWER if cause is Cause.INCOMPLETE_READ else cause
        return self._explained(Finding(grant=Grant.UNPROVEN, evidence=self._evidence(reading, witness)), reading, cause)

    def _explained(self, finding: Finding, reading: Reading, cause: Cause) -> Finding:
        """Add the cause, and what helps a person with it."""
        block = outline(reading.raw, reading, self._redactor) if cause is Cause.UNRECOGNISED_ANSWER else None
        return replace(finding, cause=cause, wait=retry_after(reading.raw), unrecognised=block)

    def _why(self, reading: Reading) -> Cause:
        """Say why an answer is none of the expected ones."""
        raw = reading.raw
        if 300 <= raw.status < 400:  # noqa: PLR2004 - redirects
            return Cause.NOT_THE_API
        if raw.status == _TOO_MANY:
            return Cause.RATE_LIMITED
        matching = [d for d in self._terms.diagnoses if d.matches(reading)]
        # What the body says outranks what status and header say.
        if known := sorted(matching, key=lambda d: d.code is None and d.body is None):
            return known[0].cause
        if raw.status >= 500 and (reading.is_foreign or not raw.text.strip()):  # noqa: PLR2004 - server errors
            return Cause.MAINTENANCE
        return Cause.NOT_THE_API if reading.is_foreign else Cause.UNRECOGNISED_ANSWER


def _has_shape(probe: DeclaredProbe, value: object) -> bool:
    """Whether an answer has the shape of a statement; a shape that fails over it has not seen one."""
    try:
        return probe.shape.fits(value) is True
    except Exception:  # noqa: BLE001 - a connector's shape may raise anything
        return False


def _stated(probe: DeclaredProbe, value: object) -> Rights | None:
    """Let the connector read the rights; None where it fails, because then nobody knows what is stated."""
    try:
        rights = probe.rights(value)
    except Exception:  # noqa: BLE001 - a connector's function may raise anything
        return None
    return rights if type(rights) is Rights else None


def _is_answer(reading: Reading) -> bool:
    """Whether an answer can be the exchange's own word: a redirect, a 429 and a status that HTTP has not never are."""
    status = reading.raw.status
    return reading.is_json and status != _TOO_MANY and (200 <= status < 300 or 400 <= status < 600)  # noqa: PLR2004 - the classes of HTTP


def _of_fault(fault: Fault, witness: Witness = Witness.OBSERVED) -> Finding:
    """Return the finding of a question that got no complete answer."""
    evidence = Evidence(
        witness=witness,
        method=fault.method,
        path=fault.path,
        status=None,
        code=None,
        message=None,
        ms=fault.ms,
    )
    return Finding(grant=Grant.UNPROVEN, cause=fault.cause, evidence=evidence)
