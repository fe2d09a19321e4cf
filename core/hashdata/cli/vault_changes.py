"""What `hashdata vault` does: ask for what opens the vault, and change its slots."""

from __future__ import annotations

from pathlib import Path

from hashdata.cli import terminal
from hashdata.cli.unlocking import check_means, key_file, new_means, store_here, unlock
from hashdata.errors import UsageError, VaultError
from hashdata.hardening import protect_memory
from hashdata.names import choose
from hashdata.vault import SlotKind
from hashdata.vault.keyrings import forget

_DESCRIBED = {
    SlotKind.PASSPHRASE: "a passphrase",
    SlotKind.KEYFILE: "a key file",
    SlotKind.KEYRING: "the keyring of this system",
}
_KEEP = {
    SlotKind.PASSPHRASE: "Nobody can restore a lost passphrase: write it down in a safe place.",
    SlotKind.KEYFILE: "Keep a copy of the key file, apart from the copies of the vault.",
    SlotKind.KEYRING: "A copy of the vault opens only together with that keyring.",
}
_REPLACE = {
    SlotKind.PASSPHRASE: "`hashdata vault change-passphrase`.",
    SlotKind.KEYFILE: "`hashdata vault change-key-file --new-key-file FILE`.",
    SlotKind.KEYRING: "`hashdata vault remove-slot --slot keyring`, then add it again.",
}


def init(slot: str | None, file: str | None) -> str:
    """Make the vault; return what to say about it."""
    store = store_here()
    kind = _kind(slot)
    named = key_file(file)
    if file is not None and kind is not SlotKind.KEYFILE:
        raise UsageError(f"--key-file does not go with --slot {kind}", fix="Leave one of the two out.")
    if store.has_vault():
        store.sealed()
        raise UsageError(
            "there is a vault already",
            fix="Look at it with `hashdata vault status`; `hashdata vault add-slot` lets it be opened in another way.",
        )
    protect_memory()
    means = new_means(kind, named if kind is SlotKind.KEYFILE else None)
    store.make_vault(means)
    return f"Made the vault {store.home.vault}, opened by {_DESCRIBED[kind]}. {_KEEP[kind]}"


def change_passphrase(file: str | None) -> str:
    """Wrap the data key under a new passphrase."""
    store = store_here()
    if store.sealed().slot(SlotKind.PASSPHRASE) is None:
        raise UsageError(
            "the vault has no passphrase to change", fix="Give it one: `hashdata vault add-slot --slot passphrase`."
        )
    vault = unlock(store, file)
    means = new_means(SlotKind.PASSPHRASE, None)
    store.change_vault(vault, lambda current: current.with_slot(means))
    return "The passphrase is changed. Copies of the vault that were made before still open by the old one."


def change_key_file(new_key_file: str | None, file: str | None) -> str:
    """Wrap the data key under a new key file."""
    store = store_here()
    if store.sealed().slot(SlotKind.KEYFILE) is None:
        raise UsageError(
            "the vault has no key file to change",
            fix="Give it one: `hashdata vault add-slot --slot keyfile --new-key-file FILE`.",
        )
    named = _new_key_file(new_key_file)
    check_means(SlotKind.KEYFILE, named, "change-key-file")
    vault = unlock(store, file)
    means = new_means(SlotKind.KEYFILE, named, "change-key-file")
    store.change_vault(vault, lambda current: current.with_slot(means))
    return (
        "The key file is changed; name the new one from now on. "
        "Copies of the vault that were made before still open by the old one."
    )


def add_slot(slot: str | None, new_key_file: str | None, file: str | None) -> str:
    """Add a way to open the vault."""
    store = store_here()
    kind = _kind(slot)
    if store.sealed().slot(kind):
        raise UsageError(
            f"the vault is opened by {_DESCRIBED[kind]} already",
            fix=f"To replace it: {_REPLACE[kind]}",
        )
    named = _new_key_file(new_key_file)
    check_means(kind, named, "add-slot")
    vault = unlock(store, file)
    means = new_means(kind, named, "add-slot")
    store.change_vault(vault, lambda current: current.with_slot(means))
    return f"The vault is now opened by {_DESCRIBED[kind]} too. {_KEEP[kind]}"


def remove_slot(slot: str | None, file: str | None) -> str:
    """Take away a way to open the vault."""
    store = store_here()
    kind = _kind(slot)
    if store.sealed().slot(kind) is None:
        raise UsageError(f"the vault is not opened by {_DESCRIBED[kind]}", fix="See `hashdata vault status`.")
    vault = unlock(store, file)
    store.change_vault(vault, lambda current: current.without_slot(kind))
    said = f"The vault is no longer opened by {_DESCRIBED[kind]}"
    if kind is SlotKind.KEYRING and _is_forgotten(vault.sealed.id):
        return f"{said}. Copies of it that were made before no longer open by it either: its entry is deleted."
    return f"{said}. Copies of it that were made before still are."


def _is_forgotten(vault_id: str) -> bool:
    """Delete what the keyring holds for a vault; say it where that fails, because the slot is removed by then."""
    try:
        forget(vault_id)
    except VaultError as failed:
        terminal.note(f"Note: {failed.what}. {failed.fix}")
        return False
    return True


def _new_key_file(given: str | None) -> Path | None:
    """Return the key file that an option names; the environment names only one that opens the vault already."""
    return key_file(given, "--new-key-file") if given is not None else None


def _kind(slot: str | None) -> SlotKind:
    """Read the name of a slot."""
    kinds = [str(kind) for kind in SlotKind]
    if slot is None:
        raise UsageError("--slot must say how the vault is opened", fix=f"Give one of {', '.join(kinds)}.")
    return SlotKind(choose("slot", slot, kinds))
