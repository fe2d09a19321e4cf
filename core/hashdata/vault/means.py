"""What a person opens a vault with. None of these shows what it holds."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Protocol

from hashdata.credentials import Secret
from hashdata.errors import VaultError
from hashdata.home import read_private
from hashdata.vault.keyrings import fetch, store
from hashdata.vault.sealing import KEY_BYTES, random_key
from hashdata.vault.slots import SlotKind

# Shorter ones fall to guessing even at a sixth of a second each.
SHORTEST_PASSPHRASE = 10
_LARGEST_KEY_FILE = 1024 * 1024


class Means(Protocol):
    """Gives the material that opens one kind of slot."""

    @property
    def kind(self) -> SlotKind:
        """The kind of slot that this opens."""
        ...

    def material(self, vault_id: str) -> bytes:
        """Return what the wrapping key is derived from; raise `VaultError` when it cannot be had."""
        ...


class Passphrase:
    """A passphrase, as it was typed. How a system composes accents makes no difference."""

    kind = SlotKind.PASSPHRASE

    def __init__(self, passphrase: Secret) -> None:
        self._passphrase = passphrase

    def material(self, vault_id: str) -> bytes:  # noqa: ARG002 - the same for every vault
        """Return the passphrase in UTF-8."""
        return unicodedata.normalize("NFC", self._passphrase.reveal()).encode("utf-8", "surrogateescape")


class KeyFile:
    """A file of at least 32 bytes that only its owner can read."""

    kind = SlotKind.KEYFILE

    def __init__(self, path: Path) -> None:
        self._path = path

    def material(self, vault_id: str) -> bytes:  # noqa: ARG002 - the same for every vault
        """Return the file's bytes, every one of which counts."""
        if os.path.isdir(self._path):  # noqa: PTH112 - Path.is_dir raises where the path leads through what is closed
            raise VaultError("the key file is a folder", fix="Name a file.")
        content = read_private(self._path, name="the key file")
        if content is None:
            raise VaultError(
                "the key file is not there",
                fix="Name the file that the vault was made with, or make one: "
                "`hashdata vault init --slot keyfile --key-file FILE`.",
            )
        if KEY_BYTES <= len(content) <= _LARGEST_KEY_FILE:
            return content
        # A file that was named by mistake may hold any secret, and an error knows what was at hand.
        del content
        raise VaultError(
            f"the key file does not have from {KEY_BYTES} bytes to 1 MB",
            fix=f"Use a file of at least {KEY_BYTES} random bytes.",
        )


class Keyring:
    """32 random bytes in the keyring of the system."""

    kind = SlotKind.KEYRING

    def __init__(self, command: str = "init") -> None:
        """Take the `command` of `hashdata vault` that makes the slot: errors name it."""
        self._command = command

    def material(self, vault_id: str) -> bytes:
        """Return the bytes that the keyring holds for this vault."""
        return fetch(vault_id)

    def remember(self, vault_id: str) -> None:
        """Put new random bytes for a vault into the keyring."""
        store(vault_id, random_key(), self._command)
