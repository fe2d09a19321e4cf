"""All accounts at a glance: what a list shows of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hashdata.accounts.account import Account
from hashdata.accounts.book import Book
from hashdata.accounts.sisters import Missing, missing_sisters
from hashdata.connector import Connector
from hashdata.errors import HashdataError, StorageError
from hashdata.permissions import Verdict
from hashdata.registry import SwitchedOffError, find, names

# A new key takes a person a quarter of an hour, once they have time for it.
WARN_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One account, and what follows from its connector and the date.

    `problem` is set when it cannot be used as it is. `days` count whole ones:
    the age of the key, and what is left until it ends, negative once it has.
    """

    account: Account
    title: str
    age_days: int
    days_left: int | None
    missing: tuple[Missing, ...] = ()
    problem: str | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that stands, None when nobody can say that hashdata found it."""
        return self.account.standing.verdict if self.account.is_intact else None

    @property
    def ends_soon(self) -> bool:
        """Whether the key ends within two weeks, or has ended."""
        return self.days_left is not None and self.days_left <= WARN_DAYS


def connectors_of(accounts: Iterable[Account]) -> dict[str, Connector | None]:
    """Load the connectors that accounts use, and those that they declare as sisters; None for what cannot be used."""
    found: dict[str, Connector | None] = {}
    installed = names()
    wanted = list(dict.fromkeys(account.connector for account in accounts))
    for name in wanted:
        if name not in found:
            found[name] = _find(name)
            sisters = found[name].info.sisters if (found[name]) else ()  # type: ignore[union-attr]  # see the condition
            wanted.extend(sister.connector for sister in sisters if sister.connector in installed)
    return found


def _find(name: str) -> Connector | None:
    try:
        return find(name)
    except StorageError:
        # Nobody knows then what is switched off.
        raise
    except HashdataError:
        return None


def _unusable(name: str) -> str:
    """Say why the connector of an account cannot be used."""
    try:
        find(name)
    except SwitchedOffError as error:
        return error.what
    except HashdataError:
        pass
    return f"the connector {name} is missing or broken"


def title_of(name: str) -> str:
    """Return what a connector calls its exchange; the connector's name where it cannot be used."""
    connector = _find(name)
    return connector.info.title if connector else name


def overview(book: Book, now: datetime) -> Sequence[Row]:
    """Return a row for each account, by label as people sort."""
    connectors = connectors_of(book.accounts.values())
    missing = missing_sisters(book, connectors)
    accounts = sorted(book.accounts.values(), key=lambda one: one.label.casefold())
    return [_row(account, connectors, missing.get(account.label, ()), now) for account in accounts]


def _row(
    account: Account, connectors: Mapping[str, Connector | None], missing: tuple[Missing, ...], now: datetime
) -> Row:
    connector = connectors.get(account.connector)
    problem = None
    if connector is None:
        problem = _unusable(account.connector)
    elif not account.is_intact:
        problem = "changed by hand or damaged; test it again"
    return Row(
        account=account,
        title=connector.info.title if connector else account.connector,
        age_days=max(0, (now - account.since).days),
        days_left=days_left(account.expires, now),
        missing=missing,
        problem=problem,
    )


def days_left(expires: datetime | None, now: datetime) -> int | None:
    """Return the whole days until a key ends, None when it does not end as far as anybody knows."""
    return None if expires is None else (expires - now).days
