"""The practice exchange: the main host of Poloniex as far as a test of a key can see it."""

from __future__ import annotations

from collections.abc import Sequence

from hashdata.practice import Ledger, Persona, Provenance, Reply, Request

from hashdata_poloniex.endpoints import Service
from hashdata_poloniex.main_endpoints import MAIN
from hashdata_poloniex.practice_keys import KEYS, PracticeKey
from hashdata_poloniex.signing import Signature, verify

_NOT_FOUND = "spot_get_api-v1-orders-404"
_UNKNOWN_KEY = "practice_unknown-key"
_UNSIGNED = {
    Signature.MISSING: "practice_no-signature",
    Signature.WRONG: "spot_get_subaccounts-transfer-401",
    Signature.STALE: "practice_stale",
    Signature.AHEAD: "practice_ahead",
    Signature.LATE: "practice_late",
}


class PracticePoloniex:
    """
    The main host: spot and v3 futures, with one kind of key and one signing.

    `keys` are those it has on file, and what it carries out goes to `ledger`.
    """

    def __init__(self, keys: Sequence[PracticeKey] = KEYS, ledger: Ledger | None = None) -> None:
        """Open a fresh exchange."""
        self._ledger = Ledger() if ledger is None else ledger
        self._personas = tuple(key.persona for key in keys)
        self._service = Service("hashdata_poloniex", MAIN, self._ledger)
        self._held = {key.held["api_key"]: (key, key.held["secret"]) for key in keys if key.held is not None}

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
        if (request.method, request.path) == ("GET", "/timestamp"):
            return Reply.of(
                {"serverTime": now_ms},
                status=200,
                provenance=Provenance.DOCUMENTED,
                source="https://api-docs.poloniex.com/spot/api; HTTP status assumed",
            )
        endpoint = self._service.find(request)
        if endpoint is None:
            return self._service.reply(_NOT_FOUND, request)
        if "key" not in request.headers:
            return self._service.reply(_UNSIGNED[Signature.MISSING], request)
        if (held := self._held.get(request.headers["key"])) is None:
            return self._service.reply(_UNKNOWN_KEY, request)
        key, secret = held
        signature = verify(request, secret, now_ms)
        if signature is not Signature.GOOD:
            return self._service.reply(_UNSIGNED[signature], request)
        return self._service.serve(endpoint, request, key)
