"""The practice exchange: api.kraken.com as far as a test of a key can see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from hashdata.practice import Ledger, Persona, Provenance, Reply, Request

from hashdata_kraken.endpoints import ENDPOINTS
from hashdata_kraken.practice_keys import KEYS, PracticeKey
from hashdata_kraken.signing import fields, is_signed

_RIGHTS = "/0/private/GetApiKeyInfo"
_PAGES = "docs.kraken.com, Spot REST"
# Errors that the documents do not tie to what happened here.
_INFERRED = frozenset({"EFunding:Unknown asset", "EFunding:Unknown withdraw key", "EGeneral:Unknown method"})


class PracticeKraken:
    """
    One host and its keys.

    It looks at key, signature, nonce and permission, in this order, and only
    then at what is asked; that the permission comes before the rest is inferred.
    `keys` are those it has on file, and what it carries out goes to `ledger`.
    """

    def __init__(self, keys: Sequence[PracticeKey] = KEYS) -> None:
        """Open a fresh exchange."""
        self._ledger = Ledger()
        self._personas = tuple(key.persona for key in keys)
        self._keys = {key.held["api_key"]: key for key in keys if key.held is not None}
        self._nonces = {name: key.nonce for name, key in self._keys.items()}

    @property
    def personas(self) -> Sequence[Persona]:
        """The practice keys."""
        return self._personas

    @property
    def ledger(self) -> Ledger:
        """What was carried out so far."""
        return self._ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        """Answer one request: the public time, or what a key signed."""
        if (request.method, request.path) == ("GET", "/0/public/Time"):
            now = datetime.fromtimestamp(now_ms // 1000, UTC)
            return _good({"unixtime": now_ms // 1000, "rfc1123": format_datetime(now, usegmt=True)})
        if request.method != "POST" or (request.path != _RIGHTS and request.path not in ENDPOINTS):
            return _bad("EGeneral:Unknown method")
        key = self._keys.get(request.headers.get("api-key", ""))
        if key is None or key.held is None:
            return _bad("EAPI:Invalid key")
        if error := self._unsound(request, key.held):
            return _bad(error)
        if key.error:
            return _bad(key.error, Provenance.INFERRED if key.error == "EAPI:Invalid key" else Provenance.DOCUMENTED)
        return self._serve(request, key, now_ms)

    def _unsound(self, request: Request, held: Mapping[str, str]) -> str:
        """Return the error of a request that is not signed well, or whose nonce is not the next one."""
        if not is_signed(request, held["secret"]):
            return "EAPI:Invalid signature"
        return "" if self._is_next(held["api_key"], fields(request).get("nonce", "")) else "EAPI:Invalid nonce"

    def _is_next(self, name: str, nonce: str) -> bool:
        """Whether a nonce is above the last one of its key; if so, it is the last one from now on."""
        if not (nonce.isascii() and nonce.isdecimal()) or int(nonce) <= self._nonces[name]:
            return False
        self._nonces[name] = int(nonce)
        return True

    def _serve(self, request: Request, key: PracticeKey, now_ms: int) -> Reply:
        """Answer a request of a key that is in order, and note what it changed."""
        if request.path == _RIGHTS:
            return _good(_stated(key, now_ms))
        endpoint, given = ENDPOINTS[request.path], fields(request)
        if not {*key.permissions, *key.hidden}.intersection(endpoint.needs):
            return _bad("EGeneral:Permission denied")
        if error := endpoint.check(given):
            return _bad(error)
        if "validate" in given:
            return _good({"descr": {"order": "an order"}})
        if endpoint.changes:
            self._ledger.write(_line(request, given))
        return _good(endpoint.result)


def _stated(key: PracticeKey, now_ms: int) -> Mapping[str, object]:
    """Return what the exchange states about a key, with the names of the document."""
    return {
        "apiKeyName": key.persona.name,
        "apiKey": key.persona.credentials["api_key"],
        "nonce": str(now_ms),
        "nonceWindow": 0,
        "permissions": list(key.permissions),
        "iban": "AA00 N84G PRAC TICE",
        "validUntil": str(now_ms // 1000 + key.ends_in) if key.ends_in else "0",
        "queryFrom": "0",
        "queryTo": "0",
        "createdTime": "1735689600",
        "modifiedTime": "1735689600",
        "ipAllowlist": [],
        "lastUsed": None,
        **key.states,
    }


def _line(request: Request, given: Mapping[str, str]) -> str:
    """Return a request as the ledger shows it, without its nonce."""
    shown = (f"{name}={value}" for name, value in given.items() if name != "nonce")
    return " ".join([request.method, request.path, *shown])


def _good(result: object) -> Reply:
    """Return an answer without an error."""
    return Reply.of({"error": [], "result": result}, status=200, provenance=Provenance.DOCUMENTED, source=_PAGES)


def _bad(error: str, provenance: Provenance = Provenance.DOCUMENTED) -> Reply:
    """Return an error, which Kraken sends with HTTP 200 as well."""
    inferred = error in _INFERRED
    return Reply.of(
        {"error": [error]},
        status=200,
        provenance=Provenance.INFERRED if inferred else provenance,
        source="ccxt 4.5.90, kraken.py" if inferred else f"{_PAGES}, Error messages",
    )
