"""
Verification of signed requests, written from Kraken's documents.

Documented (docs.kraken.com, Spot REST, *Authentication*): `API-Sign` is the
base64 of the HMAC-SHA512 of path + SHA256(nonce + post data) under the secret,
which is base64 itself. The post data is the body as it was sent, and the nonce
one of its fields; the body is a form or a JSON object.

Only the practice exchange uses this. ccxt signs what hashdata sends, and two
who wrote the same algorithm apart from each other check each other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from hashdata.practice import Request


def fields(request: Request) -> Mapping[str, str]:
    """Return the fields of a body, a form's or a JSON object's, as text; none where it is neither."""
    text = request.body.decode(errors="replace")
    if not text.startswith("{"):
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {name: str(item) for name, item in value.items()} if isinstance(value, dict) else {}


def sign(request: Request, secret: str, nonce: str) -> str:
    """Return the signature that `request` must carry."""
    digest = hashlib.sha256(nonce.encode() + request.body).digest()
    signed = hmac.new(base64.b64decode(secret), request.path.encode() + digest, hashlib.sha512)
    return base64.b64encode(signed.digest()).decode()


def is_signed(request: Request, secret: str) -> bool:
    """Whether `request` carries its signature under `secret`."""
    nonce, given = fields(request).get("nonce", ""), request.headers.get("api-sign", "")
    # As bytes: compare_digest refuses strings that are not ASCII.
    return hmac.compare_digest(sign(request, secret, nonce).encode(), given.encode())
