"""What keeps a test from reaching the exchange is named; what would lead it elsewhere gets nothing."""

from __future__ import annotations

import asyncio
import time

import pytest
from hashdata.permissions import Cause, Verdict
from hashdata.tester.report import Report

from tests.faults.obstacles import Obstacle, obstacles
from tests.faults.server import Log, Wire, misbehaving
from tests.faults.trial import SETTINGS, authority, examine, parts, to_loopback

API = pytest.mark.parametrize("api", SETTINGS)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@API
@pytest.mark.parametrize("obstacle", obstacles(), ids=lambda obstacle: obstacle.name)
def test_an_obstacle_is_named_for_what_it_is(obstacle: Obstacle, api: str) -> None:
    begin = time.monotonic()
    report, log = asyncio.run(obstacle.against(SETTINGS[api]))

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, obstacle.cause)
    assert time.monotonic() - begin < 1.5
    assert {call.request.method for call in log.calls} == ({"GET"} if obstacle.reached else set())


@API
def test_a_private_address_is_not_even_connected_to(api: str) -> None:
    for obstacle in obstacles():
        if obstacle.kind == "address":
            _, log = asyncio.run(obstacle.against(SETTINGS[api]))

            assert log.connections == 0


@API
@pytest.mark.parametrize("kind", ["certificate", "greeting"])
def test_what_is_no_good_tls_is_not_tried_again(api: str, kind: str) -> None:
    streams = [s for s in parts(SETTINGS[api])[0].streams if s.required and s.api in {None, api}]
    for obstacle in obstacles():
        if obstacle.kind == kind and obstacle.cause is Cause.TLS:
            _, log = asyncio.run(obstacle.against(SETTINGS[api]))

            assert log.connections <= 1 + len(streams)


PLACES = (
    "http://127.0.0.1:{port}/orders",
    "https://futures-api.poloniex.com:{port}/orders",
    "https://me:password@api.poloniex.com:{port}/orders",
    "//127.0.0.1:{port}/orders",
)


@API
@pytest.mark.parametrize("position", ["time", "read", "probe"])
@pytest.mark.parametrize("place", PLACES)
def test_a_redirect_leads_nowhere(api: str, position: str, place: str) -> None:
    setting = SETTINGS[api]
    question = {"time": setting.time, "read": setting.read, "probe": setting.probes[0]}[position]
    _, exchange = parts(setting)
    _, thief_exchange = parts(setting)
    ours = authority()

    async def trial() -> tuple[Report, Log, Log]:
        thief_tls = None if place.startswith("http:") else ours.server
        async with misbehaving(thief_exchange, tls=thief_tls) as (thief_port, thief_log):

            async def redirect(wire: Wire) -> None:
                await wire.reply("307 Temporary Redirect", b"", f"Location: {place.format(port=thief_port)}")

            async with misbehaving(exchange, question, redirect, tls=ours.server) as (port, log):
                return await examine(setting, to_loopback(port, ours.client)), log, thief_log

    report, log, thief_log = asyncio.run(trial())

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.NOT_THE_API)
    assert log.count(question) == 1
    assert thief_log.connections == 0


@API
def test_a_proxy_that_the_environment_names_gets_nothing(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = SETTINGS[api]
    _, exchange = parts(setting)
    ours = authority()

    async def trial() -> tuple[Report, Log]:
        async with misbehaving(exchange) as (thief_port, thief_log):
            for name in PROXIES:
                monkeypatch.setenv(name, f"http://127.0.0.1:{thief_port}")
            monkeypatch.setenv("NO_PROXY", "")
            monkeypatch.setenv("no_proxy", "")
            async with misbehaving(exchange, tls=ours.server) as (port, _):
                return await examine(setting, to_loopback(port, ours.client)), thief_log

    report, thief_log = asyncio.run(trial())

    assert report.verdict is Verdict.ACCEPTED
    assert thief_log.connections == 0
