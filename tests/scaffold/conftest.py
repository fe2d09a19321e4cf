"""What the tests of the scaffold share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hashdata.cli import run

from tests.cli.command import Outcome

New = Callable[..., Outcome]


@pytest.fixture
def new(capfd: pytest.CaptureFixture[str]) -> New:
    """Return what runs `hashdata plugins new` inside this process."""

    def run_here(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = run(["plugins", "new", *arguments])
        return Outcome(code, *capfd.readouterr())

    return run_here
