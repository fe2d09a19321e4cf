"""A command that is interrupted in the middle says so, once, and stores nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
        time.sleep(1.5)
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


@pytest.mark.parametrize("after_ms", [150, 200, 250, 300, 400, 500, 700, 900])
def test_an_interrupt_at_any_moment_ends_with_its_code(after_ms: int) -> None:
    with running(*SLOW, "--json") as process:
        # Before the program's own first statement the interpreter answers for itself, by the signal.
        _until_started(process.pid)
        time.sleep(after_ms / 1000)
        ended = end(process, signal.SIGINT)

    # 1 would mean a denied key to whoever reads codes.
    assert ended.code == 130
    assert "Traceback" not in ended.err


IN_A_FINALIZER = """
import signal, sys, time
from hashdata.cli import _hush

class Held:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

# A shell may have started the tests with interrupts ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
_hush()
Held()
try:
    time.sleep(20)
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_an_interrupt_that_nothing_can_raise_is_not_lost() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", IN_A_FINALIZER], capture_output=True, text=True, timeout=15, check=False
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def _until_started(pid: int) -> None:
    """Wait until the program's own handler for SIGINT is in place: the kernel says which signals are caught."""
    bit = 1 << (signal.SIGINT - 1)
    for _ in range(2000):
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        caught = next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt"))
        if caught & bit:
            # The interpreter's own handler comes first, ours with the import of the entry point.
            time.sleep(0.05)
            return
        time.sleep(0.001)
