"""Which accounts a test is about, and which of them it leaves alone for now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hashdata.accounts.account import Account
from hashdata.accounts.book import Book
from hashdata.errors import UsageError

_AGE = re.compile(r"(\d{1,6})([smhd]?)")
_UNITS = {"s": "seconds", "": "seconds", "m": "minutes", "h": "hours", "d": "days"}
# Clocks are set right by so much without anybody noticing.
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Selection:
    """The accounts to test, and those that were asked too recently."""

    chosen: Sequence[Account]
    recent: Sequence[Account] = ()


def read_age(text: str) -> timedelta:
    """Read a span such as 90s, 30m, 2h, 1d or 0; raise `UsageError` for anything else."""
    found = _AGE.fullmatch(text.strip().lower())
    if not found:
        raise UsageError("--min-age is not a span of time", fix="Give a number with s, m, h or d, such as 30m.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def by_labels(book: Book, labels: Sequence[str], connector: str | None) -> Selection:
    """Return the accounts that were named, each once; raise `UsageError` for a label that is not there."""
    named = {account.id: account for account in map(book.find, labels)}
    if connector and (other := next((one for one in named.values() if one.connector != connector), None)):
        raise UsageError(
            f"{other.label} is an account of {other.connector}, not of {connector}",
            fix="Leave out --connector, or the label.",
        )
    return Selection(list(named.values()))


def by_age(book: Book, connector: str | None, min_age: timedelta, now: datetime) -> Selection:
    """
    Return all accounts, less those whose write questions were asked less than `min_age` ago.

    Who asks an exchange the same forbidden thing all day looks like a thief.
    """
    accounts = [one for one in book.accounts.values() if connector is None or one.connector == connector]
    if not accounts:
        of = f" of {connector}" if connector else ""
        raise UsageError(
            f"there is no account{of} to test",
            fix="Add one with `hashdata accounts add`, or look at HASHDATA_HOME if there should be some.",
        )
    recent = [account for account in accounts if _is_recent(account, min_age, now)]
    left_out = {account.id for account in recent}
    return Selection([account for account in accounts if account.id not in left_out], recent)


def _is_recent(account: Account, min_age: timedelta, now: datetime) -> bool:
    """
    Whether write questions were asked just now.

    A time that is yet to come says nothing, the clock was set; and so does
    one that stands among facts that somebody has changed.
    """
    if account.asked is None or not account.is_intact:
        return False
    age = now - account.asked
    return age > -_SLACK and max(age, timedelta(0)) < min_age
