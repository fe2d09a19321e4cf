"""How the door sends: once, to where it was told, with nothing from the environment and nothing kept."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
import zlib
from functools import cache
from pathlib import Path

import aiohttp
import pytest
from hashdata.answers import Raw
from hashdata.exchange.door import MAX_BODY, Door, Signed
from hashdata.exchange.faults import Faulted
from hashdata.permissions import Cause
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.declared import soon
from tests.exchange.doors import GUARD, METHODS, cause_of, send
from tests.exchange.wire import Respond, answer, drop, hang, in_turn, listening, raw


def outcome(respond: Respond, method: str = "GET", *, seconds: float = 5.0) -> tuple[Cause | int, int]:
    """Return the cause or the status that one request ends with, and how often it arrived."""

    async def run() -> tuple[Cause | int, int]:
        async with listening(respond) as wire, Door(loopback=wire.origin) as door:
            return await cause_of(door, method, seconds=seconds), len(wire.seen)

    return asyncio.run(run())


def test_an_answer_is_returned_as_it_came() -> None:
    async def run() -> Raw:
        respond = answer(b'{"a": \xff1}', "418 Teapot", "X-Header: Value", "Retry-After: 7")
        async with listening(respond) as wire, Door(loopback=wire.origin) as door:
            return await send(door)

    found = asyncio.run(run())

    assert (found.method, found.path, found.status, found.text) == ("GET", "/x", 418, '{"a": \ufffd1}')
    assert found.headers == {"content-length": "9", "x-header": "Value", "retry-after": "7"}


def test_the_tap_sees_the_request_to_the_exchange_and_the_answer() -> None:
    seen: list[tuple[Signed, Raw]] = []

    async def run() -> Raw:
        async with listening() as wire, Door(loopback=wire.origin, tap=lambda *pair: seen.append(pair)) as door:
            return await send(door)

    found = asyncio.run(run())

    assert [(signed.url, answer) for signed, answer in seen] == [("https://api.example.com/x", found)]


def test_a_signed_request_shows_neither_key_nor_signature() -> None:
    assert "canary" not in repr(Signed("GET", "https://api.example.com/x", {"key": "canary"}, None))


def test_a_door_that_was_not_opened_is_a_bug_and_says_so() -> None:
    async def run() -> None:
        await send(Door(loopback="http://127.0.0.1:9"))

    with pytest.raises(RuntimeError, match="before it is entered"):
        asyncio.run(run())


@pytest.mark.parametrize("method", METHODS)
def test_a_request_is_sent_once_when_a_kept_connection_drops(method: str) -> None:
    """Aiohttp itself would send GET, PUT and DELETE again."""

    async def run() -> tuple[Cause | int, Cause | int, list[str], int]:
        async with listening(in_turn(answer(), drop)) as wire, Door(loopback=wire.origin) as door:
            first = await cause_of(door)
            return first, await cause_of(door, method), wire.lines, wire.connections

    assert asyncio.run(run()) == (200, Cause.NETWORK, ["GET /x", f"{method} /x"], 1)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("method", METHODS)
def test_a_redirect_is_the_answer_and_is_not_followed(method: str, status: str) -> None:
    async def run() -> tuple[Cause | int, int, int]:
        async with listening() as thief:
            respond = answer(b"", status, f"Location: {thief.origin}/x", f"Refresh: 0; url={thief.origin}/x")
            async with listening(respond) as wire, Door(loopback=wire.origin) as door:
                return await cause_of(door, method), len(wire.seen), thief.connections

    assert asyncio.run(run()) == (int(status[:3]), 1, 0)


def test_no_cookie_is_kept() -> None:
    async def run() -> bytes:
        respond = answer(b"{}", "200 OK", "Set-Cookie: session=1; Path=/", "Set-Cookie: b=2")
        async with listening(respond) as wire, Door(loopback=wire.origin) as door:
            await send(door)
            await send(door)
            return wire.seen[1]

    assert b"cookie" not in asyncio.run(run()).lower()


PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


async def visits(*, through_door: bool) -> tuple[int, int]:
    """Make one request while every proxy variable names a thief; return how many it and the server saw."""
    async with listening() as thief, listening() as wire:
        with pytest.MonkeyPatch.context() as patch:
            for name in PROXIES:
                patch.setenv(name, thief.origin)
            patch.setenv("NO_PROXY", "")
            patch.setenv("no_proxy", "")
            if through_door:
                async with Door(loopback=wire.origin) as door:
                    await send(door)
            else:
                async with aiohttp.ClientSession(trust_env=True) as session, session.get(wire.origin):
                    pass
        return thief.connections, wire.connections


def test_proxies_of_the_environment_are_not_used() -> None:
    assert asyncio.run(visits(through_door=True)) == (0, 1)


def test_the_same_proxies_are_used_by_a_client_that_trusts_the_environment() -> None:
    """Else the test above would prove nothing."""
    assert asyncio.run(visits(through_door=False)) == (1, 0)


def test_a_netrc_file_adds_no_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login me password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))

    async def run() -> bytes:
        async with listening() as wire, Door(loopback=wire.origin) as door:
            await send(door)
            return wire.seen[0]

    assert b"authorization" not in asyncio.run(run()).lower()


def test_the_largest_body_is_read_and_one_byte_more_is_not() -> None:
    assert outcome(answer(b" " * MAX_BODY))[0] == 200
    assert outcome(answer(b" " * (MAX_BODY + 1)))[0] == Cause.TOO_LARGE


def test_a_body_without_an_end_is_too_large() -> None:
    async def endless(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()

    assert outcome(endless) == (Cause.TOO_LARGE, 1)


@cache
def bomb(coding: str) -> bytes:
    """Return 256 MiB of zeros in about 256 kB."""
    packer = zlib.compressobj(9, wbits=31 if coding == "gzip" else 15)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(256)) + packer.flush()


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_bomb_is_too_large_and_costs_little_memory(coding: str) -> None:
    respond = answer(bomb(coding), "200 OK", f"Content-Encoding: {coding}")
    tracemalloc.start()
    try:
        cause, _ = outcome(respond)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert cause == Cause.TOO_LARGE
    assert peak < 20 << 20


def slowly(data: bytes) -> Respond:
    """Answer one byte at a time, for ever."""

    async def respond(writer: asyncio.StreamWriter, _: int) -> None:
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.05)
        await hang(writer, 0)

    return respond


@pytest.mark.parametrize(
    "respond",
    [hang, slowly(b"HTTP/1.1 200 OK\r\n"), slowly(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"), raw(b"")],
    ids=["silence", "slow headers", "slow body", "nothing"],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_is_not_complete_by_the_deadline_is_a_timeout(method: str, respond: Respond) -> None:
    begin = time.perf_counter()

    assert outcome(respond, method, seconds=0.3) == (Cause.TIMEOUT, 1)
    assert 0.25 < time.perf_counter() - begin < 2


HEAD = b"HTTP/1.1 200 OK\r\n"
BROKEN = {
    "no http": b"hello\r\n\r\n",
    "nothing but an end": b"\r\n\r\n",
    "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
    "tls": b"\x15\x03\x01\x00\x02\x02\x50",
    "status without a number": b"HTTP/1.1 OK\r\n\r\n",
    "status of four digits": b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "status zero": b"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n",
    "http 9": b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
    "header without a colon": HEAD + b"nonsense\r\n\r\n",
    "nul in a header": HEAD + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n",
    "negative length": HEAD + b"Content-Length: -1\r\n\r\n",
    "length in words": HEAD + b"Content-Length: two\r\n\r\n{}",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "length and chunks": HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "chunk without an end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}__",
    "unknown transfer": HEAD + b"Transfer-Encoding: rot13\r\nContent-Length: 2\r\n\r\n{}",
    "gzip that is none": HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "deflate that is none": HEAD + b"Content-Encoding: deflate\r\nContent-Length: 2\r\n\r\n{}",
    "brotli that is none": HEAD + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
    "zstd that is none": HEAD + b"Content-Encoding: zstd\r\nContent-Length: 2\r\n\r\n{}",
    "body cut off": HEAD + b"Content-Length: 99\r\n\r\n{}",
    "headers cut off": HEAD + b"Content-Length: 9",
    "a header of 100 kB": HEAD + b"X: " + b"x" * 100_000 + b"\r\nContent-Length: 0\r\n\r\n",
    "5000 headers": HEAD + b"X: x\r\n" * 5000 + b"Content-Length: 0\r\n\r\n",
    "a charset that is none": HEAD + b"Content-Type: text/html; charset=no\r\nContent-Length: 2\r\n\r\n{}",
    "a content type that is none": HEAD + b"Content-Type: ;;;=\xff\r\nContent-Length: 2\r\n\r\n{}",
    "a location that is none": b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
    "a cookie that is none": HEAD + b"Set-Cookie: =;\x01;\xff\r\nContent-Length: 2\r\n\r\n{}",
    "many hints": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50 + HEAD + b"Content-Length: 2\r\n\r\n{}",
    "other protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "two answers": (HEAD + b"Content-Length: 2\r\n\r\n{}") * 2,
}


def then_closing(data: bytes) -> Respond:
    async def respond(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return respond


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_answer_is_an_answer_or_a_network_fault_and_nothing_else(data: bytes) -> None:
    found, arrived = outcome(then_closing(data), seconds=2)

    assert isinstance(found, int) or found == Cause.NETWORK
    assert arrived == 1


@given(data=st.binary(max_size=200), cut=st.integers(0, 120))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_bytes_are_an_answer_or_a_network_fault_and_nothing_else(data: bytes, cut: int) -> None:
    good = HEAD + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\nX: y\r\n\r\n1f\r\n"

    found, _ = outcome(then_closing(good[:cut] + data), seconds=2)

    assert isinstance(found, int) or found in {Cause.NETWORK, Cause.TIMEOUT}


def test_a_fault_says_what_was_asked_and_how_long_it_took() -> None:
    async def run() -> Faulted:
        async with listening(hang) as wire, Door(loopback=wire.origin) as door:
            with pytest.raises(Faulted) as caught:
                await door.send(GUARD, Signed("PUT", "https://api.example.com/x", {"key": "canary"}, None), soon(0.2))
            return caught.value

    faulted = asyncio.run(run())

    assert (faulted.fault.method, faulted.fault.path) == ("PUT", "/x")
    assert 150 < faulted.fault.ms < 1500
    assert (faulted.__cause__, faulted.__context__, str(faulted)) == (None, None, "timeout")
