"""All accounts, by label: what `accounts.toml` holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hashdata.accounts.account import Account
from hashdata.accounts.labels import choose_label


@dataclass(frozen=True, slots=True)
class Book:
    """
    All accounts, in the order of the file. It never changes: each change gives another book.

    `unknown` are names of the file that this version does not know, `text`
    is the file that the book was read from, and `is_current` is false for one
    of an older version, which is kept before it is replaced.
    """

    accounts: Mapping[str, Account] = field(default_factory=dict)
    unknown: Mapping[str, object] = field(default_factory=dict)
    text: str = field(default="", repr=False)
    is_current: bool = True

    def find(self, label: str) -> Account:
        """Return the account that a person means by `label`; raise `UsageError` when there is none."""
        return self.accounts[choose_label(label, self.accounts)]

    def put(self, account: Account) -> Book:
        """Return a book in which `account` stands in the place of the one with its id, or at the end."""
        accounts = {account.label if one.id == account.id else label: one for label, one in self.accounts.items()}
        return replace(self, accounts={**accounts, account.label: account})

    def put_all(self, accounts: Iterable[Account]) -> Book:
        """Return a book in which these accounts stand in the places of those with their labels."""
        return replace(self, accounts={**self.accounts, **{one.label: one for one in accounts}})

    def without(self, account: Account) -> Book:
        """Return a book that lacks an account."""
        return replace(self, accounts={label: one for label, one in self.accounts.items() if one.id != account.id})
