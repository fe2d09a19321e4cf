"""
The file: JSON in one spelling only, with a checksum against damage and a seal against people.

The checksum needs no key, so damage is told apart from a wrong passphrase
before anybody is asked for one. The seal needs the data key: a record that
was deleted, moved, or brought back from an older file breaks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hashdata.errors import VaultError
from hashdata.home import read_private
from hashdata.vault.sealing import NONCE_BYTES, TAG_BYTES, canonical, checksum, is_same, stretched, tag
from hashdata.vault.slots import Misshapen, Slot, SlotKind, unhex

SCHEMA = "hashdata.vault/1"
_FAMILY = "hashdata.vault/"
_NAMES = {"schema", "id", "slots", "records", "seal", "checksum"}
_RESTORE = "Nothing was changed. Restore the file from vault.json.bak beside it, or from a backup."


@dataclass(frozen=True, slots=True)
class Record:
    """One sealed record."""

    nonce: bytes
    sealed: bytes

    def to_json(self) -> dict[str, str]:
        """Return the record as the file holds it."""
        return {"nonce": self.nonce.hex(), "sealed": self.sealed.hex()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A vault as its file holds it: which slots and records there are is no secret, what they hold is."""

    id: str
    slots: tuple[Slot, ...]
    records: Mapping[str, Record] = field(repr=False)
    seal: str = field(default="", repr=False)

    def slot(self, kind: SlotKind) -> Slot | None:
        """Return the slot of a kind, None when the vault has none."""
        return next((slot for slot in self.slots if slot.kind is kind), None)

    def unwrap(self, kind: SlotKind, material: bytes) -> bytes:
        """Return the data key; raise `Unsealable` when `material` does not open the slot, KeyError without one."""
        if (slot := self.slot(kind)) is None:
            raise KeyError(kind)
        return slot.unwrap(material, self.id)

    def is_sealed_by(self, data_key: bytes) -> bool:
        """Whether the file is as the holder of `data_key` wrote it."""
        return is_same(self.seal, self._tag(data_key))

    def to_bytes(self, data_key: bytes) -> bytes:
        """Return the file, sealed anew."""
        content = {**self._content(), "seal": self._tag(data_key)}
        return canonical({**content, "checksum": checksum(canonical(content))}) + b"\n"

    def _tag(self, data_key: bytes) -> str:
        return tag(stretched(data_key, self.id.encode(), "seal"), canonical(self._content()))

    def _content(self) -> dict[str, object]:
        return {
            "schema": SCHEMA,
            "id": self.id,
            "slots": [slot.to_json() for slot in self.slots],
            "records": {name: record.to_json() for name, record in self.records.items()},
        }


def read(path: Path) -> Sealed | None:
    """
    Read a vault without opening it; None when there is none.

    Raises `VaultError` for a file that is damaged or of a newer version, and
    `StorageError` for one that others can read.
    """
    content = read_private(path)
    if content is None:
        return None
    try:
        return _parsed(content)
    except Misshapen as misshapen:
        raise VaultError(f"{path} is damaged: {misshapen}", fix=_RESTORE) from None


def _parsed(content: bytes) -> Sealed:
    """Check the file from the outside to the inside; raise `Misshapen` naming what is wrong first."""
    document = _decoded(content)
    schema = document.get("schema")
    if not isinstance(schema, str) or not schema.startswith(_FAMILY):
        raise Misshapen("it does not say that it is a vault")
    body = {name: value for name, value in document.items() if name != "checksum"}
    if document.get("checksum") != checksum(canonical(body)) or content != canonical(document) + b"\n":
        raise Misshapen("its content does not fit its checksum")
    if schema != SCHEMA:
        raise VaultError(
            "the vault was written by a newer hashdata", fix="Update hashdata; this version leaves the file alone."
        )
    if set(document) != _NAMES:
        raise Misshapen("its parts are not those of a vault")
    return _built(document)


def _built(document: Mapping[str, object]) -> Sealed:
    """Turn a document whose checksum fits into values."""
    slots, records = document["slots"], document["records"]
    if not isinstance(slots, list) or not slots or not isinstance(records, Mapping):
        raise Misshapen("its slots or records")
    read_slots = tuple(Slot.of_json(slot) for slot in slots)
    if len({slot.kind for slot in read_slots}) != len(read_slots):
        raise Misshapen("two key slots are of one kind")
    return Sealed(
        id=unhex(document["id"], "its id").hex(),
        slots=read_slots,
        records={unhex(name, "the id of a record").hex(): _record(value) for name, value in records.items()},
        seal=unhex(document["seal"], "its seal").hex(),
    )


def _record(value: object) -> Record:
    if not isinstance(value, Mapping) or set(value) != {"nonce", "sealed"}:
        raise Misshapen("a record")
    sealed = unhex(value["sealed"], "a record")
    if len(sealed) < TAG_BYTES:
        raise Misshapen("a record")
    return Record(unhex(value["nonce"], "the nonce of a record", NONCE_BYTES), sealed)


def _decoded(content: bytes) -> Mapping[str, object]:
    """Decode the JSON, naming line and column where it is none."""
    try:
        value = json.loads(content.decode("ascii"))
    except UnicodeDecodeError as error:
        raise Misshapen(f"byte {error.start + 1} is no plain text") from None
    except json.JSONDecodeError as error:
        raise Misshapen(f"it is not JSON (line {error.lineno}, column {error.colno})") from None
    except ValueError:
        raise Misshapen("it has a number of too many digits") from None
    except RecursionError:
        raise Misshapen("it is nested too deeply") from None
    if not isinstance(value, Mapping):
        raise Misshapen("it is not a JSON object")
    return value
