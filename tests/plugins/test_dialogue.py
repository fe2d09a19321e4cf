"""What a person at a terminal is shown and asked before a connector is given a key, and how that can be left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.accounts.exchange import Exchange, standing
from tests.cli.command import plain
from tests.plugins.stranger import HOST, QUESTION, Computer, state
from tests.portal.elsewhere import elsewhere


def test_a_yes_goes_on_at_once_and_is_remembered(computer: Computer) -> None:
    with standing(Exchange(1)) as origin:
        with computer.terminal(*computer.give(origin)) as screen:
            screen.read_until(QUESTION)
            shown = plain(screen.seen)
            screen.send("yes\n")
            code = screen.end()
        with computer.terminal(*computer.give(origin)) as again:
            second = again.end()

    assert (code, second) == (0, 0)
    assert "Stranger (stranger 1.0, from hashdata-stranger)" in shown
    for part in (HOST, "GET /accounts/balances", "POST /wallets/withdraw", "What sees your secret"):
        assert part in shown
    assert "ACCEPTED (practice)" in plain(screen.seen)
    assert QUESTION not in again.seen
    assert state(computer)["allowed"] is True


@pytest.mark.parametrize("typed", ["no\n", "\n", "maybe\n", "\x04"], ids=["no", "enter", "maybe", "end"])
def test_everything_but_a_yes_gives_no_key_and_decides_nothing(computer: Computer, typed: str) -> None:
    with elsewhere() as server:
        with computer.terminal(*computer.give(server.at("127.0.0.1", ""))) as screen:
            screen.read_until("Type yes to go on: ")
            screen.send(typed)
            code = screen.end()
        asked = list(server.asked)
    text = " ".join(plain(screen.seen).split())

    assert code == 2
    assert "Error: stranger was not allowed, so it is given no key." in text
    assert "Fix: To allow it later: `hashdata plugins enable stranger`." in text
    assert asked == []
    assert not computer.choices.exists()


def test_an_interrupt_at_the_question_decides_nothing(computer: Computer) -> None:
    with elsewhere() as server:
        with computer.terminal(*computer.give(server.at("127.0.0.1", ""))) as screen:
            screen.read_until("Type yes to go on: ")
            screen.send("\x03")
            code = screen.end()
        asked = list(server.asked)

    assert code == 130
    assert "Traceback" not in screen.seen
    assert asked == []
    assert not computer.choices.exists()


def test_it_is_asked_before_a_key_or_passphrase_is_typed(computer: Computer) -> None:
    with computer.terminal("accounts", "add", "main", "stranger") as screen:
        screen.read_until("Type yes to go on: ")
        before = plain(screen.seen)
        screen.send("yes\n")
        screen.read_until("API Key")
        screen.send("\x03")
        code = screen.end()

    assert code == 130
    assert "API Key - " not in before
    assert "assphrase" not in before
    assert state(computer)["allowed"] is True


def test_another_version_is_asked_about_again(computer: Computer) -> None:
    computer.run("plugins", "enable", "stranger")
    computer.install(version="2.0")
    with computer.terminal(*computer.give("http://127.0.0.1:9")) as screen:
        screen.read_until(QUESTION)
        screen.send("no\n")
        code = screen.end()

    assert code == 2
    assert "Stranger (stranger 2.0, from hashdata-stranger)" in plain(screen.seen)


def test_the_question_about_another_version_names_the_one_before(computer: Computer) -> None:
    computer.run("plugins", "enable", "stranger")
    computer.install(version="2.0")
    with computer.terminal(*computer.give("http://127.0.0.1:9")) as screen:
        screen.read_until(QUESTION)

    assert "hashdata-stranger 1.0" in plain(screen.seen)


def test_the_question_is_no_part_of_a_document(computer: Computer, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with standing(Exchange(1)) as origin, computer.terminal(*computer.give(origin), "--json", stdout=out) as screen:
        screen.read_until("Type yes to go on: ")
        screen.send("y\n")
        code = screen.end()

    assert code == 0
    assert json.loads(out.read_text("utf-8"))["verdict"] == "accepted"


def test_practice_is_not_asked_about(computer: Computer) -> None:
    with computer.terminal("connectors", "test", "stranger", "--sandbox", "read-only") as screen:
        code = screen.end()

    assert code == 0
    assert QUESTION not in screen.seen
