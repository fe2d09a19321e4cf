"""
Verification of signed requests, written from the page *Integration Guidance* of Bybit's V5 documents.

Signed is `timestamp + key + recv_window + what`, where *what* is the query of
a GET as it stands in the address, and the body of a POST as it was sent. The
signature is the HMAC-SHA256 of that under the secret, in hexadecimal digits.

Only the practice exchange uses this. ccxt signs what hashdata sends, and two
who wrote the same algorithm apart from each other check each other.
"""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum

from hashdata.practice import Request

# Documented: server_time - recv_window <= timestamp < server_time + 1000, and 5,000 where no window is sent.
AHEAD_MS = 1_000
WINDOW_MS = 5_000


class Signature(StrEnum):
    """What a request's signature is worth."""

    GOOD = "good"
    MISSING = "missing"
    WRONG = "wrong"
    UNTIMELY = "untimely"


def verify(request: Request, secret: str, now_ms: int) -> Signature:
    """Check the signature of `request` under `secret`, and whether it is in time."""
    stamp, given = request.headers.get("x-bapi-timestamp", ""), request.headers.get("x-bapi-sign", "")
    window = request.headers.get("x-bapi-recv-window", str(WINDOW_MS))
    if not (request.headers.get("x-bapi-api-key") and stamp and given):
        return Signature.MISSING
    # As bytes: compare_digest refuses strings that are not ASCII.
    if not hmac.compare_digest(sign(request, secret).encode(), given.encode()):
        return Signature.WRONG
    if not (_is_number(stamp) and _is_number(window)):
        return Signature.UNTIMELY
    in_time = now_ms - int(window) <= int(stamp) < now_ms + AHEAD_MS
    return Signature.GOOD if in_time else Signature.UNTIMELY


def sign(request: Request, secret: str) -> str:
    """Return the signature that `request` must carry."""
    names = ("x-bapi-timestamp", "x-bapi-api-key", "x-bapi-recv-window")
    head = "".join(request.headers.get(name, "") for name in names).encode()
    what = request.target.partition("?")[2].encode() if request.method == "GET" else request.body
    return hmac.new(secret.encode(), head + what, hashlib.sha256).hexdigest()


def _is_number(text: str) -> bool:
    """Whether `text` is a whole number of a length that a time can have."""
    return text.isascii() and text.isdecimal() and len(text) < 20  # noqa: PLR2004 - more digits than any time in ms
