"""Before the first write question to a real exchange a person reads what is sent, and what it may cause."""

from __future__ import annotations

import asyncio

import pytest
from hashdata.cli.progress import listening
from hashdata.exchange.door import Door
from hashdata.practice import Request
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.tester.events import Announced, Event
from hashdata.tester.session import Options, run

from tests.faults.server import misbehaving
from tests.faults.trial import SETTINGS, authority, parts, to_loopback

SENT = {
    "main": (
        'POST https://api.poloniex.com/orders {"symbol":"ZZQXA_ZZQXB","side":"BUY","type":"MARKET","amount":"1"}',
        'POST https://api.poloniex.com/wallets/withdraw {"currency":"ZZQX","amount":"0.00000001","address":"x"}',
    ),
    "v3": (
        (
            'POST https://api.poloniex.com/v3/trade/order {"symbol":"ZZQXA_USDT_PERP","side":"BUY",'
            '"mgnMode":"CROSS","posSide":"BOTH","type":"MARKET","sz":"1"}'
        ),
        'POST https://api.poloniex.com/wallets/withdraw {"currency":"ZZQX","amount":"0.00000001","address":"x"}',
    ),
    "classic": ("DELETE https://futures-api.poloniex.com/api/v1/orders/000000000000000000000000",),
}


def told(api: str) -> tuple[list[Announced], list[Request]]:
    """Test a key through a door that leads to the exchange; return what was announced and what arrived before it."""
    setting = SETTINGS[api]
    connector, exchange = parts(setting)
    credentials = connector.schema.bind(persona_of(exchange, setting.persona).credentials)
    announced: list[Announced] = []
    before: list[Request] = []

    async def trial() -> None:
        async with misbehaving(exchange_of(connector), tls=authority().server) as (port, log):

            def listen(event: Event) -> None:
                if isinstance(event, Announced):
                    announced.append(event)
                    before.extend(call.request for call in log.calls)

            async with Door(network=to_loopback(port, authority().client)) as door:
                await run(connector, credentials, door, Options(listen=listen))

    asyncio.run(trial())
    return announced, before


@pytest.mark.parametrize("api", SETTINGS)
def test_the_exact_requests_are_announced_once_before_any_of_them(api: str) -> None:
    announced, before = told(api)

    assert [event.requests for event in announced] == [SENT[api]]
    assert {request.method for request in before} == {"GET"}


@pytest.mark.parametrize("api", SETTINGS)
def test_a_real_exchange_is_not_announced_as_practice(api: str) -> None:
    announced, _ = told(api)

    assert [event.practice for event in announced] == [False]


def test_a_person_reads_what_the_requests_may_cause(capsys: pytest.CaptureFixture[str]) -> None:
    with listening("Poloniex") as listen:
        listen(Announced(SENT["main"], practice=False))
    said = " ".join(capsys.readouterr().err.split())

    assert "security log or cause an e-mail" in said
    assert "practice" not in said
    for request in SENT["main"]:
        assert request in said
