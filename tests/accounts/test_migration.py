"""Files of older and newer versions: the one is taken over, the other left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli
import tomli_w
from hashdata.accounts.book_file import SCHEMA, read_book, write_book
from hashdata.accounts.rows import to_row
from hashdata.errors import StorageError

from tests.accounts.samples import account

_BARE = tomli_w.dumps({"owner": "me", "accounts": {"one": to_row(account(1, "one"))}})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.toml"


def test_a_file_without_a_schema_is_read_and_not_touched(path: Path) -> None:
    path.write_text(_BARE)
    book = read_book(path)

    assert not book.is_current
    assert book.find("one") == account(1, "one")
    assert path.read_text() == _BARE


@pytest.mark.parametrize("comment", ["", "# mine\n"], ids=["plain", "commented"])
def test_a_file_without_a_schema_is_kept_and_that_is_said_before_it_is_replaced(path: Path, comment: str) -> None:
    path.write_text(comment + _BARE)
    said: list[tuple[str, bool]] = []

    def hear(sentence: str) -> None:
        said.append((sentence, path.read_text() == comment + _BARE))

    write_book(path, read_book(path).put(account(2, "two")), hear)
    [(sentence, was_whole)] = said

    assert "accounts.toml.older-1" in sentence
    assert was_whole
    assert path.with_name("accounts.toml.older-1").read_text() == comment + _BARE
    assert tomli.loads(path.read_text())["schema"] == SCHEMA
    assert read_book(path).is_current
    assert list(read_book(path).accounts.values()) == [account(1, "one"), account(2, "two")]
    assert read_book(path).unknown == {"owner": "me"}


def test_a_file_is_taken_over_once(path: Path) -> None:
    path.write_text(_BARE)
    said: list[str] = []
    write_book(path, read_book(path), said.append)
    write_book(path, read_book(path), pytest.fail)

    assert len(said) == 1
    assert not path.with_name("accounts.toml.older-2").exists()


@pytest.mark.parametrize("rest", ["", "count = 'as many as there are'\n", "accounts = 5\n", "[accounts.x]\n"])
def test_a_file_of_a_newer_version_is_left_alone_whatever_else_is_new_in_it(path: Path, rest: str) -> None:
    path.write_text(f"schema = {SCHEMA + 1}\n{rest}")
    with pytest.raises(StorageError, match="newer hashdata") as refused:
        read_book(path)

    assert refused.value.fix.startswith("Update hashdata")
    assert path.read_text() == f"schema = {SCHEMA + 1}\n{rest}"
    assert len(list(path.parent.iterdir())) == 1
