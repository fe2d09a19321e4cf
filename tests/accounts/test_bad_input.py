"""Odd labels, homes that cannot be used, and files of other versions: one sentence, what to do, and 2."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import HASHDATA, Outcome, execute

Here = Callable[..., Outcome]
ADD = ("accounts", "add", "main", "poloniex", "--sandbox", "read-only")
COMMANDS = [
    ("accounts", "list"),
    ("accounts", "list", "--json"),
    ("accounts", "show", "main"),
    ("accounts", "test", "--all"),
    ("accounts", "remove", "main"),
    ("accounts", "rename", "main", "other"),
    ADD,
]
# Root passes over file modes by these two; without them it is as everybody else.
WITHOUT_POWERS = """
import ctypes, os, sys
if os.geteuid() == 0:
    for capability in (1, 2):
        assert ctypes.CDLL(None).prctl(24, capability, 0, 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
"""


def assert_told(told: Outcome, says: str) -> None:
    """Check that a command ended with 2, one sentence and what to do."""
    assert told.code == 2, told.all
    assert says in told.all
    assert "Traceback" not in told.all
    assert "has a bug" not in told.all
    if "hashdata.error/1" not in told.out:
        assert re.search(r"(?m)^Error: .+\.\nFix: .+[.)]$", told.err), told.err


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("", "the label is empty"),
        ("   ", "the label is empty"),
        ("a/b", "the label has a slash"),
        ("..\\b", "the label has a slash"),
        ("a\nb", "a character that cannot be printed"),
        ("a\tb", "a character that cannot be printed"),
        ("a\x1b[2Jb", "a character that cannot be printed"),
        ("a\u202eb", "a character that cannot be printed"),
        ("a\u2028b", "a character that cannot be printed"),
        ("a\udcffb", "a character that cannot be printed"),
        (" main", "begins or ends with a blank"),
        ("x" * 65, "longer than 64 characters"),
        ("x" * 300, "longer than 64 characters"),
        ("\u0300" * 300, "longer than 64 characters"),
    ],
    ids=ascii,
)
def test_an_odd_label_is_refused_before_anything_else(here: Here, home: Path, label: str, says: str) -> None:
    told = here("accounts", "add", label, "no-such-connector", "--key-file", "nowhere")

    assert_told(told, says)
    assert not home.exists()


@pytest.mark.usefixtures("key_file")
def test_a_label_is_never_taken_for_an_option(here: Here) -> None:
    assert_told(here("accounts", "add", "--", "-x", "poloniex"), "begins with a hyphen")


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize("label", ["x" * 64, "客戶 & Söhne 😀", "a.b", "[x] #1", 'say "hi"'])
def test_a_label_of_other_characters_is_as_good_as_any(here: Here, label: str) -> None:
    added = here("accounts", "add", label, "poloniex", "--sandbox", "read-only")

    assert added.code == 0, added.all
    assert here("accounts", "test", label).code == 0
    assert here("accounts", "remove", label).code == 0


@pytest.fixture
def stored(here: Here, home: Path, key_file: Path) -> Path:
    """Store the account `main` and return the home."""
    told = here(*ADD)
    assert told.code == 0, told.all
    assert key_file.exists()
    return home


@pytest.mark.parametrize("command", [("accounts", "test", "main"), ("accounts", "remove", "main"), ("vault", "status")])
def test_a_vault_that_others_can_read_is_not_opened(here: Here, stored: Path, command: tuple[str, ...]) -> None:
    (stored / "vault.json").chmod(0o604)

    assert_told(here(*command), "vault.json can be read by other users of this computer")


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_home_that_is_a_file_is_said_to_be_none(here: Here, home: Path, command: tuple[str, ...]) -> None:
    home.write_text("mine")

    assert_told(here(*command), f"{home} is no folder, so nothing can be stored in it")
    assert home.read_text() == "mine"


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize("place", ["/proc/hashdata", "/dev/null/hashdata", "/proc/self/hashdata"])
def test_a_home_where_nothing_can_be_made(here: Here, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("HASHDATA_HOME", place)

    assert_told(here(*ADD), place)


@pytest.mark.usefixtures("key_file")
def test_a_home_in_the_home_of_nobody(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HASHDATA_HOME", "~nobody-of-that-name/home")

    assert_told(here("accounts", "list"), "HASHDATA_HOME")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("accounts", "add", "other", "poloniex-futures", "--sandbox", "read-only"), 2),
        (("accounts", "test", "main"), 2),
        (("accounts", "remove", "main"), 2),
        (("doctor",), 2),
        (("accounts", "list"), 0),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_home_that_is_read_only_is_read_and_not_written(stored: Path, command: tuple[str, ...], code: int) -> None:
    before = {path: path.read_bytes() for path in stored.rglob("*") if path.is_file()}
    for folder in (stored, stored / "reports"):
        folder.chmod(0o500)
    try:
        told = execute([sys.executable, "-c", WITHOUT_POWERS, HASHDATA, *command])
    finally:
        for folder in (stored, stored / "reports"):
            folder.chmod(0o700)

    if code:
        assert str(stored) in "".join(told.all.split())
        assert "Traceback" not in told.all
        assert "has a bug" not in told.all
    assert told.code == code, told.all
    after = {path: path.read_bytes() for path in stored.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_accounts_of_a_newer_version_are_left_alone(here: Here, stored: Path, command: tuple[str, ...]) -> None:
    path = stored / "accounts.toml"
    path.write_text(path.read_text().replace("schema = 1", "schema = 2"))
    before = path.read_bytes()

    assert_told(here(*command), "was written by a newer hashdata")
    assert path.read_bytes() == before


def _place(text: str, part: str) -> str:
    """Say where in the file a part of it stands."""
    return f"line {text[: text.index(part)].count(chr(10)) + 1}, column 1"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('connector = "poloniex"', "connector = 5", "connector of the account 'main' is no text ({here})"),
        ('connector = "poloniex"', "", "connector of the account 'main' is missing ({table})"),
        ("verdict = ", "verdict == ", "is not TOML (line"),
        ('verdict = "accepted"', 'verdict = "good"', "verdict of the account 'main' is none of"),
        ('key = "vault:', 'key = "', "key of the account 'main' is not vault: and the id of a record"),
        ("tested = ", "tested = 5 #", "tested of the account 'main' is no date with a time"),
        ("[accounts.main]", '[accounts."a/b"]', "the label has a slash"),
        ("schema = 1", 'schema = "one"', "schema is not what it must be ({here})"),
    ],
)
def test_a_file_of_accounts_that_cannot_be_understood_is_left_as_it_is(
    here: Here, stored: Path, old: str, new: str, says: str
) -> None:
    path = stored / "accounts.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    before = path.read_bytes()
    places = {"here": _place(text, old), "table": _place(text, "[accounts.main]")}

    assert_told(here("accounts", "list"), says.format(**places))
    assert_told(here("accounts", "rename", "main", "other"), says.format(**places))
    assert path.read_bytes() == before


def test_what_a_newer_version_added_to_an_account_stays(here: Here, stored: Path) -> None:
    path = stored / "accounts.toml"
    path.write_text(path.read_text() + 'colour = "blue"\n')
    told = here("accounts", "rename", "main", "other")

    assert told.code == 0
    assert 'colour = "blue"' in path.read_text()
    assert "problem" not in here("doctor").out


@pytest.mark.usefixtures("stored")
def test_an_export_into_a_folder_that_is_not_there(here: Here, tmp_path: Path) -> None:
    told = here("accounts", "export-report", "main", str(tmp_path / "no" / "where"))

    assert_told(told, "cannot be written: No such file or directory")
