"""The opened vault, as long as somebody is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from hashdata.accounts.store import Store
from hashdata.credentials import Secret
from hashdata.errors import VaultError
from hashdata.hardening import protect_memory
from hashdata.vault import KeyFile, Keyring, Means, Passphrase, SlotKind, Vault

IDLE_SECONDS = 600.0


class VaultChangedError(VaultError):
    """The vault that was open is not the one that is stored."""


class Keeper:
    """Opens the vault when it is asked to, and locks it again when nobody has used it for ten minutes."""

    def __init__(self, store: Store, key_file: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._key_file = key_file
        self._clock = clock
        self._vault: Vault | None = None
        self._used = 0.0

    @property
    def vault(self) -> Vault | None:
        """The vault if it is open; to look at it is to use it."""
        self.lock_if_idle()
        if self._vault is not None:
            self._used = self._clock()
        return self._vault

    @property
    def is_open(self) -> bool:
        """Whether the vault is open now, without using it."""
        self.lock_if_idle()
        return self._vault is not None

    @property
    def needs_passphrase(self) -> bool:
        """Whether only a person can open the vault."""
        return self._vault is None and self._means() is None

    def check_passphrase(self) -> None:
        """Raise `VaultError` where no passphrase opens the vault."""
        if self._store.sealed().slot(SlotKind.PASSPHRASE) is None:
            raise VaultError(
                "the vault opens by a key file, and none was named", fix="Start the portal again with --key-file FILE."
            )

    async def open(self, passphrase: Secret | None = None) -> Vault:
        """
        Open the vault by key file, keyring or `passphrase`; raise `VaultError` when it does not open.

        One that is open already is read again; `VaultChangedError` says that it is another by now.
        Deriving a key takes a sixth of a second, so it is done beside the loop.
        """
        if (vault := self.vault) is not None:
            try:
                self._vault = vault.reread(self._store.home.vault)
            except VaultError:
                self.lock()
                # What is gone or damaged is told as that, and only another whole vault as one.
                self._store.sealed()
                raise VaultChangedError("the vault was changed in the meantime", fix="Open it again.") from None
            return self._vault
        protect_memory()
        means = Passphrase(passphrase) if passphrase is not None else self._means()
        if means is None:
            means = Passphrase(Secret(""))
        self._vault = await asyncio.to_thread(self._store.unlock, means)
        self._used = self._clock()
        return self._vault

    @property
    def has_key_file(self) -> bool:
        """Whether a key file was named, which opens the vault or a new one."""
        return self._key_file is not None

    async def make(self, passphrase: Secret | None) -> None:
        """Make a vault that the key file opens if one was named, and else `passphrase`; open it."""
        protect_memory()
        means: Means = KeyFile(self._key_file) if self._key_file else Passphrase(passphrase or Secret(""))
        self._vault = await asyncio.to_thread(self._store.make_vault, means)
        self._used = self._clock()

    def lock(self) -> None:
        """Forget the vault's key."""
        self._vault = None

    def lock_if_idle(self) -> None:
        """Lock the vault if nobody has used it for a while."""
        if self._clock() - self._used > IDLE_SECONDS:
            self.lock()

    def _means(self) -> Means | None:
        """Return what opens the vault without a person."""
        if self._key_file is not None:
            return KeyFile(self._key_file)
        if self._store.has_vault() and self._store.sealed().slot(SlotKind.KEYRING):
            return Keyring()
        return None
