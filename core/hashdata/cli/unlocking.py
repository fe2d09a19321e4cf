"""Open the vault with what a person has: a key file, the keyring, or a passphrase that is typed."""

from __future__ import annotations

import os
from pathlib import Path
from unicodedata import normalize

from hashdata.accounts.store import Store
from hashdata.cli import terminal
from hashdata.cli.hidden import ask, ask_openly, is_terminal
from hashdata.credentials import Secret
from hashdata.errors import UsageError, VaultError
from hashdata.hardening import protect_memory
from hashdata.home import find_home
from hashdata.vault import KeyFile, Keyring, Means, Passphrase, Sealed, SlotKind, Vault, WrongMeans
from hashdata.vault.keyrings import check_usable
from hashdata.vault.means import SHORTEST_PASSPHRASE

# A path, never the key: environments are seen by others.
VARIABLE = "HASHDATA_KEY_FILE"
_TRIES = 3
_TWO_WAYS = (
    "Name a key file with --key-file FILE or HASHDATA_KEY_FILE (`hashdata vault add-slot --slot keyfile` gives the "
    "vault one), or run the command at a terminal."
)
_NO_TERMINAL = "Run the command at a terminal, or use a key file."
_CHOICE = """
The keys of accounts are kept in an encrypted vault, and there is none yet. How shall it be opened?

  1  passphrase  you type it each time; good for a person at a computer
  2  keyfile     a file that only you can read opens it; good for cron and servers
  3  keyring     the keyring of this system opens it while you are signed in
"""


def store_here(*, checked: bool = True) -> Store:
    """Return the accounts of this person; raise `StorageError` where there is no place for them, if `checked`."""
    home = find_home()
    if checked:
        home.check()
    return Store(home, terminal.note)


def key_file(given: str | None, option: str = "--key-file") -> Path | None:
    """Return the key file that an option or the environment names."""
    named = given if given is not None else os.environ.get(VARIABLE) or None
    if named == "":
        raise UsageError(f"{option} needs the name of a file", fix="Give it, or leave the option out.")
    return _path(named) if named is not None else None


def _path(named: str) -> Path:
    """Return the file that a person names; `~` is their home."""
    if not named or "\0" in named:
        raise UsageError("that is not the name of a file", fix="Give the name of a key file.")
    try:
        return Path(named).expanduser()
    except RuntimeError:
        raise UsageError("the key file is in the home of nobody", fix="Write its whole path instead of ~.") from None


def unlock(store: Store, key_file_option: str | None) -> Vault:
    """Open the vault; raise `VaultError` or `UsageError` saying how it opens."""
    sealed = store.sealed()
    protect_memory()
    file = key_file(key_file_option)
    if file is not None:
        return Vault.unlock(sealed, KeyFile(file))
    if sealed.slot(SlotKind.KEYRING):
        return _by_keyring(sealed)
    if sealed.slot(SlotKind.PASSPHRASE):
        return _by_passphrase(sealed)
    raise VaultError("the vault opens by a key file, and none was named", fix=_TWO_WAYS.partition(" (")[0] + ".")


def unlock_or_make(store: Store, key_file_option: str | None) -> Vault:
    """Open the vault, and make it where there is none: by the key file that was named, or as a person chooses."""
    if store.has_vault():
        return unlock(store, key_file_option)
    protect_memory()
    file = key_file(key_file_option)
    if file is not None:
        return store.make_vault(KeyFile(file))
    if not is_terminal():
        return unlock(store, key_file_option)
    means = _chosen()
    vault = store.make_vault(means)
    if means.kind is SlotKind.KEYFILE:
        terminal.note(f"Name it from now on: --key-file FILE or {VARIABLE}.")
    return vault


def check_means(kind: SlotKind, file: Path | None, command: str) -> None:
    """Raise where a slot cannot be made, for what is known before anybody types a passphrase."""
    if kind is SlotKind.KEYFILE and file is None:
        option = "--key-file" if command == "init" else "--new-key-file"
        raise UsageError("a key file must be named", fix=f"Add {option} FILE; a file that is not there is made.")
    if kind is SlotKind.KEYRING:
        check_usable(command)


def new_means(kind: SlotKind, file: Path | None, command: str = "init") -> Means:
    """Ask for, or make, what a new slot opens by; `command` of `hashdata vault` is named where that fails."""
    check_means(kind, file, command)
    if kind is SlotKind.PASSPHRASE or file is None:
        return Passphrase(new_passphrase()) if kind is SlotKind.PASSPHRASE else Keyring(command)
    if not os.path.lexists(file):
        from hashdata.home import write_new
        from hashdata.vault.sealing import random_key

        write_new(file, random_key(), name="the key file")
        terminal.note(f"Made the key file {file}. Keep a copy of it elsewhere: without it the vault does not open.")
    return KeyFile(file)


def new_passphrase() -> Secret:
    """Ask for a new passphrase, twice."""
    if not is_terminal():
        raise UsageError("there is no terminal to type a passphrase at", fix=_NO_TERMINAL)
    prompt = f"New passphrase for the vault ({SHORTEST_PASSPHRASE} characters or more): "
    # Never a plain local: what is raised here keeps this frame.
    first = Secret(ask(prompt, "passphrase", otherwise=_NO_TERMINAL))
    if len(normalize("NFC", first.reveal())) < SHORTEST_PASSPHRASE:
        raise UsageError(
            f"the passphrase is shorter than {SHORTEST_PASSPHRASE} characters", fix="Take several words, for example."
        )
    if Secret(ask("The same again: ", "passphrase", otherwise=_NO_TERMINAL)) != first:
        raise UsageError("the two passphrases differ", fix="Run the command again.")
    return first


def _chosen() -> Means:
    """Let a person choose how the vault is opened."""
    terminal.note(_CHOICE)
    by_answer = dict(zip("123", SlotKind, strict=True)) | {str(kind): kind for kind in SlotKind}
    kind = by_answer.get(ask_openly("1, 2 or 3: ").lower())
    if kind is None:
        raise UsageError("that is none of the three", fix="Run the command again and type 1, 2 or 3.")
    file = None
    if kind is SlotKind.KEYFILE:
        file = _path(ask_openly("Name of the key file (a file that is not there is made): "))
    return new_means(kind, file)


def _by_keyring(sealed: Sealed) -> Vault:
    """Open with the keyring; where that cannot be used, a passphrase may still open the vault."""
    try:
        return Vault.unlock(sealed, Keyring())
    except VaultError as failed:
        if sealed.slot(SlotKind.PASSPHRASE) is None or not is_terminal():
            raise
        terminal.note(f"Note: {failed.what}.")
    return _by_passphrase(sealed)


def _by_passphrase(sealed: Sealed) -> Vault:
    """Ask for the passphrase, up to three times."""
    if not is_terminal():
        raise UsageError("the vault opens by a passphrase, and there is no terminal to ask for it", fix=_TWO_WAYS)
    for _ in range(_TRIES - 1):
        try:
            return Vault.unlock(sealed, _typed())
        except WrongMeans:
            terminal.note("That passphrase does not open the vault.")
    return Vault.unlock(sealed, _typed())


def _typed() -> Passphrase:
    return Passphrase(Secret(ask("Passphrase of the vault: ", "passphrase", otherwise=_TWO_WAYS)))
