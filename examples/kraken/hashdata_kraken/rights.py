"""
What GetApiKeyInfo states about a key, read fail-closed.

Documented (docs.kraken.com, Spot REST, *Get API Key Info*): `permissions`
holds words of one table, and `validUntil`, `queryFrom` and `queryTo` hold Unix
times as text, "0" where they are not set. `ipAllowlist` is empty where every
address will do. What is not of that table or of that form is not guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hashdata.answers import Fields, ListOf, Text
from hashdata.permissions import Permission
from hashdata.rights import Rights, by_flags

from hashdata_kraken.shapes import Good

STATES = (Permission.TRADE, Permission.WITHDRAW)

# Every word of the document's table. None gives neither of the two.
KNOWN: Mapping[str, Permission | None] = {
    "query-funds": None,
    "query-open-trades": None,
    "query-closed-trades": None,
    "query-ledger": None,
    # Prepares files for the owner to fetch.
    "export-data": None,
    # Opens private feeds; an order over one needs modify-trades all the same.
    "create-ws-token": None,
    "modify-trades": Permission.TRADE,
    # Cancelling changes the account, and closing a position places an order.
    "close-trades": Permission.TRADE,
    # Ties up what the account holds in a product, as buying one does.
    "earn-funds": Permission.TRADE,
    "withdraw-funds": Permission.WITHDRAW,
    # Half of a withdrawal: where the next one goes.
    "add-withdraw-address": Permission.WITHDRAW,
    "update-withdraw-address": Permission.WITHDRAW,
    # Makes deposit addresses. No read needs it, and hashdata has no word of its own for it.
    "add-funds": Permission.WITHDRAW,
}

# For none of these is there a question that changes nothing.
IN_PART = frozenset({"close-trades", "earn-funds", "add-withdraw-address", "update-withdraw-address", "add-funds"})

SHAPE = Good(
    Fields(
        {
            "permissions": ListOf(Text(), at_least=1),
            "validUntil": Text(),
            "queryFrom": Text(),
            "queryTo": Text(),
            "ipAllowlist": ListOf(Text()),
        }
    )
)


def rights(value: object) -> Rights:
    """
    Return what an answer of `SHAPE` states; one of another shape states nothing.

    Raises `ValueError` for a time that is none: then nothing is stated
    either, because a limit that cannot be read may hide half of the history.
    """
    if not SHAPE.fits(value) or not isinstance(value, dict):
        return Rights()
    result = value["result"]
    start, end = _moment(result["queryFrom"]), _moment(result["queryTo"])
    gaps = (
        *((f"The key can read nothing from before {_shown(start)}.",) if start else ()),
        *((f"The key can read nothing from after {_shown(end)}.",) if end else ()),
    )
    return replace(
        by_flags(result["permissions"], KNOWN, STATES, IN_PART),
        gaps=gaps,
        expires_at=_moment(result["validUntil"]),
        addresses=tuple(result["ipAllowlist"]),
    )


def _moment(stated: str) -> datetime | None:
    """Return a Unix time written as text, None for "0"; raise `ValueError` for anything else."""
    if not (stated.isascii() and stated.isdecimal()):
        message = "not a Unix time"
        raise ValueError(message)
    return datetime.fromtimestamp(int(stated), UTC) if int(stated) else None


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
