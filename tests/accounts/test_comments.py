"""Comments of a person stay where they are through every change, or it is said before that they cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import tomli
import tomli_w
from hashdata.accounts.account import Account, Attempt
from hashdata.accounts.book import Book
from hashdata.accounts.book_file import read_book, write_book
from hashdata.accounts.rows import to_row
from hashdata.errors import StorageError
from hashdata.permissions import Cause, Verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accounts.samples import NOON, account

_ONE, _TWO, _NEW = account(1, "one"), account(2, "two", unknown={"team": "blue # no comment"}), account(3, "new")


def _row(one: Account, **behind: str) -> str:
    lines = tomli_w.dumps(to_row(one)).splitlines()
    return "\n".join(f"{line}  # {behind[name]}" if (name := line.split()[0]) in behind else line for line in lines)


TEXT = f"""\
# first of all
# and more of it

schema = 1  # behind the schema
owner = "me"  # behind what nobody knows

# about nothing in particular

# above one
  # above one too
[accounts.one]  # behind the head [of one]
# first within one
{_row(_ONE, connector="behind a value", verdict="behind the verdict")}
# last within one

# on its own between two

# above two
[accounts.two]
{_row(_TWO, team="behind an unknown value")}
# last within two

# after the last
"""
_OF_ONE = {
    "# above one",
    "# above one too",
    "# behind the head [of one]",
    "# first within one",
    "# behind a value",
    "# behind the verdict",
    "# last within one",
}
_OF_TWO = {"# above two", "# behind an unknown value", "# last within two"}
_DRIFTED = replace(
    _ONE,
    standing=Attempt(at=NOON + timedelta(days=1), verdict=Verdict.DENIED, cause=Cause.TRADE_GRANTED),
    last=Attempt(at=NOON + timedelta(days=1), verdict=Verdict.DENIED, cause=Cause.TRADE_GRANTED),
)
_Change = Callable[[Book], Book]
_CHANGES: dict[str, _Change] = {
    "add": lambda book: book.put(_NEW),
    "rename": lambda book: book.put(replace(book.find("one"), label="a.b [#]")),
    "retest": lambda book: book.put_all([_DRIFTED]),
    "forget a fact": lambda book: book.put(replace(_ONE, account_id=None, last4=None)),
    "nothing": lambda book: book,
}


def _comments(text: str) -> set[str]:
    """Return the comments of a text in which no line has two signs but within the one string that is known."""
    lines = text.replace('"blue # no comment"', '""').splitlines()
    return {line[line.index("# ") :].rstrip() for line in lines if "# " in line}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "accounts.toml"
    file.write_text(TEXT)
    return file


def test_the_text_of_these_tests_holds_all_kinds_of_comments(path: Path) -> None:
    assert _comments(TEXT) > _OF_ONE | _OF_TWO
    assert list(read_book(path).accounts.values()) == [_ONE, _TWO]


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
def test_every_comment_stays_through_a_change(path: Path, change: _Change) -> None:
    book = change(read_book(path))
    write_book(path, book, pytest.fail)

    assert _comments(path.read_text()) == _comments(TEXT)
    assert read_book(path).accounts == book.accounts
    assert read_book(path).unknown == {"owner": "me"}


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
def test_comments_stay_in_their_order(path: Path, change: _Change) -> None:
    write_book(path, change(read_book(path)), pytest.fail)
    text = path.read_text()
    order = sorted(_comments(TEXT), key=TEXT.index)

    assert sorted(_comments(TEXT), key=text.index) == order


@pytest.mark.parametrize(("label", "own"), [("one", _OF_ONE), ("two", _OF_TWO)])
def test_an_account_that_goes_takes_its_own_comments_and_no_others(path: Path, label: str, own: set[str]) -> None:
    book = read_book(path)
    write_book(path, book.without(book.find(label)), pytest.fail)

    assert _comments(path.read_text()) == _comments(TEXT) - own
    assert label not in read_book(path).accounts


def test_comments_stay_when_the_last_account_goes(path: Path) -> None:
    for label in ("one", "two"):
        book = read_book(path)
        write_book(path, book.without(book.find(label)), pytest.fail)

    assert read_book(path).accounts == {}
    assert _comments(path.read_text()) == _comments(TEXT) - _OF_ONE - _OF_TWO


def test_lines_that_do_not_change_stay_as_they_were_typed(path: Path) -> None:
    path.write_text(TEXT.replace('owner = "me"', "'owner'=\t'me' ").replace("schema = 1", "schema=0x1"))
    write_book(path, read_book(path).put_all([_DRIFTED]), pytest.fail)

    assert "'owner'=\t'me'   # behind what nobody knows\n" in path.read_text()
    assert "schema=0x1  # behind the schema\n" in path.read_text()
    assert read_book(path).find("one") == _DRIFTED


def test_carriage_returns_stay_and_are_not_doubled(path: Path) -> None:
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    write_book(path, read_book(path).put(_NEW).put_all([_DRIFTED]), pytest.fail)
    content = path.read_bytes()

    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r")
    assert _comments(content.decode()) == _comments(TEXT)
    assert list(read_book(path).accounts.values()) == [_DRIFTED, _TWO, _NEW]


def test_a_file_that_ends_within_a_comment_gets_its_line_end(path: Path) -> None:
    path.write_text(TEXT.rstrip("\n"))
    write_book(path, read_book(path).put(_NEW), pytest.fail)

    assert "# after the last\n" in path.read_text()
    assert read_book(path).find("new") == _NEW


def test_a_table_that_nobody_knows_stays_with_its_comments_when_the_account_above_it_goes(path: Path) -> None:
    path.write_text(f"{TEXT}\n# above the table\n[site]\nname = 'home'  # behind its value\n[site.deep]\nx = 1\n")
    book = read_book(path)
    write_book(path, book.without(book.find("two")), pytest.fail)

    assert {"# above the table", "# behind its value", "# after the last"} < _comments(path.read_text())
    assert read_book(path).unknown == {"owner": "me", "site": {"name": "home", "deep": {"x": 1}}}


def test_a_table_within_an_account_stays_with_its_comments(path: Path) -> None:
    path.write_text(f"{TEXT}[accounts.two.notes]\n# within the notes\nx = [\n  1,  # behind an item\n]\n")
    write_book(path, read_book(path).put_all([_DRIFTED]), pytest.fail)

    assert {"# within the notes", "# behind an item"} < _comments(path.read_text())
    assert read_book(path).find("two").unknown == {**_TWO.unknown, "notes": {"x": [1]}}


def test_dotted_names_of_unknown_values_stay_with_their_comments(path: Path) -> None:
    path.write_text(TEXT.replace("owner =", "site.name = 'home'  # of the site\nowner ="))
    write_book(path, read_book(path).put(_NEW), pytest.fail)

    assert "site.name = 'home'  # of the site\n" in path.read_text()


def test_a_sign_that_only_python_takes_for_a_line_end_does_not_cut_a_comment(path: Path) -> None:
    path.write_text(TEXT.replace("# behind the verdict", "# one\u2028line\x85only"))
    write_book(path, read_book(path).put_all([_DRIFTED]), pytest.fail)

    assert 'verdict = "denied"  # one\u2028line\x85only\n' in path.read_text()


def test_what_looks_like_a_table_in_a_text_of_several_lines_is_none(path: Path) -> None:
    text = 'note = """\n[accounts.one]\nid = "x" # no comment\n"""\n'
    path.write_text(TEXT.replace("owner =", f"{text}owner ="))
    said: list[str] = []
    write_book(path, read_book(path).put(_NEW), said.append)

    assert tomli.loads(path.read_text())["note"] == '[accounts.one]\nid = "x" # no comment\n'
    assert read_book(path).accounts == {"one": _ONE, "two": _TWO, "new": _NEW}
    assert bool(said) != ("# above two" in path.read_text())


# Where a comment cannot be kept.

_INLINE = f"""\
schema = 1
accounts.one = {{ {", ".join(_row(_ONE).splitlines())} }}  # all in one line
"""


def test_a_loss_of_comments_is_said_and_the_old_file_kept_before_anything_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(_INLINE)
    said: list[tuple[str, str, str]] = []

    def hear(sentence: str) -> None:
        said.append((sentence, path.read_text(), path.with_name("accounts.toml.comments-1").read_text()))

    write_book(path, read_book(path).put_all([_DRIFTED]), hear)
    [(sentence, at_that_time, kept)] = said

    assert "accounts.toml.comments-1" in sentence
    assert "cannot be kept" in sentence
    assert at_that_time == kept == _INLINE
    assert read_book(path).find("one") == _DRIFTED


def test_an_announcement_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(_INLINE)
    with pytest.raises(BrokenPipeError):
        write_book(path, read_book(path).put_all([_DRIFTED]), _broken)

    assert path.read_text() == _INLINE


def _broken(_: str) -> None:
    raise BrokenPipeError


def test_a_second_loss_does_not_write_over_what_the_first_one_kept(tmp_path: Path) -> None:
    path, said = tmp_path / "accounts.toml", list[str]()
    for number in (1, 2):
        path.write_text(f"{_INLINE}# loss {number}\n")
        write_book(path, read_book(path).put_all([_DRIFTED]), said.append)

    assert len(said) == 2
    assert [path.with_name(f"accounts.toml.comments-{n}").read_text()[-7:] for n in (1, 2)] == ["loss 1\n", "loss 2\n"]


def test_a_sign_within_a_string_is_no_comment_and_nothing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(_INLINE.replace("  # all in one line", "").replace("schema = 1", "schema = 1\nx = '# y'"))
    write_book(path, read_book(path).put_all([_DRIFTED]), pytest.fail)

    assert read_book(path).unknown == {"x": "# y"}


def test_a_value_over_several_lines_loses_no_comment_silently(path: Path) -> None:
    path.write_text(TEXT.replace('verdict = "accepted"  #', 'verdict = """\\\n  accepted"""  #'))
    said: list[str] = []
    write_book(path, read_book(path).put_all([_DRIFTED]), said.append)

    assert len(said) == 1
    assert read_book(path).find("one").standing == _DRIFTED.standing
    assert "# behind the verdict" in path.with_name("accounts.toml.comments-1").read_text()


_LINES = [
    "# a comment",
    "",
    "x = 1 # behind",
    'x = "a # b" # c',
    "x = [ # in",
    "]",
    "'''",
    'y = """',
    '"""',
    "[accounts.one]",
    "[accounts.two]",
    "[accounts]",
    "[other] # o",
    "[accounts.two.deep]",
    "\tid = 'x' # i",
]


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(_LINES)), max_size=3), st.sampled_from(sorted(_CHANGES)))
@settings(max_examples=250, deadline=None)
def test_whatever_is_typed_into_a_file_keeps_its_meaning_and_its_comments_or_it_is_said(
    tmp_path_factory: pytest.TempPathFactory, typed: list[tuple[int, str]], name: str
) -> None:
    lines = TEXT.splitlines()
    for position, line in typed:
        lines.insert(position, line)
    text = "\n".join(lines) + "\n"
    path = tmp_path_factory.getbasetemp() / "typed.toml"
    path.write_text(text)
    try:
        before = read_book(path)
    except StorageError:
        # What is no registry is the matter of other tests.
        assert path.read_text() == text
        return
    said: list[str] = []
    after = _CHANGES[name](before)
    write_book(path, after, said.append)
    read = read_book(path)

    assert read.accounts == after.accounts
    assert read.unknown == before.unknown
    assert said or all(path.read_text().count(f"# {mark}") >= 1 for mark in _marks(typed, text))


def _marks(typed: list[tuple[int, str]], text: str) -> set[str]:
    """Return the comments that were typed and that a reader of TOML takes for comments."""
    marks = {line.rpartition("# ")[2] for _, line in typed if "# " in line}
    return {
        mark for mark in marks if text.count(f"# {mark}") == 1 and '"""' not in str(typed) and "'''" not in str(typed)
    }
