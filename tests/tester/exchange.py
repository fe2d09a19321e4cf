"""A server on loopback that answers by a script and writes down everything it sees."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from hashdata.tester.report import Report
from hashdata.tester.runs import examine
from hashdata.tester.session import Options

from tests.tester.subjects import TERMS, connector_of, credentials

NO_TRADE = {"code": 403, "message": "Trading operation is not allowed."}
NO_WITHDRAWAL = {"code": 403, "message": "Permission to withdraw denied."}
NO_V3_TRADE = {"code": 10042, "msg": "Trading operation is not allowed."}
V3_EMPTY = {"code": 200, "data": [], "msg": ""}
CLASSIC_PAGE = {"code": "200000", "data": {"items": [], "dataList": []}}

# What a read-only key of each API is answered, where [] is not the answer.
GOOD: dict[str, object] = {
    "GET /accounts": [{"accountId": "123", "accountType": "SPOT"}],
    "GET /wallets/activity": {"deposits": [], "withdrawals": []},
    "GET /v3/account/balance": {"code": 200, "msg": "", "data": {"eq": "0", "details": []}},
    "POST /orders": NO_TRADE,
    "POST /wallets/withdraw": NO_WITHDRAWAL,
    "POST /v3/trade/order": NO_V3_TRADE,
    "GET /api/v1/account-overview": {"code": "200000", "data": {"accountEquity": 1.5, "currency": "USDT"}},
    "GET /api/v1/positions": {"code": "200000", "data": []},
    "DELETE /api/v1/orders/000000000000000000000000": {"code": "400007", "msg": "Access denied"},
}


@dataclass(frozen=True)
class Reply:
    """One answer: a string is the text itself, everything else becomes JSON; `drop` breaks the connection instead."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False


@dataclass
class Seen:
    """One request that arrived, and when."""

    line: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str
    begin: float
    end: float = 0.0


Script = Callable[[Seen], Reply]


def good(seen: Seen) -> Reply:
    """Answer as the exchange answers a key that can only read."""
    path = seen.line.split(" ")[1]
    if path == "/timestamp":
        return Reply({"serverTime": int(time.time() * 1000)})
    if path == "/api/v1/timestamp":
        return Reply({"code": "200000", "data": int(time.time() * 1000)})
    if seen.line in GOOD:
        return Reply(GOOD[seen.line], 403 if seen.line.startswith(("POST", "DELETE")) else 200)
    empty = V3_EMPTY if path.startswith("/v3/") else CLASSIC_PAGE if path.startswith("/api/v1/") else []
    return Reply(empty)


def instead(changes: Mapping[str, Reply], default: Script = good) -> Script:
    """Answer requests whose line begins with a key of `changes` by its reply, the rest by `default`."""
    return lambda seen: next((r for start, r in changes.items() if seen.line.startswith(start)), None) or default(seen)


@asynccontextmanager
async def serving(script: Script, seen: list[Seen]) -> AsyncIterator[str]:
    """Serve `script`, append what arrives to `seen`, and yield the origin."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        body = (await request.read()).decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        path, query = request.rel_url.raw_path, dict(request.rel_url.query)
        one = Seen(f"{request.method} {path}", query, headers, body, time.monotonic())
        seen.append(one)
        reply = script(one)
        await asyncio.sleep(reply.delay)
        text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
        one.end = time.monotonic()
        if reply.drop and request.transport:
            request.transport.abort()
        headers = {"Content-Type": "application/json", **reply.headers}
        return web.Response(status=reply.status, body=text.encode("utf-8", "replace"), headers=headers)

    runner = web.ServerRunner(web.Server(handle, access_log=None, handler_cancellation=True), shutdown_timeout=0.01)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def ask(script: Script, seen: list[Seen], api: str, options: Options) -> Report:
    async with serving(script, seen) as origin:
        return await examine(connector_of(api), credentials(api), options, loopback=origin)


def run(script: Script, api: str = "main", options: Options | None = None, seen: list[Seen] | None = None) -> Report:
    """Run a whole test against a scripted exchange."""
    return asyncio.run(ask(script, [] if seen is None else seen, api, options or Options()))


def declared(api: str, *, all_streams: bool = False) -> list[str]:
    """Return the lines of every request that a test with a good read sends, sorted."""
    terms = TERMS[api]
    streams = [s for s in terms.streams if s.required or all_streams]
    return sorted(q.sends for q in (terms.api.clock, *streams, *terms.probes))
