"""One test of a key against a server that misbehaves, through the production door: TLS on, guard on."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import trustme
from hashdata.connector import Connector
from hashdata.exchange.door import Door, Network
from hashdata.exchange.resolver import is_loopback
from hashdata.practice import PracticeExchange
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.tester.report import Report
from hashdata.tester.session import Options, run

from tests.exchange.doors import looks_up
from tests.faults.server import Log, Misbehave, misbehaving

HOSTS = ("api.poloniex.com", "futures-api.poloniex.com")


@dataclass(frozen=True, slots=True)
class Setting:
    """A connector, a practice key of one of its APIs, and the questions at which faults are tried."""

    connector: str
    persona: str
    time: str
    read: str
    probes: tuple[str, ...]

    @property
    def positions(self) -> tuple[str, ...]:
        """The questions at which a fault is tried."""
        return (self.time, self.read, *self.probes)


SETTINGS = {
    "main": Setting(
        "poloniex",
        "read-only",
        "GET /timestamp",
        "GET /wallets/activity",
        ("POST /orders", "POST /wallets/withdraw"),
    ),
    "v3": Setting(
        "poloniex-futures",
        "read-only",
        "GET /timestamp",
        "GET /v3/account/bills",
        ("POST /v3/trade/order", "POST /wallets/withdraw"),
    ),
    "classic": Setting(
        "poloniex-futures",
        "classic-read-only",
        "GET /api/v1/timestamp",
        "GET /api/v1/positions",
        ("DELETE /api/v1/orders/000000000000000000000000",),
    ),
}


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority of our own, and what it signs."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@cache
def authority(*names: str) -> Authority:
    """Return contexts for a server that is `names` and for a client that trusts its authority."""
    root = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    root.issue_cert(*(names or HOSTS)).configure_cert(server)
    client = ssl.create_default_context(cadata="")
    root.configure_trust(client)
    return Authority(server, client)


def to_loopback(port: int, trust: ssl.SSLContext | None) -> Network:
    """Return a network in which every name leads to `port` of this computer."""
    return Network(lookup=looks_up("127.0.0.1"), allows=is_loopback, port=port, trust=trust)


async def examine(
    setting: Setting, network: Network, *, seconds: float = 5.0, credentials: Mapping[str, str] | None = None
) -> Report:
    """Test the setting's key through a door that leads into `network`."""
    connector, exchange = parts(setting)
    values = credentials or persona_of(exchange, setting.persona).credentials
    async with Door(network=network) as door:
        return await run(connector, connector.schema.bind(values), door, Options(timeout=seconds))


@cache
def _connector(name: str) -> Connector:
    return find(name)


def parts(setting: Setting) -> tuple[Connector, PracticeExchange]:
    """Return the setting's connector and a fresh exchange to practise on."""
    connector = _connector(setting.connector)
    return connector, exchange_of(connector)


def try_fault(
    setting: Setting,
    question: str | None,
    fault: Misbehave | None,
    *,
    timeout: float = 5.0,
    skew_ms: int = 0,
) -> tuple[Report, Log, list[str]]:
    """Test the setting's key while `question` is answered by `fault`; return the report, the log and the ledger."""
    _, exchange = parts(setting)
    ours = authority()

    async def trial() -> tuple[Report, Log]:
        async with misbehaving(exchange, question, fault, skew_ms=skew_ms, tls=ours.server) as (port, log):
            return await examine(setting, to_loopback(port, ours.client), seconds=timeout), log

    report, log = asyncio.run(trial())
    return report, log, exchange.ledger.changes


def patience(seconds: float) -> tuple[float, ...]:
    """Return the times, in seconds, to try one after the other on a machine too busy to ask anything in `seconds`."""
    return (seconds, 2 * seconds, 4 * seconds, 8 * seconds)


def peak_memory_mb() -> float:
    """Return the largest resident size of this process since `reset_peak_memory`, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def reset_peak_memory() -> float:
    """Start to measure anew, and return the size of this process now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_memory_mb()
