"""Which accounts a bulk test leaves alone, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hashdata.accounts.selecting import by_age, by_labels, read_age
from hashdata.errors import UsageError

from tests.accounts.samples import NOON, account, book

_HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("90", 90), ("90s", 90), (" 30M ", 1800), ("2h", 7200), ("1d", 86400), ("999999d", 999999 * 86400)],
)
def test_a_span_is_a_number_with_a_unit(text: str, seconds: int) -> None:
    assert read_age(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "h", "-1h", "1.5h", "1h30m", "1w", "1 h", "soon", "1e3", "9999999d", "0x1"])
def test_what_is_no_span_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="not a span") as refused:
        read_age(text)

    assert "30m" in refused.value.fix


@pytest.mark.parametrize(
    ("ago", "is_recent"),
    [
        (timedelta(0), True),
        (_HOUR - timedelta(microseconds=1), True),
        (_HOUR, False),
        (_HOUR * 2, False),
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-5), False),
        (timedelta(days=-400), False),
    ],
    ids=["now", "just within", "at the border", "long ago", "clock a bit off", "clock set back", "clock set far back"],
)
def test_an_account_is_left_out_while_it_was_asked_less_than_the_least_age_ago(
    ago: timedelta, *, is_recent: bool
) -> None:
    one, other = account(1, asked=NOON - ago), account(2, asked=None)
    selection = by_age(book(one, other), None, _HOUR, NOON)

    assert list(selection.recent) == [one] * is_recent
    assert list(selection.chosen) == ([other] if is_recent else [one, other])


@pytest.mark.parametrize("asked", [NOON, NOON + timedelta(minutes=2), NOON - timedelta(minutes=2)])
def test_an_age_of_nothing_leaves_nobody_out(asked: datetime) -> None:
    one = account(1, asked=asked)

    assert list(by_age(book(one), None, timedelta(0), NOON).chosen) == [one]


def test_a_clock_that_was_set_back_does_not_leave_an_account_out_for_ever() -> None:
    one = account(1, asked=NOON + timedelta(days=30))
    left_out = [hours for hours in range(24 * 32) if by_age(book(one), None, _HOUR, NOON + hours * _HOUR).recent]

    assert left_out == [24 * 30]


def test_only_accounts_of_a_connector_are_taken_where_one_is_given() -> None:
    spot, futures = account(1, asked=None), account(2, connector="poloniex-futures", asked=None)

    assert list(by_age(book(spot, futures), "poloniex-futures", _HOUR, NOON).chosen) == [futures]


@pytest.mark.parametrize(("connector", "said"), [(None, "no account to test"), ("kraken", "no account of kraken")])
def test_nothing_to_test_is_said(connector: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        by_age(book(*[account(1)] * (connector is not None)), connector, _HOUR, NOON)


def test_an_account_that_is_named_is_tested_once_however_recent_and_however_often_it_is_named() -> None:
    selection = by_labels(book(account(1), account(2)), ["account-2", "ACCOUNT-2"], None)

    assert list(selection.chosen) == [account(2)]
    assert not selection.recent


def test_a_label_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="no account of that label"):
        by_labels(book(account(1)), ["account-1", "nobody"], None)


def test_a_named_account_of_another_connector_is_refused() -> None:
    with pytest.raises(UsageError, match="account-1 is an account of poloniex, not of poloniex-futures"):
        by_labels(book(account(1)), ["account-1"], "poloniex-futures")
