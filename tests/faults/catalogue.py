"""The faults of a network and of what stands in an exchange's place, each with the cause that it must be given."""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass
from functools import cache

from hashdata.permissions import Cause

from tests.faults.server import Misbehave, Wire

JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html"
PAGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Are you human?</body></html>"
LARGE = 300 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCase:
    """One way to misbehave; `thief` says that it tries to lead the client to another server."""

    name: str
    kind: str
    misbehave: Misbehave
    cause: Cause
    thief: bool = False


async def _reset(wire: Wire) -> None:
    wire.reset()


async def _cut_body(wire: Wire) -> None:
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n[{")
    wire.reset()


async def _short_body(wire: Wire) -> None:
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n[]")


async def _broken_chunks(wire: Wire) -> None:
    await wire.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnothing like a size\r\n[]\r\n0\r\n\r\n")


async def _not_http(wire: Wire) -> None:
    await wire.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


async def _hang(_: Wire) -> None:
    await asyncio.sleep(60)


async def _slow_headers(wire: Wire) -> None:
    await wire.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(600):
        await asyncio.sleep(0.1)
        await wire.send(f"X-Slow-{number}: 1\r\n".encode())


async def _slow_body(wire: Wire) -> None:
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n")
    for _ in range(600):
        await asyncio.sleep(0.1)
        await wire.send(b" ")


@cache
def _bomb() -> bytes:
    """Return a few hundred kB that unpack to 300 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * (1 << 20)
    return b"".join(packer.compress(block) for _ in range(LARGE >> 20)) + packer.flush()


async def _gzip_bomb(wire: Wire) -> None:
    await wire.reply("200 OK", _bomb(), "Content-Encoding: gzip", JSON)


async def _large_body(wire: Wire) -> None:
    await wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {LARGE}\r\n\r\n".encode())
    block = b"[" * (1 << 16)
    for _ in range(LARGE >> 16):
        await wire.send(block)


async def _html(wire: Wire) -> None:
    await wire.reply("200 OK", PAGE, HTML)


async def _captcha(wire: Wire) -> None:
    await wire.reply("403 Forbidden", PAGE, HTML)


async def _empty(wire: Wire) -> None:
    await wire.reply("200 OK", b"", JSON)


async def _no_content(wire: Wire) -> None:
    await wire.send(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


async def _nan(wire: Wire) -> None:
    await wire.reply("200 OK", "NaN", JSON)


async def _deep(wire: Wire) -> None:
    await wire.reply("200 OK", "[" * 100_000 + "]" * 100_000, JSON)


async def _wrong_type(wire: Wire) -> None:
    await wire.reply("200 OK", '"all is well"', JSON)


async def _list_of_numbers(wire: Wire) -> None:
    await wire.reply("200 OK", "[1, 2, 3]", JSON)


async def _bad_utf8(wire: Wire) -> None:
    await wire.reply("200 OK", b'{"code": 200, "data": "\xff\xfe', JSON)


async def _error_body(wire: Wire) -> None:
    await wire.reply("200 OK", '{"code": 500, "message": "Internal error"}', JSON)


async def _unavailable(wire: Wire) -> None:
    await wire.reply("503 Service Unavailable", PAGE, HTML)


async def _unknown_error(wire: Wire) -> None:
    await wire.reply("520 Unknown Error", PAGE, HTML)


def redirect_to(place: str) -> Misbehave:
    """Return a fault that sends the client to `place`, with the method and body kept."""

    async def misbehave(wire: Wire) -> None:
        await wire.reply("307 Temporary Redirect", b"", f"Location: {place}")

    return misbehave


async def _redirect_loop(wire: Wire) -> None:
    await wire.reply("302 Found", b"", f"Location: {wire.call.request.target}")


async def _too_many(wire: Wire) -> None:
    await wire.reply("429 Too Many Requests", '{"code": 429, "msg": "Too many requests"}', JSON)


async def _too_many_html(wire: Wire) -> None:
    await wire.reply("429 Too Many Requests", PAGE, HTML)


async def _too_many_with_wait(wire: Wire) -> None:
    await wire.reply("429 Too Many Requests", "{}", JSON, "Retry-After: 3600")


async def _echo(wire: Wire) -> None:
    """Answer with the request itself, key and signature included."""
    await wire.reply("200 OK", wire.call.raw, "Content-Type: text/plain")


async def _echo_json(wire: Wire) -> None:
    """Answer with an error that repeats every header in its sentence."""
    words = " ".join(wire.call.request.headers.values())
    await wire.reply("400 Bad Request", json.dumps({"code": 99, "message": words}), JSON)


async def _many_headers(wire: Wire) -> None:
    lines = "".join(f"X-Header-{number}: {number}\r\n" for number in range(500))
    await wire.send(f"HTTP/1.1 500 Internal Server Error\r\n{lines}Content-Length: 0\r\n\r\n".encode())


async def _huge_header(wire: Wire) -> None:
    await wire.send(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"x" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n[]")


def catalogue() -> tuple[FaultCase, ...]:
    """Return every fault that one question can meet."""
    c = Cause
    rows: tuple[tuple[str, str, Misbehave, Cause], ...] = (
        ("connection reset", "connection", _reset, c.NETWORK),
        ("body cut by a reset", "connection", _cut_body, c.NETWORK),
        ("body shorter than announced", "connection", _short_body, c.NETWORK),
        ("broken chunks", "connection", _broken_chunks, c.NETWORK),
        ("not HTTP", "connection", _not_http, c.NETWORK),
        ("accepts and hangs", "slowness", _hang, c.TIMEOUT),
        ("headers that drip", "slowness", _slow_headers, c.TIMEOUT),
        ("a body that drips", "slowness", _slow_body, c.TIMEOUT),
        ("gzip bomb of 300 MB", "size", _gzip_bomb, c.TOO_LARGE),
        ("body of 300 MB", "size", _large_body, c.TOO_LARGE),
        ("captcha page with 200", "wrong content", _html, c.NOT_THE_API),
        ("captcha page with 403", "wrong content", _captcha, c.NOT_THE_API),
        ("empty 200", "wrong content", _empty, c.UNRECOGNISED_ANSWER),
        ("204 without content", "wrong content", _no_content, c.UNRECOGNISED_ANSWER),
        ("NaN", "wrong content", _nan, c.NOT_THE_API),
        ("JSON nested 100,000 deep", "wrong content", _deep, c.UNRECOGNISED_ANSWER),
        ("a string where data belongs", "wrong content", _wrong_type, c.UNRECOGNISED_ANSWER),
        ("a list of numbers", "wrong content", _list_of_numbers, c.UNRECOGNISED_ANSWER),
        ("bytes that are not UTF-8", "wrong content", _bad_utf8, c.NOT_THE_API),
        ("200 with an error in the body", "wrong content", _error_body, c.UNRECOGNISED_ANSWER),
        ("503 page", "out of order", _unavailable, c.MAINTENANCE),
        ("520 page", "out of order", _unknown_error, c.MAINTENANCE),
        ("redirect to itself", "redirect", _redirect_loop, c.NOT_THE_API),
        ("429 in JSON", "rate limit", _too_many, c.RATE_LIMITED),
        ("429 page", "rate limit", _too_many_html, c.RATE_LIMITED),
        ("429 with an hour to wait", "rate limit", _too_many_with_wait, c.RATE_LIMITED),
        ("echo of the request", "echo", _echo, c.NOT_THE_API),
        ("error that repeats the headers", "echo", _echo_json, c.UNRECOGNISED_ANSWER),
        ("500 headers", "headers", _many_headers, c.NETWORK),
        ("a header of 100 kB", "headers", _huge_header, c.NETWORK),
    )
    return tuple(FaultCase(name=n, kind=k, misbehave=m, cause=cause) for n, k, m, cause in rows)
