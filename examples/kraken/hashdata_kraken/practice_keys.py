"""The practice keys: what each one may do, and what happens to whoever uses it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

from hashdata.practice import Persona

READING = ("query-funds", "query-open-trades", "query-closed-trades", "query-ledger")
TRADING = ("modify-trades", "close-trades")
EVERYTHING = (
    *READING,
    *TRADING,
    "add-funds",
    "withdraw-funds",
    "earn-funds",
    "export-data",
    "create-ws-token",
    "add-withdraw-address",
    "update-withdraw-address",
)
_FORTNIGHT = 14 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeKey:
    """
    A persona, and what the exchange has on file for its key.

    `held` is None for a key that the exchange does not know. `hidden` are
    permissions that it acts on and does not state. `states` replaces fields
    of what it states about the key, and `ends_in` are the seconds until the
    key ends. `nonce` is the last one that was used. `error` is answered to
    every signed request.
    """

    persona: Persona
    held: Mapping[str, str] | None
    permissions: tuple[str, ...] = READING
    hidden: tuple[str, ...] = ()
    states: Mapping[str, object] = field(default_factory=dict)
    ends_in: int = 0
    nonce: int = 0
    error: str = ""


def values(number: int) -> dict[str, str]:
    """Return key and secret number `number`: of the exchange's format, and plainly of no use."""
    return {
        "api_key": f"PRACTICE/NOT/A/REAL/KEY/OF/KRAKEN/{number:022d}",
        "secret": base64.b64encode(f"practice secret {number}".ljust(64, ".").encode()).decode(),
    }


def key(  # noqa: PLR0913 - a row of the table below
    number: int,
    name: str,
    about: str,
    *,
    permissions: tuple[str, ...] = READING,
    hidden: tuple[str, ...] = (),
    states: Mapping[str, object] | None = None,
    ends_in: int = 0,
    nonce: int = 0,
    error: str = "",
    secret: int | None = None,
    skew_ms: int = 0,
) -> PracticeKey:
    """Make a key that the exchange knows; `secret` is the number of the one that it has on file."""
    given = values(number)
    return PracticeKey(
        persona=Persona(name=name, about=about, credentials=given, skew_ms=skew_ms),
        held=given if secret is None else given | {"secret": values(secret)["secret"]},
        permissions=permissions,
        hidden=hidden,
        states=states or {},
        ends_in=ends_in,
        nonce=nonce,
        error=error,
    )


_UNKNOWN = PracticeKey(
    persona=Persona(name="wrong-key", about="a key that the exchange does not know", credentials=values(9)),
    held=None,
)

KEYS = (
    key(1, "read-only", "may read and nothing else: the key to connect"),
    key(2, "trading", "may read and place orders", permissions=(*READING, *TRADING)),
    key(3, "withdrawal", "may read and withdraw", permissions=(*READING, "withdraw-funds")),
    key(4, "earn", "may read and put holdings into a product", permissions=(*READING, "earn-funds")),
    key(5, "address-book", "may read and add withdrawal addresses", permissions=(*READING, "add-withdraw-address")),
    key(6, "full-power", "may do everything", permissions=EVERYTHING),
    key(7, "unknown-right", "has a right that nobody knows", permissions=(*READING, "new-right")),
    key(8, "half-history", "may read nothing from before 2025", states={"queryFrom": "1735689600"}),
    _UNKNOWN,
    key(10, "wrong-secret", "a known key with the secret of another", secret=96),
    key(11, "ip-locked", "may be used from another address only", error="EAPI:Invalid key"),
    key(12, "expired", "has ended", error="EAPI:Invalid key"),
    key(13, "rate-limited", "the exchange asks to slow down", error="EAPI:Rate limit exceeded"),
    key(14, "contradiction", "is said not to trade, but an order is looked at", hidden=("modify-trades",)),
    key(15, "bound-to-address", "may be used from two addresses", states={"ipAllowlist": ["127.0.0.1", "::1"]}),
    key(16, "ending-soon", "ends in two weeks", ends_in=_FORTNIGHT),
    key(17, "short-read", "may not read the ledger", permissions=READING[:3]),
    key(18, "shared", "another program uses the key, with a finer clock", nonce=10**18),
    key(19, "locked-out", "the exchange saw too many wrong keys", error="EGeneral:Temporary lockout"),
    key(20, "maintenance", "the exchange is out of order", error="EService:Unavailable"),
    key(21, "skewed-clock", "the exchange's clock is ten minutes ahead", skew_ms=600_000),
)
