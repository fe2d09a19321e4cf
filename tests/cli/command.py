"""The installed command, run as a person, a script or a terminal runs it."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sysconfig
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HASHDATA = str(Path(sysconfig.get_path("scripts"), "hashdata"))
PATIENCE = 20.0
KEY = {"api_key": "CANARY-0-KEY-CANARY-0-KEY-CANARY-01", "secret": "CANARY5ecret" * 8}
CONNECTORS = ("poloniex", "poloniex-futures")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err

    @property
    def document(self) -> dict[str, object]:
        """What stands on standard output, which must be one JSON object and nothing else."""
        value = json.loads(self.out)

        assert isinstance(value, dict)
        return value


def environment(**extra: str) -> dict[str, str]:
    """Return this process's environment without what changes how a terminal is written to."""
    dropped = {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in dropped} | {"TERM": "xterm"} | extra


def run(*arguments: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> Outcome:
    """Run the command with its output piped."""
    return execute([HASHDATA, *arguments], stdin=stdin, env=env)


def execute(command: Sequence[str], *, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> Outcome:
    """Run any program with its output piped."""
    ended = subprocess.run(
        command,
        input=b"" if stdin is None else stdin,
        capture_output=True,
        env=environment(**(env or {})),
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def shell(line: str) -> Outcome:
    """Run a line of bash in which `hashdata` is the command."""
    path = f"{Path(HASHDATA).parent}{os.pathsep}{os.environ['PATH']}"
    return execute(["bash", "-c", line], env={"PATH": path})


def plain(text: str) -> str:
    """Return what a terminal shows, without colours and with plain line ends."""
    return _ESCAPES.sub("", text).replace("\r\n", "\n")


class Terminal:
    """A command in a terminal of its own; `seen` is all that was shown so far, typed characters included."""

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._descriptor = descriptor
        self.seen = ""

    def read_until(self, text: str) -> None:
        """Wait until `text` is shown that was not shown before the last call."""
        start = len(self.seen)
        until = time.monotonic() + PATIENCE
        while text not in self.seen[start:]:
            assert time.monotonic() < until, f"{text!r} was not shown: {self.seen!r}"
            if not self._read():
                break

        assert text in self.seen[start:]

    def send(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        until = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < until, f"it did not end: {self.seen!r}"
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self) -> bool:
        """Take what is shown next; False at the end."""
        if not select.select([self._descriptor], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self._descriptor, 65536)
        except OSError:
            return False
        self.seen += data.decode(errors="replace")
        return bool(data)


@contextmanager
def terminal(
    *arguments: str,
    columns: int = 120,
    env: Mapping[str, str] | None = None,
    stdout: Path | None = None,
) -> Iterator[Terminal]:
    """Run the command in a terminal; `stdout` sends standard output alone to a file."""
    variables = environment(**(env or {}))
    pid, descriptor = pty.fork()
    if pid == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
            if stdout:
                os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT), 1)
            os.execve(HASHDATA, [HASHDATA, *arguments], variables)  # noqa: S606 - pty gives no other way
        finally:
            os._exit(127)
    try:
        yield Terminal(pid, descriptor)
    finally:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(descriptor)


def shown(*arguments: str, columns: int = 120, env: Mapping[str, str] | None = None) -> Outcome:
    """Run the command in a terminal to its end; everything it shows counts as output."""
    with terminal(*arguments, columns=columns, env=env) as screen:
        code = screen.end()
        return Outcome(code, screen.seen, "")
