# ruff: noqa: INP001, T201 - a script, whose output is its purpose
"""
Measure how many round trips a whole test of a key takes.

The practice exchange answers every request 100 ms late, so what a test takes
beyond its own work is round trips: the aim is less than 0.6 s, which is two
of them and the time to connect. With TLS the same exchange is asked through
the production path, behind a relay that holds back every byte by 50 ms in
each direction; connecting then costs round trips too.

Run it with `python benchmarks/round_trips.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import ssl
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trustme
from hashdata.connector import Connector
from hashdata.exchange.ccxt_loading import load
from hashdata.exchange.door import Door, Network
from hashdata.exchange.resolver import Found, is_loopback
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.sandbox.server import serve
from hashdata.tester.runs import examine
from hashdata.tester.session import Options, run

ROUND_TRIP = 0.1
AIM = 0.6
CASES = (("poloniex", "read-only"), ("poloniex-futures", "read-only"), ("poloniex-futures", "classic-read-only"))


def to_loopback(_: str, port: int, __: socket.AddressFamily) -> Found:
    """Lead every name to this computer."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


async def plainly(connector: Connector, persona: str, delay: float) -> float:
    """Return the seconds that a test takes over plain HTTP, with `delay` in the server."""
    exchange = exchange_of(connector)
    credentials = connector.schema.bind(persona_of(exchange, persona).credentials)
    async with serve(exchange, delay=delay) as origin:
        begin = time.perf_counter()
        report = await examine(connector, credentials, Options(), loopback=origin)
        took = time.perf_counter() - begin
    if report.verdict != "accepted":
        raise SystemExit(f"{connector.name} {persona}: {report.verdict}, {report.summary}")
    return took


async def over_tls(connector: Connector, persona: str) -> float:
    """Return the seconds that a test takes over TLS, through a line on which every byte is late."""
    exchange = exchange_of(connector)
    credentials = connector.schema.bind(persona_of(exchange, persona).credentials)
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    hosts = {host for api in connector.info.apis for host in api.hosts}
    authority.issue_cert(*hosts).configure_cert(server)
    async with (
        serve(exchange) as origin,
        relay(int(origin.rpartition(":")[2]), server) as inner,
        relay(inner, None, ROUND_TRIP / 2) as port,
    ):
        network = Network(lookup=to_loopback, allows=is_loopback, port=port, trust=trust)
        begin = time.perf_counter()
        async with Door(network=network) as door:
            report = await run(connector, credentials, door, Options())
        took = time.perf_counter() - begin
    if report.verdict != "accepted":
        raise SystemExit(f"{connector.name} {persona} over TLS: {report.verdict}, {report.summary}")
    return took


@asynccontextmanager
async def relay(port: int, tls: ssl.SSLContext | None, delay: float = 0.0) -> AsyncIterator[int]:
    """Pass every byte on to `port`, `delay` seconds late; yield the port that is listened on."""
    tasks: set[asyncio.Task[None]] = set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while data := await reader.read(1 << 16):
            # On a line the bytes overtake nobody, and many are under way at once.
            loop.call_later(delay, writer.write, data)
        loop.call_later(delay, writer.close)

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The connection itself costs a round trip before the first byte.
        await asyncio.sleep(2 * delay)
        onward, back = await asyncio.open_connection("127.0.0.1", port)
        for pair in ((reader, back), (onward, writer)):
            task = asyncio.create_task(pass_on(*pair))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    listener = await asyncio.start_server(serve_one, "127.0.0.1", 0, ssl=tls)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    for name, _ in CASES:
        for api in find(name).info.apis:
            load(api.ccxt_class)
    print(f"medians of {runs}, {ROUND_TRIP * 1000:.0f} ms a round trip; the aim is below {AIM} s over plain HTTP")
    missed = False
    for name, persona in CASES:
        connector = find(name)
        rows = [
            (
                asyncio.run(plainly(connector, persona, 0.0)),
                asyncio.run(plainly(connector, persona, ROUND_TRIP)),
                asyncio.run(over_tls(connector, persona)),
            )
            for _ in range(runs)
        ]
        own, plain, tls = (statistics.median(column) for column in zip(*rows, strict=True))
        missed = missed or plain >= AIM
        trips, tls_trips = ((took - own) / ROUND_TRIP for took in (plain, tls))
        print(
            f"{name:17} {persona:18} own work {own:.3f} s, plain {plain:.3f} s ({trips:.1f} round trips), "
            f"TLS {tls:.3f} s ({tls_trips:.1f} round trips)"
        )
    raise SystemExit(missed)


if __name__ == "__main__":
    main()
