"""A practice exchange behind a raw socket that misbehaves at one question."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from hashdata.practice import PracticeExchange, Request


@dataclass(slots=True)
class Call:
    """One request as it arrived, and the raw bytes of it."""

    request: Request
    raw: bytes


@dataclass(slots=True, kw_only=True)
class Wire:
    """
    The open connection of one call, for a fault to misbehave on.

    `honest` gives what the exchange itself would send; a fault that sets
    `keeps` leaves the connection open for the next question.
    """

    call: Call
    writer: asyncio.StreamWriter
    tries: int
    honest: Callable[[], bytes]
    keeps: bool = False

    async def send(self, data: bytes) -> None:
        if self.writer.is_closing():
            raise ConnectionResetError("the client has gone")
        self.writer.write(data)
        await self.writer.drain()

    async def reply(self, status: str, body: bytes | str = b"", *headers: str) -> None:
        """Answer whole, and close."""
        data = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", "Connection: close", *headers]
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + data)

    def send_beneath(self, data: bytes) -> None:
        """Send bytes below the TLS of this connection, as something on the way could."""
        protocol = self.writer.transport._ssl_protocol  # type: ignore[attr-defined]  # asyncio gives no other way
        protocol._transport.write(data)

    def reset(self) -> None:
        """Drop the connection without a word."""
        self.writer.transport.abort()


# A client that speaks TLS to a server that does not starts with this byte.
_HANDSHAKE = b"\x16"

Misbehave = Callable[[Wire], Awaitable[None]]


@dataclass(slots=True)
class Log:
    """What the server saw; `begin` is the moment of the monotonic clock at which the first question arrived."""

    calls: list[Call] = field(default_factory=list)
    connections: int = 0
    begin: float | None = None

    def count(self, question: str) -> int:
        """Return how often `METHOD /path` arrived."""
        return sum(f"{call.request.method} {call.request.path}" == question for call in self.calls)


@asynccontextmanager
async def misbehaving(
    exchange: PracticeExchange,
    question: str | None = None,
    fault: Misbehave | None = None,
    *,
    skew_ms: int = 0,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[tuple[int, Log]]:
    """
    Serve `exchange` on a free port, but answer `question` (or everything, for None) with `fault`.

    Yields the port and the log of what arrived.
    """
    log = Log()
    open_connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        log.connections += 1
        task = asyncio.current_task()
        if task:
            open_connections.add(task)
        try:
            while (call := await _read(reader, writer)) is not None:
                log.calls.append(call)
                log.begin = log.begin or time.monotonic()
                asked = f"{call.request.method} {call.request.path}"
                honest = partial(_honest, exchange, call.request, skew_ms)
                if fault and question in {None, asked}:
                    wire = Wire(call=call, writer=writer, tries=log.count(asked), honest=honest)
                    await fault(wire)
                    if not wire.keeps:
                        break
                else:
                    writer.write(honest())
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # The client gave up, or the test is over while a fault still hangs.
            pass
        finally:
            with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError):
                writer.close()
            if task:
                open_connections.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1], log
    finally:
        server.close()
        for task in open_connections:
            task.cancel()
        await asyncio.gather(*open_connections, return_exceptions=True)


def _honest(exchange: PracticeExchange, request: Request, skew_ms: int) -> bytes:
    """Return what the exchange answers, as it stands on the wire."""
    reply = exchange.answer(request, int(time.time() * 1000) + skew_ms)
    body = reply.body.encode()
    head = [f"HTTP/1.1 {reply.status} Practice", f"Content-Length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in reply.headers.items()]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Call | None:
    """Read one request, None at the end of the connection."""
    try:
        begin = await reader.readexactly(1)
        if begin == _HANDSHAKE:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return None
        head = begin + await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    parts = urlsplit(target)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    request = Request(method=method, path=parts.path, target=target, query=query, headers=headers, body=body)
    return Call(request, head + body)
