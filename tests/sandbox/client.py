"""A client that signs by hand, from the exchange's documents, and knows neither ccxt nor the sandbox's code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import aiohttp
from hashdata.practice import Persona, PracticeExchange
from hashdata.sandbox.server import serve
from yarl import URL


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def value(self) -> object:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: GET parameters, or what is sent as a JSON body."""

    line: str
    params: Mapping[str, object] | list[object] | None = None

    @property
    def method(self) -> str:
        return self.line.split(" ")[0]

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        if self.method != "GET" or not isinstance(self.params, Mapping):
            return []
        return [(name, str(value)) for name, value in self.params.items()]

    @property
    def query(self) -> str:
        return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.pairs)

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def body(self) -> str:
        if self.method == "GET" or not self.params:
            return ""
        return json.dumps(self.params, separators=(",", ":"))


def now() -> int:
    return int(time.time() * 1000)


def mac(secret: str, text: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


def main_headers(call: Call, credentials: Mapping[str, str], stamp: int | None = None) -> dict[str, str]:
    at = str(now() if stamp is None else stamp)
    if call.body:
        text = f"requestBody={call.body}&signTimestamp={at}"
    else:
        pairs = sorted([*call.pairs, ("signTimestamp", at)])
        text = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    signature = mac(credentials["secret"], f"{call.method}\n{call.path}\n{text}")
    return {"key": credentials["api_key"], "signTimestamp": at, "signature": signature}


def classic_headers(call: Call, credentials: Mapping[str, str], stamp: int | None = None) -> dict[str, str]:
    at = str(now() if stamp is None else stamp)
    return {
        "PF-API-KEY": credentials["api_key"],
        "PF-API-SIGN": mac(credentials["secret"], at + call.method + call.target + call.body),
        "PF-API-TIMESTAMP": at,
        "PF-API-PASSPHRASE": credentials["passphrase"],
    }


def headers_for(call: Call, credentials: Mapping[str, str]) -> dict[str, str]:
    sign = classic_headers if call.path.startswith("/api/v1/") else main_headers
    return sign(call, credentials)


def by_name(exchange: PracticeExchange, persona: str) -> Persona:
    return next(found for found in exchange.personas if found.name == persona)


async def send(origin: str, call: Call, headers: Mapping[str, str], limit: float = 5) -> Answer:
    url = URL(origin + call.target, encoded=True)
    body = call.body or None
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=limit)) as session,
        session.request(call.method, url, data=body, headers=headers) as response,
    ):
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, names, await response.text())


async def ask(exchange: PracticeExchange, persona: str, *calls: Call, limit: float = 5) -> list[Answer]:
    """Ask `calls` one after the other with the key of `persona`, over HTTP."""
    who = by_name(exchange, persona)
    key = who.credentials
    async with serve(exchange, skew_ms=who.skew_ms) as origin:
        return [await send(origin, call, headers_for(call, key), limit) for call in calls]
