"""Which questions a new connector is started with."""

from __future__ import annotations

import pytest
from hashdata.exchange.ccxt_facts import facts
from hashdata.scaffold.choosing import choose_questions


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
    ],
)
def test_a_stream_is_started_with_what_most_accounts_have(exchange: str, stream: str, sends: str) -> None:
    chosen = {one.name: one.request.sends for one in choose_questions(facts(exchange)).streams}

    assert chosen[stream] == sends
