"""A server of raw bytes on loopback, which keeps every request as it came."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)

# Writes an answer to one request, which is the n-th of all; what it leaves open is closed.
Respond = Callable[[asyncio.StreamWriter, int], Awaitable[None]]


@dataclass(slots=True)
class Wire:
    """Where the server listens, and the bytes of every request that arrived."""

    port: int
    seen: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def lines(self) -> list[str]:
        """The request lines without the version: `GET /accounts`."""
        return [request.split(b" HTTP/")[0].decode() for request in self.seen]


def answer(body: bytes = b"{}", status: str = "200 OK", *headers: str) -> Respond:
    """Answer every request alike, and keep the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def raw(data: bytes) -> Respond:
    """Answer every request with these very bytes."""

    async def respond(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(data)
        await writer.drain()

    return respond


def in_turn(*answers: Respond) -> Respond:
    """Answer the first request with the first answer and so on, and all that follow with the last."""

    async def respond(writer: asyncio.StreamWriter, number: int) -> None:
        await answers[min(number, len(answers)) - 1](writer, number)

    return respond


async def drop(writer: asyncio.StreamWriter, _: int) -> None:
    """Close the connection without a word."""
    writer.transport.abort()


async def hang(_: asyncio.StreamWriter, __: int) -> None:
    """Never answer."""
    await asyncio.Event().wait()


@asynccontextmanager
async def listening(respond: Respond | None = None, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """Serve until the block ends; without `respond`, every answer is an empty object."""
    respond = respond or answer()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire.connections += 1
        if task := asyncio.current_task():
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        # The client may go at any moment, and the test may end while a server hangs.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                wire.seen.append(head + await reader.readexactly(int(length[1]) if length else 0))
                await respond(writer, len(wire.seen))
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    wire = Wire(server.sockets[0].getsockname()[1])
    try:
        yield wire
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
