"""What a person at a terminal is asked, in which order, and how each question can be left."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hashdata.credentials import Secret
from hashdata.home import Home
from hashdata.vault import Passphrase, Vault

from tests.accounts.exchange import Exchange, standing, values
from tests.cli.command import Outcome, Terminal, plain, run, terminal

Here = Callable[..., Outcome]
PASSPHRASE = "CANARY a phrase of several words"
CHOICE = "1, 2 or 3: "
SANDBOX = ("accounts", "add", "main", "poloniex", "--sandbox", "read-only")
OFFER = "type a label for it such as main-futures; Enter alone leaves it: "


def labels(here: Here) -> list[str]:
    return [one["label"] for one in json.loads(here("accounts", "list", "--json").out)["accounts"]]


def answer(screen: Terminal, dialogue: Sequence[tuple[str, str]]) -> int:
    """Give each answer once its question is shown, and return the exit code."""
    for question, typed in dialogue:
        screen.read_until(question)
        screen.send(typed if typed == "\x03" else f"{typed}\n")
    return screen.end()


@pytest.mark.usefixtures("home")
def test_a_first_key_is_stored_step_by_step_and_nothing_secret_shows(here: Here) -> None:
    with standing(Exchange(1)) as origin, terminal(*SANDBOX[:4], "--endpoint", origin) as screen:
        code = answer(
            screen,
            [
                (CHOICE, "1"),
                ("New passphrase for the vault (10 characters or more): ", PASSPHRASE),
                ("The same again: ", PASSPHRASE),
                ("API Key - ", values(1)["api_key"]),
                ("Secret Key - ", values(1)["secret"]),
                (OFFER, ""),
            ],
        )
    text = plain(screen.seen)

    assert code == 0
    assert "Stored as main, as practice." in text
    assert labels(here) == ["main"]
    for secret in (PASSPHRASE, *values(1).values()):
        assert secret not in text


@pytest.mark.usefixtures("home")
def test_a_key_file_is_made_where_it_is_not_there(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "made.key"
    with terminal(*SANDBOX) as screen:
        code = answer(screen, [(CHOICE, "keyfile"), ("Name of the key file", str(path)), (OFFER, "")])

    assert code == 0
    assert f"Made the key file {path}." in plain(screen.seen).replace("\n", "")
    assert path.stat().st_mode & 0o777 == 0o600
    assert here("accounts", "test", "main", "--key-file", str(path)).code == 0


@pytest.mark.usefixtures("home")
def test_the_sister_is_added_with_her_own_key(here: Here, key_file: Path) -> None:
    with terminal(*SANDBOX, "--key-file", str(key_file)) as screen:
        code = answer(screen, [(OFFER, "second")])

    assert code == 0
    assert "Stored as second, as practice." in plain(screen.seen)
    assert labels(here) == ["main", "second"]
    assert here("accounts", "list").out.count("To look at") == 0


@pytest.mark.parametrize(
    ("typed", "says", "last"),
    [
        ("\x03", "", "`hashdata accounts list` shows whether anything else is."),
        ("main", "Error: there is an account main already.", "nothing else was."),
        ("a/b", "Error: the label has a slash", "nothing else was."),
    ],
    ids=["Ctrl-C", "taken", "odd"],
)
def test_whatever_becomes_of_the_sister_the_first_account_stays(
    here: Here, key_file: Path, typed: str, says: str, last: str
) -> None:
    with terminal(*SANDBOX, "--key-file", str(key_file)) as screen:
        code = answer(screen, [(OFFER, typed)])
    text = plain(screen.seen)

    # The code speaks of the key that was given: nothing is stored unless it is 0.
    assert code == 0
    assert says in text
    assert text.endswith(f"main stays stored; {last}\n")
    assert labels(here) == ["main"]


QUESTIONS = [
    (CHOICE, "1"),
    ("New passphrase for the vault (10 characters or more): ", PASSPHRASE),
    ("The same again: ", PASSPHRASE),
    ("API Key - ", values(1)["api_key"]),
    ("Secret Key - ", values(1)["secret"]),
]


@pytest.mark.parametrize("number", range(5), ids=["choice", "passphrase", "again", "key", "secret"])
def test_ctrl_c_at_any_question_stores_nothing(here: Here, home: Path, number: int) -> None:
    dialogue = [*QUESTIONS[:number], (QUESTIONS[number][0], "\x03")]
    with terminal(*SANDBOX[:4], "--endpoint", "http://127.0.0.1:1") as screen:
        code = answer(screen, dialogue)
    text = plain(screen.seen)

    assert code == 130
    assert text.endswith(
        "\nError: interrupted.\n"
        "Fix: Look at `hashdata accounts list` to see what is stored, then run the command again.\n"
    )
    assert "Traceback" not in text
    assert "CANARY" not in text
    assert home.exists() == (number > 2)
    assert labels(here) == []


@pytest.mark.usefixtures("home")
def test_ctrl_c_at_the_name_of_the_key_file_makes_nothing(home: Path) -> None:
    with terminal(*SANDBOX) as screen:
        code = answer(screen, [(CHOICE, "2"), ("Name of the key file", "\x03")])

    assert code == 130
    assert not home.exists()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("dialogue", "says"),
    [
        ([(CHOICE, "4")], "Error: that is none of the three."),
        ([(CHOICE, "2"), ("Name of the key file", "")], "Error: that is not the name of a file."),
        ([(CHOICE, "1"), ("New passphrase", "short")], "Error: the passphrase is shorter than 10 characters."),
        (
            [(CHOICE, "1"), ("New passphrase", PASSPHRASE), ("The same again", PASSPHRASE.upper())],
            "Error: the two passphrases differ.",
        ),
    ],
    ids=["fourth", "no name", "short", "differ"],
)
def test_an_answer_that_cannot_be_used_makes_no_vault(home: Path, dialogue: list[tuple[str, str]], says: str) -> None:
    with terminal(*SANDBOX) as screen:
        code = answer(screen, dialogue)

    assert code == 2
    assert says in plain(screen.seen)
    assert not (home / "vault.json").exists()


@pytest.fixture
def locked(home: Path) -> Path:
    """Make a vault that a passphrase opens."""
    Home(home).make()
    Vault.create(Passphrase(Secret(PASSPHRASE))).save(home / "vault.json")
    return home


def test_a_wrong_passphrase_may_be_typed_twice(here: Here, locked: Path) -> None:
    asked = "Passphrase of the vault: "
    with terminal(*SANDBOX) as screen:
        code = answer(screen, [(asked, "not this one"), (asked, "nor this"), (asked, PASSPHRASE), (OFFER, "")])

    assert code == 0
    assert plain(screen.seen).count("That passphrase does not open the vault.") == 2
    assert locked.exists()
    assert labels(here) == ["main"]


def test_the_third_wrong_passphrase_ends_the_command(here: Here, locked: Path) -> None:
    before = (locked / "vault.json").read_bytes()
    with terminal(*SANDBOX) as screen:
        code = answer(screen, [("Passphrase of the vault: ", "not this one")] * 3)
    text = plain(screen.seen)

    assert code == 2
    assert text.endswith("Error: the passphrase does not open the vault.\nFix: Type the passphrase of this vault.\n")
    assert "not this one" not in text
    assert (locked / "vault.json").read_bytes() == before
    assert labels(here) == []


@pytest.mark.usefixtures("locked")
def test_without_a_terminal_a_passphrase_cannot_be_typed() -> None:
    told = run(*SANDBOX)

    assert told.code == 2
    assert "the vault opens by a passphrase, and there is no terminal to ask for it" in told.err
    assert "hashdata vault add-slot --slot keyfile" in told.err


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("accounts", "add", "main", "polonex"), "there is no connector of that name"),
        (("accounts", "add", "main", "poloniex", "--timeout", "0"), "--timeout must be a number"),
        (("accounts", "add", "main", "poloniex", "--credentials", "none"), "the credentials file cannot be opened"),
        (("accounts", "test", "nobody"), "there is no account of that label"),
    ],
    ids=lambda value: " ".join(value[1:]) if isinstance(value, tuple) else "",
)
def test_what_is_wrong_is_told_before_anybody_types(arguments: tuple[str, ...], says: str) -> None:
    with terminal(*arguments) as screen:
        code = screen.end()

    assert code == 2
    assert says in plain(screen.seen)
    assert "Passphrase" not in screen.seen


def test_a_label_that_is_taken_is_told_before_anybody_types(here: Here, key_file: Path) -> None:
    here(*SANDBOX)
    with terminal("accounts", "add", "Main", "poloniex-futures", "--key-file", str(key_file)) as screen:
        code = screen.end()

    assert code == 2
    assert "Error: there is an account main already." in plain(screen.seen)
    assert "API Key" not in screen.seen


@pytest.mark.usefixtures("home")
def test_after_a_first_key_file_the_sister_is_added_without_naming_it(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "made.key"
    with terminal(*SANDBOX) as screen:
        code = answer(screen, [(CHOICE, "2"), ("Name of the key file", str(path)), (OFFER, "second")])
    text = plain(screen.seen)

    assert code == 0
    assert "Name it from now on: --key-file FILE or HASHDATA_KEY_FILE." in text
    assert "Stored as second, as practice." in text
    assert labels(here) == ["main", "second"]
    assert here("accounts", "test", "second", "--key-file", str(path)).code == 0


@pytest.mark.usefixtures("locked")
def test_for_the_sister_nobody_types_the_passphrase_again(here: Here) -> None:
    with terminal(*SANDBOX) as screen:
        code = answer(screen, [("Passphrase of the vault: ", PASSPHRASE), (OFFER, "second")])

    assert code == 0
    assert plain(screen.seen).count("Passphrase of the vault: ") == 1
    assert labels(here) == ["main", "second"]


def test_a_test_of_one_account_shows_that_it_runs(key_file: Path) -> None:
    with terminal(*SANDBOX, "--key-file", str(key_file)) as screen:
        added = answer(screen, [(OFFER, "")])
    with terminal("accounts", "test", "main", "--key-file", str(key_file)) as screen:
        screen.read_until("Testing ...")
        code = screen.end()

    assert (added, code) == (0, 0)
    assert "1 account: 1 accepted" in plain(screen.seen)
