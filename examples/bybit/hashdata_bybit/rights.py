"""
What Bybit's statement about a key means.

Documented on the page *Get API Key Information* (`GET /v5/user/query-api`):
`readOnly` is 0 for *Read and Write* and 1 for *Read only*, and `permissions`
are lists of flags. The example on that page is a read-only key whose lists
name orders and transfers. So with 1 the lists say what the key may read, and
with 0 what it may do; there is one allow-list for each.

The same page in Chinese of `/v5/user/sub-apikeys` states the meaning of
`readOnly` the other way round, but as true and false. Only the numbers 0 and
1 are read here, and of everything else nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hashdata.answers import Fields, Is, ListOf, Number, Shape, Text
from hashdata.permissions import Permission
from hashdata.rights import Rights, by_flags

_TRADE, _WITHDRAW, _TRANSFER = Permission.TRADE, Permission.WITHDRAW, Permission.TRANSFER
_EPOCH = datetime.fromtimestamp(0, UTC)
_WITHDRAWING = "Wallet.Withdraw"

# With readOnly 0: what each flag lets a key do, None for what moves no money. The names are Bybit's, typing errors too.
WRITING: Mapping[str, Permission | None] = {
    "ContractTrade.Order": _TRADE,
    "ContractTrade.Position": _TRADE,
    "Spot.SpotTrade": _TRADE,
    "Options.OptionsTrade": _TRADE,
    "BlockTrade.BlockTrade": _TRADE,
    "CopyTrading.CopyTrading": _TRADE,
    # Despite its name: the page gives it as the permission to convert one coin into another.
    "Exchange.ExchangeHistory": _TRADE,
    "Earn.Earn": _TRADE,
    "FiatP2P.FiatP2POrder": _TRADE,
    "FiatP2P.Advertising": _TRADE,
    "FiatConvertBroker.FiatConvertBrokerOrder": _TRADE,
    "Wallet.AccountTransfer": _TRANSFER,
    "Wallet.SubMemberTransfer": _TRANSFER,
    "Wallet.SubMemberTransferList": _TRANSFER,
    _WITHDRAWING: _WITHDRAW,
    # Bybit Pay: what is paid leaves the account.
    "FiatBitPay.FaitPayOrder": _WITHDRAW,
    "FiatBybitPay.FaitPayOrder": _WITHDRAW,
    "NFT.NFTQueryProductList": None,
    "Affiliate.Affiliate": None,
    "ByXPost.ByXPost": None,
}

# Known by name only. Bybit adds the first to keys of unified accounts by itself, so it is no proof of trading, and
# what it allows a key that may write is documented nowhere; nor is that of the card.
_OBSCURE = frozenset({"Derivatives.DerivativesTrade", "BitCard.BitCard"})

# With readOnly 1: nothing can be done with any of these. Withdrawing has no reading side, and a key may change itself
# (`POST /v5/user/update-api`), so a read-only key that is ticked for it is not vouched for.
READING: Mapping[str, Permission | None] = dict.fromkeys((WRITING.keys() | _OBSCURE) - {_WITHDRAWING})


def _moment(text: object) -> datetime | None:
    """Return a time that is written by ISO 8601, None for what is none."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None


class _Moment:
    """The shape of a time."""

    def fits(self, value: object) -> bool:
        """Whether `value` is one."""
        return _moment(value) is not None


# Lists that the page shows for every key. Without them an answer says nothing, least of all that all is off.
SHAPE: Shape = Fields(
    {
        "retCode": Is(0),
        "result": Fields(
            {
                "readOnly": Number(),
                "permissions": Fields(dict.fromkeys(("ContractTrade", "Spot", "Wallet"), ListOf(Text()))),
                "ips": ListOf(Text()),
                "expiredAt": _Moment(),
            }
        ),
    }
)


def rights(value: object) -> Rights:
    """
    Return what an answer of `SHAPE` states; one of another shape states nothing.

    A flag that the list for `readOnly` does not have is unknown, and so is a
    `readOnly` that is neither 0 nor 1: then nothing is refused.
    """
    if not (isinstance(value, dict) and SHAPE.fits(value)):
        return Rights()
    key = value["result"]
    read_only, end = key["readOnly"], _moment(key["expiredAt"])
    known = {0: WRITING, 1: READING}.get(read_only) if type(read_only) is int else None
    stated = (
        Rights(unknown=(f"readOnly {read_only}",)) if known is None else by_flags(_flags(key["permissions"]), known)
    )
    return replace(
        stated,
        # A key that is bound to addresses does not end, and Bybit writes the year 1970 for that.
        expires_at=end if end and end > _EPOCH else None,
        addresses=() if "*" in key["ips"] else tuple(key["ips"]),
    )


def _flags(permissions: Mapping[str, object]) -> Iterator[str]:
    """Name every flag that is on as `List.Item`; a list that is none is named with what stands there, and unknown."""
    for name, items in permissions.items():
        yield from (f"{name}.{item}" for item in items) if isinstance(items, list) else (f"{name} {items}",)
