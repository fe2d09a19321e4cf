"""What `hashdata vault` does: ask for what opens the vault, and change its slots."""

from __future__ import annotations

from hashdata.cli.unlocking import key_file, new_means, store_here, unlock
from hashdata.errors import UsageError
from hashdata.hardening import protect_memory
from hashdata.names import choose
from hashdata.vault import SlotKind

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


def add_slot(slot: str | None, new_key_file: str | None, file: str | None) -> str:
    """Add a way to open the vault."""
    store = store_here()
    kind = _kind(slot)
    if store.sealed().slot(kind):
        raise UsageError(
            f"the vault is opened by {_DESCRIBED[kind]} already",
            fix=f"To replace it: `hashdata vault remove-slot --slot {kind}`, then add it again.",
        )
    vault = unlock(store, file)
    means = new_means(kind, key_file(new_key_file) if new_key_file is not None else None)
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
    return f"The vault is no longer opened by {_DESCRIBED[kind]}. Copies of it that were made before still are."


def _kind(slot: str | None) -> SlotKind:
    """Read the name of a slot."""
    kinds = [str(kind) for kind in SlotKind]
    if slot is None:
        raise UsageError("--slot must say how the vault is opened", fix=f"Give one of {', '.join(kinds)}.")
    return SlotKind(choose("slot", slot, kinds))
