"""Releases of ccxt beside the installed one, each in a folder of its own that is kept with the environment."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import Distribution
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

# Beside the packages of the environment, so that `make clean` takes it away.
KEPT = Path(sys.prefix) / "ccxt"
# ccxt unpacks to 40 MB; without an answer pip gives up much earlier.
_PATIENCE = 100


class NotInstalledError(Exception):
    """A release that could not be had; the text is a sentence."""


def oldest(text: str) -> str:
    """Return the oldest release of a range such as `>=4.5.75,<4.6`; `ValueError` where it names none."""
    begins = [each.version for each in SpecifierSet(text) if each.operator == ">="]
    if len(begins) != 1:
        message = f"the range {text!r} does not begin with one release; write it as in '>=4.5.75,<4.6'"
        raise ValueError(message)
    return begins[0]


def install(release: str, kept: Path = KEPT) -> Path:
    """
    Return the folder that holds ccxt `release`, asking the package registry only the first time.

    Raises `NotInstalledError` when there is no such release, or no registry.
    Nothing is compiled here: Python keeps what the few imported modules
    compile to, and all of ccxt would take most of a minute.
    """
    folder = kept / release
    kept.mkdir(exist_ok=True)
    with FileLock(kept / f"{release}.lock"):
        if not folder.is_dir():
            with TemporaryDirectory(dir=kept) as unfinished:
                _run_pip(release, Path(unfinished) / "site")
                (Path(unfinished) / "site").rename(folder)
    return folder


def _run_pip(release: str, target: Path) -> None:
    """Install into `target`, with the registry that pip is configured for."""
    switches = ("--quiet", "--no-deps", "--no-compile", "--only-binary=:all:", "--retries=1", "--timeout=15")
    command = [sys.executable, "-m", "pip", "install", *switches, "--target", str(target), f"ccxt=={release}"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        problem = "pip did not end. Connect to a package registry and try again; it is needed once for each release."
        raise NotInstalledError(f"ccxt {release} could not be installed: {problem}") from None
    if done.returncode == 0:
        return
    problem = f"pip said: {(done.stderr.strip() or 'nothing').splitlines()[-1]}"
    if "from versions: none" in done.stderr:
        problem = "no package registry answers. Connect to one and try again; it is needed once for each release."
    elif "No matching distribution" in done.stderr:
        problem = "there is no such release. Begin the range with one that exists: pip index versions ccxt"
    raise NotInstalledError(f"ccxt {release} could not be installed: {problem}")


def requirements(folder: Path) -> list[Requirement]:
    """Return what the release in `folder` requires on this machine, without its extras."""
    (metadata,) = folder.glob("ccxt-*.dist-info")
    found = [Requirement(line) for line in Distribution.at(metadata).requires or []]
    return [each for each in found if each.marker is None or each.marker.evaluate({"extra": ""})]
