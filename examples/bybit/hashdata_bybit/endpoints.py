"""
The endpoints of the practice exchange, with the answers of the examples in Bybit's V5 documents.

Which flag a read needs is documented nowhere. That the wallet's first box
opens the assets is from JKorf/Bybit.Net issue 173; the others are inferred.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from hashdata.practice import Request

SYMBOLS = frozenset({"BTCUSDT", "ETHUSDT", "BTCUSD"})
COINS = frozenset({"BTC", "ETH", "USDT"})

_ORDERING = ("ContractTrade.Order", "Spot.SpotTrade", "Options.OptionsTrade")
_WALLET = ("Wallet.AccountTransfer", "Wallet.SubMemberTransfer", "Wallet.Withdraw")
_BY_CATEGORY = {
    "spot": ("Spot.SpotTrade",),
    "linear": ("ContractTrade.Order",),
    "inverse": ("ContractTrade.Order",),
    "option": ("Options.OptionsTrade",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """
    A GET: `result` is what it answers.

    A key needs one of the flags `needs`, or one of those of the product that
    it asks for, or none where both are empty.
    """

    path: str
    result: Mapping[str, object]
    needs: tuple[str, ...] = ()
    by_category: bool = False

    def flags(self, request: Request) -> tuple[str, ...]:
        """Return the flags of which the key needs one."""
        return _BY_CATEGORY.get(dict(request.query).get("category", ""), ()) if self.by_category else self.needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """
    A POST that changes something, for a key that may write and has one of the flags `needs`.

    It is carried out when the body's field `name` is one of `known`, or
    whatever the body says where there is no such field.
    """

    path: str
    needs: tuple[str, ...]
    result: Mapping[str, object] = field(default_factory=dict)
    name: str = ""
    known: frozenset[str] = frozenset()

    def is_possible(self, request: Request) -> bool:
        """Whether the exchange can do what the body says."""
        return not self.name or _decoded(request.body).get(self.name) in self.known


def _decoded(body: bytes) -> Mapping[str, object]:
    """Return the object in a body, an empty one where there is none."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


READS = (
    Read(
        path="/v5/account/wallet-balance",
        result={"list": [{"accountType": "UNIFIED", "coin": [{"coin": "BTC", "walletBalance": "0.805994"}]}]},
        needs=_WALLET,
    ),
    Read(
        path="/v5/asset/transfer/query-account-coins-balance",
        result={
            "memberId": "53888001",
            "accountType": "FUND",
            "balance": [{"coin": "USDC", "transferBalance": "0", "walletBalance": "0", "bonus": ""}],
        },
        needs=_WALLET,
    ),
    Read(
        path="/v5/account/transaction-log",
        result={
            "nextPageCursor": "",
            "list": [{"symbol": "XRPUSDT", "currency": "USDT", "type": "SETTLEMENT", "transactionTime": 1672128000000}],
        },
    ),
    Read(path="/v5/asset/fundinghistory", result={"nextPageCursor": "", "list": []}, needs=_WALLET),
    Read(
        path="/v5/order/history",
        result={
            "list": [{"orderId": "14bad3a1-6454-43d8-bcf2-5345896cf74d", "symbol": "BTCUSDT", "qty": "0.003"}],
            "nextPageCursor": "",
        },
        by_category=True,
    ),
    Read(
        path="/v5/execution/list",
        result={
            "list": [{"execId": "e0cbe81d-0f18-5866-9415-cf319b5dab3b", "symbol": "ETHPERP", "execQty": "0.1"}],
            "nextPageCursor": "",
        },
        by_category=True,
    ),
    Read(
        path="/v5/asset/deposit/query-record",
        result={"rows": [{"coin": "USDT", "chain": "ETH", "amount": "10000", "status": 3}], "nextPageCursor": ""},
        needs=_WALLET,
    ),
    Read(
        path="/v5/asset/withdraw/query-record",
        result={"rows": [{"withdrawId": "9976", "coin": "USDT", "amount": "77", "txID": ""}], "nextPageCursor": ""},
        needs=_WALLET,
    ),
    Read(path="/v5/asset/deposit/query-internal-record", result={"rows": [], "nextPageCursor": ""}, needs=_WALLET),
    Read(path="/v5/asset/transfer/query-inter-transfer-list", result={"list": [], "nextPageCursor": ""}, needs=_WALLET),
)

_ORDER = {"orderId": "1321003749386327552", "orderLinkId": ""}
_TRANSFERRED = {"transferId": "42c0cfb0-6bca-c242-bc76-4e6df6cbcb16", "status": "SUCCESS"}

WRITES = (
    Write(path="/v5/order/create", needs=_ORDERING, result=_ORDER, name="symbol", known=SYMBOLS),
    Write(path="/v5/order/create-batch", needs=_ORDERING, result={"list": []}),
    Write(path="/v5/order/amend", needs=_ORDERING, result=_ORDER, name="symbol", known=SYMBOLS),
    Write(path="/v5/order/cancel", needs=_ORDERING, result=_ORDER, name="symbol", known=SYMBOLS),
    Write(path="/v5/order/cancel-all", needs=_ORDERING, result={"list": []}),
    Write(path="/v5/position/set-leverage", needs=("ContractTrade.Position",), name="symbol", known=SYMBOLS),
    Write(path="/v5/asset/exchange/convert-execute", needs=("Exchange.ExchangeHistory",)),
    Write(path="/v5/earn/place-order", needs=("Earn.Earn",)),
    Write(
        path="/v5/asset/transfer/inter-transfer",
        needs=("Wallet.AccountTransfer",),
        result=_TRANSFERRED,
        name="coin",
        known=COINS,
    ),
    Write(
        path="/v5/asset/transfer/universal-transfer",
        needs=("Wallet.SubMemberTransfer",),
        result=_TRANSFERRED,
        name="coin",
        known=COINS,
    ),
    Write(
        path="/v5/asset/withdraw/create", needs=("Wallet.Withdraw",), result={"id": "10195"}, name="coin", known=COINS
    ),
    Write(path="/v5/asset/withdraw/cancel", needs=("Wallet.Withdraw",), result={"status": 1}),
    Write(path="/v5/user/update-api", needs=_WALLET),
)
