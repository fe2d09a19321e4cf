"""
The classic futures API as a ccxt class: how it is signed, and the endpoints that are asked.

ccxt no longer has one. Documented by the exchange: header names, the signed
text (timestamp, method, path with query, body), and a tolerance of 5 seconds.
The service was announced offline for 2024-11-30.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from ccxt.async_support.base.exchange import Exchange
from ccxt.base.types import Entry

_ORIGIN = "https://futures-api.poloniex.com"
_PREFIX = "/api/v1/"


class poloniexfutures(Exchange):  # type: ignore[misc]  # noqa: N801 - ccxt is untyped and names classes like its exchanges
    """Signs and names requests; everything else is ccxt's."""

    publicGetTimestamp = Entry("timestamp", ["public"], "GET", {"cost": 1})  # noqa: N815 - ccxt's naming rule
    privateGetAccountOverview = Entry("account-overview", ["private"], "GET", {"cost": 1})  # noqa: N815
    privateGetTransactionHistory = Entry("transaction-history", ["private"], "GET", {"cost": 1})  # noqa: N815
    privateGetPositions = Entry("positions", ["private"], "GET", {"cost": 1})  # noqa: N815
    privateGetOrders = Entry("orders", ["private"], "GET", {"cost": 1})  # noqa: N815
    privateGetFills = Entry("fills", ["private"], "GET", {"cost": 1})  # noqa: N815
    privateGetFundingHistory = Entry("funding-history", ["private"], "GET", {"cost": 1})  # noqa: N815
    privateDeleteOrdersId = Entry("orders/{id}", ["private"], "DELETE", {"cost": 1})  # noqa: N815

    def describe(self) -> Any:  # noqa: ANN401 - ccxt's own type
        """Name the exchange, its address and the values of a key."""
        return self.deep_extend(
            super().describe(),
            {
                "id": "poloniexfutures",
                "name": "Poloniex Futures (classic)",
                "urls": {"api": {"public": _ORIGIN, "private": _ORIGIN}},
                "requiredCredentials": {"apiKey": True, "secret": True, "password": True},
            },
        )

    def sign(
        self,
        path: str,
        api: Any = ("public",),  # noqa: ANN401 - ccxt's signature
        method: str = "GET",
        params: Any = None,  # noqa: ANN401 - ccxt's signature
        *_: Any,  # noqa: ANN401 - headers and a body, which ccxt passed before 4.5.89
    ) -> dict[str, Any]:
        """Return address, method, body and headers of one request; none of the endpoints has a body."""
        given = params or {}
        query = self.omit(given, self.extract_params(path))
        target = _PREFIX + self.implode_params(path, given)
        if query:
            target += "?" + self.urlencode(query)
        headers: dict[str, str] = {}
        if api[0] == "private":
            self.check_required_credentials()
            stamp = str(self.milliseconds())
            digest = hmac.new(self.secret.encode(), (stamp + method + target).encode(), hashlib.sha256).digest()
            headers = {
                "PF-API-KEY": self.apiKey,
                "PF-API-SIGN": base64.b64encode(digest).decode(),
                "PF-API-TIMESTAMP": stamp,
                "PF-API-PASSPHRASE": self.password,
            }
        return {"url": _ORIGIN + target, "method": method, "body": None, "headers": headers}
