"""
Accounts, secrets and reports, changed together.

Adding writes the secret first and the account last: what stands in
`accounts.toml` is what was stored. Removing goes the other way round. A
process that is killed in between leaves a secret without an account, which
`doctor` sweeps, and never an account without its secret.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hashdata.accounts import shelf
from hashdata.accounts.account import Account
from hashdata.accounts.book import Book
from hashdata.accounts.book_file import Announce, read_book, write_book
from hashdata.accounts.journal import lines_of, read_notes
from hashdata.accounts.labels import alike
from hashdata.accounts.shelf import Kept
from hashdata.credentials import Credentials
from hashdata.errors import StorageError, UsageError, VaultError
from hashdata.home import Home, check_folder, locked, remove, sweep
from hashdata.vault import Means, Sealed, Vault, read

_MAKE_ONE = (
    "Make one with `hashdata vault init --slot passphrase` at a terminal, or, where nobody can type, with "
    "`hashdata vault init --slot keyfile --key-file FILE`, and name that file "
    "from then on with --key-file or HASHDATA_KEY_FILE."
)


@dataclass(frozen=True, slots=True)
class Store:
    """The accounts of one home. `announce` is told what a person must know before something is written over."""

    home: Home
    announce: Announce

    @property
    def swept(self) -> Path:
        """The vault as it was before `doctor` last took keys out of it that no account used."""
        return self.home.vault.with_name("vault.json.swept")

    def stored(self) -> Book:
        """
        Return all accounts as their file holds them.

        Raises `StorageError` where the file is gone and the vault still holds
        keys: it is made together with the vault, so somebody has lost it.
        """
        if not os.path.lexists(self.home.accounts) and (sealed := read(self.home.vault)) and sealed.records:
            raise StorageError(
                f"{self.home.accounts} is gone, and the vault still holds keys",
                fix="Restore it from accounts.toml.bak beside it, or from a backup.",
            )
        return read_book(self.home.accounts)

    def book(self) -> Book:
        """Return all accounts, with the results of a test that is under way or was interrupted."""
        # First the journal: a run that ends in between has its results in the accounts by then.
        notes = read_notes(self.home.journal)
        book = self.stored()
        if notes is None:
            return book
        by_key = {account.key: account for account in book.accounts.values()}
        found = ((by_key.get(entry.key), entry.result) for entry in lines_of(notes))
        return book.put_all(result.applied_to(account) for account, result in found if account)

    def history(self, account: Account) -> Sequence[Kept]:
        """
        Return the kept tests of an account, oldest first, with one that is only in the journal yet.

        The report of a new key is kept before the account has that key: at
        the end of the list it is of a rotation that was killed, and left out.
        """
        # First the journal, as for the accounts.
        new = self._in_journal(account)
        tests = list(shelf.history(self.home, account.id))
        known = {kept.id for kept in tests}
        tests += [kept for kept in new if kept.id not in known]
        own = (n for n in range(len(tests), 0, -1) if tests[n - 1].is_of(account.fingerprint))
        return tests[: next(own, len(tests))]

    def sealed(self) -> Sealed:
        """Return the vault without opening it; raise `VaultError` when there is none."""
        sealed = read(self.home.vault)
        if sealed is None:
            self.check_not_lost()
            raise VaultError("there is no vault yet", fix=_MAKE_ONE)
        return sealed

    def check_not_lost(self) -> None:
        """Raise `VaultError` when accounts are stored without a vault: a new one would hold none of their keys."""
        if not self.has_vault() and (count := len(self.stored().accounts)):
            raise VaultError(
                f"{self.home.vault} is missing, which holds the keys of {count} stored "
                f"{'account' if count == 1 else 'accounts'}",
                fix="Restore it from vault.json.bak beside it or from a backup; "
                "or move accounts.toml away and add the accounts again.",
            )

    def _in_journal(self, account: Account) -> list[Kept]:
        """Return the tests of an account that the journal holds; none if it is folded away while it is read."""
        notes = read_notes(self.home.journal)
        try:
            return [noted.kept for noted in (notes.entries if notes else ()) if noted.key == account.key]
        except StorageError:
            if self.home.journal.exists():
                raise
            return []

    def has_vault(self) -> bool:
        """Whether there is a vault, whatever its state."""
        return os.path.lexists(self.home.vault)

    def unlock(self, means: Means) -> Vault:
        """Open the vault."""
        return Vault.unlock(self.sealed(), means)

    def make_vault(self, means: Means) -> Vault:
        """Open the vault, and make it first where there is none, so that two who come at once share one."""
        self.home.make()
        with self.change():
            if read(self.home.vault) is None:
                self.check_not_lost()
                # First, so that a vault without accounts.toml beside it always means that the file was lost.
                if not os.path.lexists(self.home.accounts):
                    write_book(self.home.accounts, Book(), self.announce)
                Vault.create(means).save(self.home.vault)
        return self.unlock(means)

    def change_vault(self, vault: Vault, change: Callable[[Vault], Vault]) -> None:
        """Change how the vault is opened; no older copy remains that opens as before."""
        with self.change():
            changed = change(vault.reread(self.home.vault))
            # First, because nothing may fail once the vault is changed.
            remove(self.swept)
            changed.save(self.home.vault, keep=False)

    @contextmanager
    def change(self) -> Iterator[list[Path]]:
        """Let nobody else write while this lasts; yield what killed writers had left, and is cleared away."""
        check_folder(self.home.path)
        with locked(self.home.lock):
            yield [*sweep(self.home.path), *sweep(self.home.reports)]

    def add(self, vault: Vault, account: Account, credentials: Credentials, kept: Kept) -> None:
        """Store an account that is not there yet; raise `UsageError` when somebody else was faster."""
        with self.change():
            book = self.stored()
            check_new(book, account)
            vault.reread(self.home.vault).put(account.key, sealed_content(account, credentials)).save(self.home.vault)
            shelf.add(self.home, account.id, kept)
            write_book(self.home.accounts, book.put(account), self.announce)

    def replace_key(self, vault: Vault, account: Account, credentials: Credentials, kept: Kept) -> None:
        """Give an account its new key; the old one goes once the new one is stored."""
        with self.change():
            book = self.stored()
            before = self._present(book, account)
            # It may have another label by now.
            account = replace(account, label=before.label, unknown=before.unknown)
            check_new(book.without(before), account)
            vault = vault.reread(self.home.vault).put(account.key, sealed_content(account, credentials))
            vault.save(self.home.vault)
            shelf.add(self.home, account.id, kept)
            write_book(self.home.accounts, book.put(account), self.announce)
            with _done(f"{account.label} has its new key, but the old one could not be taken out of the vault"):
                vault.without([before.key]).save(self.home.vault, keep=False)
                remove(self.swept)

    def remove(self, vault: Vault | None, account: Account) -> None:
        """
        Remove an account, its secret and its reports; no older copy of the vault remains.

        Without a vault there is no secret to remove either.
        """
        with self.change():
            book = self.stored()
            before = self._present(book, account)
            vault = vault.reread(self.home.vault) if vault else None
            write_book(self.home.accounts, book.without(before), self.announce)
            with _done(f"{before.label} is removed, but not yet all that belonged to it"):
                if vault is not None:
                    vault.without([before.key]).save(self.home.vault, keep=False)
                remove(self.swept)
                shelf.forget(self.home, before.id)

    def rename(self, account: Account, label: str) -> None:
        """Give an account another label, which nobody else may have."""
        with self.change():
            book = self.stored()
            before = self._present(book, account)
            renamed = replace(before, label=label)
            check_label_free(book.without(before), label)
            write_book(self.home.accounts, book.put(renamed), self.announce)

    def fold(self) -> None:
        """Write the results of a test that has ended, or was interrupted, into accounts and reports, once."""
        with self.change():
            notes = read_notes(self.home.journal)
            if notes is not None:
                book = self.stored()
                by_key = {account.key: account for account in book.accounts.values()}
                changed = []
                for entry in lines_of(notes):
                    # The account may have been removed, or its key rotated, in the meantime.
                    if account := by_key.get(entry.key):
                        shelf.add(self.home, account.id, entry.kept)
                        changed.append(entry.result.applied_to(account))
                write_book(self.home.accounts, book.put_all(changed), self.announce)
            remove(self.home.journal)

    def _present(self, book: Book, account: Account) -> Account:
        """Return an account as it is now; raise `UsageError` when it has gone."""
        found = next((one for one in book.accounts.values() if one.id == account.id), None)
        if found is None:
            raise UsageError(
                f"the account {account.label} was removed in the meantime", fix="Look at `hashdata accounts list`."
            )
        return found


@contextmanager
def _done(what: str) -> Iterator[None]:
    """Say `what` when it cannot be cleared away what a change has left, because the change itself is done."""
    try:
        yield
    except StorageError as error:
        raise StorageError(
            f"{what}: {error.what}", fix="Free some space, then run `hashdata doctor`, which removes what is left."
        ) from None


def new_id() -> str:
    """Return an id that nobody has."""
    return secrets.token_hex(16)


def sealed_content(account: Account, credentials: Credentials) -> dict[str, object]:
    """
    Return what the vault keeps of an account.

    Not only the key: which connector it is for, and whether it is practice.
    Whoever edits `accounts.toml` cannot send a key to another place by that.
    """
    return {
        "account": account.id,
        "connector": account.connector,
        "practice": account.is_practice,
        "credentials": {name: credentials[name].reveal() for name in credentials},
    }


def credentials_of(vault: Vault, account: Account) -> Mapping[str, object]:
    """Return the values of an account's key; raise `VaultError` when they are gone or belong elsewhere."""
    fix = f"Store the key again: `hashdata accounts rotate {account.label}`."
    try:
        content = vault.get(account.key)
    except KeyError:
        raise VaultError(f"the vault holds no key for the account {account.label}", fix=fix) from None
    values = content.get("credentials")
    if content.get("account") != account.id:
        raise VaultError(
            f"accounts.toml gives {account.label} the key of another account",
            fix="Undo the change of its line `key`, or remove the account and add it again.",
        )
    if content.get("connector") != account.connector or content.get("practice") != account.is_practice:
        raise VaultError(
            f"accounts.toml sends the key of {account.label} to another place than the one it was stored for",
            fix="Undo the change of connector, endpoint or persona, or remove the account and add it again.",
        )
    if not isinstance(values, Mapping):
        raise VaultError(f"the vault holds no key for the account {account.label}", fix=fix)
    return values


def check_label_free(book: Book, label: str) -> None:
    """Raise `UsageError` when an account has this label, or one that looks like it."""
    if taken := next((one for one in book.accounts if alike(one) == alike(label)), None):
        raise UsageError(
            f"there is an account {taken} already",
            fix=f"Choose another label, or give that account a new key: `hashdata accounts rotate {taken}`.",
        )


def check_new(book: Book, account: Account) -> None:
    """Raise `UsageError` when label, key or account of the exchange are stored already, saying which."""
    check_label_free(book, account.label)
    check_key_free(book, account.fingerprint)
    for other in book.accounts.values():
        same_place = (other.connector, other.place) == (account.connector, account.place)
        if account.account_id is not None and other.account_id == account.account_id and same_place:
            raise UsageError(
                f"this account of the exchange is stored already, as {other.label}",
                fix=f"To store a new key for it: `hashdata accounts rotate {other.label}`.",
            )


def check_key_free(book: Book, fingerprint: str) -> None:
    """Raise `UsageError` when an account has the key with this fingerprint."""
    if taken := next((one for one in book.accounts.values() if one.fingerprint == fingerprint), None):
        raise UsageError(
            f"this key is stored already, as {taken.label}",
            fix=f"Test it with `hashdata accounts test {taken.label}`, or make a key of its own for each account.",
        )
