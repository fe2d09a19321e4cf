"""What accounts depend on and hashdata does not keep: connectors, their guides, and the clock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from hashdata.accounts.book import Book
from hashdata.accounts.findings import Check, Finding, Grade, fine, problem
from hashdata.accounts.store import Store
from hashdata.connector import Connector
from hashdata.errors import StorageError
from hashdata.registry import Entry, State

# Between two computers, or after one was set right, nobody notices so much.
_SLACK = timedelta(minutes=5)
_CLOCK_MS = 1000


def check_connectors(book: Book, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Look for accounts whose connector is not there, or cannot be used."""
    states = {entry.name: entry for entry in entries}
    for name in sorted({account.connector for account in book.accounts.values()}):
        entry = states.get(name)
        if entry is None:
            yield problem(
                Check.CONNECTORS,
                f"The connector {name} is not installed, and accounts need it.",
                "Install the package that provided it.",
                name,
            )
    for entry in entries:
        if entry.state is not State.READY:
            used = any(account.connector == entry.name for account in book.accounts.values())
            yield Finding(
                check=Check.CONNECTORS,
                grade=Grade.PROBLEM if used else Grade.NOTE,
                what=f"The connector {entry.name} cannot be used ({entry.state.replace('_', ' ')}): {entry.reason}",
                about=entry.name,
            )
        else:
            yield fine(Check.CONNECTORS, f"The connector {entry.name} {entry.version} is ready.", entry.name)


def check_clock(store: Store, book: Book, now: datetime) -> Iterator[Finding]:
    """Compare the clock with what was written by it, and with what an exchange said last."""
    times = [time for one in book.accounts.values() for time in (one.last.at, one.standing.at, one.since)]
    if times and max(times) > now + _SLACK:
        yield problem(
            Check.CLOCK,
            f"Accounts were stored or tested at {max(times):%Y-%m-%d %H:%M} UTC, which is yet to come by this "
            "computer's clock.",
            "Set the clock, best by switching on automatic time.",
        )
        return
    latest = max(book.accounts.values(), key=lambda one: one.last.at, default=None)
    offset = None
    if latest is not None:
        with contextlib.suppress(StorageError):
            history = store.history(latest)
            offset = history[-1].report.get("clock_offset_ms") if history else None
    if isinstance(offset, int) and abs(offset) > _CLOCK_MS:
        yield Finding(
            check=Check.CLOCK,
            grade=Grade.NOTE,
            what=f"In the last test an exchange's clock differed from this computer's by {abs(offset) / 1000:.1f} s.",
            fix="Switch on automatic time.",
        )
    else:
        yield fine(Check.CLOCK, "Nothing that is stored contradicts this computer's clock.")


def check_guides(connectors: Sequence[Connector], now: datetime) -> Iterator[Finding]:
    """Look for guides that nobody has compared with the exchange's page for more than a year."""
    for connector in connectors:
        if connector.guide.variant().is_stale(now.date()):
            yield Finding(
                check=Check.GUIDES,
                grade=Grade.NOTE,
                what=f"The guide of {connector.name} was last compared with the exchange's page more than a year ago.",
                fix=f"Update {connector.distribution}.",
                about=connector.name,
            )
