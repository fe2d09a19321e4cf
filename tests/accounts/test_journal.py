"""The journal of a bulk test: what a killed run leaves counts, is folded once, and damage is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hashdata.accounts import shelf
from hashdata.accounts.account import Account
from hashdata.accounts.book_file import read_book, write_book
from hashdata.accounts.journal import SCHEMA, Entry, Journal, Notes, read_notes
from hashdata.accounts.shelf import Kept
from hashdata.accounts.store import Store
from hashdata.errors import StorageError
from hashdata.home import Home
from hashdata.permissions import Cause, Verdict

from tests.accounts.samples import NOON, account, book, report

_LATER = NOON + timedelta(days=7)
_ONE, _TWO = account(1, "one"), account(2, "two")


@pytest.fixture
def store(home: Path) -> Store:
    made = Store(Home(home), pytest.fail)
    made.home.make()
    write_book(made.home.accounts, book(_ONE, _TWO), pytest.fail)
    return made


def _denied() -> dict[str, Any]:
    return report(Verdict.DENIED, Cause.TRADE_GRANTED, _LATER)


def _entry(of: Account, number: int, document: dict[str, Any]) -> Entry:
    return Entry(of.key, Kept(f"{number:032x}", document))


def _journal(store: Store, *entries: Entry) -> Path:
    with Journal.begin(store.home.journal, [_ONE.key, _TWO.key]) as journal:
        for entry in entries:
            journal.write(entry)
    return store.home.journal


def _notes(path: Path) -> Notes:
    notes = read_notes(path)
    assert notes is not None
    return notes


def test_a_journal_tells_what_is_done_and_what_is_open(store: Store) -> None:
    entry = _entry(_TWO, 1, _denied())
    notes = _notes(_journal(store, entry))

    assert [(noted.key, noted.kept) for noted in notes.entries] == [(entry.key, entry.kept)]
    assert notes.open == [_ONE.key]
    assert store.home.journal.stat().st_mode & 0o777 == 0o600


def test_without_a_file_there_is_no_journal(store: Store) -> None:
    assert read_notes(store.home.journal) is None


@pytest.mark.parametrize("left", [0, 1, 30])
def test_a_journal_killed_in_its_first_line_holds_nothing(store: Store, left: int) -> None:
    path = _journal(store)
    path.write_bytes(path.read_bytes()[:left])

    assert read_notes(path) is None
    assert store.book().accounts == {"one": _ONE, "two": _TWO}


def test_a_run_that_was_killed_in_its_first_line_is_folded_away(store: Store) -> None:
    _journal(store).write_bytes(b'{"journal"')
    store.fold()

    assert not store.home.journal.exists()


def test_a_last_line_that_was_cut_off_is_open_again_and_written_over(store: Store) -> None:
    first, second = _entry(_ONE, 1, _denied()), _entry(_TWO, 2, _denied())
    path = _journal(store, first, second)
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    notes = _notes(path)
    with Journal.go_on(path, notes) as journal:
        journal.write(second)

    assert notes.open == [_TWO.key]
    assert path.read_bytes() == whole


_HEAD = {"journal": SCHEMA, "began": NOON.isoformat(), "keys": []}
_LINE: dict[str, Any] = {"key": "k", "id": "i", "report": report()}
_DAMAGED: dict[str, tuple[list[object], int]] = {
    "head is a number": ([5], 1),
    "head is a list": ([[]], 1),
    "head without keys": ([_HEAD | {"keys": 5}], 1),
    "head without a time": ([_HEAD | {"began": "soon"}], 1),
    "line is a number": ([_HEAD, 5], 2),
    "line without a report": ([_HEAD, _LINE, {"key": "k", "id": "i"}, _LINE], 3),
    "report of another shape": ([_HEAD, _LINE, _LINE | {"report": []}], 3),
    "report with an unknown verdict": ([_HEAD, _LINE | {"report": report() | {"verdict": "good"}}], 2),
    "report with an unknown cause": ([_HEAD, _LINE | {"report": report() | {"cause": "magic"}}], 2),
    "report with an odd time": ([_HEAD, _LINE | {"report": report() | {"tested_at": "2026"}}], 2),
    "report without permissions": ([_HEAD, _LINE | {"report": report() | {"permissions": {}}}], 2),
}


@pytest.mark.parametrize(("values", "line"), _DAMAGED.values(), ids=_DAMAGED)
def test_damage_is_named_by_its_line_and_nothing_is_folded(store: Store, values: list[object], line: int) -> None:
    path = store.home.journal
    content = "".join(f"{json.dumps(value)}\n" for value in values)
    path.write_text(content)
    path.chmod(0o600)
    before = store.home.accounts.read_bytes()
    with pytest.raises(StorageError, match=rf"is damaged \(line {line}, column 1\)"):
        store.fold()

    assert path.read_text() == content
    assert store.home.accounts.read_bytes() == before


@pytest.mark.parametrize("garbage", [b"\xff\n", b"\n", b"{\n", b"\r\n"])
def test_garbage_between_two_lines_is_damage(store: Store, garbage: bytes) -> None:
    path = _journal(store, _entry(_ONE, 1, _denied()))
    content = path.read_bytes()
    path.write_bytes(content + garbage + content.splitlines(keepends=True)[1])

    with pytest.raises(StorageError, match=r"is damaged \(line 3, column 1\)"):
        read_notes(path)


def test_a_journal_of_another_version_is_refused_and_left_alone(store: Store) -> None:
    path = _journal(store)
    content = path.read_text().replace(SCHEMA, "hashdata.journal/2")
    path.write_text(content)
    with pytest.raises(StorageError, match="written by another version"):
        store.fold()

    assert path.read_text() == content


def test_results_of_an_interrupted_run_are_seen_before_they_are_folded(store: Store) -> None:
    _journal(store, _entry(_ONE, 1, _denied()))

    assert store.book().find("one").standing.verdict is Verdict.DENIED
    assert store.stored().find("one") == _ONE
    assert [kept.report for kept in store.history(_ONE)] == [_denied()]
    assert store.book().find("two") == _TWO


def test_folding_writes_results_into_accounts_and_reports_and_ends_the_journal(store: Store) -> None:
    _journal(store, _entry(_ONE, 1, _denied()))
    seen = store.book()
    store.fold()

    assert read_book(store.home.accounts).accounts == seen.accounts
    assert seen.find("one").standing.cause is Cause.TRADE_GRANTED
    assert [kept.report for kept in shelf.history(store.home, _ONE.id)] == [_denied()]
    assert not store.home.journal.exists()


def test_folding_the_same_journal_twice_changes_nothing_more(store: Store) -> None:
    path = _journal(store, _entry(_ONE, 1, _denied()), _entry(_TWO, 2, report(at=_LATER)))
    journal = path.read_bytes()
    store.fold()
    files = [store.home.accounts, *sorted(store.home.reports.iterdir())]
    before = [file.read_bytes() for file in files]
    # As after a kill between the last write and the end of the journal.
    path.write_bytes(journal)
    path.chmod(0o600)
    store.fold()

    assert len(files) == 3
    assert [file.read_bytes() for file in files] == before
    assert not path.exists()


def test_folding_without_a_journal_changes_nothing(store: Store) -> None:
    before = store.home.accounts.read_bytes()
    store.fold()

    assert store.home.accounts.read_bytes() == before


def test_results_of_accounts_that_were_removed_or_got_new_keys_are_ignored(store: Store) -> None:
    rotated = replace(_TWO, key="f" * 32)
    _journal(store, _entry(_ONE, 1, _denied()), _entry(_TWO, 2, _denied()))
    write_book(store.home.accounts, book(rotated), pytest.fail)
    seen = store.book()
    store.fold()

    assert seen.accounts == read_book(store.home.accounts).accounts == {"two": rotated}
    assert list(store.home.reports.iterdir()) == []


def test_an_account_that_was_renamed_meanwhile_keeps_its_new_label(store: Store) -> None:
    _journal(store, _entry(_ONE, 1, _denied()))
    store.rename(_ONE, "new")
    store.fold()

    assert list(read_book(store.home.accounts).accounts) == ["new", "two"]
    assert read_book(store.home.accounts).find("new").standing.verdict is Verdict.DENIED


def test_of_two_results_of_one_key_the_last_one_counts(store: Store) -> None:
    _journal(store, _entry(_ONE, 1, _denied()), _entry(_ONE, 2, report(at=_LATER)))
    store.fold()

    assert read_book(store.home.accounts).find("one").standing.verdict is Verdict.ACCEPTED


def test_a_journal_says_when_its_run_began(store: Store) -> None:
    began = _notes(_journal(store)).began

    assert timedelta(0) <= datetime.now(began.tzinfo) - began < timedelta(minutes=1)
