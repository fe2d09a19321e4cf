"""Do what docs/tutorial.md says, in an environment of its own: write each file, run each command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.docs.documents import ROOT
from tests.docs.transcript import Command, Ended, commands

PAGE = ROOT / "docs" / "tutorial.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DELETE = re.compile(r"delete the comment in `([^`\n]+)`")
_NAMED = re.compile(r"`([^`\n]+)`:\s*\Z")
# A comment that asks, with the lines that go on.
_ASKING = re.compile(r"^ *# DECIDE:.*\n(?: *#.*\n)*", re.MULTILINE)
_PROGRAMS = {"pip": "pip", "pytest": "pytest", "hashdata": "hashdata"}
# What pip would get from a registry stands in the environment already.
_OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


@dataclass(frozen=True, slots=True)
class File:
    """A block that is to be written to `path`."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A file whose comments that ask for a decision are to be deleted."""

    path: str


Step = File | Decided | Command


def steps() -> Iterator[Step]:
    """Yield what the page has a reader do, in its order."""
    page = PAGE.read_text(encoding="utf-8")
    end = 0
    for block in _BLOCK.finditer(page):
        yield from map(Decided, _DELETE.findall(page, end, block.start()))
        end = block.end()
        if block[1] == "text":
            yield from commands(block[2])
            continue
        named = _NAMED.search(page[: block.start()])
        assert named, f"nothing says where this is written to: {block[2][:60]}"
        yield File(named[1], block[2])


@dataclass(frozen=True)
class Workshop:
    """A virtual environment that sees what is installed here, and a folder to work in."""

    folder: Path

    @classmethod
    def open(cls, folder: Path) -> Workshop:
        venv.create(folder / "venv", symlinks=True)
        (site,) = (folder / "venv").glob("lib/python*/site-packages")
        # addsitedir, because an editable hashdata is itself a line in such a file.
        shared = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (site / "shared.pth").write_text("".join(f"import site; site.addsitedir({path!r})\n" for path in shared))
        for name, module in _PROGRAMS.items():
            program = folder / "venv" / "bin" / name
            program.write_text(f'#!/bin/sh\nexec "{folder}/venv/bin/python" -m {module} "$@"\n')
            program.chmod(0o755)
        (folder / "work").mkdir()
        return cls(folder)

    @cached_property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.folder}/venv/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            **_OFFLINE,
        }

    def do(self, todo: Iterator[Step]) -> Iterator[Ended]:
        """Do each step; `cd` holds for those after it, files included."""
        here = self.folder / "work"
        for step in todo:
            if isinstance(step, File):
                path = here / step.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(step.text, encoding="utf-8")
            elif isinstance(step, Decided):
                path = here / step.path
                path.write_text(_ASKING.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
            elif step.line.startswith("cd "):
                here /= step.line.removeprefix("cd ")
            else:
                yield self.run(step, here)

    def run(self, command: Command, here: Path) -> Ended:
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", command.line],
            cwd=here,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return Ended(command, done.stdout, done.returncode)


if __name__ == "__main__":
    for ended in Workshop.open(Path(sys.argv[1])).do(steps()):
        os.write(1, f"$ {ended.command.line}\n{ended.printed}[{ended.status}]\n".encode())
