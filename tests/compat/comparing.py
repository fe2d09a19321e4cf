"""
Compare how keys end with another ccxt to how they end with the installed one.

    python -m tests.compat.comparing 4.5.60

tries a release that may lie outside of every range, and prints what differs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.compat.ranges import ROOT, points
from tests.compat.releases import NotInstalledError, install, oldest
from tests.compat.trial import Trial
from tests.examples.installed import EXAMPLES
from tests.examples.installed import install as install_example


@dataclass(frozen=True, slots=True)
class Run:
    """The connectors to try, and the folder of the ccxt to try them with; None stands for the installed one."""

    folder: Path | None
    connectors: Sequence[str]


def try_side_by_side(runs: Sequence[Run], scratch: Path) -> list[list[Trial]]:
    """Do all runs at once, with the examples built and installed into `scratch`, as a stranger's are."""
    examples = sorted(path.parent.name for path in EXAMPLES.glob("*/pyproject.toml"))
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda example: install_example(example, scratch), examples))
        return list(pool.map(lambda run: _try(run, scratch), runs))


def _try(run: Run, site: Path) -> list[Trial]:
    """Run the trial in a process whose first place to look for packages is the folder of its ccxt."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = os.pathsep.join(str(place) for place in (run.folder, site) if place)
    # Nobody's settings: a connector that somebody switched off is tried too.
    environment["HASHDATA_HOME"] = str(site / "home")
    done = subprocess.run(
        [sys.executable, "-m", "tests.compat.trial", *run.connectors],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=120,
    )
    if done.returncode:
        message = f"the trial with {run.folder or 'the installed ccxt'} ended early:\n{done.stderr}"
        raise RuntimeError(message)
    return [Trial(**fields) for fields in json.loads(done.stdout)]


def connectors() -> list[str]:
    """Return the names of all connectors in this checkout."""
    return [point.name for point, _ in points()]


def beginning_with(release: str, trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials of the APIs whose range begins with `release`."""
    return [trial for trial in trials if oldest(trial.range) == release]


def differences(expected: Sequence[Trial], found: Sequence[Trial]) -> Iterator[str]:
    """Yield a sentence for each key that ends otherwise; those that are not expected do not count."""
    ended = {trial.key: trial for trial in found}
    for trial in expected:
        other = ended[trial.key]
        if other.ended != trial.ended:
            yield f"{trial.key}: with {trial.ccxt} {trial.ended}; with {other.ccxt} {other.ended}"


def main(release: str) -> int:
    """Try `release`, and return 1 when a key ends otherwise."""
    try:
        folder = install(release)
    except NotInstalledError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    with TemporaryDirectory() as scratch:
        expected, found = try_side_by_side([Run(None, connectors()), Run(folder, connectors())], Path(scratch))
    different = list(differences(expected, found))
    same = f"{len(expected) - len(different)} of {len(expected)} keys end as with ccxt {expected[0].ccxt}."
    sys.stdout.write("\n".join([*different, same]) + "\n")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
