"""The command in a process of its own that is watched from inside: what it opens, starts and connects to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Python runs this before anything else. Each line of the watch file is one event.
_WATCH = """
import ctypes, json, os, resource, sys
_to = os.open(os.environ["WATCH"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
_prctl = ctypes.CDLL(None).prctl
def _tell(*event):
    os.write(_to, (json.dumps(event, default=repr) + "\\n").encode())
def _hook(event, args):
    if event == "open":
        if isinstance(args[0], str) and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            _tell("write", args[0])
    elif event == "socket.connect":
        _tell("connect", args[1], _prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE), dict(os.environ))
    elif event in {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.spawn", "pty.spawn"}:
        _tell("child", event, args)
    elif event in {"os.fork", "os.forkpty", "os.putenv"}:
        _tell("child", event, args)
    elif event in {"os.mkdir", "os.rename", "os.link", "os.symlink", "tempfile.mkstemp", "tempfile.mkdtemp"}:
        _tell("write", event)
sys.addaudithook(_hook)
if os.environ.get("WATCH_LOGS"):
    import logging
    logging.basicConfig(level=logging.DEBUG)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Empty folders for everything that a process may think of writing to."""

    root: Path
    watch: Path
    env: dict[str, str]

    def events(self, kind: str) -> list[list[object]]:
        """Return what was told of one kind of event."""
        lines = self.watch.read_text(encoding="utf-8").splitlines() if self.watch.exists() else []
        return [event for event in map(json.loads, lines) if event[0] == kind]

    @property
    def files(self) -> list[Path]:
        """Every file and link that is there now."""
        return [path for path in self.root.rglob("*") if not path.is_dir() or path.is_symlink()]


def empty_place(tmp_path: Path, **env: str) -> Place:
    """Make folders for temporary files, home, caches and the like, and the environment that points to them."""
    root, watching = tmp_path / "world", tmp_path / "watching"
    watching.mkdir()
    (watching / "sitecustomize.py").write_text(_WATCH, encoding="utf-8")
    names = (
        "TMPDIR",
        "HOME",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_RUNTIME_DIR",
    )
    folders = {name: root / name for name in (*names, "cwd")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    return Place(
        root,
        watching / "events",
        {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(watching),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WATCH": str(watching / "events"),
            **{name: str(folders[name]) for name in names},
            **env,
        },
    )


@contextmanager
def running(place: Place, arguments: Sequence[str], options: Sequence[str] = ()) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command with its streams piped."""
    process = subprocess.Popen(
        [sys.executable, *options, "-m", "hashdata", *arguments],
        env=place.env,
        cwd=place.root / "cwd",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
