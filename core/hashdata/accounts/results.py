"""What the report of a test changes in an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hashdata.accounts.account import Account, Attempt
from hashdata.permissions import FORBIDDEN, Cause, Verdict, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    The facts of one report that an account keeps.

    `asked` says whether write questions left, which shall not happen often.
    """

    attempt: Attempt
    asked: bool
    account_id: str | None
    expires: datetime | None

    @classmethod
    def of(cls, report: Mapping[str, object]) -> Result:
        """Read a report in the published format; raise ValueError, KeyError or TypeError for what is none."""
        cause = report["cause"]
        return cls(
            attempt=Attempt(
                at=_time(report["tested_at"]),
                verdict=Verdict(_text(report["verdict"])),
                cause=None if cause is None else Cause(_text(cause)),
            ),
            asked=any(_was_observed(_table(_table(report["permissions"])[name])) for name in FORBIDDEN),
            # What an exchange writes may have nothing in it that can be shown.
            account_id=None if report["account_id"] is None else _text(report["account_id"]) or None,
            expires=_time(key["expires_at"]) if "expires_at" in (key := _table(report["key"])) else None,
        )

    def applied_to(self, account: Account) -> Account:
        """
        Return the account as it is after this test.

        An inconclusive test changes nothing but the last attempt: not knowing
        is no reason to forget what was known.
        """
        is_conclusive = self.attempt.verdict is not Verdict.INCONCLUSIVE
        return replace(
            account,
            standing=self.attempt if is_conclusive else account.standing,
            last=self.attempt,
            asked=self.attempt.at if self.asked else account.asked,
            account_id=account.account_id or self.account_id,
            expires=self.expires or account.expires,
            # What was changed by hand is known again once the exchange was asked.
            is_intact=account.is_intact or is_conclusive,
        )


def _was_observed(found: Mapping[str, object]) -> bool:
    """Whether a write question was asked; what the exchange states of a key is read."""
    evidence = found["evidence"]
    return isinstance(evidence, list) and any(_table(item).get("witness") != Witness.DECLARED for item in evidence)


def is_drift(before: Account, now: Attempt) -> bool:
    """Whether a key that was accepted has gained a power, or lost a right to read."""
    return before.standing.verdict is Verdict.ACCEPTED and now.verdict is Verdict.DENIED


def _time(value: object) -> datetime:
    """Read a time of a report, which ends in Z for UTC."""
    return datetime.strptime(_text(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError
    return value
