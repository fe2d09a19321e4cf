"""Where an exchange's answer holds the time, as far as ccxt's source tells."""

from __future__ import annotations

import pytest
from hashdata.exchange.ccxt_facts import ReadTime, facts
from hashdata.questions import TimeForm
from hashdata.scaffold.choosing import choose_questions


def number(*at: str | int, form: TimeForm = TimeForm.MILLISECONDS) -> ReadTime:
    return ReadTime(at=at, form=form, is_text=False)


def text(*at: str | int, form: TimeForm = TimeForm.MILLISECONDS) -> ReadTime:
    return ReadTime(at=at, form=form, is_text=True)


@pytest.mark.parametrize(
    ("exchange", "call", "read"),
    [
        ("binance", "publicGetTime", number("serverTime")),
        ("kucoin", "publicGetTimestamp", number("data")),
        ("okx", "publicGetPublicTime", text("data", 0, "ts")),
        ("bybit", "publicGetV5MarketTime", text("time")),
        ("kraken", "publicGetTime", number("result", "unixtime", form=TimeForm.SECONDS)),
        ("whitebit", "v4PublicGetTime", number("time", form=TimeForm.SECONDS)),
        ("dydx", "indexerGetTime", number("epoch", form=TimeForm.SECONDS)),
        ("coinbase", "v3PublicGetBrokerageTime", text("epochSeconds", form=TimeForm.SECONDS)),
        ("coinbase", "v2PublicGetTime", number("data", "epoch", form=TimeForm.SECONDS)),
        ("alpaca", "traderPrivateGetV2Clock", text("timestamp", form=TimeForm.ISO)),
    ],
)
def test_the_place_is_guessed_from_what_ccxt_reads(exchange: str, call: str, read: ReadTime) -> None:
    assert facts(exchange).time_in(call) == read


@pytest.mark.parametrize(
    ("exchange", "call"),
    [("bigone", "publicGetPing"), ("bitstamp", "publicGetCurrencies"), ("okx", "publicGetMarketTickers")],
    ids=["nanoseconds", "no time", "another question"],
)
def test_no_place_is_guessed_where_ccxt_reads_no_time_that_a_clock_can_have(exchange: str, call: str) -> None:
    assert facts(exchange).time_in(call) is None


def test_a_question_that_is_private_is_not_guessed_to_be_the_clock() -> None:
    assert "private" not in choose_questions(facts("phemex")).clock.request.call.lower()
