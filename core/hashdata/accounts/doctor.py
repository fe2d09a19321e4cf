"""Look at everything that is stored, mend what can be mended, and say what a person must do."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from hashdata.accounts import shelf
from hashdata.accounts.book import Book
from hashdata.accounts.findings import Check, Finding, Grade, counted, fine, mended, problem
from hashdata.accounts.journal import read_notes
from hashdata.accounts.secrets_check import check_secrets
from hashdata.accounts.store import Store
from hashdata.accounts.surroundings import check_clock, check_connectors, check_guides
from hashdata.errors import HashdataError, StorageError
from hashdata.registry import Entry
from hashdata.vault import Sealed, Vault

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_HAS_MODES = os.name == "posix"


def examine(store: Store, vault: Vault | None, entries: Sequence[Entry], now: datetime) -> list[Finding]:
    """
    Check all that is stored.

    Without an opened `vault` nothing is said about the secrets in it. Holds
    the lock, so that what looks left over is nobody's work of this moment.
    """
    if store.home.path.exists() and not store.home.path.is_dir():
        return [
            problem(
                Check.FILES,
                f"{store.home.path} is no folder, so nothing can be stored in it.",
                "Move away what stands there, or set HASHDATA_HOME to another folder.",
            )
        ]
    if not store.home.path.is_dir():
        return [fine(Check.FILES, f"Nothing is stored yet; it would be in {store.home.path}.")]
    findings = []
    with store.change() as swept:
        if swept:
            files = counted(len(swept), "temporary file")
            findings.append(mended(Check.FILES, f"Removed {files} of processes that were killed."))
        findings += _modes(store.home.path)
        book, found = _book(store)
        findings += found
        sealed, found = _sealed(store)
        findings += found
        if book is not None and sealed is not None:
            findings += check_secrets(store, book, sealed, vault)
        elif book is not None and book.accounts and not store.has_vault():
            findings.append(
                problem(
                    Check.SECRETS,
                    f"{counted(len(book.accounts), 'account')} stored, and no vault.",
                    "Restore vault.json from a backup, or move accounts.toml away and add the accounts again.",
                )
            )
        if book is not None:
            findings += _journal(store)
            findings += _reports(store, book)
            findings += check_connectors(book, entries)
            findings += check_clock(store, book, now)
    findings += check_guides([entry.connector for entry in entries if entry.connector], now)
    return findings


def _modes(folder: Path) -> Iterator[Finding]:
    """Look for what other users of the computer can read or change, and for what this one cannot."""
    if not _HAS_MODES:
        yield Finding(check=Check.FILES, grade=Grade.NOTE, what="This system does not say who else can read the files.")
        return
    if stat.S_IMODE(folder.stat().st_mode) & _OTHERS:
        yield problem(Check.FILES, f"Other users can look into {folder}.", "Run `chmod 700` on it.")
    for place in (folder, folder / "reports"):
        if place.exists() and not os.access(place, os.W_OK):
            yield problem(Check.FILES, f"Nothing can be written into {place}.", "Run `chmod u+w` on it.")
    files = [path for path in folder.rglob("*") if path.is_file()]
    open_ones = [path for path in files if path.stat().st_mode & _OTHERS and not path.name.endswith("lock")]
    for path in open_ones[:10]:
        yield problem(Check.FILES, f"Other users can read {path}.", "Run `chmod 600` on it.")
    if len(open_ones) > 10:  # noqa: PLR2004 - as many as are named above
        yield problem(Check.FILES, f"So they can {len(open_ones) - 10} more files.", "Run `chmod -R go= ` on it.")
    if not open_ones:
        yield fine(Check.FILES, f"{counted(len(files), 'file')}, none of which other users can read.")


def _book(store: Store) -> tuple[Book | None, list[Finding]]:
    try:
        book = store.stored()
    except StorageError as error:
        return None, [problem(Check.ACCOUNTS, f"{error.what}.", error.fix)]
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
    return book, [fine(Check.ACCOUNTS, f"{counted(len(book.accounts), 'account')} can be read."), *changed]


def _sealed(store: Store) -> tuple[Sealed | None, list[Finding]]:
    if not store.has_vault():
        return None, [fine(Check.VAULT, "There is no vault yet.")]
    try:
        sealed = store.sealed()
    except HashdataError as error:
        return None, [problem(Check.VAULT, f"{error.what}.", error.fix)]
    ways = ", ".join(slot.kind for slot in sealed.slots)
    keys = counted(len(sealed.records), "key")
    return sealed, [fine(Check.VAULT, f"The vault is whole; it holds {keys}, opened by {ways}.")]


def _journal(store: Store) -> Iterator[Finding]:
    try:
        notes = read_notes(store.home.journal)
    except StorageError as error:
        yield problem(Check.JOURNAL, f"{error.what}.", error.fix)
        return
    if notes is not None:
        yield Finding(
            check=Check.JOURNAL,
            grade=Grade.NOTE,
            what=f"A test of {counted(len(notes.keys), 'account')} is under way or was interrupted; "
            f"{len(notes.keys) - len(notes.open)} done so far, with results that are kept.",
            fix="To go on: `hashdata accounts test --resume`.",
        )


def _reports(store: Store, book: Book) -> Iterator[Finding]:
    """Remove the reports of accounts that are no more, and look at the others."""
    known = {account.id: account.label for account in book.accounts.values()}
    left_over = [path for path in store.home.reports.glob("*.jsonl") if path.stem not in known]
    gone = 0
    for path in left_over:
        with contextlib.suppress(OSError):
            path.unlink()
            gone += 1
    if gone:
        yield mended(Check.REPORTS, f"Removed the reports of {counted(gone, 'account')} no longer stored.")
    for account in book.accounts.values():
        try:
            shelf.history(store.home, account.id)
        except StorageError as error:
            yield problem(Check.REPORTS, f"{error.what}.", error.fix, account.label)
