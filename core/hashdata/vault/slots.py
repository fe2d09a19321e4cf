"""
Key slots: the data key of a vault, wrapped once for each way to open it.

A slot says how its wrapping key is derived. Costs below today's are refused,
so that a changed file cannot make a passphrase cheap to guess, and costs far
above them too, so that it cannot take all memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from hashdata.vault.sealing import (
    KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    TAG_BYTES,
    from_passphrase,
    random_salt,
    seal,
    stretched,
    unseal,
)


class SlotKind(StrEnum):
    """How a vault is opened."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a slot
    KEYFILE = "keyfile"
    KEYRING = "keyring"


class Misshapen(Exception):  # noqa: N818 - becomes a sentence about the file
    """A part of the vault is not what it must be; the text names the part."""


@dataclass(frozen=True, slots=True)
class Cost:
    """
    The price of one guess at a passphrase.

    RFC 9106 recommends these for Argon2id where memory is scarce: 64 MiB,
    three passes, four lanes; a sixth of a second on a server of 2026.
    """

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    def is_sound(self) -> bool:
        """Whether this is at least today's cost, and none that would stop the computer."""
        least, most = Cost(), Cost(1024 * 1024, 16, 16)
        return all(
            getattr(least, name) <= getattr(self, name) <= getattr(most, name)
            for name in ("memory_kib", "iterations", "lanes")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The data key, wrapped under what one means of opening gives. `cost` stands only for a passphrase."""

    kind: SlotKind
    salt: bytes
    nonce: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    cost: Cost | None = None

    @classmethod
    def wrap(cls, kind: SlotKind, material: bytes, data_key: bytes, vault_id: str) -> Self:
        """Make a slot that `material` opens."""
        salt, cost = random_salt(), Cost() if kind is SlotKind.PASSPHRASE else None
        nonce, wrapped = seal(_derive(kind, material, salt, cost), data_key, _about(kind, salt, cost, vault_id))
        return cls(kind=kind, salt=salt, nonce=nonce, wrapped=wrapped, cost=cost)

    def unwrap(self, material: bytes, vault_id: str) -> bytes:
        """Return the data key; raise `Unsealable` when `material` is not what the slot was made with."""
        key = _derive(self.kind, material, self.salt, self.cost)
        return unseal(key, self.nonce, self.wrapped, _about(self.kind, self.salt, self.cost, vault_id))

    def to_json(self) -> dict[str, object]:
        """Return the slot as the file holds it."""
        return {
            "kind": str(self.kind),
            "kdf": _derivation(self.cost),
            "salt": self.salt.hex(),
            "nonce": self.nonce.hex(),
            "wrapped": self.wrapped.hex(),
        }

    @classmethod
    def of_json(cls, value: object) -> Self:
        """Read a slot; raise `Misshapen` for what is none."""
        if not isinstance(value, Mapping) or set(value) != {"kind", "kdf", "salt", "nonce", "wrapped"}:
            raise Misshapen("a key slot")
        kind, kdf = value["kind"], value["kdf"]
        if not isinstance(kind, str) or kind not in set(SlotKind) or not isinstance(kdf, Mapping):
            raise Misshapen("the kind of a key slot")
        cost = None
        if kind == SlotKind.PASSPHRASE:
            numbers = [kdf.get(name) for name in ("memory_kib", "iterations", "lanes")]
            if not all(type(number) is int for number in numbers):
                raise Misshapen("the cost of a key slot")
            cost = Cost(*numbers)  # type: ignore[arg-type]  # checked above
        if kdf != _derivation(cost) or (cost and not cost.is_sound()):
            raise Misshapen("the cost of a key slot")
        return cls(
            kind=SlotKind(kind),
            salt=unhex(value["salt"], "the salt of a key slot", SALT_BYTES),
            nonce=unhex(value["nonce"], "the nonce of a key slot", NONCE_BYTES),
            wrapped=unhex(value["wrapped"], "the key of a key slot", KEY_BYTES + TAG_BYTES),
            cost=cost,
        )


def unhex(value: object, what: str, length: int | None = None) -> bytes:
    """Return the bytes that hex digits spell, `length` of them where it is given; raise `Misshapen` for others."""
    with contextlib.suppress(ValueError):
        if isinstance(value, str) and value:
            content = bytes.fromhex(value)
            # Python passes over blanks, and what has two spellings could be changed behind the seal's back.
            if content.hex() == value and length in {None, len(content)}:
                return content
    raise Misshapen(what)


def _derive(kind: SlotKind, material: bytes, salt: bytes, cost: Cost | None) -> bytes:
    """Return the wrapping key."""
    if cost is None:
        return stretched(material, salt, f"{kind} slot")
    return from_passphrase(material, salt, memory_kib=cost.memory_kib, iterations=cost.iterations, lanes=cost.lanes)


def _derivation(cost: Cost | None) -> dict[str, object]:
    """Describe how the wrapping key is derived."""
    if cost is None:
        return {"name": "hkdf-sha256"}
    return {
        "name": "argon2id",
        "memory_kib": cost.memory_kib,
        "iterations": cost.iterations,
        "lanes": cost.lanes,
    }


def _about(kind: SlotKind, salt: bytes, cost: Cost | None, vault_id: str) -> dict[str, object]:
    """Return what a slot is bound to, so that none can be moved to another vault or made cheaper."""
    return {"vault": vault_id, "slot": str(kind), "salt": salt.hex(), "kdf": _derivation(cost)}
