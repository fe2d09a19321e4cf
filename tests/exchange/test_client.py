"""What a client does with an answer that did not come: what is asked again, when, and what passes through."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from email.utils import formatdate

import pytest
from hashdata.answers import Raw
from hashdata.errors import PluginError
from hashdata.exchange.ccxt_client import Template, retry_after
from hashdata.exchange.door import Door, Network
from hashdata.exchange.faults import Fault
from hashdata.permissions import Cause
from hashdata.questions import Clock, Question
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.declared import SETTINGS, client_of, questions_of, soon, terms_of
from tests.exchange.doors import looks_up
from tests.exchange.wire import Respond, answer, drop, hang, in_turn, listening

READ = terms_of("main").api.clock
HEAVY = next(stream for stream in terms_of("main").streams if stream.cost == "heavy")
WRITES = [(api, probe) for api in SETTINGS for probe in terms_of(api).probes]
WRITE_NAMES = [f"{api} {probe.sends}" for api, probe in WRITES]


def slow_down(wait: str) -> Respond:
    return answer(b"{}", "429 Too Many Requests", f"Retry-After: {wait}")


def asked(
    respond: Respond, question: Question = READ, api: str = "main", *, until: float = 5.0, limit: float = 5.0
) -> tuple[int | Cause, int, float]:
    """Ask once; return the status or cause, how often it arrived, and the seconds that it took."""

    async def run() -> tuple[int | Cause, int, float]:
        async with listening(respond) as wire, Door(loopback=wire.origin) as door:
            begin = time.perf_counter()
            outcome = await client_of(api, door).ask(question, until=soon(until), limit=limit)
            took = time.perf_counter() - begin
            return outcome.status if isinstance(outcome, Raw) else outcome.cause, len(wire.seen), took

    return asyncio.run(run())


def test_a_read_is_asked_again_once_when_the_connection_breaks() -> None:
    assert asked(in_turn(drop, answer()))[:2] == (200, 2)


def test_a_read_is_asked_no_third_time() -> None:
    assert asked(drop)[:2] == (Cause.NETWORK, 2)


def test_a_read_that_timed_out_is_not_asked_again() -> None:
    cause, arrived, took = asked(hang, limit=0.2)

    assert (cause, arrived) == (Cause.TIMEOUT, 1)
    assert took < 1.5


def test_a_read_with_too_large_an_answer_is_not_asked_again() -> None:
    assert asked(answer(b" " * (2 << 20)))[:2] == (Cause.TOO_LARGE, 1)


@pytest.mark.parametrize("status", ["500 Error", "502 Bad Gateway", "503 Unavailable", "401 Unauthorized", "302 Found"])
def test_a_read_that_was_answered_is_not_asked_again(status: str) -> None:
    assert asked(answer(b"no", status))[:2] == (int(status[:3]), 1)


@pytest.mark.parametrize(("api", "probe"), WRITES, ids=WRITE_NAMES)
def test_a_write_is_never_sent_twice_when_the_connection_breaks(api: str, probe: Question) -> None:
    assert asked(drop, probe, api)[:2] == (Cause.NETWORK, 1)


@pytest.mark.parametrize(("api", "probe"), WRITES, ids=WRITE_NAMES)
def test_a_write_is_never_sent_twice_on_a_kept_connection(api: str, probe: Question) -> None:
    async def run() -> tuple[Raw | Fault, list[str]]:
        async with listening(in_turn(answer(), drop)) as wire, Door(loopback=wire.origin) as door:
            client = client_of(api, door)
            await client.ask(terms_of(api).api.clock, until=soon(), limit=5)
            return await client.ask(probe, until=soon(), limit=5), wire.lines[1:]

    outcome, lines = asyncio.run(run())

    assert isinstance(outcome, Fault)
    assert (outcome.cause, lines) == (Cause.NETWORK, [probe.sends])


@pytest.mark.parametrize(("api", "probe"), WRITES, ids=WRITE_NAMES)
def test_a_write_is_never_sent_twice_when_it_is_told_to_wait(api: str, probe: Question) -> None:
    assert asked(slow_down("0"), probe, api)[:2] == (429, 1)


def test_a_read_waits_the_seconds_that_it_is_told() -> None:
    status, arrived, took = asked(in_turn(slow_down("1"), answer()))

    assert (status, arrived) == (200, 2)
    assert 0.95 < took < 2.5


def test_a_read_waits_until_the_date_that_it_is_told() -> None:
    status, arrived, took = asked(in_turn(slow_down(formatdate(time.time() + 2, usegmt=True)), answer()))

    assert (status, arrived) == (200, 2)
    # A date has no fractions of a second.
    assert 0.9 < took < 3.5


@pytest.mark.parametrize("wait", ["2", "3600", "999999999999999999999", "a minute from now, as a date"])
def test_a_wait_beyond_the_deadline_is_not_waited_for(wait: str) -> None:
    asks = formatdate(time.time() + 60, usegmt=True) if wait.endswith("date") else wait
    status, arrived, took = asked(slow_down(asks), until=1.0)

    assert (status, arrived) == (429, 1)
    assert took < 0.5


@pytest.mark.parametrize("wait", ["", "soon", "-1", "1.5", "1e3", "\u0663", "Mon, 99 Foo 2026"])
def test_a_wait_that_cannot_be_read_is_none(wait: str) -> None:
    assert asked(slow_down(wait))[:2] == (429, 1)


def test_it_waits_only_once() -> None:
    assert asked(slow_down("0"))[:2] == (429, 2)


def test_a_pause_holds_every_kind_of_question() -> None:
    """Also the kind that is asked for the first time while it lasts."""
    told = asyncio.Event()

    async def refuse(writer: asyncio.StreamWriter, number: int) -> None:
        await slow_down("1")(writer, number)
        told.set()

    async def run() -> tuple[list[str], float]:
        async with listening(in_turn(refuse, answer())) as wire, Door(loopback=wire.origin) as door:
            client = client_of("main", door)
            begin = time.perf_counter()
            first = asyncio.create_task(client.ask(READ, until=soon(), limit=5))
            await told.wait()
            await asyncio.sleep(0.05)
            await client.ask(HEAVY, until=soon(), limit=5)
            took = time.perf_counter() - begin
            await first
            return wire.lines, took

    lines, took = asyncio.run(run())

    assert len(lines) == 3
    assert took > 0.95


@given(status=st.sampled_from([200, 429, 503]), value=st.text(max_size=40) | st.dates().map(str))
def test_whatever_a_header_says_the_wait_is_a_number_or_none(status: int, value: str) -> None:
    wait = retry_after(Raw("GET", "/x", status, {"retry-after": value}, "", 1))

    assert wait is None or (status == 429 and wait >= 0)


def test_a_date_that_has_passed_is_no_wait() -> None:
    assert retry_after(Raw("GET", "/x", 429, {"retry-after": formatdate(time.time() - 60, usegmt=True)}, "", 1)) == 0


def test_a_question_whose_turn_does_not_come_in_time_is_a_timeout_and_is_not_sent() -> None:
    async def run() -> tuple[Raw | Fault, int]:
        async with listening() as wire, Door(loopback=wire.origin) as door:
            client = client_of("main", door)
            client._rates.pause(60)
            return await client.ask(READ, until=soon(0.1), limit=5), len(wire.seen)

    outcome, arrived = asyncio.run(run())

    assert isinstance(outcome, Fault)
    assert (outcome.cause, arrived) == (Cause.TIMEOUT, 0)
    assert 80 < outcome.ms < 1000


def test_questions_side_by_side_each_get_their_own_answer() -> None:
    async def echo(writer: asyncio.StreamWriter, number: int) -> None:
        line = wires[0].seen[number - 1].split(b" HTTP/")[0]
        await asyncio.sleep(0.03 if number % 2 else 0)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(line) + line)
        await writer.drain()

    wires = []

    async def run() -> list[Raw | Fault]:
        async with listening(echo) as wire, Door(loopback=wire.origin) as door:
            wires.append(wire)
            client = client_of("main", door)
            return await asyncio.gather(*(client.ask(q, until=soon(), limit=5) for q in questions_of("main")))

    for question, outcome in zip(questions_of("main"), asyncio.run(run()), strict=True):
        assert isinstance(outcome, Raw)
        assert outcome.text.partition("?")[0] == question.sends


def test_what_signing_with_one_key_notes_is_not_known_to_another() -> None:
    """Some classes of ccxt write into their options while they sign."""

    async def run() -> object:
        async with Door(loopback="http://127.0.0.1:9") as door:
            client_of("main", door)._ccxt.options["networks"]["noted"] = "by the first key"
            return client_of("main", door)._ccxt.options["networks"].get("noted")

    assert asyncio.run(run()) is None


def test_an_error_that_is_not_the_network_s_passes_through_as_itself() -> None:
    """The block of the network in tests is one; if it became a cause, a broken test would look like a bad network."""

    async def run() -> None:
        network = Network(lookup=looks_up("203.0.113.1"), allows=lambda _: True)
        async with Door(network=network) as door:
            await client_of("main", door).ask(READ, until=soon(), limit=5)

    with pytest.raises(RuntimeError, match=r"[Nn]etwork"):
        asyncio.run(run())


def test_a_question_that_ccxt_cannot_build_is_a_broken_connector_and_gets_no_older_answer() -> None:
    question = Question(call="privateDeleteOrdersId", sends="DELETE /orders/1", params={"id": "1"})

    async def run() -> None:
        async with listening() as wire, Door(loopback=wire.origin) as door:
            client = client_of("main", door)
            client._ccxt.apiKey = ""
            assert isinstance(await client.ask(READ, until=soon(), limit=5), Raw)
            await client.ask(question, until=soon(), limit=5)

    with pytest.raises(PluginError, match=r"could not build DELETE /orders/1 \(AuthenticationError\)") as caught:
        asyncio.run(run())
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("call", "sends", "words"),
    [
        ("publicGetNothing", "GET /timestamp", "has no implicit method publicGetNothing"),
        ("fetch_time", "GET /timestamp", "has no implicit method fetch_time"),
        ("publicGetTimestamp", "POST /timestamp", "is a GET in ccxt"),
    ],
)
def test_a_declaration_that_contradicts_ccxt_shows_before_anything_is_sent(call: str, sends: str, words: str) -> None:
    terms = terms_of("main")
    clock = Clock(call=call, sends=sends, at=("serverTime",), tolerance_ms=1)

    with pytest.raises(PluginError, match=words):
        Template(replace(terms, api=replace(terms.api, clock=clock)))


def test_a_method_that_ccxt_spells_otherwise_is_named() -> None:
    terms = terms_of("main")
    clock = Clock(call="publicGetTimestamps", sends="GET /timestamp", at=("serverTime",), tolerance_ms=1)

    with pytest.raises(PluginError) as caught:
        Template(replace(terms, api=replace(terms.api, clock=clock)))

    assert "did you mean publicGetTimestamp?" in str(caught.value.fix)
