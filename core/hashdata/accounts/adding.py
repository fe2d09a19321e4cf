"""From an accepted key to a stored account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hashdata.accounts.account import Account
from hashdata.accounts.results import Result
from hashdata.accounts.shelf import Kept
from hashdata.accounts.store import Store, new_id
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


def submit(store: Store, vault: Vault, label: str, proven: Proven, place: Place) -> Account:
    """
    Store an accepted key as the account `label` and return it.

    Raises `UsageError` when label, key or account are stored already.
    """
    kept, result = _kept(proven.report)
    account = Account(
        id=new_id(),
        label=label,
        connector=proven.connector.name,
        key=new_id(),
        fingerprint=fingerprint(vault, proven.connector, proven.credentials),
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
    kept, result = _kept(proven.report)
    rotated = replace(
        account,
        key=new_id(),
        fingerprint=fingerprint(vault, proven.connector, proven.credentials),
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


def _kept(report: Report) -> tuple[Kept, Result]:
    """Return the report as it is kept, and its facts; only an accepted key gets this far."""
    if report.verdict is not Verdict.ACCEPTED:
        raise InternalError("a key that was not accepted was about to be stored", fix="Please report this.")
    document = report.to_json()
    return Kept(new_id(), document), Result.of(document)
