"""What was decided is read whole or not at all, also when it is damaged and when several decide at once."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import HASHDATA, PATIENCE, environment
from tests.plugins.stranger import Computer, state

TOLD = "cannot be understood, so nobody knows which connectors are switched off"
COMMANDS = [
    "plugins list",
    "plugins show stranger",
    "plugins show poloniex",
    "plugins enable stranger",
    "plugins disable stranger",
    "connectors list",
    "connectors show stranger",
    "connectors guide poloniex",
    "connectors test stranger --sandbox read-only",
    "connectors test poloniex --sandbox read-only",
    "sandbox stranger",
    "accounts add main stranger --sandbox read-only",
    "accounts rotate theirs --sandbox read-only",
    "doctor",
]
SWALLOWED = ["accounts list", "accounts show theirs", "accounts test theirs"]
DAMAGES = {
    "no TOML": "format = 1\ndisabled = ['stranger'\n",
    "nothing": "",
    "another format": "format = 2\ndisabled = ['stranger']\n",
    "no format": "disabled = ['stranger']\n",
    "a word for a list": "format = 1\ndisabled = 'stranger'\n",
    "a number for a name": "format = 1\ndisabled = [1]\n",
    "a number for a version": "format = 1\n[allowed]\nstranger = 1\n",
    "a list for a table": "format = 1\nallowed = []\n",
    "no text": "format = 1 # \udcff\n",
}


@pytest.fixture(name="damaged", scope="module")
def damaged_fixture(tmp_path_factory: pytest.TempPathFactory) -> Computer:
    """Return a computer with an account of the stranger's, on which nobody can say what is switched off."""
    computer = Computer(tmp_path_factory.mktemp("damaged") / "computer")
    computer.install()
    added = computer.run("accounts", "add", "theirs", "stranger", "--sandbox", "read-only")
    assert added.code == 0, added.all
    computer.run("plugins", "disable", "stranger")
    computer.choices.write_text(DAMAGES["no TOML"])
    assert computer.imported == {"stranger"}
    return computer


@pytest.mark.parametrize("line", [*COMMANDS, *SWALLOWED])
def test_every_command_that_loads_connectors_says_that_the_file_is_damaged(damaged: Computer, line: str) -> None:
    ended = damaged.run(*line.split())

    assert ended.code == 2
    assert TOLD in " ".join(ended.err.split())
    assert "plugins.toml" in ended.err


@pytest.mark.parametrize("line", [*COMMANDS, *SWALLOWED])
def test_no_command_imports_a_connector_while_the_file_is_damaged(damaged: Computer, line: str) -> None:
    damaged.run(*line.split())

    assert damaged.imported == set()
    assert damaged.choices.read_text() == DAMAGES["no TOML"]


@pytest.mark.parametrize("text", DAMAGES.values(), ids=DAMAGES)
def test_whatever_is_wrong_with_the_file_nothing_is_imported(computer: Computer, text: str) -> None:
    computer.home.mkdir(mode=0o700)
    computer.choices.touch(mode=0o600)
    computer.choices.write_bytes(text.encode(errors="surrogateescape"))
    ended = computer.run("plugins", "list", "--json")

    assert ended.code == 2
    assert TOLD in str(ended.document["error"])
    assert computer.imported == set()


def test_completion_is_silent_while_the_file_is_damaged(damaged: Computer) -> None:
    line = "hashdata connectors test stranger --sandbox "
    ended = damaged.run(_HASHDATA_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(line.count(" ")))

    assert (ended.out.strip(), ended.err) == ("", "")
    assert damaged.imported == set()


@pytest.mark.parametrize("mend", [Path.unlink, lambda path: path.with_name("plugins.toml.bak").replace(path)])
def test_the_advice_helps(computer: Computer, mend: Callable[[Path], object]) -> None:
    computer.run("plugins", "enable", "stranger")
    computer.run("plugins", "disable", "poloniex")
    computer.choices.write_text(DAMAGES["no TOML"])
    assert computer.run("plugins", "list").code == 2
    mend(computer.choices)

    assert computer.run("plugins", "list").code == 0


def test_nobody_forgets_what_others_decide_at_the_same_time(computer: Computer) -> None:
    names = [f"c{number}" for number in range(8)]
    for name in names:
        computer.install(name)
    processes = [
        subprocess.Popen([HASHDATA, "plugins", verb, name], env=environment(**computer.env), stderr=subprocess.DEVNULL)
        for name, verb in zip(names, ["enable", "disable"] * 4, strict=True)
    ]
    codes = [process.wait(PATIENCE) for process in processes]
    found = [state(computer, name) for name in names]

    assert codes == [0] * 8
    assert [(one["state"], one["allowed"]) for one in found] == [("ready", True), ("disabled", None)] * 4
