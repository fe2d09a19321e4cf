"""Run the commands that a document shows, and compare what it says they print."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RUN = frozenset({"console", "sh", "bash"})
_MARK = "@@ended@@"
_CHANGING = (
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://127.0.0.1:1"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "0000-00-00 00:00 UTC"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "0000-00-00T00:00:00Z"),
    (re.compile(r"-?\b\d+ ms\b"), "0 ms"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and the output that is shown below it; none is shown for most."""

    line: str
    shown: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a command."""

    command: Command
    printed: str
    status: int


def commands(text: str) -> list[Command]:
    """Take a block apart: `$ ` begins a command, `> ` continues it, the rest is output."""
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0].append(line[2:])
        else:
            found[-1][1].append(line)
    return [Command("\n".join(typed), "\n".join(output).strip("\n")) for typed, output in found]


def run(these: Sequence[Command], folder: Path) -> list[Ended]:
    """Run commands in one shell, in `folder`, with nothing of the caller's environment."""
    script = "".join(
        f'{{ {command.line}\n}} </dev/null 2>&1\n_s=$?; printf "\\n{_MARK}%d\\n" $_s; (exit $_s)\n' for command in these
    )
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-c", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    parts = re.split(rf"\n{_MARK}(\d+)\n", done.stdout)
    outputs, statuses = parts[:-1:2], parts[1::2]
    return [Ended(*each) for each in zip(these, outputs, map(int, statuses), strict=True)]


def is_as_shown(ended: Ended) -> bool:
    """Whether the output is the shown one, in which `...` stands for anything."""
    pattern = ""
    for line in _normal(ended.command.shown).splitlines():
        if line == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += re.escape(line).replace(re.escape("..."), r"[^\n]*") + r"\n"
    return re.fullmatch(pattern, _normal(ended.printed).strip("\n") + "\n") is not None


def _normal(text: str) -> str:
    """Replace what differs from run to run."""
    for pattern, instead in _CHANGING:
        text = pattern.sub(instead, text)
    return text
