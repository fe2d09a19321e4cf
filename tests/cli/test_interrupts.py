"""Ctrl-C has its own exit code from the first moment: 1 would mean a denied key to whoever reads codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "hashdata", "connectors", "test", "poloniex", "--sandbox", "slow", "--json"]


@pytest.mark.parametrize("after_ms", [150, 200, 250, 300, 400, 500, 700, 900])
def test_an_interrupt_at_any_moment_ends_with_its_code(after_ms: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(PROGRAM, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as running:
        # Before the program's own first statement the interpreter answers for itself, by the signal.
        _until_started(running.pid)
        time.sleep(after_ms / 1000)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)

    assert running.returncode == 130
    assert b"Traceback" not in said


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
