"""
From a typed key to a stored account: what is checked before its test, and what is stored after it.

Whoever takes a key, on a terminal or in a page, calls one of the two checks
first, so that an exchange is never asked for nothing; then tests it; then
stores it by `submit` or `rotate`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hashdata.accounts.account import Account
from hashdata.accounts.book import Book
from hashdata.accounts.labels import check_label
from hashdata.accounts.results import Result
from hashdata.accounts.shelf import Kept
from hashdata.accounts.store import Store, check_key_free, check_label_free, new_id
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import InternalError, UsageError
from hashdata.permissions import Verdict
from hashdata.tester.report import Report
from hashdata.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a key is tested if not at its exchange: at most one of the two."""

    endpoint: str | None = None
    persona: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A key with the report of its test."""

    connector: Connector
    credentials: Credentials
    report: Report


def fingerprint(vault: Vault, connector: Connector, credentials: Credentials) -> str:
    """
    Return what stands for a key in this vault.

    One key may serve two connectors, so the connector is a part of it.
    """
    return vault.fingerprint(f"{connector.name}\n{credentials['api_key'].reveal()}")


def check_new_label(book: Book, label: str, credentials: Credentials | None = None) -> str:
    """
    Return the label of a new account as it is kept.

    Raises `UsageError` when it is none, when an account has it, and when it
    holds a part of the key.
    """
    label = check_label(label)
    check_label_free(book, label)
    if credentials is not None and credentials.redactor.suspects(label):
        raise UsageError(
            "the label holds a part of the key", fix="Choose another label; accounts.toml shows it to others."
        )
    return label


def check_new_key(
    store: Store, vault: Vault, connector: Connector, credentials: Credentials, rotates: Account | None = None
) -> str:
    """
    Return the fingerprint of a key for a new account, or for the account that it `rotates`.

    Raises `UsageError` when an account has that key already.
    """
    book, mark = store.book(), fingerprint(vault, connector, credentials)
    if rotates is not None:
        # Where the vault has lost it, the same key is what is asked for.
        if mark == rotates.fingerprint and rotates.key in vault.reread(store.home.vault).sealed.records:
            raise UsageError(
                f"that is the key that {rotates.label} has already",
                fix=f"Make a new key first: `hashdata connectors guide {connector.name}`.",
            )
        book = book.without(rotates)
    check_key_free(book, mark)
    return mark


def submit(store: Store, vault: Vault, label: str, proven: Proven, place: Place) -> Account:
    """
    Store an accepted key as the account `label` and return it.

    Raises `UsageError` when label, key or account are stored already.
    """
    mark = fingerprint(vault, proven.connector, proven.credentials)
    kept, result = _kept(proven.report, mark)
    account = Account(
        id=new_id(),
        label=label,
        connector=proven.connector.name,
        key=new_id(),
        fingerprint=mark,
        since=datetime.now(UTC).replace(microsecond=0),
        standing=result.attempt,
        last=result.attempt,
        last4=proven.credentials.last4,
        account_id=result.account_id,
        endpoint=place.endpoint,
        persona=place.persona,
        asked=result.attempt.at if result.asked else None,
        expires=result.expires,
    )
    store.add(vault, account, proven.credentials, kept)
    return account


def check_same_account(account: Account, report: Report) -> bool:
    """
    Whether the exchange says that a new key belongs to the account of the old one; false when it does not tell.

    Raises `UsageError` when it belongs to another account.
    """
    if account.account_id is None or report.account_id is None:
        return False
    if account.account_id != report.account_id:
        raise UsageError(
            f"the new key belongs to another account of the exchange than the key of {account.label}",
            fix="Make the key in the right account, or add it under a label of its own: `hashdata accounts add`.",
        )
    return True


def rotate(store: Store, vault: Vault, account: Account, proven: Proven) -> Account:
    """Give an account its new, accepted key and return it; the old one is gone then."""
    mark = fingerprint(vault, proven.connector, proven.credentials)
    kept, result = _kept(proven.report, mark)
    rotated = replace(
        account,
        key=new_id(),
        fingerprint=mark,
        since=datetime.now(UTC).replace(microsecond=0),
        standing=result.attempt,
        last=result.attempt,
        last4=proven.credentials.last4,
        account_id=result.account_id or account.account_id,
        asked=result.attempt.at if result.asked else None,
        expires=result.expires,
        is_intact=True,
    )
    store.replace_key(vault, rotated, proven.credentials, kept)
    return rotated


def _kept(report: Report, mark: str) -> tuple[Kept, Result]:
    """Return the report as it is kept, and its facts; only an accepted key gets this far."""
    if report.verdict is not Verdict.ACCEPTED:
        raise InternalError("a key that was not accepted was about to be stored", fix="Please report this.")
    document = replace(report, fingerprint=mark).to_json()
    return Kept(new_id(), document), Result.of(document)
