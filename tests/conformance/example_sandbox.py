"""The practice exchange of the example: it verifies signatures, knows five keys, and keeps a ledger."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from hashdata.permissions import FORBIDDEN, Permission
from hashdata.practice import Ledger, Persona, Provenance, Reply, Request

ERRORS = "developers.binance.com, Spot, Error codes; HTTP status assumed"
_ERRORS = {
    "path": (404, -1000, "An unknown error occurred while processing the request."),
    "format": (401, -2014, "API-key format invalid."),
    "rights": (401, -2015, "Invalid API-key, IP, or permissions for action."),
    "signature": (400, -1022, "Signature for this request is not valid."),
    "time": (400, -1021, "Timestamp for this request is outside of the recvWindow."),
    "symbol": (400, -1121, "Invalid symbol."),
}
_MARKETS = {"BTCUSDT", "ETHUSDT"}


@dataclass(frozen=True, slots=True)
class Key:
    """A persona and what the exchange holds for it: the secret, None for an unknown key, and its powers."""

    persona: Persona
    secret: str | None
    powers: frozenset[Permission] = frozenset()


def _key(number: int, name: str, about: str, *powers: Permission, wrong: str = "") -> Key:
    given = {"api_key": f"PRACTICE-NOT-A-REAL-KEY-{number:04d}", "secret": f"practice-not-a-real-secret-{number:04d}"}
    held = {"key": None, "secret": "practice-of-somebody-else-0000"}.get(wrong, given["secret"])
    return Key(Persona(name=name, about=about, credentials=given), held, frozenset(powers))


KEYS = (
    _key(1, "read-only", "may read and nothing else"),
    _key(2, "trading", "may read and trade", Permission.TRADE),
    _key(3, "full-power", "may do everything", *FORBIDDEN),
    _key(4, "wrong-key", "a key that the exchange does not know", wrong="key"),
    _key(5, "wrong-secret", "a known key with the secret of another", wrong="secret"),
)


class PracticeExample:
    """The exchange as far as a test of a key can see it."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self._keys = {key.persona.credentials["api_key"]: key for key in KEYS}

    @property
    def personas(self) -> Sequence[Persona]:
        return [key.persona for key in KEYS]

    def answer(self, request: Request, now_ms: int) -> Reply:
        """Answer the public time, or what a key signed."""
        line = f"{request.method} {request.path}"
        if line == "GET /api/v3/time":
            return _documented({"serverTime": now_ms}, "Spot, Check server time")
        key = self._keys.get(request.headers.get("x-mbx-apikey", ""))
        if key is None or key.secret is None:
            return _error("format")
        sent = request.body.decode() or request.target.partition("?")[2]
        signed, _, signature = sent.rpartition("&signature=")
        if not hmac.compare_digest(_sign(key.secret, signed), signature):
            return _error("signature")
        fields = {name: values[0] for name, values in parse_qs(signed).items()}
        if abs(now_ms - int(fields.get("timestamp", "0"))) > int(fields.get("recvWindow", "5000")):
            return _error("time")
        return self._serve(line, fields, key)

    def _serve(self, line: str, fields: dict[str, str], key: Key) -> Reply:
        """Answer a request that is signed well."""
        if line == "GET /api/v3/account":
            return _documented({"uid": 354937868, "balances": [{"asset": "BTC", "free": "0.1"}]}, "Spot, Account")
        if line == "GET /sapi/v1/account/apiRestrictions":
            return _documented(_flags(key.powers), "Wallet, Get API Key Permission")
        if line in {"POST /api/v3/order/test", "POST /api/v3/order"}:
            if Permission.TRADE not in key.powers:
                return _error("rights")
            if fields.get("symbol") not in _MARKETS:
                return _error("symbol")
            if line == "POST /api/v3/order":
                self.ledger.write(f"{line} {fields['symbol']}")
            return _documented({}, "Spot, Test new order")
        return _error("path")


def _flags(powers: frozenset[Permission]) -> dict[str, object]:
    return {
        "ipRestrict": False,
        "createTime": 1698645219000,
        "enableReading": True,
        "enableWithdrawals": Permission.WITHDRAW in powers,
        "enableInternalTransfer": Permission.TRANSFER in powers,
        "enableMargin": False,
        "enableFutures": False,
        "permitsUniversalTransfer": Permission.TRANSFER in powers,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": True,
        "enableSpotAndMarginTrading": Permission.TRADE in powers,
        "enablePortfolioMarginTrading": False,
    }


def _sign(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _documented(value: object, page: str) -> Reply:
    return Reply.of(
        value, status=200, provenance=Provenance.DOCUMENTED, source=f"developers.binance.com, {page}; status assumed"
    )


def _error(name: str) -> Reply:
    status, code, message = _ERRORS[name]
    return Reply.of({"code": code, "msg": message}, status=status, provenance=Provenance.DOCUMENTED, source=ERRORS)
