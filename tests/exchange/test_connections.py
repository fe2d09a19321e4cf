"""An answer belongs to its own question: what comes unasked or late is never taken for the answer to the next."""

from __future__ import annotations

import asyncio

import pytest
from hashdata.answers import Raw
from hashdata.exchange.door import Door
from hashdata.exchange.faults import Fault
from hashdata.permissions import Cause

from tests.exchange.declared import SETTINGS, client_of, soon, terms_of
from tests.exchange.doors import METHODS, cause_of
from tests.exchange.wire import Respond, answer, in_turn, listening

WRITES = [method for method in METHODS if method != "GET"]
LATE = 0.05
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}"


def then(late: bytes, *, closes: bool = False) -> Respond:
    """Answer, and a moment later send more, or close, without having been asked."""

    async def answer_and_more(writer: asyncio.StreamWriter, number: int) -> None:
        await answer()(writer, number)
        await asyncio.sleep(LATE)
        writer.write(late)
        await writer.drain()
        if closes:
            writer.close()
            await writer.wait_closed()

    return answer_and_more


def asked(respond: Respond, *methods: str) -> tuple[list[Cause | int], list[str], int]:
    """Ask one question after the other, each when all is quiet; return outcomes, what arrived, and connections."""

    async def run() -> tuple[list[Cause | int], list[str], int]:
        quiet = asyncio.Event()

        async def until_quiet(writer: asyncio.StreamWriter, number: int) -> None:
            await respond(writer, number)
            quiet.set()

        async with listening(until_quiet) as wire, Door(loopback=wire.origin) as door:
            found = []
            for method in methods:
                quiet.clear()
                found.append(await cause_of(door, method))
                if isinstance(found[-1], int):
                    await quiet.wait()
                await asyncio.sleep(LATE)
            return found, wire.lines, wire.connections

    return asyncio.run(run())


@pytest.mark.parametrize("late", [REFUSAL, REFUSAL * 2, b"\x00\xff garbage", b"HTTP/1.1 200"], ids=repr)
@pytest.mark.parametrize("method", METHODS)
def test_what_comes_unasked_is_not_the_answer_to_the_next_question(method: str, late: bytes) -> None:
    found, _, _ = asked(in_turn(then(late), answer()), "GET", method, method)

    assert found[0] == found[2] == 200
    assert found[1] in {200, Cause.NETWORK}


def test_a_question_is_not_sent_on_a_connection_that_spoke_unasked() -> None:
    found, lines, connections = asked(in_turn(then(REFUSAL), answer()), "GET", "POST", "POST")

    assert found == [200, Cause.NETWORK, 200]
    assert lines == ["GET /x", "POST /x"]
    assert connections == 2


@pytest.mark.parametrize("method", WRITES)
def test_the_connection_of_a_write_question_is_not_used_again(method: str) -> None:
    found, _, connections = asked(answer(), method, method, "GET")

    assert found == [200, 200, 200]
    assert connections == 3


def test_the_connection_of_a_read_is_used_again() -> None:
    assert asked(answer(), "GET", "GET", "POST")[2] == 1


@pytest.mark.parametrize("method", METHODS)
def test_a_kept_connection_that_the_server_closed_is_replaced(method: str) -> None:
    found, lines, connections = asked(in_turn(then(b"", closes=True), answer()), "GET", method)

    assert found == [200, 200]
    assert lines == ["GET /x", f"{method} /x"]
    assert connections == 2


@pytest.mark.parametrize("api", SETTINGS)
def test_a_probe_whose_kept_connection_was_closed_is_sent_once(api: str) -> None:
    async def run() -> tuple[list[Raw | Fault], list[str]]:
        async with listening(then(b"", closes=True)) as wire, Door(loopback=wire.origin) as door:
            client = client_of(api, door)
            await client.ask(terms_of(api).api.clock, until=soon(), limit=5)
            await asyncio.sleep(4 * LATE)
            return [await client.ask(probe, until=soon(), limit=5) for probe in terms_of(api).probes], wire.lines[1:]

    outcomes, lines = asyncio.run(run())

    assert all(isinstance(outcome, Raw) for outcome in outcomes)
    assert lines == [probe.sends for probe in terms_of(api).probes]
