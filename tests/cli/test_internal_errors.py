"""When hashdata itself is wrong, it says where, and nothing of what it held."""

from __future__ import annotations

import json
import sys

import pytest

from tests.cli.command import Outcome, execute

SECRET = "S3CR3T-0F-THE-4CC0UNT"
CRASH = """
import sys
from hashdata.cli import run, testing

def crash(*args, **kwargs):
    held_in_a_local = sys.argv[2]
    try:
        {first}
    except Exception as error:
        {then}

testing.plan = crash
raise SystemExit(run(json.loads(sys.argv[1])))
"""
WAYS = {
    "an error": ("raise ValueError(held_in_a_local)", "raise"),
    "a chain": ("raise ValueError(held_in_a_local)", "raise KeyError(held_in_a_local) from error"),
    "a context": ("raise ValueError(held_in_a_local)", "int(held_in_a_local)"),
    "a failed check": ("assert held_in_a_local == ''", "raise"),
    "an operating system's": ("open('/nowhere/' + held_in_a_local)", "raise"),
    "an exit with words": ("raise SystemExit(held_in_a_local)", "raise"),
    "an exit that says accepted": ("raise SystemExit(0)", "raise"),
    "an exit that says denied": ("raise SystemExit(1)", "raise"),
    "a generator's end": ("raise GeneratorExit(held_in_a_local)", "raise"),
}


def crash(way: str, *options: str) -> Outcome:
    first, then = WAYS[way]
    script = "import json\n" + CRASH.format(first=first, then=then)
    arguments = json.dumps(["connectors", "test", "poloniex", *options])
    # An empty variable asks for no completion, so it must not excuse an exit.
    return execute([sys.executable, "-c", script, arguments, SECRET], env={"_HASHDATA_COMPLETE": ""})


@pytest.mark.parametrize("way", WAYS)
def test_a_bug_says_where_it_is_and_nothing_of_what_it_held(way: str) -> None:
    ended = crash(way)

    assert ended.out == ""
    assert "Error: hashdata has a bug: " in ended.err
    assert " in crash" in ended.err
    assert "Traceback" not in ended.err
    assert SECRET not in ended.all
    assert ended.code == 5


@pytest.mark.parametrize("way", ["an error", "a chain", "an exit that says accepted"])
def test_a_bug_is_one_document_with_json(way: str) -> None:
    ended = crash(way, "--json")

    assert ended.document["schema"] == "hashdata.error/1"
    assert str(ended.document["error"]).startswith("hashdata has a bug: ")
    assert SECRET not in ended.all
    assert ended.code == 5


def test_no_path_of_this_computer_is_in_it() -> None:
    places = [line.strip() for line in crash("an error").err.splitlines() if line.startswith("  ")]

    assert places
    assert not [place for place in places if place.startswith("/")]


def test_what_a_connector_prints_does_not_reach_the_document() -> None:
    script = (
        "import os\nfrom hashdata.cli import run, testing\nkept = testing.plan\n"
        "def plan(*args, **kwargs):\n    print('noise'); os.write(1, b'more noise')\n    return kept(*args, **kwargs)\n"
        "testing.plan = plan\n"
        "raise SystemExit(run(['connectors', 'test', 'poloniex', '--sandbox', 'read-only', '--json']))"
    )

    ended = execute([sys.executable, "-c", script])

    assert ended.document["verdict"] == "accepted"
    assert "noise" in ended.err
    assert ended.code == 0


@pytest.mark.parametrize("arguments", [("accounts", "list"), ("accounts", "list", "--json"), ("--help",)], ids=" ".join)
def test_a_library_that_is_not_there_is_named_though_nothing_can_be_told_without_it(arguments: tuple[str, ...]) -> None:
    script = "import sys\nsys.modules['typer'] = None\nfrom hashdata.cli import main\nmain()"
    ended = execute([sys.executable, "-c", script, *arguments])

    assert ended == Outcome(
        5, "", "Error: hashdata cannot start (ModuleNotFoundError: typer). Fix: install it again.\n"
    )


def test_an_error_of_telling_an_error_is_named_by_its_type_alone() -> None:
    script = (
        "import sys\nfrom hashdata import cli\nfrom hashdata.cli import failure\n"
        "def crash(*_, **__):\n    raise MemoryError(sys.argv[1])\n"
        "cli._run = failure.explain = crash\ncli.main()"
    )
    ended = execute([sys.executable, "-c", script, SECRET])

    assert ended == Outcome(5, "", "Error: hashdata cannot go on (MemoryError). Fix: run the command again.\n")
