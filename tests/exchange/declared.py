"""The APIs of our connectors, every request that they declare, and those requests as ccxt signs them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache

from hashdata.answers import Raw
from hashdata.connector import Connector, Terms
from hashdata.credentials import Credentials
from hashdata.exchange.ccxt_client import Client, Template
from hashdata.exchange.door import Door, Signed
from hashdata.exchange.guard import Guard
from hashdata.practice import PracticeExchange
from hashdata.questions import Question
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of, persona_of

from tests.exchange.wire import listening


@dataclass(frozen=True, slots=True)
class Setting:
    """One API of a connector, and practice keys that are tried on it."""

    connector: str
    api: str
    persona: str
    reader: str = "read-only"


SETTINGS = {
    "main": Setting("poloniex", "main", "full-power"),
    "v3": Setting("poloniex-futures", "v3", "full-power"),
    "classic": Setting("poloniex-futures", "classic", "classic-trading", "classic-read-only"),
}


@cache
def connector_of(api: str) -> Connector:
    return find(SETTINGS[api].connector)


@cache
def terms_of(api: str) -> Terms:
    connector = connector_of(api)
    return connector.terms(next(found for found in connector.info.apis if found.name == SETTINGS[api].api))


@cache
def template_of(api: str) -> Template:
    return Template(terms_of(api))


def guard_of(api: str) -> Guard:
    return template_of(api)._guard


def credentials_of(api: str, exchange: PracticeExchange | None = None) -> Credentials:
    """Return the practice key that can do the most."""
    connector = connector_of(api)
    persona = persona_of(exchange or exchange_of(connector), SETTINGS[api].persona)
    return connector.schema.bind(persona.credentials)


def client_of(api: str, door: Door) -> Client:
    return template_of(api).client(credentials_of(api), door)


def questions_of(api: str) -> tuple[Question, ...]:
    terms = terms_of(api)
    return (terms.api.clock, *terms.streams, *terms.probes)


def soon(seconds: float = 5.0) -> float:
    """Return the moment of the running loop's clock that is so many seconds away."""
    return asyncio.get_running_loop().time() + seconds


@cache
def signed(api: str) -> tuple[Signed, ...]:
    """Return every declared request as ccxt signs it, in the order of `questions_of`."""
    found: list[Signed] = []

    async def ask() -> None:
        async with listening() as wire, Door(loopback=wire.origin, tap=lambda sent, _: found.append(sent)) as door:
            client = client_of(api, door)
            for question in questions_of(api):
                outcome = await client.ask(question, until=soon(), limit=5)
                assert isinstance(outcome, Raw)

    asyncio.run(ask())
    return tuple(found)
