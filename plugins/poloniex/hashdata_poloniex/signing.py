r"""
Verification of signed requests of the main host, written from the exchange's documents.

Signed is `METHOD\n/path\nPARAMETERS`; the signature is the base64 of the
HMAC-SHA256 of that under the secret. PARAMETERS is

* `requestBody=<the bytes sent>&signTimestamp=<ms>` where a body is sent,
* else all parameters of the query and `signTimestamp`, sorted by name,
  URL-encoded and joined by `&`.

Only the practice exchange uses this. ccxt signs what hashdata sends, and two
who wrote the same algorithm apart from each other check each other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from enum import StrEnum
from urllib.parse import quote

from hashdata.practice import Request

# Documented: valid for one minute; with recvWindow, at most a second ahead.
TOLERANCE_MS = 60_000
AHEAD_MS = 1_000
_METHOD = "hmacsha256"


class Signature(StrEnum):
    """What a request's signature is worth."""

    GOOD = "good"
    MISSING = "missing"
    WRONG = "wrong"
    STALE = "stale"
    AHEAD = "ahead"
    LATE = "late"


def verify(request: Request, secret: str, now_ms: int) -> Signature:
    """
    Check the signature of `request` under `secret`.

    *Stale* is a timestamp outside the minute; *ahead* and *late* are those
    that only the request's own `recvWindow` forbids.
    """
    stamp, given = request.headers.get("signtimestamp"), request.headers.get("signature")
    if not (request.headers.get("key") and stamp and given):
        return Signature.MISSING
    if request.headers.get("signaturemethod", _METHOD).lower() != _METHOD:
        return Signature.WRONG
    # As bytes: compare_digest refuses strings that are not ASCII.
    if not hmac.compare_digest(sign(request, secret, stamp).encode(), given.encode()):
        return Signature.WRONG
    return _timely(stamp, request.headers.get("recvwindow"), now_ms)


def sign(request: Request, secret: str, stamp: str) -> str:
    """Return the signature that `request` must carry."""
    digest = hmac.new(secret.encode(), signed_text(request, stamp), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signed_text(request: Request, stamp: str) -> bytes:
    """Return the bytes that are signed; the body enters as it was sent, whatever it says."""
    head = f"{request.method}\n{request.path}\n".encode()
    if request.body and request.method != "GET":
        return head + b"requestBody=" + request.body + b"&signTimestamp=" + stamp.encode()
    pairs = sorted([*request.query, ("signTimestamp", stamp)])
    # A space is %20: a query with + was refused (`spot_get_subaccounts-transfer-401`).
    return head + "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs).encode()


def _timely(stamp: str, window: str | None, now_ms: int) -> Signature:
    """Judge the time of a request whose signature is good."""
    if not (_is_number(stamp) and (window is None or _is_number(window))):
        return Signature.WRONG
    age = now_ms - int(stamp)
    if abs(age) > TOLERANCE_MS:
        return Signature.STALE
    if window is not None and age < -AHEAD_MS:
        return Signature.AHEAD
    if window is not None and age > int(window):
        return Signature.LATE
    return Signature.GOOD


def _is_number(text: str) -> bool:
    """Whether `text` is a whole number of a length that a time can have."""
    return text.isascii() and text.isdecimal() and len(text) < 20  # noqa: PLR2004 - more digits than any time in ms
