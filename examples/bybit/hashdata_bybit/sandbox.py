"""The practice exchange: api.bybit.com as far as a test of a key can see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hashdata.practice import Ledger, Persona, Provenance, Reply, Request

from hashdata_bybit.endpoints import READS, WRITES, Read, Write
from hashdata_bybit.practice_keys import KEYS, PracticeKey
from hashdata_bybit.signing import Signature, verify

_DOCUMENTS = "https://bybit-exchange.github.io/docs/v5"
_CLOCK_PATH, _KEY_PATH = "/v5/market/time", "/v5/user/query-api"
# From the page Error Codes; the one of 10001 is from ccxt's table, where it was seen.
_SENTENCES = {
    10001: "Not supported symbols",
    10002: "The request time exceeds the time window range.",
    10003: "API key is invalid.",
    10004: "Error sign, please check your signature generation algorithm.",
    10005: "Permission denied, please check your API key permissions.",
    10006: "Too many visits. Exceeded the API Rate Limit.",
    10007: "User authentication failed.",
    10008: "Common banned, please check your account mode",
    10010: "Unmatched IP, please check your API key's bound IP addresses.",
    10016: "Server error.",
    10017: "Route not found.",
    10028: "The API can only be accessed by unified account users.",
    33004: "Your api key has expired",
}
_UNSIGNED = {Signature.MISSING: 10007, Signature.WRONG: 10004, Signature.UNTIMELY: 10002}


class PracticeBybit:
    """One exchange with its keys; what it carries out goes to the ledger."""

    def __init__(self) -> None:
        """Open a fresh exchange."""
        self._ledger = Ledger()
        self._held = {key.persona.credentials["api_key"]: key for key in KEYS if key.secret is not None}
        self._reads = {read.path: read for read in READS}
        self._writes = {write.path: write for write in WRITES}

    @property
    def personas(self) -> Sequence[Persona]:
        """The practice keys."""
        return tuple(key.persona for key in KEYS)

    @property
    def ledger(self) -> Ledger:
        """What was carried out so far."""
        return self._ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        """Answer one request: the public time, or what a key signed."""
        if (request.method, request.path) == ("GET", _CLOCK_PATH):
            seconds = {"timeSecond": str(now_ms // 1000), "timeNano": str(now_ms * 1_000_000)}
            return _good(seconds, "market/time", now_ms)
        key = self._held.get(request.headers.get("x-bapi-api-key", ""))
        if key is None or key.secret is None:
            return _bad(10003, now_ms)
        if (signature := verify(request, key.secret, now_ms)) is not Signature.GOOD:
            return _bad(_UNSIGNED[signature], now_ms)
        if key.error is not None:
            return _bad(key.error, now_ms)
        return self._serve(request, key, now_ms)

    def _serve(self, request: Request, key: PracticeKey, now_ms: int) -> Reply:
        """Answer what is signed well."""
        if (request.method, request.path) == ("GET", _KEY_PATH):
            return _good(_information(key, now_ms), "user/apikey-info", now_ms)
        if request.method == "GET" and (read := self._reads.get(request.path)):
            return _read(read, request, key, now_ms)
        if request.method == "POST" and (write := self._writes.get(request.path)):
            return self._write(write, request, key, now_ms)
        return _bad(10017, now_ms)

    def _write(self, write: Write, request: Request, key: PracticeKey, now_ms: int) -> Reply:
        """Carry a change out where the key may, and note it."""
        if key.read_only != 0 or not any(map(key.has, write.needs)):
            return _bad(10005, now_ms)
        if not write.is_possible(request):
            return _bad(10001, now_ms)
        self._ledger.write(f"POST {write.path} {request.body.decode(errors='replace')}".rstrip())
        return _good(write.result, write.path.removeprefix("/v5/"), now_ms)


def _read(read: Read, request: Request, key: PracticeKey, now_ms: int) -> Reply:
    """Answer a question about the account where the key may ask it."""
    flags = read.flags(request)
    if flags and not any(map(key.has, flags)):
        return _bad(10005, now_ms)
    return _good(read.result, read.path.removeprefix("/v5/"), now_ms)


def _information(key: PracticeKey, now_ms: int) -> Mapping[str, object]:
    """State what the exchange has on file for a key, as in the example of the page."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    end = datetime.fromtimestamp(0, UTC) if key.days is None else now + timedelta(days=key.days)
    return {
        "id": "16651472",
        "note": "practice",
        "apiKey": key.persona.credentials["api_key"],
        "readOnly": key.read_only,
        "secret": "",
        "permissions": {name: list(items) for name, items in key.lists.items()},
        "ips": list(key.addresses),
        "type": 1,
        "deadlineDay": -2 if key.days is None else key.days,
        "expiredAt": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "createdAt": "2026-02-15T03:13:24Z",
        "uta": 1,
        "userID": 53888001,
        "isMaster": True,
        "parentUid": "0",
    }


def _good(result: Mapping[str, object], page: str, now_ms: int) -> Reply:
    """Return a good answer, whose fields are those of a page of the documents."""
    return _reply(0, "OK", result, now_ms, Provenance.DOCUMENTED, f"{_DOCUMENTS}, {page}")


def _bad(code: int, now_ms: int) -> Reply:
    """Return an error. Code and sentence are documented, and when it is answered is concluded from them."""
    return _reply(code, _SENTENCES[code], {}, now_ms, Provenance.INFERRED, f"{_DOCUMENTS}/error; HTTP status assumed")


def _reply(  # noqa: PLR0913, PLR0917 - the fields of the envelope, and where it is known from
    code: int, sentence: str, result: Mapping[str, object], now_ms: int, provenance: Provenance, source: str
) -> Reply:
    """Wrap a result in the envelope that every answer has."""
    envelope = {"retCode": code, "retMsg": sentence, "result": result, "retExtInfo": {}, "time": now_ms}
    return Reply.of(envelope, status=200, provenance=provenance, source=source)
