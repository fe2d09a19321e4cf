"""Which addresses a declared host may lead to, and what a name server can do to a test."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import subprocess
import sys
import threading
import time

import pytest
from hashdata.exchange.door import Door, Network
from hashdata.exchange.resolver import Found, Resolver, is_loopback, is_public, system_lookup
from hashdata.permissions import Cause

from tests.exchange.declared import client_of, questions_of, soon
from tests.exchange.doors import cause_of, looks_up
from tests.exchange.wire import listening

PUBLIC = ("8.8.8.8", "104.18.7.1", "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::8.8.8.8")
PRIVATE = {
    "loopback": "127.0.0.1",
    "all of loopback": "127.255.255.254",
    "this network": "0.0.0.0",  # noqa: S104 - an address to refuse
    "private a": "10.1.2.3",
    "private b": "172.16.0.1",
    "private c": "192.168.1.1",
    "carrier": "100.64.0.1",
    "link-local, where clouds keep metadata": "169.254.169.254",
    "documentation": "203.0.113.1",
    "benchmarking": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "loopback v6": "::1",
    "unspecified v6": "::",
    "link-local v6": "fe80::1",
    "link-local v6 with a zone": "fe80::1%eth0",
    "site-local v6": "fec0::1",
    "unique local v6": "fd00::1",
    "multicast v6": "ff02::1",
    "multicast v6, global": "ff0e::1",
    "documentation v6": "2001:db8::1",
    "discard v6": "100::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped private": "::ffff:10.0.0.1",
    "mapped public": "::ffff:8.8.8.8",
    "compatible loopback": "::127.0.0.1",
    "nat64 loopback": "64:ff9b::127.0.0.1",
    "nat64 private": "64:ff9b::10.0.0.1",
    "nat64 metadata": "64:ff9b::169.254.169.254",
    "nat64 multicast": "64:ff9b::224.0.0.1",
    "local nat64": "64:ff9b:1::8.8.8.8",
    "6to4": "2002:808:808::1",
    "6to4 loopback": "2002:7f00:1::1",
    "6to4 private": "2002:a00:1::1",
    "teredo private": "2001:0:4136:e378:8000:63bf:f5ff:fffe",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PRIVATE.values(), ids=PRIVATE.keys())
def test_a_declared_host_at_an_address_that_is_not_public_is_a_network_fault(address: str) -> None:
    async def run() -> tuple[Cause | int, int]:
        async with listening() as wire, Door(network=Network(lookup=looks_up(address), port=wire.port)) as door:
            return await cause_of(door), wire.connections

    assert asyncio.run(run()) == (Cause.NETWORK, 0)


@pytest.mark.parametrize("addresses", [("8.8.8.8", "127.0.0.1"), ("127.0.0.1", "8.8.8.8"), ("2606:4700::1", "::1")])
def test_one_private_address_among_public_ones_spoils_them_all(addresses: tuple[str, ...]) -> None:
    async def run() -> tuple[Cause | int, int]:
        async with listening() as wire, Door(network=Network(lookup=looks_up(*addresses), port=wire.port)) as door:
            return await cause_of(door), wire.connections

    assert asyncio.run(run()) == (Cause.NETWORK, 0)


def test_the_production_door_refuses_its_host_on_this_computer_for_every_question() -> None:
    async def run() -> tuple[set[object], int]:
        async with listening() as wire, Door(network=Network(lookup=looks_up("127.0.0.1"), port=wire.port)) as door:
            client = client_of("main", door)
            asked = [await client.ask(question, until=soon(), limit=5) for question in questions_of("main")]
            return {getattr(outcome, "cause", outcome) for outcome in asked}, wire.connections

    assert asyncio.run(run()) == ({Cause.NETWORK}, 0)


def test_a_door_to_loopback_refuses_a_name_that_leads_away() -> None:
    async def run() -> Cause | int:
        network = Network(lookup=looks_up("8.8.8.8"))
        async with Door(loopback="http://localhost:9", network=network) as door:
            return await cause_of(door)

    assert asyncio.run(run()) == Cause.NETWORK


def test_localhost_is_found_by_the_system() -> None:
    async def run() -> Cause | int:
        async with listening() as wire, Door(loopback=f"http://localhost:{wire.port}") as door:
            return await cause_of(door)

    assert asyncio.run(run()) == 200


def test_a_name_without_an_address_is_a_network_fault() -> None:
    def nothing(_: str, __: int, ___: socket.AddressFamily) -> Found:
        return []

    async def run() -> Cause | int:
        async with Door(network=Network(lookup=nothing)) as door:
            return await cause_of(door)

    assert asyncio.run(run()) == Cause.NETWORK


@pytest.mark.parametrize(
    "error",
    [socket.gaierror(-2, "unknown"), socket.gaierror(-3, "try again"), socket.herror(1, "gone"), OSError(24, "files")],
    ids=str,
)
def test_whatever_the_name_server_says_is_a_network_fault(error: OSError) -> None:
    def failing(_: str, __: int, ___: socket.AddressFamily) -> Found:
        raise error

    async def run() -> Cause | int:
        async with Door(network=Network(lookup=failing)) as door:
            return await cause_of(door)

    assert asyncio.run(run()) == Cause.NETWORK


def test_a_label_that_is_too_long_for_a_name_fails_at_once() -> None:
    async def run() -> None:
        resolver = Resolver(is_loopback, system_lookup)
        async with asyncio.timeout(2):
            await resolver.resolve("a" * 64 + ".localhost", 443)

    with pytest.raises(OSError, match="not a host name"):
        asyncio.run(run())


def test_a_hanging_name_server_holds_neither_the_question_nor_the_end_of_the_loop() -> None:
    release = threading.Event()

    def hanging(_: str, __: int, ___: socket.AddressFamily) -> Found:
        release.wait(30)
        return []

    async def run() -> Cause | int:
        async with Door(network=Network(lookup=hanging)) as door:
            return await cause_of(door, seconds=0.2)

    begin = time.perf_counter()
    try:
        assert asyncio.run(run()) == Cause.TIMEOUT
        assert time.perf_counter() - begin < 1.5
    finally:
        release.set()


def test_a_hanging_name_server_does_not_hold_the_end_of_the_program() -> None:
    program = """
import asyncio, time
from hashdata.exchange.resolver import Resolver, is_public
async def main():
    async with asyncio.timeout(0.1):
        await Resolver(is_public, lambda *_: time.sleep(60)).resolve("api.example.com")
try:
    asyncio.run(main())
except TimeoutError:
    print("in time")
"""

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True)

    assert (done.stdout, done.stderr) == ("in time\n", "")
