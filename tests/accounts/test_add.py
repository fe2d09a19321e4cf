"""A key becomes an account only when it was accepted, and everything else says why it did not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hashdata.registry import find

from tests.accounts.exchange import Exchange, standing, values
from tests.cli.command import Outcome, run

Here = Callable[..., Outcome]
WriteKey = Callable[[int], str]


def listed(here: Here) -> list[dict[str, Any]]:
    """Return the accounts that are stored."""
    accounts: list[dict[str, Any]] = json.loads(here("accounts", "list", "--json").out)["accounts"]
    return accounts


def records(here: Here) -> int:
    """Return how many keys the vault holds."""
    return int(json.loads(here("vault", "status", "--json").out)["records"])


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize("connector", ["poloniex", "poloniex-futures"])
def test_only_accepted_practice_keys_are_stored_and_the_codes_are_those_of_a_test(here: Here, connector: str) -> None:
    factory = find(connector).make_sandbox()
    assert factory
    tested, added = {}, {}
    for persona in (one.name for one in factory().personas):
        given = (connector, "--sandbox", persona, "--timeout", "0.3" if persona == "slow" else "20")
        tested[persona] = here("connectors", "test", *given).code
        added[persona] = here("accounts", "add", persona, *given).code

    assert added == tested
    assert {one["label"] for one in listed(here)} == {name for name, code in tested.items() if code == 0}
    assert {0, 1, 3, 4} == set(tested.values())


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize(
    ("persona", "fix", "code"),
    [
        ("trading", "Switch trading off", 1),
        ("withdrawal", "Switch withdrawals off", 1),
        ("wrong-key", "Copy the API key again", 3),
        ("maintenance", "test again later", 4),
    ],
)
def test_a_key_that_is_not_accepted_leaves_nothing_and_shows_its_fix(
    here: Here, home: Path, persona: str, fix: str, code: int
) -> None:
    told = here("accounts", "add", "main", "poloniex", "--sandbox", persona)

    assert told.code == code
    assert fix in " ".join(told.out.split())
    assert told.out.endswith("\nNothing was stored.\n")
    assert records(here) == 0
    assert list((home / "reports").iterdir()) == []
    assert "[accounts." not in (home / "accounts.toml").read_text()


@pytest.mark.usefixtures("key_file")
def test_the_document_of_an_added_key_is_its_report(here: Here) -> None:
    told = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only", "--json")

    assert told.document["schema"] == "hashdata.report/1"
    assert told.document["verdict"] == "accepted"
    assert "Stored as main, as practice." in told.err
    assert listed(here)[0]["fingerprint"] == told.document["key"]["fingerprint"]  # type: ignore[index]  # a table


@pytest.mark.usefixtures("key_file")
def test_the_endpoint_is_stored_and_asked_again_by_the_next_test(here: Here, write_key: WriteKey) -> None:
    exchange = Exchange(1)
    with standing(exchange) as origin:
        here("accounts", "add", "main", "poloniex", "--credentials", write_key(1), "--endpoint", origin)
        before = sum(map(len, exchange.calls.values()))
        again = here("accounts", "test", "main")
        after = sum(map(len, exchange.calls.values()))
        account = listed(here)[0]

    assert again.code == 0
    assert after == 2 * before > 0
    assert (account["endpoint"], account["practice"], account["persona"]) == (origin, True, None)


@pytest.mark.usefixtures("home")
def test_a_key_may_come_on_standard_input(here: Here, key_file: Path) -> None:
    with standing(Exchange(1)) as origin:
        arguments = ("accounts", "add", "main", "poloniex", "--credentials", "-", "--endpoint", origin)
        told = run(*arguments, "--key-file", str(key_file), stdin=json.dumps(values(1)).encode())

    assert told.code == 0, told.all
    assert values(1)["secret"] not in told.all
    assert [one["last4"] for one in listed(here)] == ["0001"]


@pytest.mark.usefixtures("key_file")
def test_a_label_that_is_taken_is_refused_before_the_exchange_is_asked(here: Here, write_key: WriteKey) -> None:
    exchange = Exchange(2)
    with standing(exchange) as origin:
        here("accounts", "add", "Main", "poloniex", "--credentials", write_key(1), "--endpoint", origin)
        exchange.calls.clear()
        told = here("accounts", "add", "mAIN", "poloniex", "--credentials", write_key(2), "--endpoint", origin)

    assert told.code == 2
    assert "Error: there is an account Main already." in told.err
    assert not exchange.calls


@pytest.mark.usefixtures("key_file")
def test_a_key_that_is_stored_is_refused_before_the_exchange_is_asked(here: Here, write_key: WriteKey) -> None:
    exchange = Exchange(1)
    with standing(exchange) as origin:
        here("accounts", "add", "main", "poloniex", "--credentials", write_key(1), "--endpoint", origin)
        exchange.calls.clear()
        told = here("accounts", "add", "other", "poloniex", "--credentials", write_key(1), "--endpoint", origin)

    assert told.code == 2
    assert "Error: this key is stored already, as main." in told.err
    assert not exchange.calls


@pytest.mark.usefixtures("key_file")
def test_another_key_of_an_account_that_is_stored_is_refused(here: Here, write_key: WriteKey) -> None:
    with standing(Exchange(2, accounts={2: 1})) as origin:
        here("accounts", "add", "main", "poloniex", "--credentials", write_key(1), "--endpoint", origin)
        told = here("accounts", "add", "other", "poloniex", "--credentials", write_key(2), "--endpoint", origin)

    assert told.code == 2
    assert "Error: this account of the exchange is stored already, as main." in told.err
    assert "hashdata accounts rotate main" in told.err
    assert records(here) == 1


@pytest.mark.usefixtures("key_file")
def test_one_key_may_serve_two_connectors(here: Here) -> None:
    for label, connector in (("main", "poloniex"), ("futures", "poloniex-futures")):
        told = here("accounts", "add", label, connector, "--sandbox", "read-only")
        assert told.code == 0, told.all
    futures, main = listed(here)

    assert (futures["last4"], futures["label"]) == (main["last4"], "futures")
    assert futures["fingerprint"] != main["fingerprint"]


@pytest.mark.usefixtures("key_file")
def test_where_nobody_can_answer_the_sister_is_named_with_its_command(here: Here) -> None:
    told = here("accounts", "add", "my main", "poloniex", "--sandbox", "read-only")

    assert "Poloniex Futures needs a key of its own." in told.err
    assert "Add it: hashdata accounts add 'my main-futures' poloniex-futures --sandbox read-only\n" in told.err


@pytest.mark.usefixtures("home")
def test_the_command_for_the_sister_keeps_endpoint_and_key_file(
    here: Here, write_key: WriteKey, key_file: Path
) -> None:
    with standing(Exchange(1)) as origin:
        given = ("--credentials", write_key(1), "--endpoint", origin, "--key-file", str(key_file))
        told = here("accounts", "add", "main", "poloniex", *given)

    assert told.code == 0, told.all
    assert (
        f"Add it: hashdata accounts add main-futures poloniex-futures --endpoint {origin} --key-file {key_file}\n"
        in told.err
    )


def test_without_vault_and_terminal_the_two_commands_that_help_are_named(here: Here, home: Path) -> None:
    told = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only")

    assert told.code == 2
    assert "Error: there is no vault yet." in told.err
    assert "hashdata vault init --slot passphrase" in told.err
    assert "hashdata vault init --slot keyfile --key-file FILE" in told.err
    assert not home.exists()


def test_the_option_outranks_the_environment(here: Here, key_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.key"
    other.touch(mode=0o600)
    other.write_bytes(b"another key file, of 35 bytes in all")
    add = ("accounts", "add", "main", "poloniex", "--sandbox", "read-only")
    made = here(*add, "--key-file", str(other))
    by_environment = here("accounts", "test", "main")
    by_option = here("accounts", "test", "main", "--key-file", str(other))

    assert key_file != other
    assert (made.code, by_environment.code, by_option.code) == (0, 2, 0)
    assert "Error: the key file does not open the vault." in by_environment.err


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("short", "does not have from 32 bytes to 1 MB"),
        ("shared", "can be read by other users"),
        ("missing", "is not there"),
        ("folder", "the key file is a folder.\nFix: Name a file."),
        ("stranger", "in the home of nobody"),
        ("empty", "--key-file needs the name of a file"),
    ],
)
def test_a_bad_key_file_makes_no_vault(here: Here, home: Path, tmp_path: Path, kind: str, says: str) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    elif kind in {"short", "shared"}:
        path.write_bytes(b"k" * (31 if kind == "short" else 32))
        path.chmod(0o600 if kind == "short" else 0o640)
    named = {"stranger": "~nobody-of-that-name/key", "empty": ""}.get(kind, str(path))
    told = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only", "--key-file", named)

    assert told.code == 2
    assert says in told.err
    assert "\nFix: " in told.err
    assert not (home / "vault.json").exists()


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--sandbox", "nobody"), "there is no persona of that name"),
        (("--sandbox", "read-only", "--timeout", "soon"), "--timeout must be a number"),
        (("--timeout", "0"), "--timeout must be a number"),
        (("--sandbox", "read-only", "--endpoint", "http://127.0.0.1:1"), "--sandbox brings its own key"),
        (("--credentials", "nowhere"), "the credentials file cannot be opened"),
        (("--endpoint", "https://example.com"), "loopback"),
    ],
)
def test_an_option_that_cannot_be_used_makes_no_vault(
    here: Here, home: Path, options: tuple[str, ...], says: str
) -> None:
    told = here("accounts", "add", "main", "poloniex", *options)

    assert told.code == 2
    assert says in told.err
    assert not home.exists()
