"""
An exchange written from the facts alone, to stand in for the real one in whole tests of the command.

It shares no code with the practice exchange: signatures are checked by what
is documented of them, and every answer is spelled out by the test that wants it.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote

from aiohttp import web

Answer = tuple[int, object, Mapping[str, str]]

KEY = {"api_key": "STANDIN0-11111111-22222222-33333333", "secret": "ab" * 64}
CLASSIC_KEY = {**KEY, "passphrase": "stand in phrase 1"}

_DATA: dict[str, object] = {
    "/accounts": [{"accountId": "300000000000000002", "accountState": "NORMAL", "accountType": "SPOT"}],
    "/accounts/balances": [{"accountId": "300000000000000002", "accountType": "SPOT", "balances": []}],
    "/wallets/activity": {"deposits": [], "withdrawals": []},
    "/v3/account/balance": {"code": 200, "msg": "Success", "data": {"state": "NORMAL", "eq": "12.5", "details": []}},
    "/api/v1/account-overview": {"code": "200000", "data": {"accountEquity": 99.9, "currency": "USDT"}},
    "/api/v1/transaction-history": {"code": "200000", "data": {"hasMore": False, "dataList": []}},
    "/api/v1/positions": {"code": "200000", "data": []},
}
_REFUSALS: dict[str, object] = {
    "/orders": {"code": 403, "message": "Trading operation is not allowed."},
    "/wallets/withdraw": {"code": 403, "message": "Permission to withdraw denied."},
    "/v3/trade/order": {"code": 10042, "msg": "Trading operation is not allowed."},
    "/api/v1/orders/000000000000000000000000": {"code": "400007", "msg": "Access Denied"},
}


@dataclass
class StandIn:
    """
    One exchange with one key on file.

    `answers` replaces the answer of every line (`METHOD /path`) that begins
    with its key, after the signature was found good; `skew_ms` is how far its
    clock is ahead; `stale` is what a request out of time is answered.
    """

    held: Mapping[str, str] = field(default_factory=lambda: CLASSIC_KEY)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    skew_ms: int = 0
    stale: Answer = (401, {"code": 401, "message": "Invaid of signature"}, {})
    unknown: Answer = (400, {"code": 400, "message": "Invalid Apikey or Signature"}, {})
    lines: list[str] = field(default_factory=list)
    delay: float = 0.0

    def now(self) -> int:
        return int(time.time() * 1000) + self.skew_ms

    def answer(self, method: str, path: str, query: str, headers: Mapping[str, str], body: str) -> Answer:
        line = f"{method} {path}"
        self.lines.append(line)
        chosen = next((answer for start, answer in self.answers.items() if line.startswith(start)), None)
        if path.endswith("/timestamp"):
            time_of_day = {"code": "200000", "data": self.now()} if "v1" in path else {"serverTime": self.now()}
            return chosen or (200, time_of_day, {})
        problem = self._classic(line, query, headers) if "/api/v1/" in path else self._main(line, query, headers, body)
        if problem:
            return problem
        if chosen:
            return chosen
        if method != "GET":
            return 403, _REFUSALS.get(path, {"code": 404, "message": "Resources do not exist"}), {}
        return 200, _DATA.get(path, {"code": 200, "msg": "", "data": []} if path.startswith("/v3") else []), {}

    def _main(self, line: str, query: str, headers: Mapping[str, str], body: str) -> Answer | None:
        if headers.get("key") != self.held["api_key"]:
            return self.unknown
        stamp = headers.get("signtimestamp", "")
        if body:
            params = f"requestBody={body}&signTimestamp={stamp}"
        else:
            pairs = sorted([*parse_qsl(query, keep_blank_values=True), ("signTimestamp", stamp)])
            params = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
        method, path = line.split(" ")
        if headers.get("signature") != self._mac(f"{method}\n{path}\n{params}"):
            return 401, {"code": 401, "message": "Invaid of signature"}, {}
        return self.stale if abs(self.now() - int(stamp)) > 60_000 else None

    def _classic(self, line: str, query: str, headers: Mapping[str, str]) -> Answer | None:
        stamp = headers.get("pf-api-timestamp", "0")
        method, path = line.split(" ")
        text = stamp + method + path + (f"?{query}" if query else "")
        checks = (
            ("400002", abs(self.now() - int(stamp)) <= 5_000),
            ("400003", headers.get("pf-api-key") == self.held["api_key"]),
            ("400004", headers.get("pf-api-passphrase") == self.held["passphrase"]),
            ("400005", headers.get("pf-api-sign") == self._mac(text)),
        )
        failed = next((code for code, passed in checks if not passed), None)
        return (401, {"code": failed, "msg": "whatever it says"}, {}) if failed else None

    def _mac(self, text: str) -> str:
        return base64.b64encode(hmac.new(self.held["secret"].encode(), text.encode(), hashlib.sha256).digest()).decode()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Serve on loopback and yield the origin."""

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            body = (await request.read()).decode()
            headers = {name.lower(): value for name, value in request.headers.items()}
            url = request.rel_url
            status, value, extra = self.answer(request.method, url.raw_path, url.raw_query_string, headers, body)
            await asyncio.sleep(self.delay)
            text = value if isinstance(value, str) else json.dumps(value)
            kind = "text/html" if text.startswith("<") else "application/json"
            return web.Response(status=status, body=text.encode(), headers={"Content-Type": kind, **extra})

        runner = web.ServerRunner(web.Server(handle, access_log=None, handler_cancellation=True), shutdown_timeout=0.01)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
