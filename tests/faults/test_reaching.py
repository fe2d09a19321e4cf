"""Names, addresses and certificates: what keeps a test from reaching the exchange, on the production path."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hashdata.exchange.door import Network
from hashdata.exchange.resolver import Found
from hashdata.permissions import Cause, Verdict
from hashdata.tester.report import Report

from tests.faults.server import Log, Wire, misbehaving
from tests.faults.trial import HOSTS, SETTINGS, authority, examine, looks_up, parts, to_loopback

API = pytest.mark.parametrize("api", SETTINGS)


def _nowhere(_: str, __: int, ___: socket.AddressFamily) -> Found:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def _never(_: str, __: int, ___: socket.AddressFamily) -> Found:
    time.sleep(30)
    return []


def _against(api: str, server: ssl.SSLContext | None, trust: ssl.SSLContext | None) -> tuple[Report, Log]:
    """Test against a faultless exchange that shows the certificate of `server`."""
    _, exchange = parts(SETTINGS[api])

    async def trial() -> tuple[Report, Log]:
        async with misbehaving(exchange, tls=server) as (port, log):
            return await examine(SETTINGS[api], to_loopback(port, trust)), log

    return asyncio.run(trial())


@API
def test_a_name_that_cannot_be_looked_up_is_a_network_fault(api: str) -> None:
    report = asyncio.run(examine(SETTINGS[api], Network(lookup=_nowhere)))

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.NETWORK)


@API
def test_a_name_server_that_never_answers_ends_by_the_deadline(api: str) -> None:
    begin = time.monotonic()
    report = asyncio.run(examine(SETTINGS[api], Network(lookup=_never), seconds=0.5))

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.TIMEOUT)
    assert time.monotonic() - begin < 1.5


@API
def test_a_refused_connection_is_a_network_fault(api: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    report = asyncio.run(examine(SETTINGS[api], to_loopback(port, authority().client)))

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.NETWORK)


@API
@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "127.0.0.1", "100.64.0.1"]
)
def test_a_declared_host_at_a_private_address_gets_no_byte(api: str, address: str) -> None:
    _, exchange = parts(SETTINGS[api])

    async def trial() -> tuple[Report, Log]:
        async with misbehaving(exchange, tls=authority().server) as (port, log):
            network = Network(lookup=looks_up(address), port=port, trust=authority().client)
            return await examine(SETTINGS[api], network), log

    report, log = asyncio.run(trial())

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.NETWORK)
    assert log.connections == 0


@API
def test_a_certificate_of_nobody_we_trust_is_a_tls_fault(api: str) -> None:
    report, log = _against(api, authority().server, None)

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.TLS)
    assert log.calls == []


@API
def test_a_certificate_for_another_name_is_a_tls_fault(api: str) -> None:
    other = authority("api.poloniex.com.example.org", "evil.example")
    report, log = _against(api, other.server, other.client)

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.TLS)
    assert log.calls == []


@API
def test_an_expired_certificate_is_a_tls_fault(api: str) -> None:
    root = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    root.issue_cert(*HOSTS, not_after=yesterday).configure_cert(server)
    client = ssl.create_default_context(cadata="")
    root.configure_trust(client)
    report, log = _against(api, server, client)

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.TLS)
    assert log.calls == []


@API
def test_plain_http_where_tls_belongs_is_a_tls_fault(api: str) -> None:
    report, log = _against(api, None, authority().client)

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.TLS)
    assert log.calls == []


@API
def test_a_bad_certificate_is_not_tried_again(api: str) -> None:
    _, log = _against(api, authority("evil.example").server, authority("evil.example").client)
    questions = 1 + len([s for s in parts(SETTINGS[api])[0].streams if s.required and s.api in {None, api}])

    assert log.connections <= questions


@API
@pytest.mark.parametrize("position", ["time", "read", "probe"])
def test_a_redirect_leads_nowhere(api: str, position: str) -> None:
    setting = SETTINGS[api]
    question = {"time": setting.time, "read": setting.read, "probe": setting.probes[0]}[position]
    _, exchange = parts(setting)
    _, thief_exchange = parts(setting)
    ours = authority()

    async def trial() -> tuple[Report, Log, Log]:
        async with misbehaving(thief_exchange) as (thief_port, thief_log):

            async def redirect(wire: Wire) -> None:
                await wire.reply("307 Temporary Redirect", b"", f"Location: http://127.0.0.1:{thief_port}/orders")

            async with misbehaving(exchange, question, redirect, tls=ours.server) as (port, log):
                return await examine(setting, to_loopback(port, ours.client)), log, thief_log

    report, log, thief_log = asyncio.run(trial())

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.NOT_THE_API)
    assert log.count(question) == 1
    assert thief_log.connections == 0
