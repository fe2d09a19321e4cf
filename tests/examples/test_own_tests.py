"""The examples' own tests and cassettes: run as a stranger runs theirs, and recorded anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hashdata.testing.catalogue import CHECKS

from tests.examples.installed import EXAMPLES, install, loaded
from tests.record_cassettes import EXAMPLE_CASES, record_example

NAMES = tuple(sorted(path.parent.name for path in EXAMPLES.glob("*/pyproject.toml")))


@pytest.fixture(scope="module", params=NAMES)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return the name of an example, and the folder that it is installed into."""
    return request.param, install(request.param, tmp_path_factory.mktemp("site"))


def cassettes_of(name: str) -> list[str]:
    return [case.name for case in EXAMPLE_CASES if case.connector == name]


def test_the_tests_of_an_example_pass_as_its_author_runs_them(example: tuple[str, Path]) -> None:
    name, site = example
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"}}
    environment = {**kept, "PYTHONPATH": str(site), "HASHDATA_HOME": str(site / "home")}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=EXAMPLES / name,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    (passed,) = re.findall(r"^(\d+) passed in", done.stdout, re.MULTILINE)
    assert int(passed) == len(CHECKS) + len(cassettes_of(name)) + 1


def test_the_cassettes_of_an_example_are_what_is_recorded_now(example: tuple[str, Path], tmp_path: Path) -> None:
    name, site = example

    with loaded(name, site) as connector:
        record_example(connector, tmp_path)

    kept = {path.stem: path.read_bytes() for path in (EXAMPLES / name / "cassettes").glob("*.yaml")}
    assert {path.stem: path.read_bytes() for path in tmp_path.glob("*.yaml")} == kept
    assert sorted(kept) == sorted(cassettes_of(name))


def test_no_answer_of_an_example_claims_to_have_been_observed(example: tuple[str, Path]) -> None:
    name, _ = example
    texts = [path.read_text("ascii") for path in (EXAMPLES / name / "cassettes").glob("*.yaml")]
    evidence = {found for text in texts for found in re.findall(r"evidence: '(\w+)'", text)}

    assert evidence == {"documented", "inferred"}
