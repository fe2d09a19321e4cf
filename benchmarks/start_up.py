# ruff: noqa: INP001, T201 - a script, whose output is its purpose
"""
Measure what a start of the program costs, against what no program of its kind can do without.

* `hashdata connectors list` against an interpreter that imports typer and
  rich.table: CPU time, at most twice as much.
* `hashdata connectors test poloniex --sandbox read-only` against one that
  imports `ccxt.async_support` and does nothing with it: less than 0.75 of the
  time and less than 0.6 of the memory.

The runs take turns, so that a busy moment of the machine hits both sides.
Run it with `python benchmarks/start_up.py`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HASHDATA = (sys.executable, "-m", "hashdata")
LIST = (*HASHDATA, "connectors", "list")
TYPER = (sys.executable, "-c", "import typer, rich.table")
TEST = (*HASHDATA, "connectors", "test", "poloniex", "--sandbox", "read-only")
CCXT = (sys.executable, "-c", "import ccxt.async_support")
HEAVY = ("ccxt", "aiohttp", "jinja2", "cryptography")

MAX_LIST_CPU = 2.0
MAX_TEST_WALL = 0.75
MAX_TEST_MEMORY = 0.6


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds on the wall's clock, seconds of CPU, and the largest size in MB."""

    wall: float
    cpu: float
    memory: float


def measure(command: Sequence[str]) -> Cost:
    """Run `command` once and return what it cost."""
    # Where it is set, Python compiles everything anew at every start.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    quiet = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    begin = time.perf_counter()
    process = os.posix_spawn(command[0], list(command), environment, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - begin
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command[1:])} ended with {code}")
    kilobytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return Cost(wall, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def compare(ours: Sequence[str], theirs: Sequence[str], runs: int) -> tuple[list[Cost], list[Cost]]:
    """Run both commands in turns and return their costs; the first run of each only warms the caches."""
    pairs = [(measure(ours), measure(theirs)) for _ in range(runs + 1)][1:]
    return [our for our, _ in pairs], [their for _, their in pairs]


def show(what: str, costs: tuple[list[Cost], list[Cost]], of: Callable[[Cost], float], unit: str, aim: float) -> bool:
    """Print the medians of one figure and their ratio; return whether the aim is met."""
    ours, theirs = (statistics.median(map(of, side)) for side in costs)
    ratio = ours / theirs
    verdict = "met" if ratio <= aim else "MISSED"
    print(f"{what:42} {ours:8.3f} {unit:2} against {theirs:8.3f} {unit:2}: {ratio:.2f}, aim {aim:.2f} {verdict}")
    return ratio <= aim


def heavy_imports(command: Sequence[str]) -> list[str]:
    """Return the heavy packages that `command` imports."""
    done = subprocess.run([command[0], "-X", "importtime", *command[1:]], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    return [name for name in HEAVY if name in imported]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    print(f"medians of {runs} runs in turns, Python {sys.version.split()[0]} in {Path(sys.executable).parent.name}")
    heavy = heavy_imports(LIST)
    print(f"{'connectors list imports':42} {', '.join(heavy) or 'nothing heavy'}")
    listing = compare(LIST, TYPER, runs)
    testing = compare(TEST, CCXT, runs)
    met = [
        not heavy,
        show("connectors list, CPU", listing, lambda cost: cost.cpu, "s", MAX_LIST_CPU),
        show("connectors test, wall", testing, lambda cost: cost.wall, "s", MAX_TEST_WALL),
        show("connectors test, memory", testing, lambda cost: cost.memory, "MB", MAX_TEST_MEMORY),
    ]
    raise SystemExit(not all(met))


if __name__ == "__main__":
    main()
