"""
Verification of signed requests of the classic futures API, written from the exchange's documents.

Signed are timestamp, method, path with query, and body, one after the other;
the signature is the base64 of their HMAC-SHA256 under the secret. Only the
practice exchange uses this.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum

from hashdata.practice import Request

# Documented.
TOLERANCE_MS = 5_000


class Signature(StrEnum):
    """What a request's headers are worth, in the order in which they are looked at."""

    MISSING = "missing"
    STALE = "stale"
    UNKNOWN_KEY = "unknown key"
    WRONG_PASSPHRASE = "wrong passphrase"  # noqa: S105 - the name of an outcome
    WRONG = "wrong"
    GOOD = "good"


def verify(request: Request, held: Mapping[str, str] | None, now_ms: int) -> Signature:
    """Check `request` against what the exchange holds for its key; None is an unknown key."""
    names = ("pf-api-key", "pf-api-sign", "pf-api-timestamp", "pf-api-passphrase")
    _, given, stamp, passphrase = (request.headers.get(name, "") for name in names)
    if not all(request.headers.get(name) for name in names):
        return Signature.MISSING
    if not _is_timely(stamp, now_ms):
        return Signature.STALE
    if held is None:
        return Signature.UNKNOWN_KEY
    if not hmac.compare_digest(passphrase.encode(), held["passphrase"].encode()):
        return Signature.WRONG_PASSPHRASE
    if not hmac.compare_digest(given.encode(), sign(request, held["secret"], stamp).encode()):
        return Signature.WRONG
    return Signature.GOOD


def sign(request: Request, secret: str, stamp: str) -> str:
    """Return the signature that `request` must carry."""
    text = f"{stamp}{request.method}{request.target}".encode() + request.body
    return base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()


def _is_timely(stamp: str, now_ms: int) -> bool:
    """Whether `stamp` is a time in milliseconds within the tolerance."""
    is_number = stamp.isascii() and stamp.isdecimal() and len(stamp) < 20  # noqa: PLR2004 - more digits than any time
    return is_number and abs(now_ms - int(stamp)) <= TOLERANCE_MS
