"""The law of the door: whatever ccxt can write, with a key that can do everything, only the declared probes leave."""

from __future__ import annotations

import asyncio
import inspect
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from hashdata.answers import Raw
from hashdata.exchange.ccxt_client import Client
from hashdata.exchange.ccxt_loading import load
from hashdata.exchange.door import Door
from hashdata.exchange.faults import Fault
from hashdata.exchange.guard import Refused
from hashdata.practice import Ledger, Persona, PracticeExchange, Reply, Request
from hashdata.questions import Parameter, Probe, Question
from hashdata.sandbox.personas import exchange_of
from hashdata.sandbox.server import serve

from tests.exchange.declared import SETTINGS, client_of, connector_of, soon, template_of, terms_of
from tests.exchange.wire import listening
from tests.sandbox.client import Call, ask

Params = Mapping[str, Parameter]


@dataclass(frozen=True, slots=True)
class Method:
    """One of ccxt's implicit methods."""

    name: str
    method: str
    path: str

    def asking(self, params: Params) -> Question:
        """Return the question that calls this method, with the parts of its path filled in."""
        filled = re.sub(r"\{(\w+)\}", lambda part: str(params.get(part[1], "1")), self.path)
        in_path = dict.fromkeys(re.findall(r"\{(\w+)\}", self.path), "1")
        return Question(call=self.name, sends=f"{self.method} /{filled}", params={**in_path, **params})


def implicit_methods() -> dict[str, Method]:
    """Return every implicit method of ccxt's poloniex, from ccxt's own table."""
    found = {}
    for name, entry in inspect.getmembers_static(load("poloniex")):
        if type(entry).__name__ == "Entry" and "_" not in name:
            found[name] = Method(name, entry.method, entry.path)
    return found


METHODS = implicit_methods()
WRITES = {name: method for name, method in METHODS.items() if method.method != "GET"}

ORDER: Params = {"symbol": "BTC_USDT", "side": "BUY", "type": "MARKET", "amount": "1", "quantity": "1", "price": "1"}
WITHDRAWAL: Params = {
    "currency": "BTC",
    "coin": "BTC",
    "network": "BTC",
    "amount": "1",
    "address": "1BoatSLRHtKNngkdXEeobR",
}
MOVE: Params = {"currency": "USDT", "amount": "1", "fromAccount": "SPOT", "toAccount": "FUTURES"}
POSITION: Params = {
    "symbol": "BTC_USDT_PERP",
    "side": "BUY",
    "mgnMode": "CROSS",
    "type": "MARKET",
    "sz": "1",
    "lever": "75",
}
SWITCH: Params = {"timeout": "10", "posMode": "HEDGE", "accountId": "1"}
SHAPES: dict[str, Params] = {
    "nothing": {},
    "an order": ORDER,
    "a withdrawal": WITHDRAWAL,
    "a transfer": MOVE,
    "a position": POSITION,
    "a switch": SWITCH,
}


class Counting:
    """A practice exchange that counts what arrives."""

    def __init__(self, inner: PracticeExchange) -> None:
        self._inner = inner
        self.arrived: list[str] = []

    @property
    def personas(self) -> tuple[Persona, ...]:
        return tuple(self._inner.personas)

    @property
    def ledger(self) -> Ledger:
        return self._inner.ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        self.arrived.append(f"{request.method} {request.target}")
        return self._inner.answer(request, now_ms)


@asynccontextmanager
async def practice(api: str) -> AsyncIterator[tuple[Client, Counting]]:
    """Serve the practice exchange of `api`, and yield a client with a key that can do everything."""
    exchange = Counting(exchange_of(connector_of(api)))
    async with serve(exchange) as origin, Door(loopback=origin) as door:
        yield client_of(api, door), exchange


async def is_stopped(client: Client, question: Question) -> bool:
    try:
        await client.ask(question, until=soon(), limit=5)
    except Refused:
        return True
    return False


def test_ccxt_has_writes_to_be_afraid_of() -> None:
    assert len(WRITES) >= 27
    assert {"privatePostWalletsWithdraw", "privatePostV2WalletsWithdraw", "privateDeleteOrders"} <= set(WRITES)
    assert {method.method for method in METHODS.values()} == {"GET", "POST", "PUT", "DELETE"}


@pytest.mark.parametrize("api", ["main", "v3"])
@pytest.mark.parametrize("name", WRITES)
def test_no_write_of_ccxt_leaves(api: str, name: str) -> None:
    async def run() -> tuple[list[str], Counting]:
        async with practice(api) as (client, exchange):
            every = [
                *SHAPES.items(),
                *((probe.call, probe.params) for probe in terms_of(api).probes if probe.call != name),
            ]
            stopped = [shape for shape, params in every if await is_stopped(client, WRITES[name].asking(params))]
            assert stopped == [shape for shape, _ in every]
            return exchange.arrived, exchange

    arrived, exchange = asyncio.run(run())

    assert arrived == []
    assert exchange.ledger.changes == []


@pytest.mark.parametrize("api", ["main", "v3"])
def test_no_read_that_is_not_declared_leaves(api: str) -> None:
    declared = {(api_question.call) for api_question in (terms_of(api).api.clock, *terms_of(api).streams)}

    async def run() -> tuple[list[str], list[str]]:
        async with practice(api) as (client, exchange):
            asked = [m for m in METHODS.values() if m.method == "GET" and m.name not in declared]
            return [m.name for m in asked if not await is_stopped(client, m.asking({}))], exchange.arrived

    assert asyncio.run(run()) == ([], [])


@pytest.mark.parametrize("api", SETTINGS)
def test_a_declared_write_leaves_and_executes_nothing(api: str) -> None:
    async def run() -> tuple[list[Raw | Fault], Counting]:
        async with practice(api) as (client, exchange):
            return [await client.ask(probe, until=soon(), limit=5) for probe in terms_of(api).probes], exchange

    outcomes, exchange = asyncio.run(run())

    assert all(isinstance(outcome, Raw) for outcome in outcomes)
    assert exchange.arrived == [probe.sends for probe in terms_of(api).probes]
    assert exchange.ledger.changes == []


@pytest.mark.parametrize(
    ("api", "line", "params"),
    [
        ("main", "POST /orders", ORDER),
        ("main", "POST /wallets/withdraw", WITHDRAWAL),
        ("main", "DELETE /orders", {}),
        ("v3", "POST /v3/trade/order", POSITION),
        ("classic", "POST /api/v1/orders", {"symbol": "BTCUSDTPERP"}),
    ],
)
def test_without_the_guard_the_practice_exchange_would_have_executed_it(api: str, line: str, params: Params) -> None:
    """Else an empty ledger would prove nothing."""
    exchange = exchange_of(connector_of(api))

    asyncio.run(ask(exchange, SETTINGS[api].persona, Call(line, params)))

    assert len(exchange.ledger.changes) == 1


# The whole requests as they stand on the wire; what differs from one to the next is cut out.
SIGNED = [
    "Accept: */*",
    "Content-Type: application/json",
    "Host: <host>",
    "User-Agent: hashdata/<version>",
    "key: <key>",
    "signTimestamp: <time>",
    "signature: <signature>",
]
CLASSIC = [
    "Accept: */*",
    "Host: <host>",
    "PF-API-KEY: <key>",
    "PF-API-PASSPHRASE: <phrase>",
    "PF-API-SIGN: <signature>",
    "PF-API-TIMESTAMP: <time>",
    "User-Agent: hashdata/<version>",
]
ON_THE_WIRE = {
    "main": [
        (
            "POST /orders HTTP/1.1",
            [*SIGNED, "Content-Length: 66"],
            b'{"symbol":"ZZQXA_ZZQXB","side":"BUY","type":"MARKET","amount":"1"}',
        ),
        (
            "POST /wallets/withdraw HTTP/1.1",
            [*SIGNED, "Content-Length: 55"],
            b'{"currency":"ZZQX","amount":"0.00000001","address":"x"}',
        ),
    ],
    "v3": [
        (
            "POST /v3/trade/order HTTP/1.1",
            [*SIGNED, "Content-Length: 101"],
            b'{"symbol":"ZZQXA_USDT_PERP","side":"BUY","mgnMode":"CROSS","posSide":"BOTH","type":"MARKET","sz":"1"}',
        ),
        (
            "POST /wallets/withdraw HTTP/1.1",
            [*SIGNED, "Content-Length: 55"],
            b'{"currency":"ZZQX","amount":"0.00000001","address":"x"}',
        ),
    ],
    "classic": [("DELETE /api/v1/orders/000000000000000000000000 HTTP/1.1", [*CLASSIC, "Content-Length: 0"], b"")],
}
_CUT = (
    (r"^Host: 127\.0\.0\.1:\d+$", "Host: <host>"),
    (r"^User-Agent: hashdata/[\w.]+$", "User-Agent: hashdata/<version>"),
    (r"^(key|PF-API-KEY): PRACTICE-NOTAREAL-POLONIEX-\d{8}$", r"\1: <key>"),
    (r"^(signTimestamp|PF-API-TIMESTAMP): \d{13}$", r"\1: <time>"),
    (r"^(signature|PF-API-SIGN): [A-Za-z0-9+/]{43}=$", r"\1: <signature>"),
    (r"^PF-API-PASSPHRASE: practice-phrase-\d+$", "PF-API-PASSPHRASE: <phrase>"),
)


def taken_apart(request: bytes) -> tuple[str, list[str], bytes]:
    """Return request line, sorted headers and body; what differs from one to the next is cut out."""
    head, _, body = request.partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    for pattern, instead in _CUT:
        headers = [re.sub(pattern, instead, header) for header in headers]
    # Which codings are accepted depends on what else is installed.
    return line, sorted(header for header in headers if not header.startswith("Accept-Encoding: ")), body


@pytest.mark.parametrize("api", SETTINGS)
def test_the_probes_are_these_bytes_and_no_others(api: str) -> None:
    async def run() -> list[bytes]:
        async with listening() as wire, Door(loopback=wire.origin) as door:
            client = client_of(api, door)
            for probe in terms_of(api).probes:
                await client.ask(probe, until=soon(), limit=5)
            return wire.seen

    seen = [taken_apart(request) for request in asyncio.run(run())]

    assert seen == [(line, sorted(headers), body) for line, headers, body in ON_THE_WIRE[api]]


def test_the_probe_is_harmless_by_its_words() -> None:
    probes: list[Probe] = [probe for api in SETTINGS for probe in terms_of(api).probes]

    assert {
        value for probe in probes for name, value in probe.params.items() if name in {"symbol", "currency", "id"}
    } == {
        "ZZQXA_ZZQXB",
        "ZZQXA_USDT_PERP",
        "ZZQX",
        "000000000000000000000000",
    }


Unified = Callable[..., Awaitable[object]]
UNIFIED: dict[str, tuple[object, ...]] = {
    "create_order": ("BTC/USDT", "market", "buy", 1),
    "create_orders": ([{"symbol": "BTC/USDT", "type": "market", "side": "buy", "amount": 1}],),
    "create_market_order_with_cost": ("BTC/USDT", "buy", 10),
    "edit_order": ("1", "BTC/USDT", "limit", "buy", 1, 1),
    "cancel_order": ("1", "BTC/USDT"),
    "cancel_orders": (["1"],),
    "cancel_all_orders": ("BTC/USDT",),
    "withdraw": ("BTC", 1, "1BoatSLRHtKNngkdXEeobR"),
    "transfer": ("USDT", 1, "spot", "future"),
    "create_deposit_address": ("BTC",),
    "set_leverage": (75, "BTC/USDT:USDT"),
    "set_position_mode": (True,),
    "add_margin": ("BTC/USDT:USDT", 1),
    "fetch_balance": (),
    "fetch_my_trades": ("BTC/USDT",),
    "fetch_ticker": ("BTC/USDT",),
    "load_markets": (),
    "fetch_status": (),
    "fetch": ("https://api.poloniex.com/orders", "DELETE"),
    "fetch2": ("orders", ["private"], "DELETE"),
    "request": ("orders", ["private"], "DELETE"),
    "open": (),
    "watch_balance": (),
}


def ccxt_error() -> type[Exception]:
    """Return what ccxt raises where it gives up by itself: no such method, or nothing known of the market."""
    found: type[Exception] = sys.modules["ccxt.base.errors"].ExchangeError
    return found


@pytest.mark.parametrize("name", UNIFIED)
def test_no_unified_method_of_ccxt_leaves(name: str) -> None:
    async def run() -> list[str]:
        async with practice("main") as (client, exchange):
            one = client._ccxt
            one.until = soon()
            method: Unified = getattr(one, name)
            with pytest.raises((Refused, ccxt_error())):
                await method(*UNIFIED[name])
            return exchange.arrived + exchange.ledger.changes

    assert asyncio.run(run()) == []


def test_a_client_and_its_template_show_no_key() -> None:
    async def run() -> str:
        async with Door(loopback="http://127.0.0.1:9") as door:
            client = client_of("main", door)
            return f"{client!r} {client} {client._ccxt!r} {template_of('main')!r}"

    assert "PRACTICE" not in asyncio.run(run())
