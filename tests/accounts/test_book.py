"""`accounts.toml`: every fact comes back, unknown names stay, and what is wrong is named by line and column."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, time, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import tomli
import tomli_w
from hashdata.accounts.account import Account, Attempt
from hashdata.accounts.book import Book
from hashdata.accounts.book_file import read_book, write_book
from hashdata.accounts.labels import alike, check_label
from hashdata.accounts.rows import to_row
from hashdata.errors import StorageError, UsageError
from hashdata.permissions import Cause, Verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.accounts.samples import NOON, account, book, full

_IDS = st.integers(16**7, 16**64 - 1).map(lambda number: f"{number:x}")
_FIRST, _LAST = (NOON.replace(year=year, tzinfo=None) for year in (1970, 9000))
_TIMES = st.datetimes(_FIRST, _LAST, timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5))]))
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
_ATTEMPTS = st.builds(Attempt, at=_TIMES, verdict=st.sampled_from(Verdict), cause=st.none() | st.sampled_from(Cause))
_PLAIN = (
    _TEXTS
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats(allow_nan=False)
    | _TIMES
    | st.dates(date(1970, 1, 1))
    | st.times()
)
_VALUES = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3), max_leaves=5
)
_KNOWN = {*to_row(replace(full(1), persona="good")), "schema", "accounts", "count"}
_UNKNOWN = st.dictionaries(_TEXTS.filter(lambda name: name not in _KNOWN), _VALUES, max_size=2)


def _checked(text: str) -> str:
    try:
        return check_label(text)
    except UsageError:
        return f"x{text.encode().hex()}"


_ACCOUNTS = st.builds(
    Account,
    id=_IDS,
    label=st.text(min_size=1, max_size=10).filter(str.isprintable).map(_checked),
    connector=st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True),
    key=_IDS,
    fingerprint=_IDS,
    since=_TIMES,
    standing=_ATTEMPTS,
    last=_ATTEMPTS,
    last4=st.none() | _TEXTS,
    account_id=st.none() | _TEXTS,
    endpoint=st.none() | _TEXTS,
    persona=st.none() | _TEXTS,
    asked=st.none() | _TIMES,
    expires=st.none() | _TIMES,
    is_intact=st.booleans(),
    unknown=_UNKNOWN,
)
_BOOKS = st.builds(
    lambda accounts, unknown: Book({one.label: one for one in accounts}, unknown),
    st.lists(_ACCOUNTS, max_size=3, unique_by=(lambda one: alike(one.label), lambda one: one.id)),
    _UNKNOWN,
)


@given(_BOOKS)
@settings(max_examples=120, deadline=None)
def test_a_book_comes_back_from_its_file_as_it_was_written(written: Book) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "accounts.toml")
        write_book(path, written, pytest.fail)
        read = read_book(path)

    assert read.accounts == written.accounts
    assert list(read.accounts) == list(written.accounts)
    assert read.unknown == written.unknown
    assert read.is_current


def test_a_file_that_is_not_there_holds_no_account(tmp_path: Path) -> None:
    assert read_book(tmp_path / "accounts.toml") == Book()


def test_a_file_without_an_account_holds_none(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    write_book(path, Book(), pytest.fail)

    assert read_book(path).accounts == {}


def test_a_value_changed_by_hand_is_read_and_shown_as_not_intact(tmp_path: Path) -> None:
    path = _written(tmp_path, account(1), account(2))
    path.write_text(path.read_text().replace('last4 = "0001"', 'last4 = "9999"'))

    assert [(one.last4, one.is_intact) for one in read_book(path).accounts.values()] == [
        ("9999", False),
        ("0002", True),
    ]


def test_what_was_changed_by_hand_stays_not_intact_when_it_is_written(tmp_path: Path) -> None:
    path = _written(tmp_path, account(1))
    path.write_text(path.read_text().replace('last4 = "0001"', 'last4 = "9999"'))
    write_book(path, read_book(path), pytest.fail)

    assert not read_book(path).find("account-1").is_intact


def test_the_old_file_stays_beside_the_new_one(tmp_path: Path) -> None:
    path = _written(tmp_path, account(1))
    before = path.read_bytes()
    write_book(path, read_book(path).put(account(2)), pytest.fail)

    assert path.with_name("accounts.toml.bak").read_bytes() == before


def test_a_book_finds_replaces_and_removes_by_id() -> None:
    renamed = replace(account(1), label="new")
    changed = book(account(1), account(2)).put(renamed).without(account(2))

    assert list(changed.accounts.values()) == [renamed]


def test_a_renamed_account_keeps_its_place() -> None:
    changed = book(account(1), account(2)).put(replace(account(1), label="new"))

    assert list(changed.accounts) == ["new", "account-2"]


# Editing by hand: the line that says how many accounts there are.


def test_an_account_taken_out_by_hand_leads_to_a_sentence_that_says_what_to_write(tmp_path: Path) -> None:
    path = _written(tmp_path, account(1), account(2))
    text = path.read_text()
    path.write_text(text[: text.index("[accounts.account-2]")])
    with pytest.raises(StorageError, match=r"is 1, and should be 2 \(line 4, column 1\)") as refused:
        read_book(path)

    assert "write `count = 1` there, or delete that line" in refused.value.fix
    assert "accounts.toml.bak" in refused.value.fix


@pytest.mark.parametrize("instead", ["count = 1\n", ""], ids=["corrected", "deleted"])
def test_after_that_line_was_corrected_or_deleted_the_file_reads_and_is_written_whole(
    tmp_path: Path, instead: str
) -> None:
    path = _written(tmp_path, account(1), account(2))
    text = path.read_text()
    path.write_text(text[: text.index("[accounts.account-2]")].replace("count = 2\n", instead))
    write_book(path, read_book(path).put(account(3)), pytest.fail)

    assert list(read_book(path).accounts) == ["account-1", "account-3"]
    assert "\ncount = 2\n" in path.read_text()


def test_an_account_added_by_hand_leads_to_the_same_sentence(tmp_path: Path) -> None:
    path = _written(tmp_path, account(1))
    path.write_text(path.read_text() + tomli_w.dumps({"accounts": {"two": to_row(account(2, "two"))}}))

    with pytest.raises(StorageError, match="is 2, and should be 1"):
        read_book(path)


@pytest.mark.parametrize("content", ["", "# nothing\n", "schema = 1\n", "schema = 1\n[accounts]\n"])
def test_a_file_that_holds_nothing_is_not_taken_for_one_without_accounts(tmp_path: Path, content: str) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(content)
    with pytest.raises(StorageError, match="holds no account") as refused:
        read_book(path)

    assert "accounts.toml.bak" in refused.value.fix


def test_a_changed_letter_in_the_word_accounts_hides_no_account(tmp_path: Path) -> None:
    path = _written(tmp_path, account(1), account(2))
    path.write_text(path.read_text().replace("[accounts.account-2]", "[accountr.account-2]"))

    with pytest.raises(StorageError, match="is 1, and should be 2"):
        read_book(path)


# What is wrong is named by line and column.

_ROW = tomli_w.dumps(to_row(account(1)))
_OTHER = tomli_w.dumps(to_row(account(2)))
_TEXT = f"schema = 1\n\n[accounts.one]\n{_ROW}\n"
_WRONG = {
    "syntax": (_TEXT.replace('connector = "poloniex"', 'connector = "poloniex'), "not TOML", 'connector = "', 22),
    "bare word": (_TEXT.replace("schema = 1", "schema = one"), "not TOML", "schema = ", 10),
    "key twice": (_TEXT.replace('last4 = "0001"', 'id = "0001"'), "not TOML", 'id = "0001"', 12),
    "number for text": (_TEXT.replace('"poloniex"', "5"), "connector of the account 'one' is no text", "connector", 1),
    "text for time": (_TEXT.replace("since = 2", 'since = "x" # '), "is no date with a time", "since", 1),
    "day for time": (re.sub(r"since = .*", "since = 2026-01-01", _TEXT), "is no date with a time", "since", 1),
    "odd id": (re.sub(r'\bid = ".*"', '  id = "../x"', _TEXT), "is not an id of hashdata", "  id =", 3),
    "odd key": (_TEXT.replace("vault:", "file:"), "is not vault: and the id", "key =", 1),
    "odd last4": (_TEXT.replace('"0001"', "[1]"), "last4 of the account 'one' is no text", "last4", 1),
    "odd verdict": (_TEXT.replace("verdict =", "verdict = 'good' #"), "is none of accepted, denied", "verdict", 1),
    "odd attempt": (_TEXT.replace("attempt =", "attempt = 'x' #"), "is none of accepted, denied", "attempt =", 1),
    "odd cause": (f"{_TEXT}cause = 'x'\n", "cause of the account 'one' is none of", "cause", 1),
    "quoted name": (re.sub(r"connector = .*", '"connector" = 5', _TEXT), "is no text", '"connector"', 1),
    "missing": (re.sub(r"tested = .*\n", "", _TEXT), "tested of the account 'one' is missing", "[accounts.one]", 1),
    "no table": ("schema = 1\naccounts.one = 5\n", "the account 'one' is no table", "accounts.one", 1),
    "odd label": (_TEXT.replace("accounts.one", 'accounts."a/b"'), "slash", '[accounts."a/b"]', 1),
    "within a line": ("schema = 1\n[accounts]\none = { id = 5 }\n", "is missing|is no text", "one =", 1),
    "dotted names": ("schema = 1\naccounts.one.tested = 5\n", "tested of the account", "accounts.one.tested", 1),
    "accounts no table": ("schema = 1\n accounts = 3\n", "accounts is not what", " accounts", 2),
    "case alike": (f"{_TEXT}[accounts.ONE]\n{_OTHER}", "'one' and 'ONE' differ in nothing but case", _OTHER[:40], 1),
    "id twice": (f"{_TEXT}[accounts.two]\nnote = 1\n{_ROW}", "'two' has the id of another", "note = 1", 1),
    "odd count": (f"count = 'all'\n{_TEXT}", "count is not what it must be", "count", 1),
    "wrong count": (f"count = 2\n{_TEXT}", "is 1, and should be 2", "count", 1),
    "true schema": (_TEXT.replace("schema = 1", "schema = true"), "schema is not what", "schema", 1),
    "float schema": (_TEXT.replace("schema = 1", "schema = 1.0"), "schema is not what", "schema", 1),
    "text schema": (_TEXT.replace("schema = 1", "schema = '1'"), "schema is not what", "schema", 1),
    "negative schema": (_TEXT.replace("schema = 1", "schema = -1"), "schema is not what", "schema", 1),
    "endless number": (f"{_TEXT}x = {'1' * 5000}\n", "too long or too deep", "x = ", 5),
    "deep nesting": (f"{_TEXT}x = {'[' * 5000}\n", "too long or too deep", "x = ", 305),
}


@pytest.mark.parametrize(("text", "why", "line", "column"), _WRONG.values(), ids=_WRONG)
def test_what_is_wrong_is_named_by_line_and_column_and_left_as_it_is(
    tmp_path: Path, text: str, why: str, line: str, column: int
) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(text)
    number = f"\n{text}"[: f"\n{text}".rindex(f"\n{line}")].count("\n") + 1
    # The id of a second account is the line after the one that leads to it.
    number += line == "note = 1"
    with pytest.raises(StorageError, match=why) as refused:
        read_book(path)

    assert f"line {number}, column {column}" in refused.value.what
    assert path.read_text() == text


def test_a_byte_that_is_no_text_is_named_by_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_bytes("schema = 1\n# é".encode() + b"\xff\n")

    with pytest.raises(StorageError, match=r"is not text in UTF-8 \(line 2, column 4\)"):
        read_book(path)


def test_a_sign_that_only_python_takes_for_a_line_end_does_not_shift_the_line(tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    path.write_text(_TEXT.replace("schema = 1", "schema = 1 # a\u2028b\x85c").replace('"poloniex"', "5"))

    with pytest.raises(StorageError, match=r"connector .* \(line 5, column 1\)"):
        read_book(path)


# What people and their editors do to a file.


def test_a_mark_in_front_of_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    path = _written(tmp_path, account(1))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert read_book(path).find("account-1") == account(1)


_LAYOUTS = {
    "table of tables": "schema = 1\n[accounts]\n[accounts.one]\n{row}",
    "quoted": "schema = 1\n['accounts' . \"one\"]\n{row}",
    "dotted": "schema = 1\n{dotted}",
    "inline": "schema = 1\naccounts = {{ one = {{ {inline} }} }}\n",
    "string like a table": 'schema = 1\nnote = """\n[accounts.two]\n# none\n"""\n[accounts.one]\n{row}',
    "carriage returns": "schema = 1\r\n[accounts.one]\r\n{row}",
}


@pytest.mark.parametrize("comment", [False, True], ids=["plain", "commented"])
@pytest.mark.parametrize("layout", _LAYOUTS.values(), ids=_LAYOUTS)
def test_a_file_laid_out_by_hand_is_changed_without_a_loss_of_meaning_or_with_a_word(
    tmp_path: Path, layout: str, *, comment: bool
) -> None:
    path, said = tmp_path / "accounts.toml", list[str]()
    rows = tomli_w.dumps(to_row(account(1, "one"))).splitlines()
    text = layout.format(
        row="\n".join(rows) + "\n", dotted="".join(f"accounts.one.{row}\n" for row in rows), inline=", ".join(rows)
    )
    path.write_text(text + "# mine\n" * comment, newline="")
    unknown = read_book(path).unknown
    write_book(path, read_book(path).put(account(2)), said.append)
    read = read_book(path)

    assert list(read.accounts.values()) == [account(1, "one"), account(2)]
    assert read.unknown == unknown
    assert ("# mine" in path.read_text()) == (comment and not said)


def test_every_kind_of_value_of_an_unknown_name_is_kept(tmp_path: Path) -> None:
    path = _written(tmp_path, account(1))
    odd = {"a": [1, [2.5, {"b": True}]], "c": {"d": {"e": "\x00#"}}, "f": NOON.date(), "g": time(1, 2, 3), "h": NOON}
    document = tomli.loads(path.read_text())
    document["accounts"]["account-1"] |= odd
    path.write_text(tomli_w.dumps(odd | document))
    write_book(path, read_book(path).put(account(2)), pytest.fail)
    after = tomli.loads(path.read_text())

    assert odd.items() <= after.items()
    assert odd.items() <= after["accounts"]["account-1"].items()


def _written(folder: Path, *accounts: Account) -> Path:
    path = folder / "accounts.toml"
    write_book(path, book(*accounts), pytest.fail)
    return path
