"""Damage to `accounts.toml` is reported or shown, or it changed nothing; no fact changes silently."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hashdata.accounts.book import Book
from hashdata.accounts.book_file import read_book, write_book
from hashdata.errors import StorageError

from tests.accounts.samples import account, book, full

_TIMES = 600
_ACCOUNTS = book(account(1, "main"), full(2, "a.b"), account(3, "交易", persona="good", endpoint=None), full(4, "last"))
_WHERE = re.compile(r"line [1-9]\d*, column [1-9]\d*")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a registry of several accounts, with a comment of a person above each."""
    file = tmp_path / "accounts.toml"
    write_book(file, _ACCOUNTS, pytest.fail)
    file.write_text(file.read_text().replace("[accounts.", "# mine\n[accounts."))

    assert read_book(file).accounts == _ACCOUNTS.accounts
    return file


def _read(path: Path) -> Book | StorageError:
    try:
        return read_book(path)
    except StorageError as error:
        return error


def _became(path: Path, content: bytes) -> str:
    """Return what reading makes of a content; fail where a fact changed or went without a word."""
    path.write_bytes(content)
    read = _read(path)
    assert path.read_bytes() == content, "reading changed the file"
    if isinstance(read, StorageError):
        assert read.fix
        is_newer = "newer hashdata" in read.what
        assert is_newer or _WHERE.search(read.what), read.what
        return "newer" if is_newer else "reported"
    known = {one.id: one for one in _ACCOUNTS.accounts.values()}
    assert len(read.accounts) == len(known), "an account went"
    intact = [one for one in read.accounts.values() if one.is_intact]
    assert all(known[one.id] == one for one in intact), "a fact changed"
    return "harmless" if len(intact) == len(known) else "shown"


def test_600_flipped_bits_are_reported_or_shown_or_changed_no_fact(path: Path) -> None:
    content, became = path.read_bytes(), Counter[str]()
    chance = random.Random(1)  # noqa: S311 - the same damage in every run
    for position in chance.sample(range(8 * len(content)), _TIMES):
        flipped = bytearray(content)
        flipped[position // 8] ^= 1 << position % 8
        became[_became(path, bytes(flipped))] += 1

    assert became.total() == _TIMES
    assert became == {"reported": 377, "shown": 167, "harmless": 56}


def test_600_truncations_are_reported_or_shown_or_cut_off_no_fact(path: Path) -> None:
    content, became = path.read_bytes(), Counter[str]()
    chance = random.Random(2)  # noqa: S311 - as above
    for length in chance.sample(range(len(content)), _TIMES):
        became[_became(path, content[:length])] += 1

    assert became.total() == _TIMES
    assert became == {"reported": 598, "shown": 2}


def test_a_file_cut_off_at_a_line_end_hides_no_account(path: Path) -> None:
    content = path.read_bytes()
    ends = [position for position, sign in enumerate(content) if sign == ord("\n")]
    became = [_became(path, content[: end + 1]) for end in ends]

    # Only the last account can be there without all that is known of it, and then it is shown as not intact.
    assert became.count("shown") < 10
    assert became.index("harmless") == len(ends) - 1


def test_a_flipped_bit_in_a_head_hides_no_account(path: Path) -> None:
    content, became = path.read_bytes(), Counter[str]()
    for head in re.finditer(rb"# mine\n\[accounts\.[^\n]*\n", content):
        for position in range(8 * head.start(), 8 * head.end()):
            flipped = bytearray(content)
            flipped[position // 8] ^= 1 << position % 8
            became[_became(path, bytes(flipped))] += 1

    assert became == {"reported": 549, "shown": 91, "harmless": 136}


def test_zeros_in_the_place_of_the_end_are_reported(path: Path) -> None:
    content = path.read_bytes()

    assert _became(path, content[:-512] + bytes(512)) == "reported"


def test_a_damaged_file_is_not_written_over(path: Path) -> None:
    damaged = path.read_bytes()[:-3]
    path.write_bytes(damaged)
    with pytest.raises(StorageError):
        write_book(path, read_book(path).put(account(5)), pytest.fail)

    assert path.read_bytes() == damaged
    assert [file.name for file in path.parent.iterdir() if file.name.startswith("accounts.toml")] == [
        "accounts.toml",
    ]
