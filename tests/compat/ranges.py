"""
Print the range of ccxt that each API of each connector in this checkout declares, as JSON.

A program of its own, because the examples are imported from their sources,
and other tests of the same process import them as installed.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

from hashdata.hookspecs import GROUP

ROOT = Path(__file__).parents[2]


def points() -> Iterator[tuple[EntryPoint, Path]]:
    """Yield the entry point of each connector, and the folder of its project."""
    for file in sorted([*ROOT.glob("plugins/*/pyproject.toml"), *ROOT.glob("examples/*/pyproject.toml")]):
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        for name, value in project["entry-points"][GROUP].items():
            yield EntryPoint(name, value, GROUP), file.parent


def ranges() -> Iterator[tuple[str, str]]:
    """Yield `NAME, API` and its range."""
    for point, folder in points():
        sys.path.insert(0, str(folder))
        for api in point.load().describe().apis:
            yield f"{point.name}, {api.name}", api.ccxt_versions


if __name__ == "__main__":
    json.dump(dict(ranges()), sys.stdout)
