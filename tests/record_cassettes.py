"""
Record every cassette anew from the practice exchanges, with a fixed clock: `make cassettes`.

Twice the same run gives the same bytes. Where no practice key shows an answer,
a case brings the answer itself and says where it comes from. Recordings of
real accounts lie in the same folders and are left alone. The examples keep
theirs in their own folders, and are built and installed to be recorded.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hashdata.connector import Connector
from hashdata.practice import Ledger, Persona, PracticeExchange, Provenance, Reply, Request
from hashdata.recording import Recorder
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.sandbox.server import serve
from hashdata.tester.runs import examine
from hashdata.tester.session import Options

from tests.examples.installed import EXAMPLES, install, loaded

FOLDER = Path(__file__).parent.parent / "cassettes"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Practice values belong to nobody, and the same seed gives the same bytes.
SEED = b"practice"

_SPOT_TABLE = "error table of https://api-docs.poloniex.com/spot/api, as ccxt 4.5.90 holds it"
_V3_TABLE = "error table of https://api-docs.poloniex.com/v3/futures/api, as ccxt 4.5.90 holds it"
_CLASSIC_TABLE = "error table of https://api-docs.poloniex.com/futures/api, as ccxt 4.4.60 holds it; sentence inferred"
_INVENTED = "invented, to replay an answer that nobody knows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """An answer in place of the practice exchange's, for lines that begin with `line`, so many `times`."""

    line: str
    reply: Reply
    times: int = sys.maxsize


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One cassette: a practice key, what is answered differently, and how far the clocks are apart."""

    connector: str
    name: str
    persona: str
    instead: tuple[Instead, ...] = ()
    skew_ms: int | None = None

    @property
    def path(self) -> str:
        return f"{self.connector}/{self.name}.yaml"


class Altered:
    """A practice exchange of which some answers are replaced."""

    def __init__(self, inner: PracticeExchange, instead: Sequence[Instead]) -> None:
        self._inner = inner
        self._instead = instead
        self._given: Counter[str] = Counter()

    @property
    def personas(self) -> Sequence[Persona]:
        return self._inner.personas

    @property
    def ledger(self) -> Ledger:
        return self._inner.ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        line = f"{request.method} {request.path}"
        for other in self._instead:
            if line.startswith(other.line) and self._given[other.line] < other.times:
                self._given[other.line] += 1
                return other.reply
        return self._inner.answer(request, now_ms)


def _documented(line: str, value: object, source: str, status: int) -> Instead:
    """Answer with a code of an error table; the status of such answers was not recorded."""
    source = f"{source}; where it is answered and HTTP status assumed"
    return Instead(line=line, reply=Reply.of(value, status=status, provenance=Provenance.DOCUMENTED, source=source))


def _invented(line: str, body: str, *, status: int = 200, source: str = _INVENTED, **headers: str) -> Instead:
    """Answer with something that no source describes; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = Reply(
        status=status,
        body=body,
        provenance=Provenance.INFERRED,
        source=source,
        headers={"Content-Type": "application/json"} | named,
    )
    return Instead(line=line, reply=reply)


def _spot(code: int, message: str) -> dict[str, object]:
    return {"code": code, "message": message}


def _v3(code: int, message: str) -> dict[str, object]:
    return {"code": code, "msg": message}


def _redirect(line: str) -> Instead:
    source = "inferred: what a captive portal or a move to another address looks like"
    page = "<html><head><title>302 Found</title></head></html>"
    return _invented(line, page, status=302, source=source, Content_Type="text/html", Location="https://example.com/")


def _too_many(line: str, **headers: str) -> Instead:
    source = "the status 429 was observed on market candles; an empty body and the headers are inferred"
    return _invented(line, "", status=429, source=source, **headers)


def _main_host(connector: str, order: str, balances: str) -> Iterator[Case]:
    """Yield what is the same for every key of the main host; `order` and `balances` are two of its questions."""

    def case(name: str, persona: str, *instead: Instead, skew_ms: int | None = None) -> Case:
        return Case(connector=connector, name=name, persona=persona, instead=instead, skew_ms=skew_ms)

    yield case("accepted", "read-only")
    yield case("accepted-after-a-pause", "read-only", replace(_too_many(balances, Retry_After="0"), times=1))
    yield case("denied-trade", "trading")
    yield case("denied-withdraw", "withdrawal")
    yield case("denied-trade-and-withdraw", "full-power")
    yield case("unusable-unknown-key", "wrong-key")
    yield case("unusable-wrong-secret", "wrong-secret")
    yield case("unusable-wrong-key-or-secret", "older-wrong-key")
    yield case("unusable-address-not-allowed", "ip-locked")
    yield case("unusable-account-frozen", "locked")
    yield case("inconclusive-clock-ahead", "skewed-clock")
    yield case("inconclusive-clock-behind", "read-only", skew_ms=-90_000)
    yield case("inconclusive-rate-limited", "rate-limited")
    yield case("inconclusive-rate-limited-for-no-stated-time", "read-only", _too_many("GET "))
    yield case("inconclusive-maintenance-page", "maintenance")
    yield case("inconclusive-not-the-api-captcha", "captcha")
    yield case("inconclusive-not-the-api-redirect", "read-only", _redirect("GET "))
    yield case("inconclusive-account-restricted-frozen", "frozen")
    yield case("inconclusive-unrecognised-code", "unknown-answer")
    yield case("inconclusive-unrecognised-empty-body", "read-only", _invented(balances, ""))
    yield case("inconclusive-unrecognised-shape", "read-only", _invented(balances, '{"code": 200, "data": null}'))
    yield case("inconclusive-unrecognised-list", "read-only", _invented(order, "[1, 2, 3]"))


def _poloniex() -> Iterator[Case]:
    """Yield what only the main account shows."""

    def case(name: str, line: str, code: int, message: str) -> Case:
        instead = _documented(line, _spot(code, message), _SPOT_TABLE, 400)
        return Case(connector="poloniex", name=name, persona="read-only", instead=(instead,))

    yield case("inconclusive-maintenance-code", "GET /accounts", 21340, "In maintenance mode")
    yield case("inconclusive-account-restricted-region", "POST /orders", 21353, "Not supported for US customers")
    yield case("inconclusive-account-restricted-email", "POST /orders", 21354, "Account needs to be verified via email")
    placed = Reply.of(
        {"id": "700000000000000001", "clientOrderId": ""},
        status=200,
        provenance=Provenance.DOCUMENTED,
        source="https://api-docs.poloniex.com/spot/api; that a market which does not exist is answered so is invented",
    )
    executed = Instead(line="POST /orders", reply=placed)
    yield Case(connector="poloniex", name="denied-order-carried-out", persona="trading", instead=(executed,))


def _futures() -> Iterator[Case]:
    """Yield what only a v3 account shows."""

    def case(name: str, line: str, code: int, message: str) -> Case:
        instead = _documented(line, _v3(code, message), _V3_TABLE, 200)
        return Case(connector="poloniex-futures", name=name, persona="read-only", instead=(instead,))

    order = "POST /v3/trade/order"
    yield case("inconclusive-maintenance-code", "GET /v3/account/", 1002, "SYSTEM_MAINTENANCE")
    yield case("inconclusive-rate-limited-code", "GET /v3/account/", 429, "TOO_MANY_REQUEST")
    yield case("inconclusive-account-restricted-not-verified", order, 12004, "NOT_KYC_VERIFIED")
    yield Case(connector="poloniex-futures", name="inconclusive-account-not-opened", persona="never-opened")


def _classic() -> Iterator[Case]:
    """Yield what a key of the retired classic service shows, while it ran and since."""

    def case(name: str, persona: str, *instead: Instead, skew_ms: int | None = None) -> Case:
        name = f"classic-{name}"
        return Case(connector="poloniex-futures", name=name, persona=persona, instead=instead, skew_ms=skew_ms)

    def code(number: str, message: str) -> Instead:
        value = {"code": number, "msg": message}
        return _documented("GET /api/v1/account-overview", value, _CLASSIC_TABLE, 200)

    reads = ("GET /api/v1/account-overview", "GET /api/v1/transaction-history", "GET /api/v1/positions")

    def everywhere(number: str, message: str) -> tuple[Instead, ...]:
        return tuple(replace(code(number, message), line=line) for line in reads)

    yield case("accepted", "classic-read-only")
    yield case("denied-trade", "classic-trading")
    yield case("denied-incomplete-read", "classic-narrow")
    yield case("unusable-unknown-key", "classic-read-only", *everywhere("400003", "PF-API-KEY not exists"))
    yield case("unusable-wrong-secret", "classic-wrong-secret")
    yield case("unusable-wrong-passphrase", "wrong-passphrase")
    not_listed = "The IP address is not in the API whitelist"
    yield case("unusable-address-not-allowed", "classic-read-only", *everywhere("400006", not_listed))
    yield case("unusable-account-frozen", "classic-read-only", *everywhere("411100", "User is frozen"))
    yield case("unusable-retired-key", "retired")
    source = "observed on signed calls of the retired host; that the time is answered so too is inferred"
    gone = _invented("GET ", json.dumps(_spot(400, "Invalid Apikey or Signature")), status=400, source=source)
    yield case("unusable-retired-key-everywhere", "classic-read-only", gone)
    yield case("inconclusive-clock", "classic-read-only", skew_ms=7_000)
    yield case("inconclusive-rate-limited", "classic-read-only", _too_many("GET ", Retry_After="60"))
    yield case("inconclusive-unrecognised-code", "classic-read-only", code("999999", "Practice: in no table"))


# The name of each cassette, and the practice key that it is recorded with.
_OF_EXAMPLES = {
    "bybit": {
        "accepted": "read-only",
        "accepted-bound-to-address": "bound-to-address",
        "accepted-ending-soon": "ending-soon",
        "denied-trade": "trading",
        "denied-withdraw": "withdrawal",
        "denied-transfer": "transfer",
        "denied-trade-withdraw-and-transfer": "full-power",
        "denied-incomplete-read": "no-wallet",
        "unusable-unknown-key": "wrong-key",
        "unusable-wrong-secret": "wrong-secret",
        "unusable-address-not-allowed": "ip-locked",
        "unusable-expired-key": "expired",
        "unusable-account-frozen": "banned",
        "inconclusive-clock": "skewed-clock",
        "inconclusive-rate-limited": "rate-limited",
        "inconclusive-maintenance": "out-of-order",
        "inconclusive-account-not-opened": "classic-account",
        "inconclusive-unknown-right": "read-only-but-unknown-right",
    },
    "kraken": {
        "accepted": "read-only",
        "accepted-bound-to-address": "bound-to-address",
        "accepted-ending-soon": "ending-soon",
        "denied-trade": "trading",
        "denied-withdraw": "withdrawal",
        "denied-earn": "earn",
        "denied-address-book": "address-book",
        "denied-trade-and-withdraw": "full-power",
        "denied-contradiction": "contradiction",
        "denied-half-history": "half-history",
        "denied-incomplete-read": "short-read",
        "unusable-unknown-key": "wrong-key",
        "unusable-wrong-secret": "wrong-secret",
        "inconclusive-clock": "skewed-clock",
        "inconclusive-nonce": "shared",
        "inconclusive-rate-limited": "rate-limited",
        "inconclusive-maintenance": "maintenance",
        "inconclusive-unknown-right": "unknown-right",
    },
}

EXAMPLE_CASES = tuple(
    Case(connector=connector, name=name, persona=persona)
    for connector, cassettes in _OF_EXAMPLES.items()
    for name, persona in cassettes.items()
)
CASES = (
    *_main_host("poloniex", "POST /orders", "GET /accounts/balances"),
    *_poloniex(),
    *_main_host("poloniex-futures", "POST /v3/trade/order", "GET /v3/account/balance"),
    *_futures(),
    *_classic(),
)


async def record(case: Case, connector: Connector) -> str:
    """Test the key of a case on its practice exchange, and return what was asked and answered."""
    exchange = Altered(exchange_of(connector), case.instead)
    persona = persona_of(exchange, case.persona)
    credentials = connector.schema.bind(persona.credentials)
    recorder = Recorder(connector, credentials, practice=True, at=NOW, elapsed=lambda: 0.0, seed=SEED)
    skew_ms = persona.skew_ms if case.skew_ms is None else case.skew_ms
    async with serve(exchange, skew_ms=skew_ms, clock=NOW.timestamp) as origin:
        await examine(connector, credentials, Options(now=NOW.timestamp), loopback=origin, tap=recorder)
    return recorder.text()


def record_all(folder: Path) -> None:
    """Record every case of the connectors that hashdata comes with into `folder`."""
    for case in CASES:
        _write(folder / case.path, case, find(case.connector))


def record_example(connector: Connector, folder: Path) -> None:
    """Record every case of an example into `folder`."""
    for case in EXAMPLE_CASES:
        if case.connector == connector.name:
            _write(folder / f"{case.name}.yaml", case, connector)


def _write(path: Path, case: Case, connector: Connector) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # ccxt takes the time that it signs from here, and the practice exchange's clock stands still.
    with patch("time.time_ns", lambda: int(NOW.timestamp()) * 10**9):
        path.write_text(asyncio.run(record(case, connector)), encoding="ascii")


def main() -> None:
    """Record everything."""
    record_all(FOLDER)
    with TemporaryDirectory() as scratch:
        for example in _OF_EXAMPLES:
            with loaded(example, install(example, Path(scratch) / example)) as connector:
                record_example(connector, EXAMPLES / example / "cassettes")
    count = len(CASES) + len(EXAMPLE_CASES)
    print(f"{count} cassettes recorded; `git diff cassettes examples` shows what has changed")  # noqa: T201 - its output


if __name__ == "__main__":
    main()
