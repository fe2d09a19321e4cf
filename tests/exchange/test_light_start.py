"""What a command imports before it needs it: nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"ccxt", "aiohttp", "jinja2", "cryptography", "requests", "certifi"}
PROGRAM = """
import atexit, json, sys
atexit.register(lambda: print("\\n" + json.dumps(sorted({name.partition(".")[0] for name in sys.modules}))))
from hashdata.cli import main
sys.argv = ["hashdata", *sys.argv[1:]]
main()
"""


def imported(*arguments: str) -> set[str]:
    """Return the packages that one command has imported by its end."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    # What is printed at the end of the program is not the program's answer.
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        ("connectors", "list"),
        ("connectors", "list", "--json"),
        ("connectors", "show", "poloniex"),
        ("connectors", "guide", "poloniex-futures"),
    ],
    ids=" ".join,
)
def test_a_command_that_asks_no_exchange_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    found = imported(*arguments)

    assert "hashdata" in found
    assert found & HEAVY == set()


def test_a_test_of_a_key_imports_one_exchange_and_what_it_needs() -> None:
    found = imported("connectors", "test", "poloniex", "--sandbox", "read-only")

    assert found & HEAVY >= {"ccxt", "aiohttp", "certifi"}
    assert "jinja2" not in found
