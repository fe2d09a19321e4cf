"""The engine: what reaches a practice exchange, what comes back, and how it starts and stops."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Sequence

import aiohttp
import pytest
from hashdata.errors import UsageError
from hashdata.practice import Ledger, Persona, Provenance, Reply, Request
from hashdata.sandbox.server import BODY_CAP, serve

from tests.sandbox.client import Answer, Call, send


class Scripted:
    """A practice exchange that answers by one function, and remembers what arrived."""

    def __init__(self, script: Callable[[Request], Reply]) -> None:
        self.script = script
        self.seen: list[tuple[Request, int]] = []
        self.ledger = Ledger()

    @property
    def personas(self) -> Sequence[Persona]:
        return ()

    def answer(self, request: Request, now_ms: int) -> Reply:
        self.seen.append((request, now_ms))
        return self.script(request)


def fine(_: Request) -> Reply:
    return Reply.of({"ok": True}, status=200, provenance=Provenance.OBSERVED, source="a test")


def ask_one(exchange: Scripted, call: Call, headers: dict[str, str] | None = None) -> Answer:
    async def run() -> Answer:
        async with serve(exchange) as origin:
            return await send(origin, call, headers or {})

    return asyncio.run(run())


def test_a_request_arrives_as_it_was_sent() -> None:
    exchange = Scripted(fine)

    ask_one(exchange, Call("GET /a%2Fb/c", {"x": "1 2/3", "y": "ü"}), {"Some-Name": "value"})

    request = exchange.seen[0][0]
    assert (request.method, request.path) == ("GET", "/a%2Fb/c")
    assert request.target == "/a%2Fb/c?x=1%202%2F3&y=%C3%BC"
    assert request.query == (("x", "1 2/3"), ("y", "ü"))
    assert request.headers["some-name"] == "value"


def test_a_body_arrives_byte_for_byte() -> None:
    exchange = Scripted(fine)

    ask_one(exchange, Call("POST /orders", {"b": 1, "a": "é"}))

    assert exchange.seen[0][0].body == b'{"b":1,"a":"\\u00e9"}'


def test_an_answer_says_where_it_comes_from_in_one_line_of_ascii() -> None:
    def script(_: Request) -> Reply:
        return Reply(
            status=418,
            body="é",
            provenance=Provenance.DOCUMENTED,
            source="a page\r\nX-Evil: é",
            headers={"A": "b"},
        )

    answer = ask_one(Scripted(script), Call("GET /"))

    assert (answer.status, answer.text, answer.headers["a"]) == (418, "é", "b")
    assert answer.headers["practice-provenance"] == "documented"
    assert answer.headers["practice-source"] == r"a page X-Evil: \xe9"
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("size", [BODY_CAP, BODY_CAP + 1])
def test_a_body_over_the_cap_is_refused_unread_by_the_exchange(size: int) -> None:
    exchange = Scripted(fine)

    async def run() -> int:
        async with (
            serve(exchange) as origin,
            aiohttp.ClientSession() as session,
            session.post(origin, data=b"x" * size) as response,
        ):
            return response.status

    assert asyncio.run(run()) == (413 if size > BODY_CAP else 200)
    assert len(exchange.seen) == (0 if size > BODY_CAP else 1)


def broken(_: Request) -> Reply:
    raise ZeroDivisionError


def impossible(_: Request) -> Reply:
    return Reply(status=200, body="", provenance=Provenance.INFERRED, source="", headers={"A": "b\r\nc"})


@pytest.mark.parametrize("bug", [broken, impossible])
def test_a_bug_in_the_exchange_is_an_answer_and_does_not_stop_the_server(
    bug: Callable[[Request], Reply], capfd: pytest.CaptureFixture[str]
) -> None:
    exchange = Scripted(bug)

    async def run() -> list[Answer]:
        async with serve(exchange) as origin:
            first = await send(origin, Call("GET /"), {})
            exchange.script = fine
            return [first, await send(origin, Call("GET /"), {})]

    first, second = asyncio.run(run())

    assert first.status == 500
    assert isinstance(json.loads(first.text), dict)
    assert second.status == 200
    assert capfd.readouterr() == ("", "")


def test_the_exchange_has_a_clock_of_its_own() -> None:
    exchange = Scripted(fine)

    async def run() -> None:
        async with serve(exchange, skew_ms=-250, clock=lambda: 1_700_000_000.5) as origin:
            await send(origin, Call("GET /"), {})

    asyncio.run(run())

    assert exchange.seen[0][1] == 1_700_000_000_250


def test_a_slow_answer_is_waited_for_and_does_not_hold_the_stop() -> None:
    def slow(_: Request) -> Reply:
        return Reply(status=200, body="", provenance=Provenance.INFERRED, source="", delay=20)

    async def run() -> None:
        async with serve(Scripted(slow), delay=20) as origin:
            with pytest.raises(TimeoutError):
                await send(origin, Call("GET /"), {}, 0.05)
            waiting = asyncio.create_task(send(origin, Call("GET /"), {}, 30))
            await asyncio.sleep(0.05)
        with pytest.raises(aiohttp.ClientError):
            await waiting

    asyncio.run(asyncio.wait_for(run(), 5))


def test_a_port_in_use_is_the_users_to_mend() -> None:
    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            async with serve(Scripted(fine), port=port):
                pass

    with pytest.raises(UsageError, match="in use") as caught:
        asyncio.run(run())

    assert "another port" in caught.value.fix


def test_two_servers_run_side_by_side() -> None:
    async def run() -> set[str]:
        async with serve(Scripted(fine)) as one, serve(Scripted(fine)) as two:
            return {one, two}

    assert len(asyncio.run(run())) == 2
