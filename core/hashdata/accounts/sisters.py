"""Accounts whose other half is missing: what connectors declare, compared with what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hashdata.accounts.account import Account
from hashdata.accounts.book import Book
from hashdata.connector import Connector


@dataclass(frozen=True, slots=True)
class Missing:
    """A connector whose key is missing beside an account, what its accounts are called, and why it is needed."""

    connector: str
    title: str
    why: str


def missing_sisters(book: Book, connectors: Mapping[str, Connector | None]) -> Mapping[str, tuple[Missing, ...]]:
    """
    Return what is missing beside each account, by label; accounts that lack nothing are left out.

    Nothing says which main account belongs to which futures account, so they
    are counted: the first of the one goes with the first of the other.
    """
    places: dict[tuple[str, bool], list[Account]] = {}
    for account in sorted(book.accounts.values(), key=lambda one: one.since):
        places.setdefault((account.connector, account.is_practice), []).append(account)
    found: dict[str, tuple[Missing, ...]] = {}
    for (name, is_practice), accounts in places.items():
        connector = connectors.get(name)
        for sister in connector.info.sisters if connector else ():
            partners = len(places.get((sister.connector, is_practice), ()))
            other = connectors.get(sister.connector)
            title = other.info.title if other else sister.connector
            for account in accounts[partners:]:
                missing = Missing(sister.connector, title, sister.why)
                found[account.label] = (*found.get(account.label, ()), missing)
    return found
