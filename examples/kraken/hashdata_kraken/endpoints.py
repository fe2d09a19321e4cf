"""
The private endpoints of the practice exchange: what each one needs, and what it does.

Permissions and results are those of the Spot REST pages of docs.kraken.com;
the amounts are invented. What changes something is here too, so that the
ledger shows it if it is ever sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

PAIRS = frozenset({"XBTUSD", "XXBTZUSD", "ETHUSD", "XETHZUSD", "SOLUSD"})
ASSETS = frozenset({"XBT", "XXBT", "ETH", "XETH", "SOL", "ZUSD", "USD"})
ADDRESSES = frozenset({"practice-wallet"})

Check = Callable[[Mapping[str, str]], str]


def _sound(_: Mapping[str, str]) -> str:
    return ""


def _order(fields: Mapping[str, str]) -> str:
    return "" if fields.get("pair") in PAIRS else "EQuery:Unknown asset pair"


def _asset(fields: Mapping[str, str]) -> str:
    return "" if fields.get("asset") in ASSETS else "EFunding:Unknown asset"


def _withdrawal(fields: Mapping[str, str]) -> str:
    return _asset(fields) or ("" if fields.get("key") in ADDRESSES else "EFunding:Unknown withdraw key")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    One endpoint: a key needs one of `needs`, and only then `check` looks at the fields and names an error.

    What `changes` something is written to the ledger.
    """

    needs: tuple[str, ...]
    result: object
    changes: bool = False
    check: Check = _sound


_LEDGER = {
    "refid": "TPRACT-ICE00-LEDGER",
    "time": 1735689600.5,
    "type": "deposit",
    "subtype": "",
    "aclass": "currency",
    "asset": "XXBT",
    "amount": "0.5000000000",
    "fee": "0.0000000000",
    "balance": "0.5000000000",
}
_TRADE = {
    "ordertxid": "OPRACT-ICE00-ORDER0",
    "pair": "XXBTZUSD",
    "time": 1735689700.5,
    "type": "buy",
    "ordertype": "limit",
    "price": "94000.00000",
    "cost": "940.00000",
    "fee": "2.35000",
    "vol": "0.01000000",
}
_ORDER = {"refid": None, "status": "closed", "opentm": 1735689600.25, "vol": "0.01000000", "cost": "940.00000"}
_DEPOSIT = {
    "method": "Bitcoin",
    "aclass": "currency",
    "asset": "XXBT",
    "refid": "FPRACT-ICE00-DEPOSIT",
    "amount": "0.5000000000",
    "fee": "0.0000000000",
    "time": 1735689600,
    "status": "Success",
}

_READS = {
    "Balance": Endpoint(("query-funds",), {"XXBT": "0.5100000000", "ZUSD": "57.6500"}),
    "Ledgers": Endpoint(("query-ledger",), {"ledger": {"LPRACT-ICE00-LEDGER": _LEDGER}, "count": 1}),
    "TradesHistory": Endpoint(("query-closed-trades",), {"trades": {"TPRACT-ICE00-TRADE0": _TRADE}, "count": 1}),
    "ClosedOrders": Endpoint(("query-closed-trades",), {"closed": {"OPRACT-ICE00-ORDER0": _ORDER}, "count": 1}),
    "OpenOrders": Endpoint(("query-open-trades",), {"open": {}}),
    "DepositStatus": Endpoint(("query-funds",), [_DEPOSIT]),
    "WithdrawStatus": Endpoint(("withdraw-funds", "query-ledger"), []),
}

_WRITES = {
    "AddOrder": Endpoint(
        ("modify-trades",),
        {"descr": {"order": "an order"}, "txid": ["OPRACT-ICE00-PLACED"]},
        changes=True,
        check=_order,
    ),
    "CancelAll": Endpoint(("close-trades",), {"count": 1}, changes=True),
    "Earn/Allocate": Endpoint(("earn-funds",), result=True, changes=True),
    "DepositAddresses": Endpoint(("add-funds",), [], changes=True, check=_asset),
    "Withdraw": Endpoint(("withdraw-funds",), {"refid": "APRACT-ICE00-WITHDR"}, changes=True, check=_withdrawal),
    # As documented: a right to read is enough.
    "WalletTransfer": Endpoint(("query-funds",), {"refid": "FPRACT-ICE00-MOVED0"}, changes=True, check=_asset),
}

ENDPOINTS: Mapping[str, Endpoint] = {f"/0/private/{name}": endpoint for name, endpoint in (_READS | _WRITES).items()}
