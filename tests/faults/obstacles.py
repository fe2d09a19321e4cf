"""Names, addresses, certificates and clocks: what keeps a test from reaching the exchange, on the production path."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import trustme
from hashdata.exchange.door import Network
from hashdata.exchange.resolver import Found
from hashdata.permissions import Cause
from hashdata.tester.report import Report

from tests.exchange.doors import looks_up
from tests.faults.server import Log, misbehaving
from tests.faults.trial import HOSTS, Setting, authority, examine, parts, to_loopback

PRIVATE = ("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "127.0.0.1", "100.64.0.1", "::1", "fd00::1")
PUBLIC = "1.1.1.1"
OFF_MS = 90_000

Against = Callable[[Setting], Coroutine[None, None, tuple[Report, Log]]]
Greet = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing in the way; `against` tests a good key against it. `reached` says that questions do arrive."""

    name: str
    kind: str
    cause: Cause
    against: Against
    reached: bool = False


def _led_by(lookup: Callable[[str, int, socket.AddressFamily], Found], seconds: float = 5.0) -> Against:
    """Test with this name server, while a good exchange waits on the port that it leads to."""

    async def against(setting: Setting) -> tuple[Report, Log]:
        async with misbehaving(parts(setting)[1], tls=authority().server) as (port, log):
            network = Network(lookup=lookup, port=port, trust=authority().client)
            return await examine(setting, network, seconds=seconds), log

    return against


def _nowhere(_: str, __: int, ___: socket.AddressFamily) -> Found:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def _nothing(_: str, __: int, ___: socket.AddressFamily) -> Found:
    return []


def _never(_: str, __: int, ___: socket.AddressFamily) -> Found:
    time.sleep(30)
    return []


async def _refused(setting: Setting) -> tuple[Report, Log]:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return await examine(setting, to_loopback(closed.getsockname()[1], authority().client)), Log()


@asynccontextmanager
async def _greeting(greet: Greet) -> AsyncIterator[tuple[int, Log]]:
    """Serve connections that never get as far as a question."""
    log = Log()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        log.connections += 1
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await greet(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], log
    finally:
        server.close()


def _greeted(greet: Greet, seconds: float = 5.0) -> Against:
    """Test against what greets every connection in this way."""

    async def against(setting: Setting) -> tuple[Report, Log]:
        async with _greeting(greet) as (port, log):
            return await examine(setting, to_loopback(port, authority().client), seconds=seconds), log

    return against


async def _leave(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    """Close at once."""


async def _break(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _listen(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Take what comes and never say a word."""
    while await reader.read(1024):
        pass


async def _dawdle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begin a long TLS record and send a byte of it now and then."""
    writer.write(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
    while not writer.is_closing():
        await asyncio.sleep(0.05)
        writer.write(b"\x00")


async def _decline(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the greeting by the alert `handshake_failure`."""
    await reader.read(1024)
    writer.write(b"\x15\x03\x03\x00\x02\x02\x28")
    await writer.drain()


async def _babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the greeting in another language."""
    await reader.read(1024)
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await writer.drain()


def _showing(make: Callable[[], tuple[ssl.SSLContext | None, ssl.SSLContext | None]]) -> Against:
    """Test against a good exchange with the server's and the client's contexts that `make` returns."""

    async def against(setting: Setting) -> tuple[Report, Log]:
        server, trust = make()
        async with misbehaving(parts(setting)[1], tls=server) as (port, log):
            return await examine(setting, to_loopback(port, trust)), log

    return against


def _unknown_authority() -> tuple[ssl.SSLContext, None]:
    return authority().server, None


def _other_name() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    other = authority("api.poloniex.com.example.org", "evil.example")
    return other.server, other.client


def _lasting(begin_days: int, end_days: int) -> Callable[[], tuple[ssl.SSLContext, ssl.SSLContext]]:
    """Return what makes a certificate that is valid between two days, counted from now."""

    def make() -> tuple[ssl.SSLContext, ssl.SSLContext]:
        now = datetime.now(UTC)
        root = trustme.CA()
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        begin, end = (now + timedelta(days=days) for days in (begin_days, end_days))
        root.issue_cert(*HOSTS, not_before=begin, not_after=end).configure_cert(server)
        client = ssl.create_default_context(cadata="")
        root.configure_trust(client)
        return server, client

    return make


def _plain() -> tuple[None, ssl.SSLContext]:
    return None, authority().client


def _off(skew_ms: int) -> Against:
    """Test against an exchange whose clock is so far ahead of ours."""

    async def against(setting: Setting) -> tuple[Report, Log]:
        ours = authority()
        async with misbehaving(parts(setting)[1], skew_ms=skew_ms, tls=ours.server) as (port, log):
            return await examine(setting, to_loopback(port, ours.client)), log

    return against


_Row = tuple[str, Cause, Against]


def _rows() -> dict[str, Sequence[_Row]]:
    c = Cause
    return {
        "name": (
            ("a name that cannot be looked up", c.NETWORK, _led_by(_nowhere)),
            ("a name without an address", c.NETWORK, _led_by(_nothing)),
            ("a name server that never answers", c.TIMEOUT, _led_by(_never, seconds=0.4)),
        ),
        "address": (
            *((f"a name that leads to {address}", c.NETWORK, _led_by(looks_up(address))) for address in PRIVATE),
            ("a public address, then a private one", c.NETWORK, _led_by(looks_up(PUBLIC, "127.0.0.1"))),
            ("a private address, then a public one", c.NETWORK, _led_by(looks_up("127.0.0.1", PUBLIC))),
        ),
        "greeting": (
            ("a refused connection", c.NETWORK, _refused),
            ("accepts and closes before TLS", c.NETWORK, _greeted(_leave)),
            ("accepts and resets before TLS", c.NETWORK, _greeted(_break)),
            ("accepts and never greets", c.TIMEOUT, _greeted(_listen, seconds=0.4)),
            ("a TLS greeting that drips", c.TIMEOUT, _greeted(_dawdle, seconds=0.4)),
            ("a TLS alert in place of a greeting", c.TLS, _greeted(_decline)),
            ("another language in place of TLS", c.TLS, _greeted(_babble)),
            ("plain HTTP in place of TLS", c.TLS, _showing(_plain)),
        ),
        "certificate": (
            ("from an authority that nobody trusts", c.TLS, _showing(_unknown_authority)),
            ("for another name", c.TLS, _showing(_other_name)),
            ("expired yesterday", c.TLS, _showing(_lasting(-9, -1))),
            ("valid from tomorrow", c.TLS, _showing(_lasting(1, 9))),
        ),
        "clock": (
            ("the exchange's clock 90 s ahead", c.CLOCK, _off(OFF_MS)),
            ("the exchange's clock 90 s behind", c.CLOCK, _off(-OFF_MS)),
        ),
    }


def obstacles() -> tuple[Obstacle, ...]:
    """Return everything that can be in the way before an answer comes, and clocks that are off."""
    return tuple(
        Obstacle(name=name, kind=kind, cause=cause, against=against, reached=kind == "clock")
        for kind, rows in _rows().items()
        for name, cause, against in rows
    )
