"""The door itself: sends what the guard let through, once, and returns the answer as it came."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Self
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import certifi
import yarl

from hashdata.answers import NotJSON, Raw, parse
from hashdata.exchange.connections import Connections
from hashdata.exchange.faults import NETWORK_ERRORS, Fault, Faulted, TooLarge, cause_of
from hashdata.exchange.guard import Guard
from hashdata.exchange.limiter import Rates
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
# More than one test asks at once.
_CONNECTIONS = 20


@dataclass(frozen=True, slots=True)
class Signed:
    """
    A request as ccxt built and signed it, to the exchange's own address.

    Address, headers and body may each hold the key and the signature; they
    never show in a repr.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """What travels in the query and in a body of JSON or form fields, as text."""
        text = self.body.decode(errors="replace") if self.body else ""
        try:
            value = parse(text)
        except NotJSON:
            value = dict(parse_qsl(text))
        fields = value.items() if isinstance(value, dict) else ()
        return (*parse_qsl(urlsplit(self.url).query), *((name, str(item)) for name, item in fields))


Tap = Callable[[Signed, Raw], None]


def trust_store() -> ssl.SSLContext:
    """
    Return a context that verifies certificates against certifi's authorities.

    Not against the system's: SSL_CERT_FILE and SSLKEYLOGFILE would let the
    environment choose whom to trust or write down the session's keys.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    context.keylog_filename = None  # type: ignore[assignment]  # typeshed knows only the setting to a path
    return context


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """
    How names are looked up, which addresses are allowed, and whose certificates are trusted.

    Only tests make one of their own; no command, file, variable or connector
    reaches it. `port` replaces 443 after the guard has seen the request, and
    `allows` of None means public addresses, or loopback ones for a door that
    leads there. `shares_rates` says whether all keys at one host count
    together; None means that they do at an exchange and not on loopback.
    """

    lookup: Lookup = system_lookup
    allows: Callable[[Address], bool] | None = None
    port: int | None = None
    trust: ssl.SSLContext | None = None
    shares_rates: bool | None = None


class Door:
    """
    Sends requests and returns raw answers. Use it as an async context manager.

    `loopback` is an origin on this computer that gets everything instead of
    the exchange; the guard still sees the exchange's own address. `tap` is
    shown every request with its answer.
    """

    def __init__(self, *, loopback: str | None = None, tap: Tap | None = None, network: Network | None = None) -> None:
        self.loopback = loopback
        self._tap = tap
        self._network = network or Network()
        self._rates: dict[str, Rates] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session."""
        # For plain http on loopback the context is never used, and making one takes 20 ms.
        trust: ssl.SSLContext | bool = self._network.trust or (True if self.loopback else trust_store())
        resolver = Resolver(self._network.allows or (is_loopback if self.loopback else is_public), self._network.lookup)
        self._session = aiohttp.ClientSession(
            connector=Connections(ssl=trust, resolver=resolver, limit=_CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            # Packed answers save nothing at this size, and a cut one can look whole.
            headers={"User-Agent": f"hashdata/{version('hashdata')}", "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the session."""
        if self._session:
            await self._session.close()

    @property
    def shares_rates(self) -> bool:
        """Whether all keys at one host count together."""
        shared = self._network.shares_rates
        return not self.loopback if shared is None else shared

    def rates(self, host: str, rates: Mapping[str, float]) -> Rates:
        """
        Return the limiters for the questions of one key at `host`, which allow at least `rates`.

        Whether an exchange counts by address or by key is rarely known, so
        all keys share them. A loopback address belongs to nobody's exchange.
        """
        found = self._rates.setdefault(host, Rates()) if self.shares_rates else Rates()
        found.allow(rates)
        return found

    async def send(self, guard: Guard, request: Signed, until: float) -> Raw:
        """
        Send one request, once, and return the answer; `until` is a moment of the loop's clock.

        Raises `Refused` when the guard says no and `Faulted` when no complete
        answer came. Redirects are not followed: they are the answer.
        """
        asked = guard.check(request.method, request.url, request.body, request.headers)
        begin = time.perf_counter()

        failed: Cause | None = None
        try:
            async with asyncio.timeout_at(until):
                response, content = await self._exchange(request, self._target(asked))
        except TooLarge:
            failed = Cause.TOO_LARGE
        except NETWORK_ERRORS as error:
            failed = cause_of(error)
        if failed:
            # Raised out here it has no context: aiohttp's errors hold the headers of the request.
            raise Faulted(Fault(failed, request.method, asked.raw_path, _ms_since(begin)))
        raw = Raw(
            method=request.method,
            path=asked.raw_path,
            status=response.status,
            headers={name.lower(): value for name, value in response.headers.items()},
            text=content.decode("utf-8", "replace"),
            ms=_ms_since(begin),
        )
        if self._tap:
            self._tap(request, raw)
        return raw

    def _target(self, asked: yarl.URL) -> yarl.URL:
        """Return where the request really goes."""
        if self.loopback:
            return yarl.URL(self.loopback + asked.raw_path_qs, encoded=True)
        return asked.with_port(self._network.port) if self._network.port else asked

    async def _exchange(self, request: Signed, target: yarl.URL) -> tuple[aiohttp.ClientResponse, bytes]:
        """Send, and read the body up to the cap."""
        if self._session is None:
            message = "the door is used before it is entered"
            raise RuntimeError(message)
        sent: list[aiohttp.ClientRequest] = []

        async def once(attempt: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
            # aiohttp itself sends GET, PUT and DELETE again when a kept connection turns out to be closed.
            if sent:
                message = "not sent again"
                raise aiohttp.ServerDisconnectedError(message)
            sent.append(attempt)
            return await handler(attempt)

        content = bytearray()
        async with self._session.request(
            request.method,
            target,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            middlewares=(once,),
        ) as response:
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > MAX_BODY:
                    response.close()
                    raise TooLarge
        return response, bytes(content)


def _ms_since(begin: float) -> int:
    """Return the milliseconds since a moment of the performance counter."""
    return round((time.perf_counter() - begin) * 1000)
