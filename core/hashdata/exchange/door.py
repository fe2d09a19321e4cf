"""The door itself: sends what the guard let through, once, and returns the answer as it came."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Self

import aiohttp
import certifi
import yarl

from hashdata.answers import Raw
from hashdata.exchange.faults import NETWORK_ERRORS, Fault, Faulted, TooLarge, cause_of
from hashdata.exchange.guard import Guard
from hashdata.exchange.limiter import Limiter
from hashdata.exchange.resolver import (
    Address,
    Lookup,
    Resolver,
    is_loopback,
    is_public,
    system_lookup,
)
from hashdata.permissions import Cause

MAX_BODY = 1 << 20


@dataclass(frozen=True, slots=True)
class Sent:
    """
    A request as the guard saw it: the exchange's own address, also where it went to a sandbox.

    `headers` hold the key and the signature, for whoever must search for them; they never show.
    """

    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str] = field(repr=False)


Tap = Callable[[Sent, Raw], None]


def trust_store() -> ssl.SSLContext:
    """
    Return a context that verifies certificates against certifi's authorities.

    Not against the system's: SSL_CERT_FILE and SSLKEYLOGFILE would let the
    environment choose whom to trust or write down the session's keys.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    context.keylog_filename = None  # type: ignore[assignment]  # typeshed knows only the setting to a path
    return context


class Door:
    """
    Sends requests and returns raw answers. Use it as an async context manager.

    `loopback` is an origin on this computer that gets everything instead of
    the exchange; the guard still sees the exchange's own address. `tap` is
    shown every request with its answer. `lookup`, `allows`, `port` and
    `trust` are for tests: nothing outside Python reaches them.
    """

    def __init__(
        self,
        *,
        loopback: str | None = None,
        tap: Tap | None = None,
        lookup: Lookup = system_lookup,
        allows: Callable[[Address], bool] | None = None,
        port: int | None = None,
        trust: ssl.SSLContext | None = None,
        connections: int = 20,
    ) -> None:
        """Prepare; nothing is opened before the context is entered."""
        self.loopback = loopback
        self._tap = tap
        self._resolver = Resolver(allows or (is_loopback if loopback else is_public), lookup)
        self._port = port
        self._trust = trust
        self._connections = connections
        self._limiters: dict[tuple[str, str], Limiter] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session."""
        # For plain http on loopback the context is never used, and making one takes 20 ms.
        trust: ssl.SSLContext | bool = self._trust or (True if self.loopback else trust_store())
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trust, resolver=self._resolver, limit=self._connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            headers={"User-Agent": f"hashdata/{version('hashdata')}"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the session."""
        if self._session:
            await self._session.close()

    def limiter(self, host: str, cost: str, rate: float) -> Limiter:
        """Return the limiter of one kind of question at one host, shared by everything that uses this door."""
        return self._limiters.setdefault((host, cost), Limiter(rate))

    def pause(self, host: str, seconds: float) -> None:
        """Ask `host` nothing for so many seconds."""
        for (limited, _), limiter in self._limiters.items():
            if limited == host:
                limiter.pause(seconds)

    async def send(
        self,
        guard: Guard,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: str | bytes | None,
        until: float,
    ) -> Raw:
        """
        Send one request, once, and return the answer; `until` is a moment of the loop's clock.

        Raises `Refused` when the guard says no and `Faulted` when no complete
        answer came. Redirects are not followed: they are the answer.
        """
        data = body.encode() if isinstance(body, str) else body
        asked = guard.check(method, url, data)
        begin = time.perf_counter()

        def fault(cause: Cause) -> Faulted:
            return Faulted(Fault(cause, method, asked.raw_path, round((time.perf_counter() - begin) * 1000)))

        try:
            async with asyncio.timeout_at(until):
                response, content = await self._exchange(method, self._target(asked), headers, data)
        except TooLarge:
            raise fault(Cause.TOO_LARGE) from None
        except NETWORK_ERRORS as error:
            raise fault(cause_of(error)) from None
        raw = Raw(
            method=method,
            path=asked.raw_path,
            status=response.status,
            headers={name.lower(): value for name, value in response.headers.items()},
            text=content.decode("utf-8", "replace"),
            ms=round((time.perf_counter() - begin) * 1000),
        )
        if self._tap:
            self._tap(Sent(method, str(asked), data, headers or {}), raw)
        return raw

    def _target(self, asked: yarl.URL) -> yarl.URL:
        """Return where the request really goes."""
        if self.loopback:
            return yarl.URL(self.loopback + asked.raw_path_qs, encoded=True)
        return asked.with_port(self._port) if self._port else asked

    async def _exchange(
        self, method: str, target: yarl.URL, headers: Mapping[str, str] | None, data: bytes | None
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """Send, and read the body up to the cap."""
        if self._session is None:
            message = "the door is used before it is entered"
            raise RuntimeError(message)
        sent: list[aiohttp.ClientRequest] = []

        async def once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
            # aiohttp itself sends GET, PUT and DELETE again when a kept connection turns out to be closed.
            if sent:
                message = "not sent again"
                raise aiohttp.ServerDisconnectedError(message)
            sent.append(request)
            return await handler(request)

        content = bytearray()
        async with self._session.request(
            method, target, data=data, headers=headers, allow_redirects=False, middlewares=(once,)
        ) as response:
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > MAX_BODY:
                    response.close()
                    raise TooLarge
        return response, bytes(content)
