"""Serve a practice exchange over HTTP on loopback, inside the running loop."""

from __future__ import annotations

import asyncio
import errno
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from hashdata.errors import UsageError
from hashdata.practice import PracticeExchange, Provenance, Reply, Request

# The largest request of any connector has a few hundred bytes.
BODY_CAP = 64 * 1024

# Quiet unless somebody configures logging; aiohttp would print its own errors.
_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())

_TOO_LARGE = Reply.of(
    {"error": f"the practice exchange takes requests of up to {BODY_CAP} bytes"},
    status=413,
    provenance=Provenance.INFERRED,
    source="the sandbox itself",
)
_BROKEN = Reply.of(
    {"error": "the practice exchange is broken"},
    status=500,
    provenance=Provenance.INFERRED,
    source="the sandbox itself",
)


@asynccontextmanager
async def serve(  # noqa: PLR0913 - each is one thing that a test wants to set
    exchange: PracticeExchange,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    skew_ms: int = 0,
    delay: float = 0.0,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[str]:
    """
    Serve `exchange` and yield its origin, such as `http://127.0.0.1:43210`.

    Port 0 takes a free one. The exchange's clock is `clock` (seconds since
    1970) plus `skew_ms`, and every answer waits `delay` seconds more than it
    says itself. Raises `UsageError` where the port cannot be had.
    """

    def now_ms() -> int:
        return int(clock() * 1000) + skew_ms

    server = web.Server(
        _handler(exchange, now_ms, delay),
        access_log=None,
        handler_cancellation=True,
        logger=_LOG,
    )
    # To aiohttp a timeout of 0 means to wait for ever.
    runner = web.ServerRunner(server, shutdown_timeout=0.01)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        bound = runner.addresses[0][1]
        yield f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
    finally:
        await runner.cleanup()


async def _listen(runner: web.ServerRunner, host: str, port: int) -> None:
    """Start to listen; the common reasons why that fails are the user's to mend."""
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {port} of {host} is in use",
                fix="Choose another port, or 0 for any free one.",
            ) from error
        raise UsageError(
            f"cannot listen on port {port} of {host}",
            fix="Listen on 127.0.0.1, with a port above 1023 or with 0 for any free one.",
        ) from error


def _handler(
    exchange: PracticeExchange, now_ms: Callable[[], int], delay: float
) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    """Return what answers each request."""

    async def handle(incoming: web.BaseRequest) -> web.StreamResponse:
        body = await _read(incoming)
        if body is None:
            return _response(_TOO_LARGE)
        try:
            reply = exchange.answer(_request(incoming, body), now_ms())
            await asyncio.sleep(reply.delay + delay)
            response = _response(reply)
            await response.prepare(incoming)
        except Exception:  # noqa: BLE001 - a plugin's code: its bug is an answer, as it is at a real exchange
            _LOG.debug("the practice exchange failed", exc_info=True)
            return _response(_BROKEN)
        return response

    return handle


async def _read(incoming: web.BaseRequest) -> bytes | None:
    """Return the body, None when it is larger than the cap."""
    body = bytearray()
    async for chunk in incoming.content.iter_any():
        body += chunk
        if len(body) > BODY_CAP:
            return None
    return bytes(body)


def _request(incoming: web.BaseRequest, body: bytes) -> Request:
    """Return the request in the sandbox's own words."""
    url = incoming.rel_url
    return Request(
        method=incoming.method,
        path=url.raw_path,
        target=url.raw_path_qs,
        query=tuple(url.query.items()),
        headers={name.lower(): value for name, value in incoming.headers.items()},
        body=body,
    )


def _response(reply: Reply) -> web.Response:
    """Return the answer, and beside it where it comes from, so that a recording can say so."""
    return web.Response(
        status=reply.status,
        body=reply.body.encode(),
        headers={
            **reply.headers,
            "Practice-Provenance": reply.provenance.value,
            "Practice-Source": _one_line(reply.source),
        },
    )


def _one_line(text: str) -> str:
    """Return `text` as a header can carry it: one line of ASCII."""
    return " ".join(text.split()).encode("ascii", "backslashreplace").decode()
