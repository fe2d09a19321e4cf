"""The code of a connector that is switched off is not imported, by any command; what is stored of it is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.plugins.stranger import Computer, state
from tests.portal.conftest import running
from tests.registry.plugins import Plugin

ELSEWHERE = "http://127.0.0.1:9"
# What ends with which exit code while the connector is switched off.
COMMANDS = {
    "plugins list": 0,
    "plugins list --json": 0,
    "plugins show stranger": 2,
    "plugins show poloniex": 0,
    "plugins disable stranger": 0,
    "connectors list": 0,
    "connectors list --json": 0,
    "connectors show stranger": 2,
    "connectors show poloniex": 0,
    "connectors guide stranger": 2,
    "connectors test stranger --sandbox read-only": 2,
    f"connectors test stranger --credentials KEY --endpoint {ELSEWHERE}": 2,
    "connectors test poloniex --sandbox read-only": 0,
    "sandbox stranger": 2,
    "accounts list": 0,
    "accounts list --json": 0,
    "accounts show theirs": 0,
    "accounts test theirs": 5,
    "accounts test --all --min-age 0": 5,
    "accounts add other stranger --sandbox read-only": 2,
    "accounts rotate theirs --sandbox read-only": 2,
    "accounts rename theirs renamed": 0,
    "accounts remove theirs": 0,
    "doctor": 2,
    "doctor --json": 2,
    "vault status": 0,
}


@pytest.fixture(name="off", scope="module")
def off_fixture(tmp_path_factory: pytest.TempPathFactory) -> Computer:
    """Return a computer that has an account of the stranger's and one of ours, and has the stranger switched off."""
    computer = Computer(tmp_path_factory.mktemp("off") / "computer")
    computer.install()
    for label, name in (("theirs", "stranger"), ("ours", "poloniex")):
        added = computer.run("accounts", "add", label, name, "--sandbox", "read-only")
        assert added.code == 0, added.all
    assert computer.imported == {"stranger"}
    ended = computer.run("plugins", "disable", "stranger")
    assert ended.code == 0
    assert ended.err == "stranger is switched off. Its accounts stay, and are not tested.\n"
    return computer


@pytest.fixture
def mine(off: Computer) -> Iterator[Computer]:
    """Return the computer with a home that no other test has changed."""
    backup = shutil.copytree(off.home, off.folder / "backup")
    yield off
    shutil.rmtree(off.home)
    backup.rename(off.home)


def accounts(computer: Computer) -> dict[str, dict[str, Any]]:
    listed: Any = computer.run("accounts", "list", "--json").document["accounts"]
    return {one["label"]: one for one in listed}


@pytest.mark.parametrize(("line", "code"), COMMANDS.items(), ids=COMMANDS)
def test_no_command_imports_it(mine: Computer, line: str, code: int) -> None:
    ended = mine.run(*(mine.key() if word == "KEY" else word for word in line.split()))

    assert mine.imported == set()
    assert ended.code == code, ended.all
    assert "Traceback" not in ended.all


def test_the_portal_does_not_import_it_either(mine: Computer) -> None:
    with running(mine.folder, "--sandbox", PYTHONPATH=mine.env["PYTHONPATH"]) as portal:
        client = portal.entered()
        pages = {path: client.get(path) for path in ("/", "/add", "/add/stranger")}
        allowed = client.post("/add/stranger/allow")

    assert mine.imported == set()
    assert pages["/"].status == pages["/add"].status == 200
    assert "it is switched off" in pages["/add"].body
    assert (pages["/add/stranger"].status, allowed.status) == (404, 404)


@pytest.mark.parametrize("line", ["connectors show ", "connectors test stranger --sandbox ", "plugins enable "])
def test_completion_does_not_import_it(mine: Computer, line: str) -> None:
    words = f"hashdata {line}"
    count = str(words.count(" "))
    ended = mine.run(_HASHDATA_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=count)

    assert mine.imported == set()
    assert ended.err == ""
    assert ("stranger" in ended.out.split()) is ("--sandbox" not in line)


def test_whoever_names_it_is_told_how_to_use_it_again(mine: Computer) -> None:
    ended = mine.run("connectors", "test", "stranger", "--sandbox", "read-only")

    assert ended.err == (
        "Error: the connector stranger is switched off.\nFix: To use it: `hashdata plugins enable stranger`.\n"
    )


def test_its_accounts_are_kept_and_what_keeps_them_from_a_test_is_said(mine: Computer) -> None:
    tested = mine.run("accounts", "test", "--all", "--min-age", "0", "--json")
    results: Any = tested.document["results"]
    found = {one["label"]: (one["verdict"], one["error"], one["fix"]) for one in results}

    assert tested.code == 5
    assert found["ours"][0] == "accepted"
    assert found["theirs"] == (
        None,
        "the connector stranger is switched off",
        "To use it: `hashdata plugins enable stranger`.",
    )
    assert accounts(mine)["theirs"]["verdict"] == "accepted"
    assert accounts(mine)["theirs"]["problem"] is not None


def test_the_list_of_accounts_says_that_it_is_switched_off(mine: Computer) -> None:
    assert accounts(mine)["theirs"]["problem"] == "the connector stranger is switched off"


def test_the_doctor_says_that_accounts_need_it(mine: Computer) -> None:
    findings: Any = mine.run("doctor", "--json").document["findings"]
    (told,) = [one for one in findings if one["about"] == "stranger"]

    assert told["grade"] == "problem"
    assert "it is switched off. To use it: `hashdata plugins enable stranger`." in told["what"]


def test_it_comes_back_with_its_accounts(mine: Computer) -> None:
    enabled = mine.run("plugins", "enable", "stranger")
    tested = mine.run("accounts", "test", "theirs")

    assert (enabled.code, tested.code) == (0, 0)
    assert mine.imported == {"stranger"}
    assert accounts(mine)["theirs"]["problem"] is None


def test_one_of_ours_can_be_switched_off_and_on_too(computer: Computer) -> None:
    off = computer.run("plugins", "disable", "Poloniex_Futures")
    refused = computer.run("connectors", "show", "poloniex-futures")
    while_off = state(computer, "poloniex-futures")["state"]
    on = computer.run("plugins", "enable", "poloniex-futures")

    assert (off.code, refused.code, on.code) == (0, 2, 0)
    assert while_off == "disabled"
    assert state(computer, "poloniex-futures")["state"] == "ready"


def test_a_broken_connector_can_be_switched_off_and_on(computer: Computer) -> None:
    computer.install("broken", more="raise OSError(28, 'no room')")
    off = computer.run("plugins", "disable", "broken")
    quiet = computer.run("plugins", "list")
    imported_while_off = "broken" in computer.imported
    on = computer.run("plugins", "enable", "broken")

    assert off.code == 0
    assert not imported_while_off
    assert "no room" not in quiet.all
    assert on.code == 5
    assert "the connector broken cannot be used: it raised OSError" in on.err
    assert state(computer, "broken")["state"] == "broken"
    assert "hashdata-broken" not in computer.choices.read_text()


def test_a_name_that_two_claim_can_be_switched_off(computer: Computer) -> None:
    Plugin(name="second", source="", alone=True, claims="stranger").install(computer.site)
    off = computer.run("plugins", "disable", "stranger")
    listed: Any = computer.run("plugins", "list", "--json").document["plugins"]

    assert off.code == 0
    assert [one["state"] for one in listed if one["name"] == "stranger"] == ["disabled", "disabled"]


def test_what_is_switched_off_and_uninstalled_stays_switched_off(computer: Computer) -> None:
    computer.run("plugins", "disable", "stranger")
    shutil.rmtree(computer.site)
    gone = computer.run("plugins", "list")
    computer.site.mkdir()
    computer.install(version="2.0")

    assert gone.code == 0
    assert state(computer)["state"] == "disabled"
    assert computer.imported == set()
