"""What is removed is gone, copies included; what is renamed stays the same account."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hashdata.vault import read

from tests.cli.command import Outcome, plain, terminal

Here = Callable[..., Outcome]


def account(here: Here, label: str) -> dict[str, Any]:
    shown: Any = here("accounts", "show", label, "--json").document["account"]
    return dict(shown)


def labels(here: Here) -> list[str]:
    return [one["label"] for one in json.loads(here("accounts", "list", "--json").out)["accounts"]]


@pytest.fixture
def two(here: Here, key_file: Path) -> Path:
    """Store the accounts `main` and `futures`, and return the key file."""
    for label, connector in (("main", "poloniex"), ("futures", "poloniex-futures")):
        told = here("accounts", "add", label, connector, "--sandbox", "read-only")
        assert told.code == 0, told.all
    return key_file


@pytest.mark.usefixtures("two")
def test_an_account_is_removed_with_its_key_and_reports(here: Here, home: Path) -> None:
    told = here("accounts", "remove", "main")
    sealed = read(home / "vault.json")

    assert told.code == 0
    assert told.out.startswith("main is removed. The key itself still exists:")
    assert labels(here) == ["futures"]
    assert sealed
    assert len(sealed.records) == 1
    assert len(list((home / "reports").iterdir())) == 1


@pytest.mark.usefixtures("two")
def test_no_copy_of_the_vault_holds_what_was_removed(here: Here, home: Path) -> None:
    before = read(home / "vault.json")
    here("accounts", "remove", "main")
    after = read(home / "vault.json")
    assert before
    assert after
    (gone,) = before.records.keys() - after.records.keys()
    kept = b"".join(path.read_bytes() for path in home.glob("*vault*"))

    assert before.records[gone].sealed.hex().encode() not in kept
    assert not (home / "vault.json.bak").exists()


@pytest.mark.usefixtures("two")
def test_what_was_removed_can_be_added_again(here: Here) -> None:
    here("accounts", "remove", "main")
    told = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only")

    assert told.code == 0
    assert len(json.loads(here("accounts", "show", "main", "--history", "--json").out)["history"]) == 1


@pytest.mark.parametrize(("answer", "code", "left"), [("yes", 0, ["futures"]), ("", 2, ["futures", "main"])])
def test_at_a_terminal_a_person_is_asked_once(here: Here, two: Path, answer: str, code: int, left: list[str]) -> None:
    with terminal("accounts", "remove", "main", "--key-file", str(two)) as screen:
        screen.read_until("Remove main, its key and all its reports? Type yes to go on: ")
        screen.send(f"{answer}\n")
        ended = screen.end()

    assert ended == code
    assert plain(screen.seen).count("Type yes to go on") == 1
    assert plain(screen.seen).endswith("\nNothing was removed.\n") == (answer == "")
    assert "Error:" not in plain(screen.seen)
    assert labels(here) == left


def test_with_yes_nobody_is_asked(here: Here, two: Path) -> None:
    with terminal("accounts", "remove", "main", "--yes", "--key-file", str(two)) as screen:
        ended = screen.end()

    assert ended == 0
    assert "Type yes" not in screen.seen
    assert labels(here) == ["futures"]


def test_ctrl_c_at_the_question_removes_nothing(here: Here, two: Path) -> None:
    with terminal("accounts", "remove", "main", "--key-file", str(two)) as screen:
        screen.read_until("Type yes to go on: ")
        screen.send("\x03")
        ended = screen.end()

    assert ended == 130
    assert "Traceback" not in screen.seen
    assert labels(here) == ["futures", "main"]


@pytest.mark.usefixtures("two")
def test_a_renamed_account_keeps_everything_but_its_label(here: Here) -> None:
    before = account(here, "main")
    told = here("accounts", "rename", "main", "Händler 1")
    after = account(here, "händler 1")

    assert told.out == "main is now Händler 1.\n"
    assert after == {**before, "label": "Händler 1"}
    assert here("accounts", "test", "händler 1").code == 0


@pytest.mark.usefixtures("two")
def test_renaming_needs_no_key(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HASHDATA_KEY_FILE")

    assert here("accounts", "rename", "main", "other").code == 0


@pytest.mark.usefixtures("two")
def test_the_case_of_a_label_may_change(here: Here) -> None:
    told = here("accounts", "rename", "main", "MAIN")

    assert told.code == 0
    assert labels(here) == ["futures", "MAIN"]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("label", "says"),
    [("Futures", "there is an account futures already"), ("a/b", "the label has a slash"), ("", "the label is empty")],
)
def test_a_label_that_cannot_be_is_refused(here: Here, label: str, says: str) -> None:
    told = here("accounts", "rename", "main", label)

    assert told.code == 2
    assert says in told.err
    assert labels(here) == ["futures", "main"]
