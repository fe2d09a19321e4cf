"""The endpoints of the practice exchange's classic service."""

from __future__ import annotations

from hashdata.permissions import Permission
from hashdata_poloniex.endpoints import Endpoint
from hashdata_poloniex.main_endpoints import is_known

CONTRACTS = frozenset({"BTCUSDTPERP", "ETHUSDTPERP"})
_REFUSED = "doc_classic_error-400007-permission"


def _trade(method_and_path: str, answer: str, *, changes: bool) -> Endpoint:
    """Make an endpoint that only a key with the right to trade may use."""
    return Endpoint(method_and_path, answer, Permission.TRADE, _REFUSED, changes=changes)


CLASSIC = (
    Endpoint("GET /api/v1/account-overview", "doc_classic_get_account-overview"),
    Endpoint("GET /api/v1/transaction-history", "practice_classic-transactions"),
    Endpoint("GET /api/v1/positions", "practice_classic-positions"),
    Endpoint("GET /api/v1/orders", "practice_classic-page"),
    Endpoint("GET /api/v1/fills", "practice_classic-page"),
    Endpoint(
        "POST /api/v1/orders",
        "practice_classic-placed",
        Permission.TRADE,
        _REFUSED,
        is_known("symbol", CONTRACTS),
        "doc_classic_error-400100",
        changes=True,
    ),
    _trade("DELETE /api/v1/orders", "practice_classic-cancelled", changes=True),
    _trade("DELETE /api/v1/stopOrders", "practice_classic-cancelled", changes=True),
    # No order rests on this exchange, so nothing is cancelled.
    _trade("DELETE /api/v1/orders/{id}", "practice_classic-nothing-cancelled", changes=False),
)
