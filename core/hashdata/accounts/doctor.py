"""Look at everything that is stored, mend what can be mended, and say what a person must do."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from hashdata.accounts.book import Book
from hashdata.accounts.journal import read_notes
from hashdata.accounts.store import Store, credentials_of
from hashdata.connector import Connector
from hashdata.errors import HashdataError, StorageError
from hashdata.registry import Entry, State
from hashdata.vault import Sealed, Vault

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_HAS_MODES = os.name == "posix"
# Between two computers, or after one was set right, nobody notices so much.
_SLACK = timedelta(minutes=5)
_CLOCK_MS = 1000


class Check(StrEnum):
    """What was looked at."""

    FILES = "files"
    ACCOUNTS = "accounts"
    VAULT = "vault"
    SECRETS = "secrets"
    JOURNAL = "journal"
    REPORTS = "reports"
    CONNECTORS = "connectors"
    GUIDES = "guides"
    CLOCK = "clock"


class Grade(StrEnum):
    """What a finding asks for: nothing, nothing any more, a look, or a hand."""

    FINE = "fine"
    MENDED = "mended"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found; `about` is the label or connector that it is about."""

    check: Check
    grade: Grade
    what: str
    fix: str = ""
    about: str | None = None


def examine(store: Store, vault: Vault | None, entries: Sequence[Entry], now: datetime) -> list[Finding]:
    """
    Check all that is stored.

    Without an opened `vault` nothing is said about the secrets in it. Holds
    the lock, so that what looks left over is nobody's work of this moment.
    """
    if not store.home.path.is_dir():
        return [_fine(Check.FILES, f"Nothing is stored yet; it would be in {store.home.path}.")]
    findings = []
    with store.change() as swept:
        if swept:
            count = len(swept)
            findings.append(_mended(Check.FILES, f"Removed {count} temporary files of processes that were killed."))
        findings += _modes(store.home.path)
        book, found = _book(store)
        findings += found
        sealed, found = _sealed(store)
        findings += found
        if book is not None and sealed is not None:
            findings += _secrets(store, book, sealed, vault)
        elif book is not None and book.accounts:
            findings.append(
                _problem(
                    Check.SECRETS,
                    f"There are {len(book.accounts)} accounts and no vault that can be read.",
                    "Restore vault.json from a backup, or remove the accounts and add them again.",
                )
            )
        if book is not None:
            findings += _journal(store)
            findings += _reports(store, book)
            findings += _connectors(book, entries)
            findings += _clock(store, book, now)
    findings += _guides([entry.connector for entry in entries if entry.connector], now)
    return findings


def _modes(folder: Path) -> Iterator[Finding]:
    """Look for what other users of the computer can read or change."""
    if not _HAS_MODES:
        yield Finding(check=Check.FILES, grade=Grade.NOTE, what="This system does not say who else can read the files.")
        return
    if stat.S_IMODE(folder.stat().st_mode) & _OTHERS:
        yield _problem(Check.FILES, f"Other users can look into {folder}.", "Run `chmod 700` on it.")
    files = [path for path in folder.rglob("*") if path.is_file()]
    open_ones = [path for path in files if path.stat().st_mode & _OTHERS and not path.name.endswith("lock")]
    for path in open_ones[:10]:
        yield _problem(Check.FILES, f"Other users can read {path}.", "Run `chmod 600` on it.")
    if len(open_ones) > 10:  # noqa: PLR2004 - as many as are named above
        yield _problem(Check.FILES, f"So they can {len(open_ones) - 10} more files.", "Run `chmod -R go= ` on it.")
    if not open_ones:
        yield _fine(Check.FILES, f"{len(files)} files, none of which other users can read.")


def _book(store: Store) -> tuple[Book | None, list[Finding]]:
    try:
        book = store.stored()
    except StorageError as error:
        return None, [_problem(Check.ACCOUNTS, f"{error.what}.", error.fix)]
    changed = [
        Finding(
            check=Check.ACCOUNTS,
            grade=Grade.NOTE,
            what=f"{account.label} was changed by hand or damaged.",
            fix=f"Test it again: `hashdata accounts test {account.label}`.",
            about=account.label,
        )
        for account in book.accounts.values()
        if not account.is_intact
    ]
    return book, [_fine(Check.ACCOUNTS, f"{len(book.accounts)} accounts can be read."), *changed]


def _sealed(store: Store) -> tuple[Sealed | None, list[Finding]]:
    if not store.has_vault():
        return None, [_fine(Check.VAULT, "There is no vault yet.")]
    try:
        sealed = store.sealed()
    except HashdataError as error:
        return None, [_problem(Check.VAULT, f"{error.what}.", error.fix)]
    ways = ", ".join(slot.kind for slot in sealed.slots)
    return sealed, [_fine(Check.VAULT, f"The vault is whole; it holds {len(sealed.records)} keys, opened by {ways}.")]


def _secrets(store: Store, book: Book, sealed: Sealed, vault: Vault | None) -> Iterator[Finding]:
    """Compare accounts and secrets, and sweep the secrets that belong to no account."""
    for account in book.accounts.values():
        if account.key not in sealed.records:
            yield _problem(
                Check.SECRETS,
                f"The vault holds no key for {account.label}.",
                f"Store it again: `hashdata accounts rotate {account.label}`, or restore vault.json from a backup.",
                account.label,
            )
    orphans = sealed.records.keys() - {account.key for account in book.accounts.values()}
    if vault is None:
        if orphans:
            yield _problem(
                Check.SECRETS,
                f"The vault holds {len(orphans)} keys that belong to no account.",
                "Run `hashdata doctor` with what opens the vault, and it removes them.",
            )
        yield Finding(
            check=Check.SECRETS, grade=Grade.NOTE, what="The vault was not opened, so the keys in it were not checked."
        )
        return
    vault = vault.reread(store.home.vault)
    for account in book.accounts.values():
        if account.key in sealed.records:
            try:
                credentials_of(vault, account)
            except HashdataError as error:
                yield _problem(Check.SECRETS, f"{error.what}.", error.fix, account.label)
    if not orphans:
        yield _fine(Check.SECRETS, "Every key in the vault belongs to an account, and opens.")
    elif len(orphans) > 1 and not book.accounts:
        yield _problem(
            Check.SECRETS,
            f"The vault holds {len(orphans)} keys, and there is no account. Nothing was removed.",
            "Restore accounts.toml from accounts.toml.bak or a backup; without one, remove vault.json and begin anew.",
        )
    else:
        vault.without(orphans).save(store.home.vault)
        yield _mended(Check.SECRETS, f"Removed {len(orphans)} keys from the vault that belonged to no account.")


def _journal(store: Store) -> Iterator[Finding]:
    try:
        notes = read_notes(store.home.journal)
    except StorageError as error:
        yield _problem(Check.JOURNAL, f"{error.what}.", error.fix)
        return
    if notes is not None:
        yield Finding(
            check=Check.JOURNAL,
            grade=Grade.NOTE,
            what=f"A test of {len(notes.keys)} accounts is under way or was interrupted; {len(notes.entries)} are "
            "done, and their results are kept.",
            fix="To go on: `hashdata accounts test --resume`.",
        )


def _reports(store: Store, book: Book) -> Iterator[Finding]:
    """Remove the reports of accounts that are no more, and look at the others."""
    known = {account.id: account.label for account in book.accounts.values()}
    gone = 0
    for path in store.home.reports.glob("*.jsonl"):
        if path.stem not in known:
            with contextlib.suppress(OSError):
                path.unlink()
                gone += 1
    if gone:
        yield _mended(Check.REPORTS, f"Removed the reports of {gone} accounts that are no more.")
    for account in book.accounts.values():
        try:
            store.history(account)
        except StorageError as error:
            yield _problem(Check.REPORTS, f"{error.what}.", error.fix, account.label)


def _connectors(book: Book, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Look for accounts whose connector is not there, or cannot be used."""
    states = {entry.name: entry for entry in entries}
    for name in sorted({account.connector for account in book.accounts.values()}):
        entry = states.get(name)
        if entry is None:
            yield _problem(
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
            yield _fine(Check.CONNECTORS, f"The connector {entry.name} {entry.version} is ready.", entry.name)


def _clock(store: Store, book: Book, now: datetime) -> Iterator[Finding]:
    """Compare the clock with what was written by it, and with what an exchange said last."""
    times = [time for one in book.accounts.values() for time in (one.last.at, one.standing.at, one.since)]
    if times and max(times) > now + _SLACK:
        yield _problem(
            Check.CLOCK,
            f"Accounts were tested at {max(times):%Y-%m-%d %H:%M} UTC, which is yet to come by this computer's clock.",
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
        yield _fine(Check.CLOCK, "Nothing that is stored contradicts this computer's clock.")


def _guides(connectors: Sequence[Connector], now: datetime) -> Iterator[Finding]:
    for connector in connectors:
        if connector.guide.variant().is_stale(now.date()):
            yield Finding(
                check=Check.GUIDES,
                grade=Grade.NOTE,
                what=f"The guide of {connector.name} was last compared with the exchange's page more than a year ago.",
                fix=f"Update {connector.distribution}.",
                about=connector.name,
            )


def _fine(check: Check, what: str, about: str | None = None) -> Finding:
    return Finding(check=check, grade=Grade.FINE, what=what, about=about)


def _mended(check: Check, what: str) -> Finding:
    return Finding(check=check, grade=Grade.MENDED, what=what)


def _problem(check: Check, what: str, fix: str, about: str | None = None) -> Finding:
    return Finding(check=check, grade=Grade.PROBLEM, what=what, fix=fix, about=about)
