"""One process writes at a time, and none waits for a dead one."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hashdata.errors import StorageError
from hashdata.home import locked

from tests.cli.command import environment

_HOLD = """
import sys
from pathlib import Path
from hashdata.home import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
_COUNT = """
import sys
from pathlib import Path
from hashdata.home import locked
folder = Path(sys.argv[1])
for _ in range(20):
    with locked(folder / "lock"):
        number = int((folder / "number").read_text())
        (folder / "number").write_text(str(number + 1))
"""


@contextmanager
def holder(lock: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Let another process hold a lock, until its input ends or it is killed."""
    command = [sys.executable, "-c", _HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"held\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def test_the_second_who_comes_is_told_so(lock: Path) -> None:
    with (
        holder(lock),
        pytest.raises(StorageError, match=r"^another hashdata is writing$") as raised,
        locked(lock, patience=0.2),
    ):
        pass

    assert raised.value.fix == "Wait until it has ended, then run the command again."


def test_what_is_busy_is_said_in_the_words_of_the_caller(lock: Path) -> None:
    with (
        holder(lock),
        pytest.raises(StorageError, match=r"^somebody tests$"),
        locked(lock, patience=0.0, busy="somebody tests"),
    ):
        pass


def test_the_second_who_comes_gets_the_lock_once_it_is_free(lock: Path) -> None:
    with holder(lock) as process:
        assert process.stdin
        began = time.monotonic()
        threading.Timer(0.2, process.stdin.close).start()
        with locked(lock):
            waited = time.monotonic() - began
        code = process.wait()

    assert waited >= 0.2
    assert code == 0


def test_the_lock_of_a_killed_process_is_free(lock: Path) -> None:
    with holder(lock) as process:
        process.kill()
        process.wait()
        assert lock.exists()
        with locked(lock, patience=0.0):
            held = True

    assert held


def test_a_lock_file_that_lies_about_holds_nobody_up(lock: Path) -> None:
    lock.write_text("12345")
    with locked(lock, patience=0.0):
        held = True

    assert held


def test_the_lock_is_free_after_an_error(lock: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(lock):
        raise ZeroDivisionError

    with locked(lock, patience=0.0):
        assert lock.exists()


def test_nothing_that_is_counted_by_several_at_once_is_lost(tmp_path: Path) -> None:
    (tmp_path / "number").write_text("0")
    command = [sys.executable, "-c", _COUNT, str(tmp_path)]
    processes = [subprocess.Popen(command, env=environment()) for _ in range(3)]
    codes = [process.wait(timeout=30) for process in processes]

    assert codes == [0, 0, 0]
    assert (tmp_path / "number").read_text() == "60"


def test_the_lock_file_is_for_its_owner_alone(lock: Path) -> None:
    before = os.umask(0)
    try:
        with locked(lock):
            mode = stat.S_IMODE(lock.stat().st_mode)
    finally:
        os.umask(before)

    assert mode == 0o600


@pytest.mark.parametrize("name", ["folder", "file/lock"])
def test_what_cannot_be_locked_is_explained(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match=r"cannot be locked: [A-Z]") as raised, locked(tmp_path / name, patience=0.0):
        pass
    assert raised.value.fix == "Make the folder writable, or set HASHDATA_HOME to another."
