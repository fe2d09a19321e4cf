"""Which questions a new connector is started with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hashdata.errors import UsageError
from hashdata.exchange.ccxt_facts import exchanges, facts
from hashdata.scaffold.choosing import Choice, choose_questions


@pytest.mark.parametrize(
    ("exchange", "stream", "sends"),
    [
        # ccxt leaves these to methods that its unified ones call.
        ("kucoin", "orders", "GET /api/v1/hf/orders/done"),
        ("kucoin", "trades", "GET /api/v1/hf/fills"),
        ("digifinex", "deposits", "GET /v3/deposit/history"),
        # Not those of 2018, which stand in ccxt's table too.
        ("kucoin", "deposits", "GET /api/v1/deposits"),
        # What is past, and not what is open.
        ("gate", "orders", "GET /api/v4/spot/orders"),
        ("binance", "orders", "GET /api/v3/allOrders"),
        ("kraken", "orders", "POST /0/private/ClosedOrders"),
        # Neither what is planned nor the account of contracts.
        ("bitget", "orders", "GET /api/v2/spot/trade/history-orders"),
        ("bitget", "balances", "GET /api/v2/spot/account/assets"),
        # Its balances have a place to be filled in, and stand at the host of its contracts too.
        ("htx", "orders", "GET /v1/order/orders"),
    ],
)
def test_a_stream_is_started_with_what_most_accounts_have(exchange: str, stream: str, sends: str) -> None:
    chosen = {one.name: one.request.sends for one in choose_questions(facts(exchange)).streams}

    assert chosen[stream] == sends


@pytest.mark.parametrize(
    ("exchange", "sends"), [("mexc", "GET /api/v3/time"), ("zebpay", "GET /api/v2/system/time")], ids=["mexc", "zebpay"]
)
def test_the_clock_is_that_of_the_main_account(exchange: str, sends: str) -> None:
    assert choose_questions(facts(exchange)).clock.request.sends == sends


@pytest.mark.parametrize(
    ("exchange", "stream", "named"),
    [
        ("bitso", "withdrawals", "privateGetWithdrawals"),
        ("bitopro", "orders", "privateGetOrdersHistory"),
        ("htx", "balances", "spotPrivateGetV1AccountAccounts"),
        ("bitbank", "deposits", "privateGetUserDepositHistory"),
        # Where everything is asked by POST.
        ("coinspot", "orders", "privatePostMyOrders"),
        ("coinspot", "deposits", "v2PrivatePostRoMyDeposits"),
    ],
)
def test_methods_that_may_read_what_was_not_chosen_are_named(exchange: str, stream: str, named: str) -> None:
    assert named in choose_questions(facts(exchange)).missing[stream]


def test_a_word_inside_of_others_names_nothing() -> None:
    # TradePositions holds the letters of deposit.
    assert choose_questions(facts("btse")).missing["deposits"] == ()


def test_methods_of_the_main_account_are_named_first() -> None:
    named = choose_questions(facts("binance")).missing["ledger"]

    assert named.index("sapiGetAssetLedgerTransferCloudMiningQueryByPage") < named.index("eapiPrivateGetBill")


def test_what_is_named_is_private_reads_and_at_most_six_of_them() -> None:
    named = [calls for choice in _chosen() for calls in choice.missing.values()]
    changes = re.compile(r"(?i)public|cancel|create|address|Post(Place|Add|New|Withdraw|Order(?!s))")

    assert len(named) > 50
    assert {len(calls) for calls in named} <= set(range(7))
    assert [call for calls in named for call in calls if changes.search(call) and "Status" not in call] == []


def _chosen() -> Iterator[Choice]:
    """Yield the choice for each exchange for which a connector can be started."""
    for exchange in exchanges():
        with suppress(UsageError):
            yield choose_questions(facts(exchange))
