"""A practice exchange that knows the canaries and repeats what it gets, in every place where an answer has room."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from hashdata.permissions import Permission
from hashdata.practice import Ledger, PracticeExchange, Reply
from hashdata_poloniex.practice_keys import PracticeKey, key
from hashdata_poloniex.sandbox import PracticePoloniex
from hashdata_poloniex_futures.sandbox import PracticeClassic

from tests.canaries import CREDENTIALS, CREDENTIALS_WITH_PASSPHRASE, SECRET
from tests.faults.server import Call, Log, Misbehave, Wire, misbehaving

_SIGNATURES = ("signature", "pf-api-sign")
OUTCOMES = ("accepted", "denied", "unusable", "inconclusive")


@dataclass(frozen=True, slots=True)
class Target:
    """One API: its connector, the canaries of its key, and what makes its trading question unrecognised."""

    connector: str
    values: Mapping[str, str]
    unrecognised: tuple[tuple[str, str], ...]

    def exchange(self, outcome: str) -> PracticeExchange:
        """Return an exchange at which the canaries lead to `outcome`."""
        powers = (Permission.TRADE,) if outcome == "denied" else ()
        instead = self.unrecognised if outcome == "inconclusive" else ()
        known = None if outcome == "unusable" else key(0, "canary", "", powers=powers, instead=instead)
        return _Classic(known) if "passphrase" in self.values else PracticePoloniex([_held(known, self.values)])


TARGETS = {
    "main": Target("poloniex", CREDENTIALS, (("POST /orders", "practice_unknown-code"),)),
    "v3": Target("poloniex-futures", CREDENTIALS, (("POST /v3/trade/", "practice_unknown-code"),)),
    "classic": Target(
        "poloniex-futures", CREDENTIALS_WITH_PASSPHRASE, (("DELETE /api/v1/", "doc_classic_error-404000-url"),)
    ),
}


def _held(known: PracticeKey | None, values: Mapping[str, str]) -> PracticeKey:
    made = known or key(0, "canary", "")
    return PracticeKey(persona=made.persona, held=values if known else None, powers=made.powers, instead=made.instead)


class _Classic(PracticeClassic):
    """The classic service with the canaries on file, or with none."""

    def __init__(self, known: PracticeKey | None) -> None:
        self.ledger = Ledger()
        super().__init__(self.ledger)
        held = {} if known is None else {CREDENTIALS_WITH_PASSPHRASE["api_key"]: known}
        self._held = {name: (one, CREDENTIALS_WITH_PASSPHRASE) for name, one in held.items()}
        self.personas = ()


def echoed(call: Call) -> dict[str, str]:
    """Return what a server can repeat: every header that signing added, and the secret, which it knows as well."""
    usual = {"host", "accept", "accept-encoding", "user-agent", "content-type", "content-length"}
    return {name: v for name, v in call.request.headers.items() if name not in usual} | {"secret": SECRET}


def signatures(log: Log) -> set[str]:
    """Return every signature that arrived."""
    found = (call.request.headers.get(name) for call in log.calls for name in _SIGNATURES)
    return {signature for signature in found if signature}


Way = Callable[[Wire, Reply], bytes]


def _whole(status: str, body: str, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _line(call: Call) -> str:
    return " ".join(echoed(call).values())


def around(wire: Wire, reply: Reply) -> bytes:
    """Answer as usual, and repeat everything in reason phrase, headers, fields, chunk extensions and trailers."""
    said, line = echoed(wire.call), _line(wire.call)
    value = json.loads(reply.body) if reply.body.lstrip()[:1] in {"{", "["} else None
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            item["echo"] = {**said, line: line}
    body = json.dumps(value) if value is not None else reply.body
    lines = [f"HTTP/1.1 {reply.status} {line}", "Transfer-Encoding: chunked", "Connection: close"]
    lines += [f"{name}: {text}" for name, text in reply.headers.items()]
    lines += [f"X-{name}: {text}" for name, text in said.items()]
    lines += [f"Set-Cookie: k={line}", f"Location: https://thief.example/?{quote(line)}", f"Server: {line}"]
    chunk = f"{len(body.encode()):x};echo={quote(line, safe='')}\r\n{body}\r\n"
    return ("\r\n".join(lines) + f"\r\n\r\n{chunk}0\r\nX-Trailer: {line}\r\n\r\n").encode()


def _json(status: str, make: Callable[[Call], object]) -> Way:
    return lambda wire, _: _whole(status, json.dumps(make(wire.call)), "Content-Type: application/json")


def _said(spell: Callable[[str], str]) -> Way:
    """Return an error in whose sentence each echoed value stands in another spelling."""
    return _json("400 Bad Request", lambda call: {"code": 9, "message": ", ".join(map(spell, echoed(call).values()))})


INSTEAD: dict[str, Way] = {
    "plain text": lambda wire, _: _whole("200 OK", wire.call.raw.decode("latin-1"), "Content-Type: text/plain"),
    "page": lambda wire, _: _whole(
        "403 Forbidden", f"<html><pre>{html.escape(_line(wire.call))}</pre></html>", "Content-Type: text/html"
    ),
    "message": _said(str),
    "message in JSON": _said(json.dumps),
    "message in JSON twice": _said(lambda value: json.dumps(json.dumps(value))),
    "message for a URL": _said(lambda value: quote(value, safe="")),
    "message in hex": _said(lambda value: value.encode().hex()),
    "message in base64": _said(lambda value: base64.b64encode(b"a" + value.encode()).decode()),
    "message backwards": _said(lambda value: value[::-1]),
    "message for a page": _said(html.escape),
    "message between quotes of Python": _said(repr),
    "code": _json("400 Bad Request", lambda call: {"code": _line(call), "msg": "no"}),
    "code that is the secret": _json("400 Bad Request", lambda _: {"code": SECRET, "msg": "no"}),
    "names of fields": _json("400 Bad Request", lambda call: {v: {v: [v]} for v in echoed(call).values()}),
    "list of texts": _json("200 OK", lambda call: list(echoed(call).values())),
    "redirect": lambda wire, _: _whole("302 Found", "", f"Location: https://thief.example/?{quote(_line(wire.call))}"),
    "content type": lambda wire, _: _whole("418 No", '{"code": 1}', f"Content-Type: {_line(wire.call)}"),
    "wait": lambda wire, _: _whole("429 Too Many", "{}", f"Retry-After: {_line(wire.call)}"),
    "reason phrase alone": lambda wire, _: _whole(f"500 {_line(wire.call)}", ""),
    "status line": lambda wire, _: f"HTTP/1.1 {_line(wire.call)}\r\n\r\n".encode(),
    "header that is none": lambda wire, _: f"HTTP/1.1 200 OK\r\n{_line(wire.call)}\r\n\r\n".encode(),
    "size of a chunk": lambda wire, _: (
        f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{_line(wire.call)}\r\n".encode()
    ),
    "encoding": lambda wire, _: _whole("200 OK", "[]", f"Content-Encoding: {_line(wire.call)}"),
    "no HTTP": lambda wire, _: _line(wire.call).encode(),
}


def answering(exchange: PracticeExchange, way: Way) -> Misbehave:
    """Return what answers every call by `way`."""

    async def answer(wire: Wire) -> None:
        await wire.send(way(wire, exchange.answer(wire.call.request, int(time.time() * 1000))))

    return answer


@dataclass(slots=True)
class _Standing:
    ready: threading.Event = field(default_factory=threading.Event)
    origin: str = ""
    log: Log = field(default_factory=Log)
    loop: asyncio.AbstractEventLoop | None = None
    stop: asyncio.Event | None = None


@contextmanager
def standing(exchange: PracticeExchange, way: Way, question: str | None = None) -> Iterator[tuple[str, Log]]:
    """Serve `exchange` from a thread, with `question` or everything answered by `way`; yield its origin and log."""
    state = _Standing()

    async def serve() -> None:
        async with misbehaving(exchange, question, answering(exchange, way)) as (port, log):
            state.origin, state.log = f"http://127.0.0.1:{port}", log
            state.loop, state.stop = asyncio.get_running_loop(), asyncio.Event()
            state.ready.set()
            await state.stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    state.ready.wait(10)
    try:
        yield state.origin, state.log
    finally:
        assert state.loop is not None
        assert state.stop is not None
        state.loop.call_soon_threadsafe(state.stop.set)
        thread.join(10)
