"""Every command that a document shows is run, on the practice exchange."""

import re
from itertools import pairwise

import pytest

from tests.docs.documents import DOCUMENTS, Document
from tests.docs.transcript import RUN, Command, Ended, commands, is_as_shown, run

WITH_COMMANDS = [d for d in DOCUMENTS if any(block.info in RUN for block in d.blocks)]

# Those that are given a key; what is stored in the folder of a document came through one of them.
TESTS = re.compile(r"\b(?:connectors test|accounts add|accounts rotate)\b")


def shown(document: Document) -> list[Command]:
    return [command for block in document.blocks if block.info in RUN for command in commands(block.text)]


def reaching(document: Document) -> list[str]:
    """Return the commands that would test a key at a real exchange."""
    tests = [command.line for command in shown(document) if TESTS.search(command.line)]
    return [line for line in tests if "--sandbox" not in line and "--endpoint" not in line]


@pytest.fixture(name="done", scope="module", params=WITH_COMMANDS, ids=lambda d: d.name)
def _done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Ended]:
    """Run the commands of one document, in a folder of its own, if none of them can reach an exchange."""
    assert reaching(request.param) == []
    return run(shown(request.param), tmp_path_factory.mktemp("commands"))


def test_every_shown_command_does_what_is_shown(done: list[Ended]) -> None:
    different = [f"$ {ended.command.line}\n{ended.printed}" for ended in done if not _is_true(ended)]
    assert different == [], "\n".join(different)


def _is_true(ended: Ended) -> bool:
    return not ended.command.shown or is_as_shown(ended)


def test_a_command_that_fails_is_followed_by_its_exit_code(done: list[Ended]) -> None:
    pairs = pairwise([*done, Ended(Command("", ""), "", 0)])
    silent = [one.command.line for one, following in pairs if one.status and not _asks(following)]

    assert silent == []


def _asks(ended: Ended) -> bool:
    return ended.command.line == "echo $?"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_shell_block_is_one_that_is_run(document: Document) -> None:
    not_run = [block.text for block in document.blocks if block.info in RUN and not block.text.startswith("$ ")]

    assert not_run == []


@pytest.mark.parametrize("document", WITH_COMMANDS, ids=lambda d: d.name)
def test_no_shown_command_can_reach_an_exchange(document: Document) -> None:
    assert reaching(document) == []


def test_the_readme_shows_commands_that_are_run() -> None:
    assert [command.line for command in shown(DOCUMENTS[0]) if command.line.startswith("hashdata")]


def test_a_shown_output_that_differs_is_noticed() -> None:
    command = Command("true", "one\n...\nlast ... word (5 ms)")

    assert is_as_shown(Ended(command, "one\ntwo\nthree\nlast good word (17 ms)\n", 0))
    assert not is_as_shown(Ended(command, "one\ntwo\nlast good wort (17 ms)\n", 0))
    assert not is_as_shown(Ended(command, "one\nlast good word (5 ms)\nmore\n", 0))
