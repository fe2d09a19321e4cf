"""Open the door for one test: to the exchange, to a loopback address, or to a sandbox that is started for it."""

from __future__ import annotations

from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.exchange.door import Door, Tap
from hashdata.practice import Persona, PracticeExchange
from hashdata.sandbox.server import serve
from hashdata.tester.report import Report
from hashdata.tester.session import Options, run


async def examine(
    connector: Connector,
    credentials: Credentials,
    options: Options,
    *,
    loopback: str | None = None,
    tap: Tap | None = None,
) -> Report:
    """Test a key at its exchange, or at the origin `loopback` on this computer."""
    async with Door(loopback=loopback, tap=tap) as door:
        return await run(connector, credentials, door, options)


async def practise(
    connector: Connector,
    exchange: PracticeExchange,
    persona: Persona,
    options: Options,
    *,
    tap: Tap | None = None,
) -> Report:
    """Test a practice key on a practice exchange that is served for as long as the test takes."""
    credentials = connector.schema.bind(persona.credentials)
    async with serve(exchange, skew_ms=persona.skew_ms) as origin:
        return await examine(connector, credentials, options, loopback=origin, tap=tap)
