"""What the tests of reliability share: the report of one real test, and a home with two accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hashdata.tester.report import Report

from tests.accounts.exchange import Exchange, standing
from tests.cli.conftest import here
from tests.reliability.bench import Bench, real_report

__all__ = ["here"]


@pytest.fixture(scope="session")
def template() -> Iterator[Report]:
    """Serve a practice exchange for all tests, and return the report of one test there."""
    with standing(Exchange(99_999_999)) as origin:
        yield real_report(origin)


@pytest.fixture
def bench(tmp_path: Path, template: Report, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Return a folder for a home, which the command uses too, with the key file that opens its vault."""
    made = Bench(tmp_path, template)
    made.key_file(0)
    monkeypatch.setenv("HASHDATA_HOME", str(made.home.path))
    monkeypatch.setenv("HASHDATA_KEY_FILE", str(tmp_path / "vault-0.key"))
    return made


@pytest.fixture
def two(bench: Bench) -> Bench:
    """Return a home with the accounts `first` and `second`."""
    vault = bench.make()
    bench.add(vault, "first", 1)
    bench.add(vault, "second", 2)
    return bench
