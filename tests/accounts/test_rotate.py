"""A key is replaced by a new one that was accepted; until then the old one stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hashdata.permissions import Permission
from hashdata.vault import KeyFile, Vault, read

from tests.accounts.exchange import Exchange, standing, values
from tests.cli.command import Outcome, plain, terminal

Here = Callable[..., Outcome]
WriteKey = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Stored:
    """The account `main` with key 1; key 2 is of the same account, and key 3 of another."""

    home: Path
    key_file: Path
    exchange: Exchange

    def secrets(self) -> list[str]:
        """Return the secrets that vault and copy of it hold, opened."""
        found = []
        for path in (self.home / "vault.json", self.home / "vault.json.bak"):
            if sealed := read(path):
                vault = Vault.unlock(sealed, KeyFile(self.key_file))
                contents: list[Any] = [vault.get(name)["credentials"] for name in sealed.records]
                found += [content["secret"] for content in contents]
        return found


@pytest.fixture
def stored(here: Here, home: Path, key_file: Path, write_key: WriteKey) -> Iterator[Stored]:
    exchange = Exchange(3, accounts={2: 1})
    with standing(exchange) as origin:
        told = here("accounts", "add", "main", "poloniex", "--credentials", write_key(1), "--endpoint", origin)
        assert told.code == 0, told.all
        exchange.calls.clear()
        yield Stored(home, key_file, exchange)


def account(here: Here, label: str = "main") -> dict[str, Any]:
    shown: Any = here("accounts", "show", label, "--json").document["account"]
    return dict(shown)


def test_a_new_key_of_the_same_account_takes_the_place_of_the_old_one(
    here: Here, stored: Stored, write_key: WriteKey
) -> None:
    before = account(here)
    told = here("accounts", "rotate", "MAIN", "--credentials", write_key(2))
    after = account(here)

    assert told.code == 0
    assert "main has its new key, and the old one is gone from the vault." in told.out
    assert (before["last4"], after["last4"]) == ("0001", "0002")
    assert (before["account_id"], before["endpoint"]) == (after["account_id"], after["endpoint"])
    assert here("accounts", "test", "main").code == 0
    assert stored.secrets() == [values(2)["secret"]]


def test_the_history_outlives_the_key(here: Here, stored: Stored, write_key: WriteKey) -> None:
    here("accounts", "rotate", "main", "--credentials", write_key(2))
    shown: Any = here("accounts", "show", "main", "--history", "--json").document["history"]

    assert [report["key"]["last4"] for report in shown] == ["0001", "0002"]
    assert stored.exchange.calls


def test_a_key_of_another_account_is_refused_and_the_old_one_stays(
    here: Here, stored: Stored, write_key: WriteKey
) -> None:
    told = here("accounts", "rotate", "main", "--credentials", write_key(3), "--yes")

    assert told.code == 2
    assert "Error: the new key belongs to another account of the exchange than the key of main." in told.err
    assert stored.secrets() == [values(1)["secret"]]
    assert here("accounts", "test", "main").code == 0


def test_a_denied_key_does_not_take_the_place_of_the_old_one(here: Here, stored: Stored, write_key: WriteKey) -> None:
    stored.exchange.powers[2] = frozenset({Permission.TRADE})
    told = here("accounts", "rotate", "main", "--credentials", write_key(2))
    again = here("accounts", "test", "main")

    assert told.code == 1
    assert "Switch trading off" in told.out
    assert told.out.endswith("\nThe old key of main stays.\n")
    assert "Nothing was stored" not in told.all
    assert (again.code, account(here)["last4"]) == (0, "0001")


def test_the_same_key_again_is_refused_before_the_exchange_is_asked(
    here: Here, stored: Stored, write_key: WriteKey
) -> None:
    told = here("accounts", "rotate", "main", "--credentials", write_key(1))

    assert told.code == 2
    assert "Error: that is the key that main has already." in told.err
    assert not stored.exchange.calls


def test_the_key_of_another_stored_account_is_refused(here: Here, stored: Stored, write_key: WriteKey) -> None:
    endpoint = account(here)["endpoint"]
    here("accounts", "add", "other", "poloniex", "--credentials", write_key(3), "--endpoint", endpoint)
    stored.exchange.calls.clear()
    told = here("accounts", "rotate", "main", "--credentials", write_key(3))

    assert told.code == 2
    assert "Error: this key is stored already, as other." in told.err
    assert not stored.exchange.calls


def test_a_key_that_was_denied_is_mended_by_a_new_one(here: Here, stored: Stored, write_key: WriteKey) -> None:
    stored.exchange.powers[1] = frozenset({Permission.TRADE})
    drifted = here("accounts", "test", "main")
    told = here("accounts", "rotate", "main", "--credentials", write_key(2))

    assert (drifted.code, told.code) == (1, 0)
    assert account(here)["verdict"] == "accepted"


@pytest.mark.usefixtures("stored")
def test_a_key_that_is_not_practice_gets_none_of_the_sandbox(here: Here) -> None:
    told = here("accounts", "rotate", "main", "--sandbox", "read-only")

    assert told.code == 2
    assert "main is not tested in the sandbox, so --sandbox cannot give it a key" in told.err


@pytest.mark.usefixtures("key_file")
def test_a_practice_account_gets_the_key_of_another_persona(here: Here) -> None:
    here("accounts", "add", "play", "poloniex-futures", "--sandbox", "read-only")
    told = here("accounts", "rotate", "play", "--sandbox", "classic-read-only", "--yes")
    played = account(here, "play")

    assert told.code == 0, told.all
    assert (played["persona"], played["last4"]) == ("classic-read-only", "0031")


@pytest.mark.usefixtures("key_file")
def test_a_practice_account_keeps_its_persona_when_the_new_one_is_denied(here: Here) -> None:
    here("accounts", "add", "play", "poloniex-futures", "--sandbox", "read-only")
    told = here("accounts", "rotate", "play", "--sandbox", "trading", "--yes")

    assert told.code == 1
    assert account(here, "play")["persona"] == "read-only"
    assert here("accounts", "test", "play").code == 0


@pytest.fixture
def unknown_account(here: Here, key_file: Path) -> Path:
    """Store a futures account, of which the exchange tells no id."""
    told = here("accounts", "add", "play", "poloniex-futures", "--sandbox", "classic-read-only")
    assert told.code == 0, told.all
    assert account(here, "play")["account_id"] is None
    return key_file


@pytest.mark.usefixtures("unknown_account")
def test_where_the_exchange_tells_no_account_somebody_must_be_sure(here: Here) -> None:
    asked = here("accounts", "rotate", "play", "--sandbox", "read-only")
    still = account(here, "play")["last4"]
    sure = here("accounts", "rotate", "play", "--sandbox", "read-only", "--yes")

    assert asked.code == 2
    assert "the exchange does not tell whether the new key belongs to the same account" in asked.err
    assert "--yes" in asked.err
    # Neither a key nor a question: it is told before anything is asked.
    assert "Reading works" not in asked.err
    assert (still, sure.code, account(here, "play")["last4"]) == ("0031", 0, "0001")


@pytest.mark.parametrize(("answer", "code", "last4"), [("yes", 0, "0001"), ("no", 2, "0031")])
def test_at_a_terminal_a_person_is_asked_instead(
    here: Here, unknown_account: Path, answer: str, code: int, last4: str
) -> None:
    arguments = ("accounts", "rotate", "play", "--sandbox", "read-only", "--key-file", str(unknown_account))
    with terminal(*arguments) as screen:
        screen.read_until("Let it take the place of the old one? Type yes to go on: ")
        screen.send(f"{answer}\n")
        ended = screen.end()

    assert ended == code
    assert account(here, "play")["last4"] == last4
    assert plain(screen.seen).endswith("\nThe old key stays.\n") == (answer == "no")
    assert "Error:" not in plain(screen.seen)


def test_with_json_a_person_who_answers_no_still_gets_one_document(
    here: Here, unknown_account: Path, tmp_path: Path
) -> None:
    arguments = ("accounts", "rotate", "play", "--sandbox", "read-only", "--key-file", str(unknown_account), "--json")
    with terminal(*arguments, stdout=tmp_path / "out") as screen:
        screen.read_until("Type yes to go on: ")
        screen.send("no\n")
        ended = screen.end()

    assert ended == 2
    assert json.loads((tmp_path / "out").read_text())["schema"] == "hashdata.report/1"
    assert "The old key stays." in plain(screen.seen)
    assert account(here, "play")["last4"] == "0031"


def test_ctrl_c_says_where_to_look_and_the_old_key_stays(here: Here, unknown_account: Path) -> None:
    arguments = ("accounts", "rotate", "play", "--sandbox", "read-only", "--key-file", str(unknown_account))
    with terminal(*arguments) as screen:
        screen.read_until("Type yes to go on: ")
        screen.send("\x03")
        ended = screen.end()

    assert ended == 130
    assert plain(screen.seen).endswith(
        "\nError: interrupted.\n"
        "Fix: Look at `hashdata accounts list` to see what is stored, then run the command again.\n"
    )
    assert account(here, "play")["last4"] == "0031"


@pytest.mark.usefixtures("stored")
def test_no_key_shows_in_what_is_printed_and_kept(here: Here, home: Path, write_key: WriteKey) -> None:
    told = here("accounts", "rotate", "main", "--credentials", write_key(2), "--json")
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())

    assert json.loads(told.out)["verdict"] == "accepted"
    for number in (1, 2):
        secret = values(number)["secret"]
        assert secret not in told.all
        assert secret.encode() not in kept
        assert values(number)["api_key"].encode() not in kept
