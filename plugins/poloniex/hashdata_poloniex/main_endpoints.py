"""
The endpoints of the practice exchange's main host, spot and v3 futures.

Every request that changes something at the real exchange is here, so that
the ledger shows it if one is ever sent. Orders and withdrawals need their
permission. All the rest is carried out for every key: keys whose orders and
withdrawals were refused were seen to arm the kill switch, to change the
position mode, to create addresses and to reach the checks of cancels and
transfers.
"""

from __future__ import annotations

from hashdata.permissions import Permission

from hashdata_poloniex.endpoints import Check, Endpoint

MARKETS = frozenset({"BTC_USDT", "ETH_USDT", "TRX_USDT"})
CONTRACTS = frozenset({"BTC_USDT_PERP", "ETH_USDT_PERP"})
CURRENCIES = frozenset({"BTC", "ETH", "TRX", "USDT"})
_WALLETS = frozenset({"SPOT", "FUTURES"})
_TRADE, _WITHDRAW = Permission.TRADE, Permission.WITHDRAW


def is_known(name: str, known: frozenset[str]) -> Check:
    """Return a check that the body, or each item of it, has a known value under `name`."""

    def check(body: object) -> bool:
        items = body if isinstance(body, list) else [body]
        values = [item.get(name) if isinstance(item, dict) else None for item in items]
        return bool(values) and all(isinstance(v, str) and v in known for v in values)

    return check


def _names_none(body: object) -> bool:
    """Whether a batch names no order; to the exchange that means all of them."""
    return not (isinstance(body, dict) and any(isinstance(ids, list) and ids for ids in body.values()))


def _order(route: str, answer: str, *, refused: str, known: frozenset[str], invalid: str) -> Endpoint:
    """Make an endpoint that places orders."""
    return Endpoint(route, answer, _TRADE, refused, is_known("symbol", known), invalid, changes=True)


def _change(route: str, answer: str) -> Endpoint:
    """Make an endpoint that every key can change something by."""
    return Endpoint(route, answer, changes=True)


def _spot_order(route: str, answer: str, refused: str = "spot_post_orders-403") -> Endpoint:
    return _order(route, answer, refused=refused, known=MARKETS, invalid="practice_order-unknown-market")


def _v3_order(route: str, answer: str) -> Endpoint:
    refused, invalid = "v3_post_v3-trade-order-10042", "practice_v3-unknown-contract"
    return _order(route, answer, refused=refused, known=CONTRACTS, invalid=invalid)


_SPOT_READS = (
    Endpoint("GET /accounts", "spot_get_accounts"),
    Endpoint("GET /accounts/balances", "spot_get_accounts-balances"),
    Endpoint("GET /accounts/activity", "spot_get_accounts-activity-empty"),
    Endpoint("GET /accounts/transfer", "spot_get_accounts-transfer-empty"),
    Endpoint("GET /accounts/interest/history", "spot_get_accounts-interest-history-empty"),
    Endpoint("GET /feeinfo", "spot_get_feeinfo"),
    Endpoint("GET /margin/accountMargin", "spot_get_margin-accountmargin-2"),
    Endpoint("GET /margin/borrowStatus", "spot_get_margin-borrowstatus-empty"),
    Endpoint("GET /orders", "spot_get_orders-empty"),
    Endpoint("GET /orders/history", "spot_get_orders-history-empty"),
    Endpoint("GET /orders/{id}", "spot_get_orders-1234-21301"),
    Endpoint("GET /smartorders", "spot_get_smartorders-empty"),
    Endpoint("GET /subaccounts", "spot_get_subaccounts"),
    Endpoint("GET /trades", "spot_get_trades-empty"),
    Endpoint("GET /wallets/activity", "spot_get_wallets-activity-2"),
)

_SPOT_WRITES = (
    _spot_order("POST /orders", "practice_order-placed"),
    _spot_order("POST /orders/batch", "practice_orders-placed"),
    _spot_order("POST /smartorders", "practice_order-placed", "spot_post_smartorders-403"),
    _change("POST /orders/killSwitch", "spot_post_orders-killswitch"),
    _change("DELETE /orders", "practice_orders-cancelled"),
    Endpoint(
        "DELETE /orders/cancelByIds",
        "practice_orders-cancelled",
        check=_names_none,
        invalid="spot_delete_orders-cancelbyids-list-21301",
        changes=True,
    ),
    _change("DELETE /smartorders", "practice_smart-orders-cancelled"),
    Endpoint(
        "DELETE /smartorders/cancelByIds",
        "practice_smart-orders-cancelled",
        check=_names_none,
        invalid="spot_delete_smartorders-cancelbyids-list-25009",
        changes=True,
    ),
    # No order rests on this exchange, so there is none to change or to cancel.
    Endpoint("DELETE /orders/{id}", "spot_delete_orders-1-21301"),
    Endpoint("DELETE /smartorders/{id}", "spot_delete_smartorders-123-25009"),
    Endpoint("PUT /orders/{id}", "spot_put_orders-1337-21301"),
    Endpoint("PUT /smartorders/{id}", "spot_put_smartorders-29772698821328896-21301"),
    Endpoint(
        "POST /wallets/withdraw",
        "practice_withdrawn",
        _WITHDRAW,
        "spot_post_wallets-withdraw-403",
        is_known("currency", CURRENCIES),
        "practice_withdraw-unknown-currency",
        changes=True,
    ),
    Endpoint(
        "POST /v2/wallets/withdraw",
        "practice_withdrawn",
        _WITHDRAW,
        "practice_withdraw-v2-refused",
        is_known("coin", CURRENCIES),
        "spot_post_v2-wallets-withdraw-830111",
        changes=True,
    ),
    _change("POST /wallets/address", "spot_post_wallets-address"),
    Endpoint(
        "POST /accounts/transfer",
        "practice_transferred",
        check=is_known("toAccount", _WALLETS),
        invalid="spot_post_accounts-transfer-601",
        changes=True,
    ),
    Endpoint("POST /subaccounts/transfer", "spot_post_subaccounts-transfer-250020"),
)

_V3_READS = (
    Endpoint("GET /v3/account/balance", "practice_v3-balance"),
    Endpoint("GET /v3/account/bills", "v3_get_v3-account-bills-200"),
    Endpoint("GET /v3/trade/order/history", "v3_get_v3-trade-order-history-200"),
    Endpoint("GET /v3/trade/order/opens", "v3_get_v3-trade-order-opens-200"),
    Endpoint("GET /v3/trade/order/trades", "v3_get_v3-trade-order-trades-200"),
    Endpoint("GET /v3/trade/position/history", "v3_get_v3-trade-position-history-200"),
    Endpoint("GET /v3/trade/position/opens", "v3_get_v3-trade-position-opens-200"),
    Endpoint("GET /v3/position/mode", "v3_get_v3-position-mode-200"),
)

_V3_WRITES = (
    _v3_order("POST /v3/trade/order", "practice_v3-order-placed"),
    _v3_order("POST /v3/trade/orders", "practice_v3-orders-placed"),
    # Closing a position places an order.
    _v3_order("POST /v3/trade/position", "practice_v3-order-placed"),
    Endpoint(
        "POST /v3/trade/positionAll",
        "practice_v3-orders-placed",
        _TRADE,
        "v3_post_v3-trade-order-10042",
        changes=True,
    ),
    Endpoint("DELETE /v3/trade/order", "v3_delete_trade-order-11008"),
    _change("DELETE /v3/trade/batchOrders", "practice_v3-orders-cancelled"),
    _change("DELETE /v3/trade/allOrders", "practice_v3-orders-cancelled"),
    _change("POST /v3/position/leverage", "practice_v3-position-changed"),
    _change("POST /v3/position/mode", "v3_post_v3-position-mode-200"),
    _change("POST /v3/trade/position/margin", "practice_v3-position-changed"),
)

MAIN = (*_SPOT_READS, *_SPOT_WRITES, *_V3_READS, *_V3_WRITES)
