"""The process as others see it: its files, children, connections, arguments, environment, memory and last words."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hashdata.hardening
import pytest
from hashdata.practice import Reply

from tests.canaries import CREDENTIALS_WITH_PASSPHRASE
from tests.cli.command import terminal
from tests.faults.server import Wire
from tests.leaks.echo import TARGETS, around, standing
from tests.leaks.process import Place, empty_place, running
from tests.leaks.search import assert_clean

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is looked at is Linux's")
GIVEN = json.dumps(CREDENTIALS_WITH_PASSPHRASE).encode()
DEBUG = ("-X", "dev", "-W", "default", "-X", "faulthandler")
LOUD = {"PYTHONASYNCIODEBUG": "1", "WATCH_LOGS": "1"}


def arguments(origin: str, source: str) -> list[str]:
    return ["connectors", "test", "poloniex-futures", "--endpoint", origin, "--credentials", source]


@pytest.mark.parametrize("source", ["-", "file"])
@pytest.mark.parametrize("options", [(), DEBUG], ids=["plain", "debug"])
def test_nothing_is_written_started_or_told_to_others(tmp_path: Path, source: str, options: tuple[str, ...]) -> None:
    place = empty_place(tmp_path, **(LOUD if options else {}))
    key = tmp_path / "key"
    key.write_bytes(GIVEN)
    key.chmod(0o600)
    with standing(TARGETS["classic"].exchange("accepted"), around) as (origin, log):
        given = str(key) if source == "file" else "-"
        with running(place, [*arguments(origin, given), "--json"], options) as process:
            out, err = process.communicate(GIVEN if source == "-" else b"", timeout=30)

    assert_clean("the output", out.decode(), err.decode(), place.watch.read_text(encoding="utf-8"))
    assert json.loads(out)["verdict"] == "accepted"
    assert place.files == []
    assert {str(event[1]) for event in place.events("write")} <= {"/dev/null"}
    assert place.events("child") == []
    assert {event[1][0] for event in place.events("connect") if isinstance(event[1], list)} == {"127.0.0.1"}
    assert all(event[2:4] == [0, [0, 0]] for event in place.events("connect"))
    assert len(log.calls) == 5
    if options:
        assert b"DEBUG:asyncio" in err


@contextmanager
def held(place: Place, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a test of the canaries up to the moment at which the server has a request and does not answer."""
    arrived, go = threading.Event(), threading.Event()

    def wait(wire: Wire, reply: Reply) -> bytes:
        arrived.set()
        go.wait(15)
        return around(wire, reply)

    with (
        standing(TARGETS["classic"].exchange("accepted"), wait) as (origin, _),
        running(place, arguments(origin, "-"), options) as process,
    ):
        assert process.stdin
        process.stdin.write(GIVEN)
        process.stdin.close()
        process.stdin = None
        assert arrived.wait(15)
        try:
            yield process
        finally:
            go.set()


def test_a_running_test_shows_nothing_of_the_key_in_proc(tmp_path: Path) -> None:
    place = empty_place(tmp_path)
    with held(place) as process:
        proc = Path("/proc", str(process.pid))
        limits = (proc / "limits").read_text(encoding="ascii")
        # All that /proc has as text, other than the memory itself; only root may read some of it.
        names = ("cmdline", "comm", "environ", "status", "stat", "maps", "mounts", "wchan", "syscall", "stack", "io")
        texts = [text for name in names if (text := _read(proc / name)) is not None]
        files = [str(one.readlink()) for one in _listed(proc / "fd")]

    assert "poloniex-futures" in texts[0]
    assert_clean("/proc", *texts, *files, limits)
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"]
    assert not [name for name in files if str(place.root) in name]


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("latin-1")
    except OSError:
        return None


def _listed(path: Path) -> list[Path]:
    try:
        return list(path.iterdir())
    except OSError:
        return []


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGQUIT, signal.SIGSEGV, signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_no_core_and_no_word_of_the_key(tmp_path: Path, number: signal.Signals) -> None:
    place = empty_place(tmp_path, **LOUD)
    with held(place, *DEBUG) as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=15)

    assert_clean("the last words", out.decode(), err.decode())
    assert process.returncode == (130 if number is signal.SIGINT else -number)
    assert place.files == []
    if number in {signal.SIGABRT, signal.SIGSEGV}:
        assert b"Fatal Python error" in err
        assert b"most recent call first" in err


# The module itself, because another user may not be able to read the folder that it is in.
_SOURCE = Path(str(hashdata.hardening.__file__)).read_text(encoding="utf-8")
_HOLD = "import sys; exec(sys.argv[1]); {}; print(flush=True); input()"
_ATTACH = "import sys; open(f'/proc/{sys.argv[1]}/mem', 'rb'); open(f'/proc/{sys.argv[1]}/environ', 'rb').read()"
_OTHER = 65534


@pytest.mark.parametrize(("act", "is_refused"), [("protect_memory()", True), ("pass", False)], ids=["yes", "no"])
def test_a_program_of_the_same_user_cannot_read_the_memory(act: str, is_refused: bool) -> None:  # noqa: FBT001
    user, python = _ordinary_user()
    victim = subprocess.Popen(
        [python, "-c", _HOLD.format(act), _SOURCE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        user=user,
        group=user,
        cwd="/",
    )
    try:
        assert victim.stdout
        assert victim.stdout.readline() == b"\n"
        attach = [python, "-c", _ATTACH, str(victim.pid)]
        reader = subprocess.run(attach, capture_output=True, text=True, user=user, group=user, cwd="/", check=False)
    finally:
        victim.communicate(b"\n")

    assert ("PermissionError" in reader.stderr) is is_refused
    assert (reader.returncode != 0) is is_refused


def _ordinary_user() -> tuple[int | None, str]:
    """Return a user who is not root (None: we are none), and a Python that this user can run."""
    if os.geteuid() != 0:
        return None, sys.executable
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        path = Path(python)
        if path.exists() and all(one.stat().st_mode & stat.S_IXOTH for one in (path, *path.parents)):
            return _OTHER, python
    pytest.fail("root may read everything; install a Python that others can run, such as apt-get install python3")


def test_a_key_that_is_typed_is_not_shown_and_memory_is_protected(tmp_path: Path) -> None:
    place = empty_place(tmp_path)
    with standing(TARGETS["classic"].exchange("denied"), around) as (origin, _):
        command = ("connectors", "test", "poloniex-futures", "--endpoint", origin)
        with terminal(*command, env=place.env) as screen:
            for label, name in (("API Key", "api_key"), ("Secret Key", "secret"), ("Passphrase", "passphrase")):
                screen.read_until(label)
                screen.send(CREDENTIALS_WITH_PASSPHRASE[name] + "\n")
            code = screen.end()

    assert_clean("the terminal", screen.seen)
    assert code == 1
    assert place.files == []
    assert place.events("child") == []
    assert place.events("connect")
    assert all(event[2:4] == [0, [0, 0]] for event in place.events("connect"))
    assert {str(event[1]) for event in place.events("write")} <= {"/dev/null", "/dev/tty"}
