"""Run every test of this folder and print how much was searched: `python -m tests.leaks.count`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.leaks.search import TALLY


def main() -> int:
    """Return pytest's own exit code."""
    code = pytest.main(["-q", "-p", "no:cacheprovider", str(Path(__file__).parent)])
    sys.stdout.write(f"{TALLY.texts:,} texts searched, {TALLY.comparisons:,} comparisons with a spelling\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
