"""Packages that `hashdata plugins new` wrote: made, installed and tested."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

_FAILED = re.compile(r"^FAILED tests/\w+\.py::(\S+)", re.MULTILINE)


def install(folders: Iterable[Path], site: Path) -> None:
    """Install packages into the folder `site`."""
    switches = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "install", *switches, "--target", str(site), *map(str, folders))


def run(*command: str, cwd: Path | None = None) -> None:
    """Run a program; what it says is the message where it fails."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def run_pytest(folder: Path, site: Path) -> str:
    """Run the tests of a package, and return what they print; they fail. What stands in `folder` is what is tested."""
    environment = {**os.environ, "PYTHONPATH": str(site), "COLUMNS": "200"}
    # In CI pytest prints more.
    for name in ("PYTEST_ADDOPTS", "CI", "BUILD_NUMBER"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def failed(printed: str) -> set[str]:
    """Return the names of the tests that failed."""
    return set(_FAILED.findall(printed))
