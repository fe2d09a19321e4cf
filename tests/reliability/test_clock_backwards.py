"""A clock that was set back, so that what is stored lies in the future, stops nothing and is told by doctor."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hashdata.accounts.book_file import write_book
from hashdata.accounts.journal import Journal

from tests.cli.command import Outcome
from tests.reliability.bench import Bench

Here = Callable[..., Outcome]


@pytest.fixture
def ahead(two: Bench) -> Bench:
    """Return a home whose accounts were stored and tested while the clock was three days ahead."""
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    for label in ("first", "second"):
        entry = two.entry(label, tested_at=moment)
        with Journal.begin(two.home.journal, [entry.key]) as journal:
            journal.write(entry)
        two.store.fold()
    book = two.store.stored()
    later = [replace(account, since=moment) for account in book.accounts.values()]
    write_book(two.home.accounts, book.put_all(later), lambda _: None)

    assert {account.asked for account in later} == {moment}
    return two


@pytest.mark.usefixtures("ahead")
def test_no_age_is_negative(here: Here) -> None:
    listed = json.loads(here("accounts", "list", "--json").out)["accounts"]
    pages = [here("accounts", "list"), here("accounts", "show", "first", "--report", "--history")]

    assert [one["key_age_days"] for one in listed] == [0, 0]
    for page in pages:
        assert page.code == 0, page.all
        assert not re.search(r"(?<![\w-])-\d+ ?(?:s|m|h|d|min|days?|hours?)\b", page.out), page.out


def test_accounts_that_were_tested_in_the_future_are_tested_again(ahead: Bench, here: Here) -> None:
    told = here("accounts", "test", "--all", "--json")

    assert told.code == 0, told.all
    assert len(json.loads(told.out)["results"]) == 2
    assert all(account.last.at < datetime.now(UTC) for account in ahead.store.stored().accounts.values())


@pytest.mark.usefixtures("ahead")
def test_doctor_says_that_the_clock_contradicts_what_is_stored(here: Here) -> None:
    told = here("doctor", "--json")
    clock = [one for one in json.loads(told.out)["findings"] if one["check"] == "clock"]

    assert told.code == 2
    assert [one["grade"] for one in clock] == ["problem"]
    assert "yet to come by this computer's clock" in clock[0]["what"]


def test_the_last_test_is_the_one_that_was_written_last_whatever_its_time(ahead: Bench) -> None:
    earlier = datetime.now(UTC).replace(microsecond=0) - timedelta(days=400)
    entry = ahead.entry("first", tested_at=earlier)
    with Journal.begin(ahead.home.journal, [entry.key]) as journal:
        journal.write(entry)
    ahead.store.fold()

    assert ahead.store.stored().accounts["first"].last.at == earlier
    assert [kept.id for kept in ahead.store.history(ahead.store.stored().accounts["first"])][-1] == entry.kept.id


def test_accounts_can_be_changed_all_the_same(ahead: Bench) -> None:
    vault = ahead.vault()
    ahead.add(vault, "third", 3)
    ahead.rotate(vault, "first", 4)
    ahead.store.remove(vault, ahead.store.stored().find("second"))

    assert {label: one.number for label, one in ahead.seen().items()} == {"first": 4, "third": 3}
