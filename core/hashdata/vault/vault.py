"""An opened vault. It never changes: each change gives another one, which is then written as a whole."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Never, Self

from hashdata import home
from hashdata.errors import VaultError
from hashdata.vault.document import Record, Sealed, read
from hashdata.vault.means import Keyring, Means
from hashdata.vault.sealing import Unsealable, random_key, seal, stretched, tag, unseal
from hashdata.vault.slots import Slot, SlotKind

_WRONG = {
    SlotKind.PASSPHRASE: ("the passphrase does not open the vault", "Type the passphrase of this vault."),
    SlotKind.KEYFILE: ("the key file does not open the vault", "Name the key file that this vault was made with."),
    SlotKind.KEYRING: (
        "what the keyring holds does not open the vault",
        "Restore vault.json from a backup of the same time as the keyring's.",
    ),
}
_HOW = {
    SlotKind.PASSPHRASE: "a passphrase typed at a terminal",
    SlotKind.KEYFILE: "--key-file or HASHDATA_KEY_FILE",
    SlotKind.KEYRING: "the keyring of the system",
}


class WrongMeans(VaultError):  # noqa: N818 - an answer, not a fault
    """What was given does not open the vault; nothing says that the vault is damaged."""


class Vault:
    """Secrets by the ids of their records. Shows none of them by itself."""

    __slots__ = ("_data_key", "_record_key", "sealed")

    def __init__(self, sealed: Sealed, data_key: bytes) -> None:
        """Use `create` or `unlock`."""
        self.sealed = sealed
        self._data_key = data_key
        self._record_key = stretched(data_key, sealed.id.encode(), "records")

    @classmethod
    def create(cls, means: Means) -> Self:
        """Make an empty vault that `means` opens."""
        vault_id, data_key = secrets.token_hex(16), random_key()
        slot = _slot(means, data_key, vault_id)
        return cls(Sealed(id=vault_id, slots=(slot,), records={}), data_key)

    @classmethod
    def unlock(cls, sealed: Sealed, means: Means) -> Self:
        """Open a vault; raise `VaultError` when `means` does not, or when the file was tampered with."""
        if sealed.slot(means.kind) is None:
            ways = " or ".join(_HOW[slot.kind] for slot in sealed.slots)
            raise VaultError(f"the vault has no key slot {means.kind}", fix=f"It opens by {ways}.")
        vault = cls._opened(sealed, means)
        if vault is None:
            what, fix = _WRONG[means.kind]
            raise WrongMeans(what, fix=fix)
        return vault.checked()

    @classmethod
    def _opened(cls, sealed: Sealed, means: Means) -> Self | None:
        """Open a vault, None when `means` does not. Errors are raised elsewhere: here they would hold the secret."""
        try:
            return cls(sealed, sealed.unwrap(means.kind, means.material(sealed.id)))
        except Unsealable:
            return None

    def __repr__(self) -> str:
        """Say how much is in it."""
        return f"Vault({len(self.sealed.records)} records)"

    def __reduce_ex__(self, protocol: object) -> Never:
        """Refuse to be pickled or copied."""
        message = "an opened vault cannot be pickled or copied"
        raise TypeError(message)

    def __getstate__(self) -> Never:
        """Refuse to give up its state."""
        message = "an opened vault cannot be pickled or copied"
        raise TypeError(message)

    def reread(self, path: Path) -> Vault:
        """Return the vault as its file is now; raise `VaultError` when it is gone, damaged, or another."""
        sealed = read(path)
        if sealed is None or sealed.id != self.sealed.id:
            raise VaultError(
                "the vault was replaced in the meantime", fix="Try again; if it stays so, look at `hashdata doctor`."
            )
        return Vault(sealed, self._data_key).checked()

    def checked(self) -> Self:
        """Return the vault; raise `VaultError` when its file is not as a holder of the data key wrote it."""
        if not self.sealed.is_sealed_by(self._data_key):
            raise _tampered()
        return self

    def put(self, record_id: str, content: Mapping[str, object]) -> Vault:
        """Return a vault with one more record."""
        return self.put_all({record_id: content})

    def put_all(self, contents: Mapping[str, Mapping[str, object]]) -> Vault:
        """Return a vault with more records, by their ids."""
        records = dict(self.sealed.records)
        for record_id, content in contents.items():
            records[record_id] = Record(*seal(self._record_key, json.dumps(content).encode(), self._about(record_id)))
        return self._with(records)

    def get(self, record_id: str) -> Mapping[str, object]:
        """Return a record; KeyError when there is none."""
        content = self._unsealed(record_id, self.sealed.records[record_id])
        if content is None:
            raise _tampered()
        return content

    def without(self, record_ids: Iterable[str]) -> Vault:
        """Return a vault that lacks these records."""
        gone = set(record_ids)
        return self._with({name: record for name, record in self.sealed.records.items() if name not in gone})

    def with_slot(self, means: Means) -> Vault:
        """Return a vault that `means` opens, in the place of the slot of its kind if there is one."""
        slot = _slot(means, self._data_key, self.sealed.id)
        others = tuple(one for one in self.sealed.slots if one.kind is not means.kind)
        return Vault(replace(self.sealed, slots=(*others, slot)), self._data_key)

    def without_slot(self, kind: SlotKind) -> Vault:
        """Return a vault without the slot of a kind; raise `VaultError` when it would be the last one."""
        others = tuple(one for one in self.sealed.slots if one.kind is not kind)
        if not others:
            raise VaultError("that is the only key slot of the vault", fix="Add another one first.")
        return Vault(replace(self.sealed, slots=others), self._data_key)

    def fingerprint(self, of: str) -> str:
        """
        Return 32 hex digits that stand for `of` in this vault and in no other.

        Whoever sees one cannot test guesses without the vault's data key.
        """
        return tag(stretched(self._data_key, self.sealed.id.encode(), "fingerprint"), of.encode())[:32]

    def save(self, path: Path, *, keep: bool = True) -> None:
        """Write the vault; without `keep`, no older copy remains. Raises `StorageError`."""
        home.replace(path, self.sealed.to_bytes(self._data_key), keep=keep)

    def _unsealed(self, record_id: str, record: Record) -> Mapping[str, object] | None:
        """Return what a record holds, None when it was not sealed here under this id."""
        try:
            value = json.loads(unseal(self._record_key, record.nonce, record.sealed, self._about(record_id)))
        except Unsealable:
            return None
        return value if isinstance(value, dict) else None

    def _with(self, records: Mapping[str, Record]) -> Vault:
        return Vault(replace(self.sealed, records=records), self._data_key)

    def _about(self, record_id: str) -> dict[str, object]:
        """Return what a record is bound to: it cannot be moved to another vault or another name."""
        return {"vault": self.sealed.id, "record": record_id}


def _slot(means: Means, data_key: bytes, vault_id: str) -> Slot:
    """Wrap the data key for `means`."""
    if isinstance(means, Keyring):
        means.remember(vault_id)
    return Slot.wrap(means.kind, means.material(vault_id), data_key, vault_id)


def _tampered() -> VaultError:
    return VaultError(
        "the vault was changed by something other than hashdata: its seal is broken",
        fix="Nothing was changed. Restore vault.json from a backup, and find out who could write to its folder.",
    )
