"""Labels: which are refused, which are one and the same, and what a misspelt one means."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hashdata.accounts.account import check_of
from hashdata.accounts.book_file import read_book, write_book
from hashdata.accounts.labels import LONGEST, alike, check_label, choose_label
from hashdata.errors import UsageError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.accounts.samples import account, book

_ODD = {
    "empty": ("", "is empty"),
    "blanks": (" \t ", "is empty"),
    "wide blanks": ("\u3000\u00a0", "is empty"),
    "slash": ("../etc", "slash"),
    "backslash": ("a\\b", "slash"),
    "line break": ("a\nb", "cannot be printed"),
    "zero": ("a\x00b", "cannot be printed"),
    "next line": ("a\x85b", "cannot be printed"),
    "line separator": ("a\u2028b", "cannot be printed"),
    "paragraph separator": ("a\u2029b", "cannot be printed"),
    "escape": ("\x1b[31mred", "cannot be printed"),
    "turned round": ("a\u202eb", "cannot be printed"),
    "isolated": ("a\u2066b", "cannot be printed"),
    "zero width": ("a\u200bb", "cannot be printed"),
    "byte order mark": ("\ufeffa", "cannot be printed"),
    "private use": ("a\ue000", "cannot be printed"),
    "unassigned": ("a\U0003fffe", "cannot be printed"),
    "surrogate": ("a\udc80", "cannot be printed"),
    "300 characters": ("x" * 300, "longer than 64"),
    "65 characters": ("x" * 65, "longer than 64"),
    "hyphen first": ("-rf", "hyphen"),
    "blank first": (" a", "blank"),
    "blank last": ("a\u00a0", "blank"),
}


@pytest.mark.parametrize(("label", "why"), _ODD.values(), ids=_ODD)
def test_an_odd_label_is_refused_with_what_is_odd_about_it(label: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as refused:
        check_label(label)

    assert refused.value.fix


_GOOD = [
    "a.b",
    '"q"',
    "it's",
    "]",
    "[x]",
    "#",
    "a = 1",
    "true",
    "1",
    "\U0001f680",
    "交易 账户",
    "x" * 64,
    "a-",
    "schema",
]


@pytest.mark.parametrize("label", _GOOD)
def test_a_label_that_means_something_in_toml_is_a_label_like_any_other(label: str, tmp_path: Path) -> None:
    path = tmp_path / "accounts.toml"
    write_book(path, book(account(1, check_label(label)), account(2)), pytest.fail)

    assert read_book(path).find(label) == account(1, label)


def test_a_label_is_as_long_as_it_is_once_it_is_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "é" * LONGEST)

    assert check_label(decomposed) == "é" * LONGEST


@pytest.mark.parametrize("spelling", ["CAF\u00c9", "cafe\u0301", "Cafe\u0301 "], ids=["case", "decomposed", "both"])
def test_an_account_is_found_in_another_case_and_another_composition(spelling: str) -> None:
    assert choose_label(spelling, ["other", "caf\u00e9"]) == "caf\u00e9"


def test_an_unknown_label_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="there is no account of that label") as refused:
        choose_label("Aplha", ["beta", "Alpha"])

    assert refused.value.fix.startswith("Did you mean Alpha?")


def test_a_label_that_is_like_no_other_names_none() -> None:
    with pytest.raises(UsageError) as refused:
        choose_label("z" * 5000, ["beta", "Alpha"])

    assert refused.value.fix == "`hashdata accounts list` shows all of them."


def test_without_accounts_an_unknown_label_leads_to_adding_one() -> None:
    with pytest.raises(UsageError) as refused:
        choose_label("alpha", [])

    assert "accounts add" in refused.value.fix


def _is_label(text: str) -> bool:
    try:
        check_label(text)
    except UsageError:
        return False
    return True


@given(text=st.text(min_size=1, max_size=12).filter(_is_label))
@example(text="\u1e9b\u0323")
@example(text="\u0130")
@example(text="'''")
@example(text='"""')
@settings(max_examples=150, deadline=None)
def test_a_label_that_is_let_through_survives_the_file_and_is_found_again(text: str) -> None:
    label = check_label(text)
    with TemporaryDirectory() as folder:
        path = Path(folder, "accounts.toml")
        write_book(path, book(account(1, label)), pytest.fail)
        read = read_book(path)

    assert check_label(label) == label
    assert read.find(text) == account(1, label)


def test_two_labels_that_differ_in_case_or_composition_are_alike() -> None:
    assert alike("STRASSE \u00c4") == alike("stra\u00dfe a\u0308")
    assert alike("a") != alike("b")


def test_the_check_of_an_account_covers_its_label() -> None:
    assert check_of({"label": "a"}) != check_of({"label": "b"})
