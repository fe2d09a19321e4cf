"""Installs a connector from `examples/` as a stranger's package is: built into a wheel, away from the checkout."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hashdata.connector import Connector
from hashdata.registry import find

EXAMPLES = Path(__file__).parents[2] / "examples"


def install(example: str, site: Path) -> Path:
    """Build the folder `example`, install the wheel into `site`, and return `site`."""
    switches = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *switches, "--target", str(site), str(EXAMPLES / example)],
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=120,
    )
    return site


@contextmanager
def loaded(example: str, site: Path) -> Iterator[Connector]:
    """Load the connector `example` from `site` into this process, and forget its modules afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        yield find(example)
    for name in [name for name in sys.modules if name.partition(".")[0] == f"hashdata_{example}"]:
        del sys.modules[name]
