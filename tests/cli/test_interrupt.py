"""A command that is interrupted in the middle says so, once, and stores nothing."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.command import HASHDATA, PATIENCE, Outcome, environment, plain, terminal

SLOW = ("connectors", "test", "poloniex", "--sandbox", "slow")


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command; it is not left behind."""
    with subprocess.Popen(
        [HASHDATA, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def end(process: subprocess.Popen[bytes], *signals: signal.Signals) -> Outcome:
    for each in signals:
        process.send_signal(each)
        time.sleep(0.02)
    out, err = process.communicate(timeout=PATIENCE)
    return Outcome(process.returncode, out.decode(), err.decode())


@pytest.fixture
def asking() -> Iterator[subprocess.Popen[bytes]]:
    """Return a test with --json that waits for its answers."""
    with running(*SLOW, "--json") as process:
        time.sleep(1)
        yield process


def test_ctrl_c_in_the_middle_of_a_test_prints_one_document(asking: subprocess.Popen[bytes]) -> None:
    ended = end(asking, signal.SIGINT)

    assert ended.document == {
        "schema": "hashdata.error/1",
        "error": "interrupted",
        "fix": "Run the command again; nothing was stored.",
    }
    assert (ended.code, ended.err) == (130, "")


def test_sigterm_ends_a_test_at_once_and_without_a_word(asking: subprocess.Popen[bytes]) -> None:
    assert end(asking, signal.SIGTERM) == Outcome(-signal.SIGTERM, "", "")


def test_ctrl_c_at_a_terminal_leaves_the_terminal_as_it_was() -> None:
    with terminal(*SLOW) as screen:
        screen.read_until("Asking Poloniex: accounts")
        screen.send("\x03")
        code = screen.end()

    shows_cursor, hides_cursor = screen.seen.rfind("\x1b[?25h"), screen.seen.rfind("\x1b[?25l")
    assert shows_cursor > hides_cursor
    assert plain(screen.seen).endswith("Error: interrupted.\nFix: Run the command again; nothing was stored.\n")
    assert "Traceback" not in screen.seen
    assert code == 130
