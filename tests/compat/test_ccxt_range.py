"""Each connector works with the oldest ccxt that it says, and the newest one is the pinned one."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from hashdata.ranges import is_in
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.compat.comparing import Run, beginning_with, connectors, differences, try_side_by_side
from tests.compat.ranges import ROOT
from tests.compat.releases import NotInstalledError, install, oldest, requirements
from tests.compat.trial import Trial
from tests.docs.documents import code, named

DOCUMENT = named("docs/compatibility.md")
CORE = tomllib.loads((ROOT / "core" / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


def pinned() -> str:
    """Return the ccxt that requirements.txt pins."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("ccxt==") for line in lines if line.startswith("ccxt=="))


def had(release: str) -> Path:
    """Return the folder of a release; without a registry that is one sentence, and no traceback."""
    try:
        return install(release)
    except NotInstalledError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="module")
def ranges() -> dict[str, str]:
    """Return what every API of every connector declares."""
    command = [sys.executable, "-m", "tests.compat.ranges"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, text=True, timeout=60)
    declared: dict[str, str] = json.loads(done.stdout)
    return declared


@pytest.fixture(scope="module")
def releases(ranges: dict[str, str]) -> list[str]:
    """Return the releases with which ranges begin."""
    return sorted({oldest(each) for each in ranges.values()}, key=Version)


def test_every_key_ends_with_the_oldest_ccxt_as_it_does_with_the_installed_one(
    ranges: dict[str, str], releases: list[str], tmp_path: Path
) -> None:
    runs = [Run(had(release), beginning(release, ranges)) for release in releases]

    installed, *older = try_side_by_side([Run(None, connectors()), *runs], tmp_path)

    expected = [beginning_with(release, installed) for release in releases]
    pairs = zip(expected, older, strict=True)
    different = [sentence for then, now in pairs for sentence in differences(then, now)]
    assert different == [], "\n".join(different)
    assert [{trial.ccxt for trial in found} for found in older] == [{release} for release in releases]
    assert_each_connector_is_tried([trial for trials in expected for trial in trials])


def beginning(release: str, ranges: dict[str, str]) -> list[str]:
    """Return the connectors of which the range of an API begins with `release`."""
    return sorted({api.partition(",")[0] for api, declared in ranges.items() if oldest(declared) == release})


def assert_each_connector_is_tried(trials: list[Trial]) -> None:
    ended = {(trial.key.partition(",")[0], trial.ended.partition(" ")[0]) for trial in trials}

    verdicts = ("accepted", "denied", "unusable", "inconclusive")
    assert {(name, verdict) for name in connectors() for verdict in verdicts} <= ended
    assert any(", cassette " in trial.key for trial in trials)


def test_a_key_that_ends_otherwise_is_named() -> None:
    trial = Trial("example, persona trading", ">=4.5.75,<4.6", "4.5.90", "denied")
    same, other = replace(trial, ccxt="4.5.75"), replace(trial, ccxt="4.5.75", ended="accepted")

    assert list(differences([trial], [same])) == []
    assert list(differences([trial], [other])) == ["example, persona trading: with 4.5.90 denied; with 4.5.75 accepted"]
    assert beginning_with("4.5.75", [trial]) == [trial]
    assert beginning_with("4.5.76", [trial]) == []


def test_the_oldest_ccxt_of_a_range_can_be_installed_beside_hashdata(releases: list[str]) -> None:
    ours = {Requirement(line).name: Requirement(line).specifier for line in CORE}
    together = {
        (release, each.name): ours[each.name] & each.specifier
        for release in releases
        for each in requirements(had(release))
        if each.name in ours
    }

    assert len(together) >= 3 * len(releases)
    assert [f"ccxt {release}: {name}" for (release, name), both in together.items() if not is_satisfiable(both)] == []


def is_satisfiable(both: SpecifierSet) -> bool:
    """Whether one of the versions that the requirements themselves name satisfies all of them."""
    return any(both.contains(each.version.removesuffix(".*")) for each in both)


def test_requirements_that_exclude_each_other_are_noticed() -> None:
    # As ccxt 4.5.70 requires aiohttp, and as 4.5.75 does.
    assert not is_satisfiable(SpecifierSet(">=3.14.3,<4") & SpecifierSet("==3.14.1"))
    assert is_satisfiable(SpecifierSet(">=3.14.3,<4") & SpecifierSet(">=3.14.3,<3.15"))


def test_hashdata_itself_requires_the_oldest_ccxt_that_a_connector_was_proven_with(releases: list[str]) -> None:
    required = next(Requirement(line) for line in CORE if Requirement(line).name == "ccxt")

    assert oldest(str(required.specifier)) == releases[0]


def test_the_pinned_ccxt_is_installed_and_in_every_range(ranges: dict[str, str]) -> None:
    assert version("ccxt") == pinned()
    assert [api for api, declared in ranges.items() if not is_in(pinned(), declared)] == []


def test_the_document_names_the_range_of_every_api_and_the_releases_that_were_tried(ranges: dict[str, str]) -> None:
    rows = DOCUMENT.table("connector", "API", "declared range", "oldest tried", "newest tried")

    assert sorted(tuple(map(code, row)) for row in rows) == sorted(
        (*api.split(", "), declared, oldest(declared), pinned()) for api, declared in ranges.items()
    )


def test_without_a_registry_the_failure_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")

    with pytest.raises(NotInstalledError) as caught:
        install("4.5.75", tmp_path)

    assert str(caught.value) == (
        "ccxt 4.5.75 could not be installed: no package registry answers. "
        "Connect to one and try again; it is needed once for each release."
    )
    assert not (tmp_path / "4.5.75").exists()


def test_what_was_installed_once_needs_no_registry(monkeypatch: pytest.MonkeyPatch, releases: list[str]) -> None:
    folder = had(releases[0])
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    assert install(releases[0]) == folder


@pytest.mark.parametrize("text", ["<4.6", "==4.5.75", ">=4.5.75,>=4.5.80", "~=4.5"])
def test_a_range_that_does_not_begin_with_one_release_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not begin with one release"):
        oldest(text)
