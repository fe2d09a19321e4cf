"""Compare accounts and secrets, and sweep the secrets that belong to no account."""

from __future__ import annotations

from collections.abc import Iterator

from hashdata.accounts.book import Book
from hashdata.accounts.findings import Check, Finding, Grade, counted, fine, mended, problem
from hashdata.accounts.store import Store, credentials_of
from hashdata.errors import HashdataError
from hashdata.home import replace
from hashdata.vault import Sealed, Vault


def check_secrets(store: Store, book: Book, sealed: Sealed, vault: Vault | None) -> Iterator[Finding]:
    """Compare accounts and secrets, and sweep the secrets that belong to no account."""
    if store.swept.exists():
        yield Finding(
            check=Check.SECRETS,
            grade=Grade.NOTE,
            what=f"{store.swept.name} still holds keys that an earlier doctor took out of the vault.",
            fix="Delete it once you miss nothing; it opens as the vault did then.",
        )
    yield from _lost(book, sealed)
    orphans = sealed.records.keys() - {account.key for account in book.accounts.values()}
    if vault is None:
        if orphans:
            yield problem(
                Check.SECRETS,
                f"The vault holds {counted(len(orphans), 'key')} that no account uses.",
                "Run `hashdata doctor` with what opens the vault, to remove what is left over.",
            )
        yield Finding(
            check=Check.SECRETS, grade=Grade.NOTE, what="The vault was not opened, so the keys in it were not checked."
        )
        return
    vault = vault.reread(store.home.vault)
    unfit = [*_unfit(vault, book)]
    yield from unfit
    if not orphans:
        if not unfit:
            yield fine(Check.SECRETS, "Every key in the vault belongs to an account, and opens.")
    elif _is_doubtful(book, sealed):
        yield problem(
            Check.SECRETS,
            f"The vault holds {counted(len(orphans), 'key')} that no account uses. Nothing was removed, because "
            "accounts were changed by hand, lack their key, or share one.",
            "Mend the accounts first; the key that one lacks may be among these.",
        )
    else:
        # They may be left over, or belong to an accounts.toml that is newer than the one that was restored.
        replace(store.swept, store.home.vault.read_bytes(), keep=False)
        vault.without(orphans).save(store.home.vault, keep=False)
        yield mended(
            Check.SECRETS,
            f"Removed {counted(len(orphans), 'key')} from the vault that belonged to no account. The vault as it was "
            f"is kept as {store.swept.name}; delete that once you miss nothing.",
        )


def _is_doubtful(book: Book, sealed: Sealed) -> bool:
    """Whether an account may have pointed to another key before."""
    accounts = list(book.accounts.values())
    keys = {account.key for account in accounts}
    return len(keys) < len(accounts) or not keys <= sealed.records.keys() or not all(one.is_intact for one in accounts)


def _lost(book: Book, sealed: Sealed) -> Iterator[Finding]:
    """Yield a finding for each account whose key is not in the vault."""
    for account in book.accounts.values():
        if account.key not in sealed.records:
            yield problem(
                Check.SECRETS,
                f"The vault holds no key for {account.label}.",
                f"Store it again: `hashdata accounts rotate {account.label}`, or restore vault.json from a backup.",
                account.label,
            )


def _unfit(vault: Vault, book: Book) -> Iterator[Finding]:
    """Yield a finding for each account whose key does not open, or belongs elsewhere."""
    for account in book.accounts.values():
        if account.key in vault.sealed.records:
            try:
                credentials_of(vault, account)
            except HashdataError as error:
                yield problem(Check.SECRETS, f"{error.what}.", error.fix, account.label)
