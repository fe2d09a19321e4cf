"""
The cryptography of the vault, all of it `cryptography`'s: AES-256-GCM, HKDF and HMAC with SHA-256, Argon2id.

One random data key opens everything. It never serves by itself: each purpose
has a key of its own that is derived from it. The library is imported where
it is used: listing accounts decrypts nothing.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from hashlib import sha256

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16
# What AES-256-GCM adds to what it encrypts.
TAG_BYTES = 16


class Unsealable(Exception):  # noqa: N818 - an answer, not a fault
    """The key does not fit, or what was sealed has changed: nobody can tell which."""


def random_key() -> bytes:
    """Return 256 random bits."""
    return os.urandom(KEY_BYTES)


def random_salt() -> bytes:
    """Return what makes two derivations from the same passphrase differ."""
    return os.urandom(SALT_BYTES)


def stretched(material: bytes, salt: bytes, purpose: str) -> bytes:
    """Derive a key for one purpose from material that nobody can guess (HKDF)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt, f"hashdata {purpose}".encode()).derive(material)


def from_passphrase(passphrase: bytes, salt: bytes, *, memory_kib: int, iterations: int, lanes: int) -> bytes:
    """Derive a key from what a person can remember (Argon2id), at the cost that its slot names."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(salt=salt, length=KEY_BYTES, iterations=iterations, lanes=lanes, memory_cost=memory_kib).derive(
        passphrase
    )


def seal(key: bytes, content: bytes, about: Mapping[str, object]) -> tuple[bytes, bytes]:
    """Encrypt `content` so that it opens only together with the same `about`; return nonce and ciphertext."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, content, canonical(about))


def unseal(key: bytes, nonce: bytes, sealed: bytes, about: Mapping[str, object]) -> bytes:
    """Return what was sealed; raise `Unsealable` when key, content or `about` are not those of that time."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(nonce, sealed, canonical(about))
    except (InvalidTag, ValueError):
        raise Unsealable from None


def tag(key: bytes, content: bytes) -> str:
    """Return the HMAC of `content`, in hex."""
    return hmac.new(key, content, sha256).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Compare two tags in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def checksum(content: bytes) -> str:
    """Return the SHA-256 of `content`, in hex: against damage, not against people."""
    return sha256(content).hexdigest()


def canonical(value: Mapping[str, object]) -> bytes:
    """Return the one spelling of a document, as JSON of ASCII without blanks and with sorted names."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
