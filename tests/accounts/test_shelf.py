"""The files of reports: what a killed process left is cut off, damage is named, and they do not grow for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hashdata.accounts import shelf
from hashdata.accounts.shelf import MOST, Kept
from hashdata.errors import StorageError
from hashdata.home import Home

_ID = "0" * 32


@pytest.fixture
def place(home: Path) -> Home:
    found = Home(home)
    found.make()
    return found


def _kept(number: int, size: int = 0) -> Kept:
    return Kept(f"{number:032x}", {"number": number, "filled": "x" * size})


def test_tests_come_back_in_the_order_in_which_they_were_added(place: Home) -> None:
    for number in range(3):
        shelf.add(place, _ID, _kept(number))

    assert shelf.history(place, _ID) == [_kept(0), _kept(1), _kept(2)]


def test_a_file_of_reports_is_for_its_owner_alone(place: Home) -> None:
    shelf.add(place, _ID, _kept(1))

    assert shelf.file_of(place, _ID).stat().st_mode & 0o777 == 0o600


def test_without_a_file_there_is_no_history(place: Home) -> None:
    assert shelf.history(place, _ID) == []


def test_the_same_test_added_twice_stands_in_one_line(place: Home) -> None:
    for number in (1, 2, 2):
        shelf.add(place, _ID, _kept(number))

    assert shelf.file_of(place, _ID).read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("left", [1, 20, -1])
def test_a_line_that_was_cut_off_is_passed_over_and_the_next_one_starts_on_its_own(place: Home, left: int) -> None:
    path = shelf.file_of(place, _ID)
    shelf.add(place, _ID, _kept(1))
    whole = path.read_bytes()
    path.write_bytes(whole + shelf.line_of(_kept(2))[:left])
    seen = shelf.history(place, _ID)
    shelf.add(place, _ID, _kept(3))

    assert seen == [_kept(1)]
    assert path.read_bytes() == whole + shelf.line_of(_kept(3))


def test_a_test_whose_own_line_was_cut_off_is_added_whole(place: Home) -> None:
    path = shelf.file_of(place, _ID)
    path.write_bytes(shelf.line_of(_kept(1))[:-5])
    path.chmod(0o600)
    shelf.add(place, _ID, _kept(1))

    assert shelf.history(place, _ID) == [_kept(1)]


@pytest.mark.parametrize(
    "line",
    [b"{", b"\xff\xfe", b"5", b"[]", b"{}", b'{"id": 5, "report": {}}', b'{"id": "5", "report": []}', b"[" * 9999],
)
def test_damage_in_the_middle_is_named_and_left_as_it_is(place: Home, line: bytes) -> None:
    path = shelf.file_of(place, _ID)
    shelf.add(place, _ID, _kept(1))
    content = path.read_bytes() + line + b"\n" + shelf.line_of(_kept(2))
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"is damaged \(line 2, column 1\)") as refused:
        shelf.history(place, _ID)

    assert "next test begins a new one" in refused.value.fix
    assert path.read_bytes() == content


def test_a_file_over_a_megabyte_keeps_the_newest_hundred(place: Home) -> None:
    path = shelf.file_of(place, _ID)
    path.write_bytes(b"".join(shelf.line_of(_kept(number, 5000)) for number in range(250)))
    path.chmod(0o600)
    shelf.add(place, _ID, _kept(250, 5000))

    assert [json.loads(line)["report"]["number"] for line in path.read_bytes().splitlines()] == [
        *range(251 - MOST, 251)
    ]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_smaller_file_keeps_all(place: Home) -> None:
    path = shelf.file_of(place, _ID)
    path.write_bytes(b"".join(shelf.line_of(_kept(number, 1000)) for number in range(250)))
    path.chmod(0o600)
    shelf.add(place, _ID, _kept(250, 1000))

    assert len(shelf.history(place, _ID)) == 251


def test_a_damaged_file_over_a_megabyte_is_not_written_anew(place: Home) -> None:
    path = shelf.file_of(place, _ID)
    path.write_bytes(b"{\n" + b"".join(shelf.line_of(_kept(number, 5000)) for number in range(250)))
    path.chmod(0o600)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="line 1, column 1"):
        shelf.add(place, _ID, _kept(250))

    assert path.read_bytes() == before + shelf.line_of(_kept(250))


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(place: Home) -> None:
    shelf.add(place, _ID, _kept(1))
    shelf.forget(place, _ID)
    shelf.forget(place, _ID)

    assert shelf.history(place, _ID) == []
