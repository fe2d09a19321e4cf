"""The practice exchange for futures accounts, v3 and classic, asked over HTTP with the key of each persona."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hashdata.answers import Raw, Reading
from hashdata.permissions import Cause, Grant
from hashdata.questions import Diagnosis, Probe, Stream
from hashdata.sandbox.server import serve
from hashdata_poloniex_futures import classic_questions, v3
from hashdata_poloniex_futures.sandbox import PracticeFutures

from tests.sandbox.client import Answer, Call, ask, by_name, classic_headers, now, send

ORDER = Call(v3.TRADE.sends, v3.TRADE.params)
WITHDRAWAL = Call(v3.WITHDRAWAL.sends, v3.WITHDRAWAL.params)
CANCEL = Call(classic_questions.TRADE.sends)
OVERVIEW = Call("GET /api/v1/account-overview", {"currency": "USDT"})
BALANCE = Call("GET /v3/account/balance")


def reading(call: Call, answer: Answer) -> Reading:
    return Reading(Raw(call.method, call.path, answer.status, answer.headers, answer.text, 0))


def grant(probe: Probe, call: Call, answer: Answer) -> Grant:
    means = [known.means for known in probe.answers if known.matches(reading(call, answer))]
    return means[0] if means else Grant.UNPROVEN


def cause(diagnoses: tuple[Diagnosis, ...], call: Call, answer: Answer) -> Cause | None:
    return next((known.cause for known in diagnoses if known.matches(reading(call, answer))), None)


@pytest.mark.parametrize(
    ("persona", "streams"),
    [
        ("read-only", v3.STREAMS),
        ("full-power", v3.STREAMS),
        ("frozen", v3.STREAMS),
        ("classic-read-only", classic_questions.STREAMS),
        ("classic-trading", classic_questions.STREAMS),
    ],
)
def test_every_stream_is_readable_in_its_own_shape(persona: str, streams: tuple[Stream, ...]) -> None:
    calls = [Call(stream.sends, stream.params) for stream in streams]

    answers = asyncio.run(ask(PracticeFutures(), persona, *calls))

    unreadable = [
        stream.name
        for stream, call, answer in zip(streams, calls, answers, strict=True)
        if answer.status != 200 or not stream.shape.fits(reading(call, answer).value)
    ]
    assert unreadable == []


@pytest.mark.parametrize(
    ("persona", "trade", "withdraw"),
    [
        ("read-only", Grant.REFUSED, Grant.REFUSED),
        ("trading", Grant.GRANTED, Grant.REFUSED),
        ("withdrawal", Grant.REFUSED, Grant.GRANTED),
        ("full-power", Grant.GRANTED, Grant.GRANTED),
        ("frozen", Grant.UNPROVEN, Grant.REFUSED),
        ("unknown-answer", Grant.UNPROVEN, Grant.REFUSED),
        ("never-opened", Grant.UNPROVEN, Grant.REFUSED),
        ("wrong-key", Grant.UNPROVEN, Grant.UNPROVEN),
        ("wrong-secret", Grant.UNPROVEN, Grant.UNPROVEN),
    ],
)
def test_the_probes_learn_what_the_key_may_do_and_change_nothing(persona: str, trade: Grant, withdraw: Grant) -> None:
    exchange = PracticeFutures()

    order, withdrawal = asyncio.run(ask(exchange, persona, ORDER, WITHDRAWAL))

    assert grant(v3.TRADE, ORDER, order) is trade
    assert grant(v3.WITHDRAWAL, WITHDRAWAL, withdrawal) is withdraw
    assert exchange.ledger.changes == []


def test_an_account_that_was_never_opened_has_nothing_to_read() -> None:
    balance, order = asyncio.run(ask(PracticeFutures(), "never-opened", BALANCE, ORDER))

    assert balance.value == {"code": 200, "msg": ""}
    assert cause(v3.DIAGNOSES, ORDER, order) is Cause.ACCOUNT_NOT_OPENED


def test_a_frozen_account_says_so_with_http_200() -> None:
    (order,) = asyncio.run(ask(PracticeFutures(), "frozen", ORDER))

    assert order.status == 200
    assert cause(v3.DIAGNOSES, ORDER, order) is Cause.ACCOUNT_FROZEN


@pytest.mark.parametrize(
    ("persona", "trade"),
    [
        ("classic-read-only", Grant.REFUSED),
        ("classic-trading", Grant.GRANTED),
        ("classic-narrow", Grant.REFUSED),
        ("wrong-passphrase", Grant.UNPROVEN),
        ("classic-wrong-secret", Grant.UNPROVEN),
        ("retired", Grant.UNPROVEN),
    ],
)
def test_the_classic_probe_cancels_nothing(persona: str, trade: Grant) -> None:
    exchange = PracticeFutures()

    (answer,) = asyncio.run(ask(exchange, persona, CANCEL))

    assert grant(classic_questions.TRADE, CANCEL, answer) is trade
    assert exchange.ledger.changes == []


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("wrong-passphrase", Cause.WRONG_PASSPHRASE),
        ("classic-wrong-secret", Cause.WRONG_SECRET),
        ("retired", Cause.RETIRED_KEY),
    ],
)
def test_a_classic_key_that_does_not_work_is_told_why(persona: str, expected: Cause) -> None:
    (answer,) = asyncio.run(ask(PracticeFutures(), persona, OVERVIEW))

    assert cause(classic_questions.DIAGNOSES, OVERVIEW, answer) is expected


def test_the_narrow_classic_key_may_not_read_the_transactions() -> None:
    history = Call("GET /api/v1/transaction-history")

    overview, refused = asyncio.run(ask(PracticeFutures(), "classic-narrow", OVERVIEW, history))

    assert overview.status == 200
    assert cause(classic_questions.DIAGNOSES, history, refused) is Cause.INCOMPLETE_READ


def test_a_classic_request_is_stale_after_five_seconds_and_unknown_without_a_key() -> None:
    exchange = PracticeFutures()
    key = by_name(exchange, "classic-read-only").credentials
    stale = classic_headers(OVERVIEW, key, stamp=now() - 7_000)
    unknown = classic_headers(OVERVIEW, {**key, "api_key": "nobody"})

    async def run() -> list[Cause | None]:
        async with serve(exchange) as origin:
            answers = [await send(origin, OVERVIEW, headers) for headers in (stale, unknown)]
            return [cause(classic_questions.DIAGNOSES, OVERVIEW, answer) for answer in answers]

    assert asyncio.run(run()) == [Cause.CLOCK, Cause.UNKNOWN_KEY]


def test_the_classic_time_is_public() -> None:
    (answer,) = asyncio.run(ask(PracticeFutures(), "retired", Call("GET /api/v1/timestamp")))

    value = answer.value
    assert isinstance(value, dict)
    assert abs(value["data"] - now()) < 5_000


def test_a_classic_key_opens_nothing_on_the_main_host_nor_the_other_way_round() -> None:
    classic = asyncio.run(ask(PracticeFutures(), "classic-read-only", BALANCE))
    exchange = PracticeFutures()
    key = dict(by_name(exchange, "read-only").credentials) | {"passphrase": "any"}

    async def run() -> Answer:
        async with serve(exchange) as origin:
            return await send(origin, OVERVIEW, classic_headers(OVERVIEW, key))

    assert classic[0].value == {"code": 400, "message": "Invalid Apikey or Signature"}
    assert cause(classic_questions.DIAGNOSES, OVERVIEW, asyncio.run(run())) is Cause.UNKNOWN_KEY


DANGEROUS = [
    Call("POST /api/v1/orders", {"symbol": "BTCUSDTPERP"}),
    Call("DELETE /api/v1/orders"),
    Call("DELETE /api/v1/stopOrders"),
]


def test_the_ledger_shows_every_dangerous_request_of_both_services() -> None:
    exchange = PracticeFutures()
    main = Call("POST /v3/trade/order", {"symbol": "BTC_USDT_PERP"})

    asyncio.run(ask(exchange, "classic-trading", *DANGEROUS))
    asyncio.run(ask(exchange, "full-power", main))

    assert exchange.ledger.changes == [f"{call.line} {call.body}".rstrip() for call in [*DANGEROUS, main]]


@pytest.mark.parametrize("persona", ["classic-read-only", "retired", "wrong-passphrase"])
def test_a_classic_key_without_the_right_changes_nothing(persona: str) -> None:
    exchange = PracticeFutures()

    asyncio.run(ask(exchange, persona, *DANGEROUS, replace(DANGEROUS[0], params={"symbol": "X"})))

    assert exchange.ledger.changes == []
