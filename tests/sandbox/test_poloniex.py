"""The practice exchange for main accounts, asked over HTTP with the key of each persona."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from hashdata.answers import Raw, Reading
from hashdata.permissions import Grant
from hashdata.questions import Probe
from hashdata.sandbox.server import serve
from hashdata_poloniex.questions import STREAMS, TRADE, WITHDRAW
from hashdata_poloniex.sandbox import PracticePoloniex

from tests.sandbox.client import Answer, Call, ask, by_name, mac, main_headers, now, send

READ = Call("GET /accounts/balances")
ORDER = Call(TRADE.sends, TRADE.params)
WITHDRAWAL = Call(WITHDRAW.sends, WITHDRAW.params)
REAL_ORDER = Call("POST /orders", {"symbol": "BTC_USDT", "side": "BUY", "type": "MARKET", "amount": "1"})
REAL_WITHDRAWAL = Call("POST /wallets/withdraw", {"currency": "BTC", "amount": "1", "address": "x"})

READS_WELL = ("read-only", "trading", "withdrawal", "full-power", "frozen", "unknown-answer")


def reading(call: Call, answer: Answer) -> Reading:
    return Reading(Raw(call.method, call.path, answer.status, answer.headers, answer.text, 0))


def grant(probe: Probe, call: Call, answer: Answer) -> Grant:
    means = [known.means for known in probe.answers if known.matches(reading(call, answer))]
    return means[0] if means else Grant.UNPROVEN


@pytest.mark.parametrize("persona", READS_WELL)
def test_every_stream_is_readable_in_its_own_shape(persona: str) -> None:
    calls = [Call(stream.sends, stream.params) for stream in STREAMS]

    answers = asyncio.run(ask(PracticePoloniex(), persona, *calls))

    unreadable = [
        stream.name
        for stream, call, answer in zip(STREAMS, calls, answers, strict=True)
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
        ("wrong-key", Grant.UNPROVEN, Grant.UNPROVEN),
        ("wrong-secret", Grant.UNPROVEN, Grant.UNPROVEN),
        ("ip-locked", Grant.UNPROVEN, Grant.UNPROVEN),
        ("skewed-clock", Grant.UNPROVEN, Grant.UNPROVEN),
        ("locked", Grant.UNPROVEN, Grant.UNPROVEN),
        ("maintenance", Grant.UNPROVEN, Grant.UNPROVEN),
        ("rate-limited", Grant.UNPROVEN, Grant.UNPROVEN),
        ("captcha", Grant.UNPROVEN, Grant.UNPROVEN),
        ("older-wrong-key", Grant.UNPROVEN, Grant.UNPROVEN),
    ],
)
def test_the_probes_learn_what_the_key_may_do_and_change_nothing(persona: str, trade: Grant, withdraw: Grant) -> None:
    exchange = PracticePoloniex()

    order, withdrawal = asyncio.run(ask(exchange, persona, ORDER, WITHDRAWAL))

    assert grant(TRADE, ORDER, order) is trade
    assert grant(WITHDRAW, WITHDRAWAL, withdrawal) is withdraw
    assert exchange.ledger.changes == []


@pytest.mark.parametrize(
    ("persona", "status", "text"),
    [
        ("wrong-key", 400, "Invalid Apikey or Signature"),
        ("wrong-secret", 401, "Invaid of signature"),
        ("ip-locked", 401, "Illegal of ip"),
        ("skewed-clock", 401, "Invaid of signature"),
        ("locked", 400, "21601"),
        ("maintenance", 503, "<!DOCTYPE html>"),
        ("rate-limited", 429, "429"),
        ("captcha", 403, "<!DOCTYPE html>"),
    ],
)
def test_a_key_that_does_not_work_is_told_why(persona: str, status: int, text: str) -> None:
    (answer,) = asyncio.run(ask(PracticePoloniex(), persona, READ))

    assert answer.status == status
    assert text in answer.text


def test_the_older_answer_to_a_wrong_key_is_empty_and_another_one_for_wallets() -> None:
    wallets = Call("GET /wallets/activity", {"start": 1, "end": 2})

    account, wallet = asyncio.run(ask(PracticePoloniex(), "older-wrong-key", READ, wallets))

    assert (account.status, account.text) == (401, "")
    assert account.headers["web-filter"] == "unauthenticated"
    assert (wallet.status, wallet.value) == (400, {"code": "FORBIDDEN", "message": "Invalid API key/secret pair."})


def test_the_rate_limit_says_how_long_to_wait() -> None:
    (answer,) = asyncio.run(ask(PracticePoloniex(), "rate-limited", READ))

    assert answer.headers["retry-after"] == "30"


def test_the_slow_key_waits_and_the_public_time_does_not() -> None:
    exchange = PracticePoloniex()

    (time,) = asyncio.run(ask(exchange, "slow", Call("GET /timestamp")))
    with pytest.raises(TimeoutError):
        asyncio.run(ask(exchange, "slow", READ, limit=0.2))

    assert time.status == 200


def test_the_time_is_public_and_that_of_the_persona() -> None:
    async def run() -> Answer:
        async with serve(PracticePoloniex(), skew_ms=90_000) as origin:
            return await send(origin, Call("GET /timestamp"), {})

    value = asyncio.run(run()).value

    assert isinstance(value, dict)
    assert value["serverTime"] - now() == pytest.approx(90_000, abs=5_000)


def test_without_headers_or_with_an_old_timestamp_nothing_is_read() -> None:
    exchange = PracticePoloniex()
    old = main_headers(READ, by_name(exchange, "read-only").credentials, stamp=now() - 61_000)

    async def run() -> list[Answer]:
        async with serve(exchange) as origin:
            return [await send(origin, READ, {}), await send(origin, READ, old)]

    assert [answer.status for answer in asyncio.run(run())] == [400, 401]


def test_a_path_that_is_not_there_is_answered_as_it_was_seen() -> None:
    (answer,) = asyncio.run(ask(PracticePoloniex(), "read-only", Call('GET /v9/or"ders')))

    assert answer.status == 404
    message = 'Resources do not exist [404 NOT_FOUND "No static resource v9/or"ders."]'
    assert answer.value == {"code": 404, "message": message}


def test_a_real_order_is_carried_out_for_the_trading_key_and_for_no_other() -> None:
    trading, reading_only = PracticePoloniex(), PracticePoloniex()

    (done,) = asyncio.run(ask(trading, "trading", REAL_ORDER))
    (refused,) = asyncio.run(ask(reading_only, "read-only", REAL_ORDER))

    assert grant(TRADE, REAL_ORDER, done) is Grant.GRANTED
    assert trading.ledger.changes == [f"POST /orders {REAL_ORDER.body}"]
    assert grant(TRADE, REAL_ORDER, refused) is Grant.REFUSED
    assert reading_only.ledger.changes == []


def test_a_real_withdrawal_is_carried_out_for_the_withdrawal_key() -> None:
    exchange = PracticePoloniex()

    (answer,) = asyncio.run(ask(exchange, "withdrawal", REAL_WITHDRAWAL))

    assert grant(WITHDRAW, REAL_WITHDRAWAL, answer) is Grant.GRANTED
    assert len(exchange.ledger.changes) == 1


DANGEROUS = [
    REAL_ORDER,
    REAL_WITHDRAWAL,
    Call("POST /orders/batch", [{"symbol": "BTC_USDT"}]),
    Call("POST /smartorders", {"symbol": "ETH_USDT"}),
    Call("DELETE /orders"),
    Call("DELETE /orders", {"symbols": ["BTC_USDT"]}),
    Call("DELETE /orders/cancelByIds"),
    Call("DELETE /smartorders"),
    Call("DELETE /smartorders/cancelByIds"),
    Call("POST /orders/killSwitch", {"timeout": "30"}),
    Call("POST /accounts/transfer", {"fromAccount": "SPOT", "toAccount": "FUTURES"}),
    Call("POST /wallets/address", {"currency": "BTC"}),
    Call("POST /v2/wallets/withdraw", {"coin": "BTC"}),
    Call("POST /v3/trade/order", {"symbol": "BTC_USDT_PERP"}),
    Call("POST /v3/trade/orders", [{"symbol": "BTC_USDT_PERP"}]),
    Call("POST /v3/trade/position", {"symbol": "BTC_USDT_PERP"}),
    Call("POST /v3/trade/positionAll"),
    Call("DELETE /v3/trade/allOrders"),
    Call("DELETE /v3/trade/batchOrders"),
    Call("POST /v3/position/leverage", {"lever": "10"}),
    Call("POST /v3/position/mode", {"posMode": "HEDGE"}),
    Call("POST /v3/trade/position/margin", {"amt": "1"}),
]
# What a key was seen to do whose orders and withdrawals were refused.
RESIDUAL = {"POST /orders/killSwitch", "POST /v3/position/mode", "POST /wallets/address"}


def test_the_ledger_shows_every_dangerous_request_of_a_key_that_may_do_all() -> None:
    exchange = PracticePoloniex()

    answers = asyncio.run(ask(exchange, "full-power", *DANGEROUS))

    assert exchange.ledger.changes == [f"{call.line} {call.body}".rstrip() for call in DANGEROUS]
    assert {answer.status for answer in answers} == {200}


def test_a_key_that_may_only_read_still_has_the_powers_that_were_seen() -> None:
    exchange = PracticePoloniex()

    asyncio.run(ask(exchange, "read-only", *DANGEROUS))

    carried_out = {" ".join(change.split(" ")[:2]) for change in exchange.ledger.changes}
    assert carried_out >= RESIDUAL
    assert not [
        line for line in carried_out if line.startswith(("POST /orders ", "POST /smart", "POST /v3/trade/order"))
    ]
    assert not [line for line in carried_out if "withdraw" in line]


@pytest.mark.parametrize("persona", ["wrong-key", "wrong-secret", "ip-locked", "older-wrong-key", "maintenance"])
def test_a_key_that_does_not_work_changes_nothing(persona: str) -> None:
    exchange = PracticePoloniex()

    asyncio.run(ask(exchange, persona, *DANGEROUS))

    assert exchange.ledger.changes == []


@pytest.mark.parametrize("persona", ["read-only", "full-power"])
def test_the_cancel_of_an_unknown_order_says_nothing_about_the_key(persona: str) -> None:
    exchange = PracticePoloniex()

    (answer,) = asyncio.run(ask(exchange, persona, Call("DELETE /orders/1")))

    assert answer.value == {"code": 21301, "message": "Order not exists"}
    assert exchange.ledger.changes == []


@pytest.mark.parametrize("line", ["DELETE /orders/cancelByIds", "DELETE /smartorders/cancelByIds"])
def test_a_batch_of_unknown_orders_cancels_nothing(line: str) -> None:
    exchange = PracticePoloniex()

    (answer,) = asyncio.run(ask(exchange, "full-power", Call(line, {"orderIds": ["1234"]})))

    assert "1234" in answer.text
    assert exchange.ledger.changes == []


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"symbol":["BTC_USDT"]}', b"[" * 60_000])
def test_a_malformed_order_is_answered_and_not_carried_out(body: bytes) -> None:
    exchange = PracticePoloniex()
    call = Call("POST /orders")

    async def run() -> int:
        key, at = by_name(exchange, "trading").credentials, str(now())
        middle = f"requestBody={body.decode()}&" if body else ""
        text = f"POST\n/orders\n{middle}signTimestamp={at}"
        headers = {"key": key["api_key"], "signTimestamp": at, "signature": mac(key["secret"], text)}
        async with (
            serve(exchange) as origin,
            aiohttp.ClientSession() as session,
            session.post(origin + call.path, data=body or None, headers=headers) as response,
        ):
            return response.status

    assert asyncio.run(run()) == 400
    assert exchange.ledger.changes == []


def test_each_exchange_has_a_ledger_of_its_own() -> None:
    used, fresh = PracticePoloniex(), PracticePoloniex()

    asyncio.run(ask(used, "full-power", REAL_ORDER))

    assert used.ledger.changes
    assert fresh.ledger.changes == []
