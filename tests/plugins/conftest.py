"""What the tests of plugins share: a computer on which a stranger's connector is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.stranger import Computer


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """Return a computer with a stranger's connector, about which nothing was decided."""
    one = Computer(tmp_path / "computer")
    one.install()
    return one
