"""The practice exchange for futures: the main host with v3, and the classic service beside it."""

from __future__ import annotations

from collections.abc import Sequence

from hashdata.practice import Ledger, Persona, Provenance, Reply, Request
from hashdata_poloniex.endpoints import Service
from hashdata_poloniex.sandbox import PracticePoloniex

from hashdata_poloniex_futures.classic_endpoints import CLASSIC
from hashdata_poloniex_futures.classic_signing import Signature, verify
from hashdata_poloniex_futures.practice_keys import CLASSIC_KEYS, V3_KEYS

_PREFIX = "/api/v1/"
_NOT_FOUND = "doc_classic_error-404000-url"
_UNSIGNED = {
    Signature.MISSING: "doc_classic_error-400001-missing",
    Signature.STALE: "doc_classic_error-400002-time",
    Signature.UNKNOWN_KEY: "doc_classic_error-400003-key",
    Signature.WRONG_PASSPHRASE: "doc_classic_error-400004-passphrase",
    Signature.WRONG: "doc_classic_error-400005-sign",
}


class PracticeClassic:
    """The classic service, with keys, signing and codes of its own."""

    def __init__(self, ledger: Ledger) -> None:
        """Open a fresh service that notes in `ledger` what it carries out."""
        self._service = Service("hashdata_poloniex_futures", CLASSIC, ledger)
        self._held = {key.held["api_key"]: (key, key.held) for key in CLASSIC_KEYS if key.held is not None}

    def answer(self, request: Request, now_ms: int) -> Reply:
        """Answer one request: the public time, or what a key signed."""
        if (request.method, request.path) == ("GET", "/api/v1/timestamp"):
            return Reply.of(
                {"code": "200000", "data": now_ms},
                status=200,
                provenance=Provenance.INFERRED,
                source="inferred: path and answer of the classic time",
            )
        endpoint = self._service.find(request)
        if endpoint is None:
            return self._service.reply(_NOT_FOUND, request)
        key, held = self._held.get(request.headers.get("pf-api-key", ""), (None, None))
        signature = verify(request, held, now_ms)
        if key is None or signature is not Signature.GOOD:
            return self._service.reply(_UNSIGNED[signature], request)
        return self._service.serve(endpoint, request, key)


class PracticeFutures:
    """
    Both services on one address. The path tells them apart, as the host does at the real exchange.

    The main host has no path that begins with `/api/v1/`.
    """

    def __init__(self) -> None:
        """Open a fresh exchange."""
        self._ledger = Ledger()
        self._main = PracticePoloniex(V3_KEYS, self._ledger)
        self._classic = PracticeClassic(self._ledger)

    @property
    def personas(self) -> Sequence[Persona]:
        """The practice keys, v3 first."""
        return (*self._main.personas, *(key.persona for key in CLASSIC_KEYS))

    @property
    def ledger(self) -> Ledger:
        """What was carried out so far, by either service."""
        return self._ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        """Answer one request by the service that its path belongs to."""
        service = self._classic if request.path.startswith(_PREFIX) else self._main
        return service.answer(request, now_ms)
