"""A test changes nothing: with every practice key of every connector, the exchange carried nothing out."""

from __future__ import annotations

import asyncio

import pytest
from hashdata.practice import Persona, PracticeExchange, Reply, Request
from hashdata.sandbox.personas import exchange_of
from hashdata.tester.report import Report
from hashdata.tester.runs import practise
from hashdata.tester.session import Options

from tests.tester.exchange import declared
from tests.tester.subjects import FUTURES, SPOT

CONNECTORS = {connector.name: connector for connector in (SPOT, FUTURES)}
PERSONAS = [(name, p.name) for name, connector in CONNECTORS.items() for p in exchange_of(connector).personas]
# These answer after the deadline, or ask to wait.
IMPATIENT = {"slow": 0.6}

ENDS = {
    "read-only": "accepted",
    "trading": "denied trade_granted",
    "withdrawal": "denied withdraw_granted",
    "full-power": "denied trade_granted",
    "wrong-key": "unusable unknown_key",
    "wrong-secret": "unusable wrong_secret",
    "ip-locked": "unusable address_not_allowed",
    "skewed-clock": "inconclusive clock",
    "frozen": "inconclusive account_restricted",
    "locked": "unusable account_frozen",
    "maintenance": "inconclusive maintenance",
    "rate-limited": "inconclusive rate_limited",
    "captcha": "inconclusive not_the_api",
    "slow": "inconclusive timeout",
    "unknown-answer": "inconclusive unrecognised_answer",
    "older-wrong-key": "unusable wrong_key_or_secret",
    "never-opened": "inconclusive account_not_opened",
    "classic-read-only": "accepted",
    "classic-trading": "denied trade_granted",
    "classic-narrow": "denied incomplete_read",
    "wrong-passphrase": "unusable wrong_passphrase",
    "classic-wrong-secret": "unusable wrong_secret",
    "retired": "unusable retired_key",
}


class Watched:
    """A practice exchange that keeps the line of every request."""

    def __init__(self, inner: PracticeExchange) -> None:
        self.inner = inner
        self.lines: list[str] = []
        self.personas = inner.personas
        self.ledger = inner.ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        self.lines.append(f"{request.method} {request.path}")
        return self.inner.answer(request, now_ms)


def examined(connector: str, persona: str, *, all_streams: bool) -> tuple[Report, Watched]:
    exchange = Watched(exchange_of(CONNECTORS[connector]))
    who: Persona = next(p for p in exchange.personas if p.name == persona)
    options = Options(all_streams=all_streams, timeout=IMPATIENT.get(persona, 10.0))
    return asyncio.run(practise(CONNECTORS[connector], exchange, who, options)), exchange


@pytest.mark.parametrize("all_streams", [False, True], ids=["required", "all"])
@pytest.mark.parametrize(("connector", "persona"), PERSONAS)
def test_a_practice_key_ends_as_it_should_asks_what_is_declared_once_and_changes_nothing(
    connector: str, persona: str, *, all_streams: bool
) -> None:
    report, exchange = examined(connector, persona, all_streams=all_streams)

    api = "main" if connector == "poloniex" else "v3"
    classic = persona.startswith("classic") or persona in {"wrong-passphrase", "retired"}
    asked = declared("classic" if classic else api, all_streams=all_streams)
    writes_were_asked = any(not line.startswith("GET") for line in exchange.lines)
    expected = asked if writes_were_asked else [line for line in asked if line.startswith("GET")]
    assert f"{report.verdict} {report.cause or ''}".strip() == ENDS[persona]
    assert sorted(exchange.lines) == expected
    assert exchange.ledger.changes == []


@pytest.mark.parametrize("connector", CONNECTORS)
def test_the_write_questions_are_asked_of_every_key_that_can_read(connector: str) -> None:
    can_read = {"read-only", "trading", "withdrawal", "full-power", "frozen", "unknown-answer"}

    for persona in sorted(can_read):
        _, exchange = examined(connector, persona, all_streams=False)
        assert any(not line.startswith("GET") for line in exchange.lines)


def test_every_persona_has_an_expected_end() -> None:
    assert {persona for _, persona in PERSONAS} == set(ENDS)
