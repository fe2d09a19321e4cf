"""A key whose power changes: between two tests the verdict follows, within one test it is never accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hashdata.exchange.door import Door
from hashdata.permissions import Cause, Grant, Permission, Verdict
from hashdata.practice import Ledger, Persona, Reply, Request
from hashdata.registry import find
from hashdata.sandbox.server import serve
from hashdata.tester.report import Report
from hashdata.tester.session import Options, run
from hashdata_poloniex.practice_keys import KEYS
from hashdata_poloniex.sandbox import PracticePoloniex

CONNECTORS = pytest.mark.parametrize("connector", ["poloniex", "poloniex-futures"])
READ_ONLY = KEYS[0]
FULL_POWER = replace(READ_ONLY, powers=frozenset({Permission.TRADE, Permission.WITHDRAW}))
DELETED = replace(READ_ONLY, held=None)
GATEWAY_BUSY = replace(READ_ONLY, instead=(("POST", "practice_maintenance"),))


@dataclass
class Changing:
    """One exchange on which the owner changes the key: `after` answers once `changed` says so."""

    before: PracticePoloniex
    after: PracticePoloniex
    changed: Callable[[Request], bool]
    seen: list[Request] = field(default_factory=list)

    @property
    def personas(self) -> Sequence[Persona]:
        return self.before.personas

    @property
    def ledger(self) -> Ledger:
        return self.before.ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        self.seen.append(request)
        return (self.after if self.changed(request) else self.before).answer(request, now_ms)


class WriteQuestions:
    """Counts write questions, to say which is the second."""

    def __init__(self, first_changed: int) -> None:
        self._left = first_changed

    def __call__(self, request: Request) -> bool:
        if request.method != "GET":
            self._left -= 1
        return self._left <= 0


def examine(connector: str, exchange: Changing | PracticePoloniex) -> Report:
    """Test the read-only key at `exchange`, over HTTP."""
    found = find(connector)

    async def trial() -> Report:
        async with serve(exchange) as origin, Door(loopback=origin) as door:
            return await run(found, found.schema.bind(READ_ONLY.persona.credentials), door, Options())

    return asyncio.run(trial())


@CONNECTORS
def test_a_key_that_gains_power_between_two_tests_is_denied(connector: str) -> None:
    owner_has_clicked = False
    exchange = Changing(PracticePoloniex([READ_ONLY]), PracticePoloniex([FULL_POWER]), lambda _: owner_has_clicked)
    before = examine(connector, exchange)
    owner_has_clicked = True
    after = examine(connector, exchange)

    assert before.verdict is Verdict.ACCEPTED
    assert (after.verdict, after.cause) == (Verdict.DENIED, Cause.TRADE_GRANTED)
    assert exchange.ledger.changes == []


@CONNECTORS
def test_a_key_that_loses_power_between_two_tests_is_accepted(connector: str) -> None:
    before = examine(connector, PracticePoloniex([FULL_POWER]))
    after = examine(connector, PracticePoloniex([READ_ONLY]))

    assert (before.verdict, after.verdict) == (Verdict.DENIED, Verdict.ACCEPTED)


@CONNECTORS
@pytest.mark.parametrize("first_changed", [1, 2])
def test_power_gained_between_the_questions_of_one_test_is_denied(connector: str, first_changed: int) -> None:
    exchange = Changing(
        PracticePoloniex([READ_ONLY]), PracticePoloniex([FULL_POWER]), WriteQuestions(first_changed=first_changed)
    )
    report = examine(connector, exchange)

    assert report.verdict is Verdict.DENIED
    assert Grant.GRANTED in {report.permissions[p].grant for p in (Permission.TRADE, Permission.WITHDRAW)}


@CONNECTORS
@pytest.mark.parametrize("first_changed", [1, 2])
@pytest.mark.parametrize(
    ("key", "cause"), [(DELETED, Cause.UNKNOWN_KEY), (GATEWAY_BUSY, Cause.MAINTENANCE)], ids=["deleted", "busy"]
)
def test_a_key_that_stops_working_between_the_questions_is_inconclusive(
    connector: str, first_changed: int, key: object, cause: Cause
) -> None:
    assert isinstance(key, type(READ_ONLY))
    exchange = Changing(
        PracticePoloniex([READ_ONLY]), PracticePoloniex([key]), WriteQuestions(first_changed=first_changed)
    )
    report = examine(connector, exchange)

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, cause)


@CONNECTORS
def test_a_key_that_stops_working_while_it_is_read_is_not_asked_about_writing(connector: str) -> None:
    exchange = Changing(
        PracticePoloniex([READ_ONLY]),
        PracticePoloniex([DELETED]),
        lambda request: request.path in {"/trades", "/v3/trade/order/trades"},
    )
    report = examine(connector, exchange)

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.UNKNOWN_KEY)
    assert {request.method for request in exchange.seen} == {"GET"}
