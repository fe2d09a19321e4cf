"""Outputs that are closed, full or left by their reader: no traceback, and never the exit code of a verdict."""

from __future__ import annotations

import pytest

from tests.cli.command import shell

PRACTISE = "hashdata connectors test poloniex --sandbox"
PIPE_CLOSED = 141


@pytest.mark.parametrize(
    "line",
    [
        "hashdata connectors list",
        "hashdata connectors list --json",
        "hashdata connectors show poloniex",
        "hashdata --help",
        "hashdata",
        f"{PRACTISE} trading",
        f"{PRACTISE} trading --json",
        "hashdata sandbox poloniex",
    ],
)
def test_a_reader_that_has_gone_ends_the_command_quietly(line: str) -> None:
    # By the time that the command writes, nobody reads; its exit code goes past the pipe.
    ended = shell(f"exec 3>&1; {{ sleep 0.05; {line}; echo $? >&3; }} | true")

    assert "Traceback" not in ended.err
    assert "Exception ignored" not in ended.err
    assert ended.out == f"{PIPE_CLOSED}\n"


def test_a_reader_may_take_the_beginning_alone() -> None:
    ended = shell("set -o pipefail; hashdata connectors show poloniex | head -c 1")

    assert ended.out == "P"
    assert ended.err == ""
    assert ended.code in {0, PIPE_CLOSED}


@pytest.mark.parametrize(
    ("persona", "code", "closed"),
    [
        ("read-only", 0, ">&-"),
        ("trading", 1, ">&- --json"),
        ("wrong-key", 3, "2>&-"),
        ("captcha", 4, "<&-"),
        ("read-only", 0, "<&- >&- 2>&-"),
        ("trading", 1, "<&- >&- 2>&-"),
        ("captcha", 4, "<&- >&- 2>&- --json"),
    ],
)
def test_a_stream_that_is_closed_changes_no_verdict(persona: str, code: int, closed: str) -> None:
    ended = shell(f"{PRACTISE} {persona} {closed}")

    assert "Traceback" not in ended.all
    assert ended.code == code


@pytest.mark.parametrize("line", ["--help", "connectors list --json", "nonsense"])
@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_every_command_survives_a_closed_stream(line: str, closed: str) -> None:
    ended = shell(f"hashdata {line} {closed}")

    assert "Traceback" not in ended.all
    assert ended.code == (2 if line == "nonsense" else 0)


@pytest.mark.parametrize("line", ["--version", "--help", "connectors list", "connectors list --json"])
def test_a_full_disk_is_said_and_is_no_verdict(line: str) -> None:
    ended = shell(f"hashdata {line} >/dev/full")

    assert ended.err.startswith("Error: the output cannot be written: No space left on device.\nFix: ")
    assert len(ended.err.splitlines()) == 2
    assert ended.code == 5


def test_a_full_disk_under_the_messages_changes_nothing() -> None:
    ended = shell(f"{PRACTISE} read-only --json 2>/dev/full")

    assert ended.document["verdict"] == "accepted"
    assert ended.code == 0
