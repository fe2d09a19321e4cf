"""The faults of a network and of what stands in an exchange's place, each with the cause that it must be given."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache

from hashdata.permissions import Cause

from tests.faults.server import Misbehave, Wire

JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html"
PAGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Are you human?</body></html>"
LARGE = 300 * 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\n"
SLOW = "slowness"
ODD = "odd, but whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCase:
    """
    One way to misbehave, and the cause that it must be given.

    `cause` is None for what is odd but no fault. `beneath` says that it
    happens in the TLS below the answer, so that plain HTTP does not have it.
    """

    name: str
    kind: str
    misbehave: Misbehave
    cause: Cause | None
    beneath: bool = False

    @property
    def is_asked_again(self) -> bool:
        """Whether a read that meets it is asked once more."""
        return self.cause is Cause.NETWORK


def sends(data: bytes) -> Misbehave:
    """Return a fault that sends these bytes and ends the connection."""

    async def misbehave(wire: Wire) -> None:
        await wire.send(data)

    return misbehave


def answers(status: str, body: bytes | str = b"", *headers: str) -> Misbehave:
    """Return a fault that answers whole."""

    async def misbehave(wire: Wire) -> None:
        await wire.reply(status, body, *headers)

    return misbehave


def page(status: str) -> Misbehave:
    """Return a fault that answers with a page for people."""
    return answers(status, PAGE, HTML)


def said(text: str | bytes) -> Misbehave:
    """Return a fault that answers 200 with this as its JSON."""
    return answers("200 OK", text, JSON)


def redirect(status: str, place: str | None) -> Misbehave:
    """Return a fault that sends the client to `place`."""
    return answers(status, b"", *([] if place is None else [f"Location: {place}"]))


def drips(head: bytes, piece: Callable[[int], bytes]) -> Misbehave:
    """Return a fault that goes on for a minute, ten pieces a second."""

    async def misbehave(wire: Wire) -> None:
        await wire.send(head)
        for number in range(600):
            await asyncio.sleep(0.1)
            await wire.send(piece(number))

    return misbehave


def floods(head: bytes, piece: bytes, times: int) -> Misbehave:
    """Return a fault that sends the same piece again and again, as fast as it is taken."""

    async def misbehave(wire: Wire) -> None:
        await wire.send(head)
        for _ in range(times):
            await wire.send(piece)

    return misbehave


def honestly(change: Callable[[bytes, bytes], bytes], *, keeps: bool = True) -> Misbehave:
    """Return what sends the exchange's own head and body as `change` makes them."""

    async def misbehave(wire: Wire) -> None:
        head, _, body = wire.honest().partition(b"\r\n\r\n")
        await wire.send(change(head, body))
        wire.keeps = keeps

    return misbehave


async def _reset(wire: Wire) -> None:
    wire.reset()


async def _close(_: Wire) -> None:
    """Let the connection end without an answer."""


async def _cut_body(wire: Wire) -> None:
    await wire.send(OK + b"Content-Length: 400\r\n\r\n[{")
    wire.reset()


async def _hang(_: Wire) -> None:
    await asyncio.sleep(60)


async def _alert(wire: Wire) -> None:
    """Break off in mid-body by the alert `handshake_failure`, in the clear."""
    await wire.send(OK + b"Content-Length: 400\r\n\r\n[{")
    wire.send_beneath(b"\x15\x03\x03\x00\x02\x02\x28")
    await asyncio.sleep(0.05)


async def _broken_record(wire: Wire) -> None:
    """Break the encryption in mid-body, as what changes bytes on the way does."""
    await wire.send(OK + b"Content-Length: 400\r\n\r\n[{")
    wire.send_beneath(b"\x17\x03\x03\x00\x20" + b"x" * 32)
    await asyncio.sleep(0.05)


@cache
def bomb(wbits: int) -> bytes:
    """Return a few hundred kB that unpack to 300 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    block = bytes(1 << 20)
    first, piece = (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    # After a full flush, equal blocks are packed into equal bytes.
    return first + piece * (LARGE // len(block) - 1)


def packed(coding: str, wbits: int) -> Misbehave:
    """Return a fault that answers with a bomb."""

    async def misbehave(wire: Wire) -> None:
        await wire.reply("200 OK", bomb(wbits), f"Content-Encoding: {coding}", JSON)

    return misbehave


@cache
def _half_packed() -> bytes:
    whole = gzip.compress(json.dumps([{"id": number} for number in range(1000)]).encode())
    return whole[: len(whole) // 2]


async def _to_itself(wire: Wire) -> None:
    await wire.reply("302 Found", b"", f"Location: {wire.call.request.target}")


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


def _chunked(head: bytes) -> bytes:
    """Return a head that announces chunks in place of a length."""
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
    return b"\r\n".join([*lines, b"Transfer-Encoding: chunked"])


async def _bytewise(wire: Wire) -> None:
    """Answer honestly, a byte at a time."""
    for byte in wire.honest():
        await wire.send(bytes([byte]))
    wire.keeps = True


_Row = tuple[str, Misbehave, Cause]


def _connection() -> tuple[_Row, ...]:
    c = Cause
    return (
        ("connection reset", _reset, c.NETWORK),
        ("connection closed without an answer", _close, c.NETWORK),
        ("headers cut by closing", sends(OK + b"Content-Le"), c.NETWORK),
        ("body cut by a reset", _cut_body, c.NETWORK),
        ("body shorter than announced", sends(OK + b"Content-Length: 400\r\n\r\n[]"), c.NETWORK),
        ("broken chunks", sends(OK + b"Transfer-Encoding: chunked\r\n\r\nno size\r\n[]\r\n0\r\n\r\n"), c.NETWORK),
        ("chunks without the last", sends(OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n"), c.NETWORK),
        ("body of unknown length cut by closing", sends(b'HTTP/1.0 200 OK\r\n\r\n[{"id"'), c.NOT_THE_API),
        ("two lengths that differ", sends(OK + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\n[]"), c.NETWORK),
        (
            "a length and chunks",
            sends(OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n"),
            c.NETWORK,
        ),
        ("not HTTP", sends(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), c.NETWORK),
        ("garbage behind the answer", honestly(lambda head, body: head + b"\r\n\r\n" + body + b"\x00\xff"), c.NETWORK),
    )


def _slowness() -> tuple[_Row, ...]:
    c = Cause
    hint = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    return (
        ("accepts and hangs", _hang, c.TIMEOUT),
        ("headers that drip", drips(OK, lambda number: f"X-Slow-{number}: 1\r\n".encode()), c.TIMEOUT),
        ("a body that drips", drips(OK + b"Content-Length: 600\r\n\r\n", lambda _: b" "), c.TIMEOUT),
        ("chunks that drip", drips(OK + b"Transfer-Encoding: chunked\r\n\r\n", lambda _: b"1\r\n \r\n"), c.TIMEOUT),
        ("hints (103) without an end", drips(b"", lambda _: hint), c.TIMEOUT),
    )


def _size() -> tuple[_Row, ...]:
    c = Cause
    chunk = b"10000\r\n" + b"[" * 0x10000 + b"\r\n"
    return (
        ("gzip bomb of 300 MB", packed("gzip", 31), c.TOO_LARGE),
        ("deflate bomb of 300 MB", packed("deflate", 15), c.TOO_LARGE),
        (
            "body of 300 MB",
            floods(OK + f"Content-Length: {LARGE}\r\n\r\n".encode(), b"[" * (1 << 16), LARGE >> 16),
            c.TOO_LARGE,
        ),
        ("chunks of 300 MB", floods(OK + b"Transfer-Encoding: chunked\r\n\r\n", chunk, LARGE >> 16), c.TOO_LARGE),
        (
            "body of 300 MB and no length",
            floods(b"HTTP/1.0 200 OK\r\n\r\n", b"[" * (1 << 16), LARGE >> 16),
            c.TOO_LARGE,
        ),
    )


def _coding() -> tuple[_Row, ...]:
    c = Cause
    return (
        ("gzip that is none", answers("200 OK", "[]", "Content-Encoding: gzip", JSON), c.NETWORK),
        ("gzip cut in the middle", answers("200 OK", _half_packed(), "Content-Encoding: gzip", JSON), c.NOT_THE_API),
        ("brotli that is none", answers("200 OK", b"\xff" * 40, "Content-Encoding: br", JSON), c.NETWORK),
        ("zstd that is none", answers("200 OK", b"\xff" * 40, "Content-Encoding: zstd", JSON), c.NETWORK),
        (
            "a coding that nobody knows",
            answers("200 OK", b"\x8b\xff\x02", "Content-Encoding: rot13", JSON),
            c.NOT_THE_API,
        ),
    )


def _content() -> tuple[_Row, ...]:
    c = Cause
    return (
        ("captcha page with 200", page("200 OK"), c.NOT_THE_API),
        ("captcha page with 403", page("403 Forbidden"), c.NOT_THE_API),
        ("empty 200", said(b""), c.UNRECOGNISED_ANSWER),
        ("204 without content", sends(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), c.UNRECOGNISED_ANSWER),
        (
            "101, another protocol",
            sends(b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
            c.UNRECOGNISED_ANSWER,
        ),
        ("NaN", said("NaN"), c.NOT_THE_API),
        ("JSON nested 100,000 deep", said("[" * 100_000 + "]" * 100_000), c.UNRECOGNISED_ANSWER),
        ("a string where data belongs", said('"all is well"'), c.UNRECOGNISED_ANSWER),
        ("null", said("null"), c.UNRECOGNISED_ANSWER),
        ("a list of numbers", said("[1, 2, 3]"), c.UNRECOGNISED_ANSWER),
        ("a name that stands twice", said('{"code": 200, "code": 403, "data": []}'), c.UNRECOGNISED_ANSWER),
        ("two documents", said("[]\n[]"), c.NOT_THE_API),
        ("bytes that are not UTF-8", said(b'{"code": 200, "data": "\xff\xfe'), c.NOT_THE_API),
        ("UTF-16", said("[]".encode("utf-16")), c.NOT_THE_API),
        ("200 with an error in the body", said('{"code": 500, "message": "Internal error"}'), c.UNRECOGNISED_ANSWER),
    )


def _out_of_order() -> tuple[_Row, ...]:
    c = Cause
    return (
        ("500 without a body", answers("500 Internal Server Error"), c.MAINTENANCE),
        ("502 page", page("502 Bad Gateway"), c.MAINTENANCE),
        ("503 page", page("503 Service Unavailable"), c.MAINTENANCE),
        ("520 page", page("520 Unknown Error"), c.MAINTENANCE),
        ("500 in JSON that nobody knows", answers("500 Error", '{"error": "oops"}', JSON), c.UNRECOGNISED_ANSWER),
    )


def _redirects() -> tuple[_Row, ...]:
    c = Cause
    other = "https://other.example/orders"
    return (
        ("redirect to itself", _to_itself, c.NOT_THE_API),
        ("301 to another host", redirect("301 Moved Permanently", other), c.NOT_THE_API),
        ("303 to another host", redirect("303 See Other", other), c.NOT_THE_API),
        ("307 to another host", redirect("307 Temporary Redirect", other), c.NOT_THE_API),
        ("308 to another host", redirect("308 Permanent Redirect", other), c.NOT_THE_API),
        ("redirect to plain HTTP", redirect("307 Temporary Redirect", "http://api.poloniex.com/orders"), c.NOT_THE_API),
        ("redirect with a password", redirect("302 Found", "https://me:password@other.example/"), c.NOT_THE_API),
        ("redirect without a scheme", redirect("302 Found", "//other.example/orders"), c.NOT_THE_API),
        ("redirect to a script", redirect("302 Found", "javascript:alert(1)"), c.NOT_THE_API),
        ("redirect to what is no address", redirect("302 Found", "http://[::1"), c.NOT_THE_API),
        ("redirect to nowhere", redirect("302 Found", None), c.NOT_THE_API),
        ("redirect with a good-looking body", answers("302 Found", "[]", f"Location: {other}", JSON), c.NOT_THE_API),
        ("304 not modified", sends(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"), c.NOT_THE_API),
    )


def _others() -> tuple[tuple[str, str, Misbehave, Cause], ...]:
    c = Cause
    many = "429 Too Many Requests"
    huge = OK + b"X-Huge: " + b"x" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n[]"
    return (
        ("429 in JSON", "rate limit", answers(many, '{"code": 429, "msg": "Too many requests"}', JSON), c.RATE_LIMITED),
        ("429 page", "rate limit", page(many), c.RATE_LIMITED),
        ("429 with an hour to wait", "rate limit", answers(many, "{}", JSON, "Retry-After: 3600"), c.RATE_LIMITED),
        ("echo of the request", "echo", _echo, c.NOT_THE_API),
        ("error that repeats the headers", "echo", _echo_json, c.UNRECOGNISED_ANSWER),
        ("500 headers", "headers", _many_headers, c.NETWORK),
        ("a header of 100 kB", "headers", sends(huge), c.NETWORK),
        ("a header without a colon", "headers", sends(OK + b"nonsense\r\n\r\n[]"), c.NETWORK),
        ("a status of four digits", "headers", sends(b"HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n[]"), c.NETWORK),
    )


def catalogue() -> tuple[FaultCase, ...]:
    """Return every fault that one question can meet."""
    kinds = {
        "connection": _connection(),
        SLOW: _slowness(),
        "size": _size(),
        "coding": _coding(),
        "wrong content": _content(),
        "out of order": _out_of_order(),
        "redirect": _redirects(),
    }
    rows = [(name, kind, fault, cause) for kind, of_kind in kinds.items() for name, fault, cause in of_kind]
    plain = [FaultCase(name=n, kind=k, misbehave=m, cause=cause) for n, k, m, cause in (*rows, *_others())]
    beneath = [
        FaultCase(name=name, kind="TLS", misbehave=fault, cause=Cause.NETWORK, beneath=True)
        for name, fault in (("TLS alert in mid-body", _alert), ("broken TLS record in mid-body", _broken_record))
    ]
    return (*plain, *beneath)


def oddities() -> tuple[FaultCase, ...]:
    """Return what looks strange and is a whole answer all the same, so that the key is judged by it."""
    hints = b"HTTP/1.1 100 Continue\r\n\r\n" + b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 5
    rows: tuple[tuple[str, Misbehave | Callable[[Wire], Awaitable[None]]], ...] = (
        ("a byte at a time", _bytewise),
        ("hints (100, 103) before the answer", honestly(lambda head, body: hints + head + b"\r\n\r\n" + body)),
        (
            "HTTP/1.0 without a length",
            honestly(
                lambda head, body: _without_length(head).replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n\r\n" + body,
                keeps=False,
            ),
        ),
        (
            "chunks with extensions and trailers",
            honestly(
                lambda head, body: (
                    _chunked(head)
                    + b"\r\n\r\n"
                    + f"{len(body):x};name=value\r\n".encode()
                    + body
                    + b"\r\n0\r\nX-Trailer: 1\r\n\r\n"
                )
            ),
        ),
        (
            "gzip that was not needed",
            honestly(
                lambda head, body: (
                    _chunked(head)
                    + b"\r\nContent-Encoding: gzip\r\n\r\n"
                    + f"{len(gzip.compress(body)):x}\r\n".encode()
                    + gzip.compress(body)
                    + b"\r\n0\r\n\r\n"
                )
            ),
        ),
        ("the same answer twice", honestly(lambda head, body: (head + b"\r\n\r\n" + body) * 2)),
        ("an error page behind the answer", honestly(lambda head, body: head + b"\r\n\r\n" + body + _BAD_REQUEST)),
    )
    return tuple(FaultCase(name=name, kind=ODD, misbehave=fault, cause=None) for name, fault in rows)


_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def _without_length(head: bytes) -> bytes:
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length"))
