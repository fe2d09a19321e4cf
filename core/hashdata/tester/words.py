"""The sentences of a report: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from hashdata.connector import Connector, Terms
from hashdata.permissions import MEANINGS, Cause, Grant, Permission, Provability, Verdict
from hashdata.tester.classify import ClockFinding
from hashdata.tester.judge import Judgement

OBSERVED_ONLY = (
    "The exchange does not say whether the key or the account lacks a permission; "
    "if the account is restricted, a key with the box ticked looks the same. Check the box."
)
_ABLE = {
    Permission.TRADE: "place orders",
    Permission.WITHDRAW: "withdraw",
    Permission.TRANSFER: "transfer",
}
_MOST_NAMED = 4
_REFUSED = {
    Permission.TRADE: "orders",
    Permission.WITHDRAW: "withdrawals",
    Permission.TRANSFER: "transfers",
}


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 2 else words)  # noqa: PLR2004 - a, b and c


def seconds(number: float) -> str:
    """Write a number of seconds for people."""
    return f"{number:.1f} s" if number < 10 else f"{number:.0f} s"  # noqa: PLR2004 - below ten a tenth matters


def summary(terms: Terms, clock: ClockFinding, judgement: Judgement) -> str:
    """Say in one or two sentences what the test found."""
    if judgement.verdict is Verdict.ACCEPTED:
        refused = listed([_REFUSED[p] for p in terms.askable])
        if terms.provability is Provability.P2:
            able = " or ".join(_ABLE[p] for p in terms.askable)
            return f"The exchange states that this key may not {able}, and everything required could be read."
        return f"The exchange refused {refused} for this key, and everything required could be read."
    if any(finding.executed for finding in judgement.decisive):
        sent = listed([f"{f.evidence.method} {f.evidence.path}" for f in judgement.decisive if f.executed])
        return (
            f"DANGER: the exchange answered a question that was meant to fail with success, so it may have "
            f"carried it out: {sent}. The key can {_able(judgement)}."
        )
    if judgement.granted and judgement.cause is not Cause.CONTRADICTION:
        return f"The key can {_able(judgement)}. hashdata takes only keys that cannot."
    what = MEANINGS[judgement.cause or Cause.UNRECOGNISED_ANSWER].what
    if stated := _stated(judgement, what):
        return stated
    if judgement.cause is Cause.CLOCK and clock.is_off and clock.offset_ms is not None:
        way = "behind" if clock.offset_ms > 0 else "ahead of"
        what = f"this computer's clock is {seconds(abs(clock.offset_ms) / 1000)} {way} the exchange's, too far"
    return _sentence(what) + _quote(judgement)


def _sentence(what: str) -> str:
    return f"{what[0].upper()}{what[1:]}."


def _stated(judgement: Judgement, what: str) -> str:
    """Say what follows from the exchange's own statement of the key's rights, if that decided."""
    if judgement.cause is Cause.INCOMPLETE_READ and judgement.grants[Permission.READ] is Grant.GRANTED:
        return f"{_sentence(what)} {' '.join(judgement.gaps)}"
    if judgement.cause is Cause.UNRECOGNISED_ANSWER and judgement.unknown:
        return f"The exchange states rights of the key that this connector does not know: {_some(judgement.unknown)}."
    return ""


def _some(names: Sequence[str]) -> str:
    """Name the first few."""
    more = [f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
    return listed([*names[:_MOST_NAMED], *more])


def _able(judgement: Judgement) -> str:
    return listed([_ABLE[p] for p in judgement.granted])


def _quote(judgement: Judgement) -> str:
    """Repeat the exchange's own words, where there are any."""
    if not judgement.decisive:
        return ""
    evidence = judgement.decisive[0].evidence
    if evidence.status is None:
        return f" This happened at {evidence.method} {evidence.path}."
    code = "" if evidence.code is None else f" {evidence.code}"
    words = f', "{evidence.message}"' if evidence.message else ""
    return (
        f" {evidence.method} {evidence.path} was answered with HTTP {evidence.status}{code and ', code' + code}{words}."
    )


def fix(connector: Connector, terms: Terms, judgement: Judgement, *, practice: bool = False) -> str | None:
    """Say what to do, with the guide's step that mends it; None for an accepted key."""
    if judgement.cause is None:
        return None
    executed = any(finding.executed for finding in judgement.decisive)
    parts = ["Look at the account's orders and withdrawals now, then delete this key."] if executed else []
    causes = [Cause.granted(p) for p in judgement.granted] if judgement.cause in _GRANTS else [judgement.cause]
    waits = [finding.wait for finding in judgement.decisive if finding.wait]
    if judgement.cause is Cause.RATE_LIMITED and waits:
        parts.append(f"The exchange asks to wait {seconds(max(waits))}; wait that long, then test again.")
    elif judgement.cause is Cause.NETWORK and practice:
        parts.append("Check that a server listens at the endpoint on this computer, then test again.")
    elif judgement.cause is Cause.INCOMPLETE_READ and judgement.grants[Permission.READ] is Grant.GRANTED:
        return "Make a key without that limit on the exchange's key page, then test that one."
    else:
        if judgement.cause is Cause.UNRECOGNISED_ANSWER and judgement.unknown:
            parts.append("If the key has a box of such a name, untick it and test again.")
        parts += [MEANINGS[cause].fix for cause in causes]
    return " ".join([*parts, *_steps(connector, terms, causes)])


_GRANTS = frozenset(Cause.granted(p) for p in _ABLE)


def _steps(connector: Connector, terms: Terms, causes: Sequence[Cause]) -> list[str]:
    """Point at the steps of the guide that remove `causes`, naming the boxes: those to tick where reading fails."""
    variant = connector.guide.variant_of(terms.api.name)
    found = [step for cause in causes if (step := variant.step_for(cause))]
    if not found:
        return []
    to_tick = Cause.INCOMPLETE_READ in causes
    boxes = list(dict.fromkeys(box for _, step in found for box in (step.tick if to_tick else step.untick)))
    verb = "Tick" if to_tick else "Untick"
    change = f"{verb} {listed([f'“{box}”' for box in boxes])}: " if boxes else "See "
    steps = listed(list(dict.fromkeys(f"step {number} ({step.title})" for number, step in found)))
    chosen = "" if variant is connector.guide.variant() else f" --variant {variant.name}"
    return [f"{change}{steps} of `hashdata connectors guide {connector.name}{chosen}`."]
