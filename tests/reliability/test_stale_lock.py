"""A lock that a killed process left is free, and one that is held is waited for, but not for ever."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hashdata.errors import StorageError
from hashdata.home import locked

from tests.cli.command import Outcome, environment
from tests.reliability.bench import Bench

Here = Callable[..., Outcome]
_HOLD = """
import sys
from pathlib import Path
from hashdata.home import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_by_another(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the lock at `path`."""
    command = [sys.executable, "-c", _HOLD, str(path)]
    with subprocess.Popen(
        command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def left_by_a_killed_process(path: Path) -> None:
    with held_by_another(path) as process:
        process.kill()

    assert path.exists()


def test_a_lock_that_a_killed_process_left_is_free_at_once(two: Bench) -> None:
    left_by_a_killed_process(two.home.lock)
    begin = time.monotonic()
    two.add(two.vault(), "third", 3)

    assert time.monotonic() - begin < 5
    assert "third" in two.seen()


def test_the_lock_of_a_run_that_was_killed_is_free_at_once(two: Bench, here: Here) -> None:
    left_by_a_killed_process(two.home.run_lock)
    told = here("accounts", "test", "--all", "--min-age", "0", "--json")

    assert told.code == 0, told.all
    assert len(json.loads(told.out)["results"]) == 2


@pytest.mark.parametrize("content", [b"", b"99999999\n", b"\0" * 5000], ids=["empty", "a process id", "damage"])
def test_what_stands_in_a_lock_file_makes_no_difference(two: Bench, content: bytes) -> None:
    for path in (two.home.lock, two.home.run_lock):
        path.touch(mode=0o600)
        path.write_bytes(content)
    two.add(two.vault(), "third", 3)

    assert two.check_sound() == 0


def test_a_lock_that_is_held_is_told_once_patience_ends(two: Bench) -> None:
    begin = time.monotonic()
    with (
        held_by_another(two.home.lock),
        pytest.raises(StorageError, match=r"^another hashdata is writing$") as refused,
        locked(two.home.lock, patience=0.3),
    ):
        pass

    assert 0.3 <= time.monotonic() - begin < 10
    assert refused.value.fix == "Wait until it has ended, then run the command again."


def test_who_waits_gets_the_lock_as_soon_as_its_holder_is_killed(two: Bench) -> None:
    program = f"import time; time.sleep(0.5); import os; os.kill({{}}, {9})"
    with held_by_another(two.home.lock) as process:
        with subprocess.Popen([sys.executable, "-c", program.format(process.pid)]):
            two.add(two.vault(), "third", 3)

        assert process.wait(5) == -9
    assert "third" in two.seen()


def test_a_list_needs_no_lock(two: Bench, here: Here) -> None:
    with held_by_another(two.home.lock), held_by_another(two.home.run_lock):
        listed = here("accounts", "list", "--json")

    assert [one["label"] for one in json.loads(listed.out)["accounts"]] == ["first", "second"]
