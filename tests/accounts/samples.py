"""Accounts and reports that nobody tested, for the tests of what is stored of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hashdata.accounts.account import Account, Attempt
from hashdata.accounts.book import Book
from hashdata.permissions import FORBIDDEN, Cause, Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def account(number: int, label: str | None = None, **changes: Any) -> Account:  # noqa: ANN401 - any field of one
    """Return account `number`, which was accepted at noon."""
    accepted = Attempt(at=NOON, verdict=Verdict.ACCEPTED)
    given: dict[str, Any] = {
        "id": f"{number:032x}",
        "label": label or f"account-{number}",
        "connector": "poloniex",
        "key": f"{number + 1000:032x}",
        "fingerprint": f"{number + 2000:032x}",
        "since": NOON - timedelta(days=number),
        "standing": accepted,
        "last": accepted,
        "last4": f"{number:04d}",
        "account_id": str(10**17 + number),
        "asked": NOON,
    }
    return Account(**given | changes)


def full(number: int, label: str | None = None) -> Account:
    """Return an account of which everything is known."""
    return account(
        number,
        label,
        standing=Attempt(at=NOON, verdict=Verdict.DENIED, cause=Cause.TRADE_GRANTED),
        last=Attempt(at=NOON + timedelta(hours=1), verdict=Verdict.INCONCLUSIVE, cause=Cause.TIMEOUT),
        endpoint="http://127.0.0.1:8080",
        expires=NOON + timedelta(days=90),
    )


def book(*accounts: Account) -> Book:
    """Return a book of these accounts."""
    return Book({one.label: one for one in accounts})


def report(
    verdict: Verdict = Verdict.ACCEPTED, cause: Cause | None = None, at: datetime = NOON, *, asked: bool = True
) -> dict[str, Any]:
    """Return what stands in a report and is read back; the rest of it is left out."""
    return {
        "connector": {"name": "poloniex"},
        "tested_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "key": {},
        "account_id": None,
        "verdict": str(verdict),
        "cause": cause and str(cause),
        "permissions": {str(one): {"evidence": [{"status": 403}] if asked else []} for one in FORBIDDEN},
    }
