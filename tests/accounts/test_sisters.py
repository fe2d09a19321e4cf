"""Accounts whose other half is missing: counted by connector, and practice apart from real."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hashdata.accounts.account import Account
from hashdata.accounts.overview import connectors_of, overview
from hashdata.accounts.sisters import missing_sisters

from tests.accounts.samples import NOON, account, book

SPOT, FUTURES = "poloniex", "poloniex-futures"


def _missing(*accounts: Account) -> dict[str, list[str]]:
    found = missing_sisters(book(*accounts), connectors_of(accounts))
    return {label: [one.connector for one in missing] for label, missing in found.items()}


def _of(number: int, connector: str, *, practice: bool = False, age: int = 0) -> Account:
    return account(number, connector=connector, persona="good" if practice else None, since=NOON - timedelta(days=age))


@pytest.mark.parametrize(("there", "lacking"), [(SPOT, FUTURES), (FUTURES, SPOT)])
def test_an_account_alone_lacks_its_sister(there: str, lacking: str) -> None:
    assert _missing(_of(1, there)) == {"account-1": [lacking]}


def test_a_pair_lacks_nothing() -> None:
    assert _missing(_of(1, SPOT), _of(2, FUTURES)) == {}


def test_of_two_accounts_and_one_sister_the_newer_one_lacks_its_own() -> None:
    newer, older, sister = _of(1, SPOT, age=1), _of(2, SPOT, age=9), _of(3, FUTURES, age=5)

    assert _missing(newer, older, sister) == {"account-1": [FUTURES]}


def test_a_practice_account_is_no_sister_of_a_real_one() -> None:
    assert _missing(_of(1, SPOT), _of(2, FUTURES, practice=True)) == {"account-1": [FUTURES], "account-2": [SPOT]}
    assert _missing(_of(1, SPOT, practice=True), _of(2, FUTURES, practice=True)) == {}


def test_an_account_of_a_connector_that_is_not_installed_lacks_nothing_that_is_known() -> None:
    assert _missing(_of(1, "gone")) == {}


def test_what_is_missing_is_named_with_its_title_and_why_it_is_needed() -> None:
    one = _of(1, SPOT)
    [missing] = missing_sisters(book(one), connectors_of([one]))["account-1"]

    assert "Futures" in missing.title
    assert missing.why


def test_the_overview_sorts_by_label_and_says_what_is_missing_and_what_is_wrong() -> None:
    gone = account(1, "b", connector="gone", expires=NOON + timedelta(days=14, hours=1))
    lone, changed = account(2, "C", asked=None), account(3, "a", is_intact=False, connector=FUTURES)
    rows = overview(book(gone, lone, changed), NOON + timedelta(days=1))

    assert [row.account.label for row in rows] == ["a", "b", "C"]
    assert [row.verdict for row in rows] == [None, gone.standing.verdict, lone.standing.verdict]
    assert [bool(row.problem) for row in rows] == [True, True, False]
    assert [(row.age_days, row.days_left, row.ends_soon) for row in rows] == [
        (4, None, False),
        (2, 13, True),
        (3, None, False),
    ]
    assert not any(row.missing for row in rows)


def test_a_key_that_has_ended_counts_below_nothing_and_one_from_the_future_has_no_age() -> None:
    one = account(1, since=NOON + timedelta(days=3), expires=NOON - timedelta(days=2))
    [row] = overview(book(one), NOON)

    assert (row.age_days, row.days_left, row.ends_soon) == (0, -2, True)
