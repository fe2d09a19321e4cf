"""Processes that are killed while they change a home lose nothing that they acknowledged."""

from __future__ import annotations

import os
import sys

import pytest

from tests.cli.command import environment
from tests.reliability.bench import Bench
from tests.reliability.killing import ROOT, run_program

_KILLS = 200
_SEED = 4


@pytest.fixture(scope="module")
def figures() -> dict[str, int]:
    """Return the figures that the program prints."""
    return run_program([sys.executable, "-m", "tests.reliability.kill", str(_KILLS), str(_SEED)], ROOT, environment())


def test_no_kill_at_random_loses_an_acknowledged_change(figures: dict[str, int]) -> None:
    assert figures["kills at random"] == _KILLS
    assert figures["of them commands"] > 0
    assert figures["acknowledged changes"] > 3 * _KILLS
    assert figures["of them results of bulk tests"] > _KILLS
    assert figures["lost"] == 0


def test_a_kill_at_any_step_leaves_each_change_done_or_undone(figures: dict[str, int]) -> None:
    assert figures["write steps killed"] > 180
    assert figures["wrong"] == 0


def test_doctor_sweeps_what_the_killed_left_over(figures: dict[str, int]) -> None:
    assert figures["left over and swept"] > 0
    assert figures["left over and swept there"] > 0


def test_the_change_after_a_kill_leaves_no_temporary_file(two: Bench) -> None:
    """As a kill leaves it between keeping the old file and replacing it: the same file under two names."""
    backup = two.home.accounts.with_name("accounts.toml.bak")
    backup.unlink()
    os.link(two.home.accounts, backup)
    two.store.rename(two.store.stored().find("first"), "renamed")

    assert list(two.home.path.rglob("*.tmp")) == []
