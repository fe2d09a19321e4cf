"""Each distribution builds, offline, into what its users need and nothing else."""

import tarfile
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.packaging.workspace import PROJECTS, ROOT, Built, Project

every_project = pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)

ENTRY_POINTS = {
    "hashdata": {"console_scripts": {"hashdata": "hashdata.__main__:main"}},
    "hashdata-poloniex": {
        "hashdata.connectors": {"poloniex": "hashdata_poloniex.connector:connector"},
    },
    "hashdata-poloniex-futures": {
        "hashdata.connectors": {
            "poloniex-futures": "hashdata_poloniex_futures.connector:connector",
        },
    },
}


@every_project
def test_a_wheel_holds_its_whole_package_and_its_metadata_alone(project: Project, built: Mapping[str, Built]) -> None:
    wheel = built[project.name].wheel
    source = {
        str(path.relative_to(project.folder))
        for path in (project.folder / project.package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    metadata = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}

    assert f"{project.package}/py.typed" in source
    assert set(contents(wheel)) == source | {f"{dist_info(wheel)}/{name}" for name in metadata}


@every_project
def test_a_wheel_declares_its_entry_points(project: Project, built: Mapping[str, Built]) -> None:
    wheel = built[project.name].wheel
    declared = ConfigParser(delimiters="=")
    declared.read_string(contents(wheel)[f"{dist_info(wheel)}/entry_points.txt"].decode())

    assert {group: dict(declared[group]) for group in declared.sections()} == ENTRY_POINTS[project.name]


@every_project
def test_an_sdist_carries_the_licence_and_builds_the_same_wheel(project: Project, built: Mapping[str, Built]) -> None:
    with tarfile.open(built[project.name].sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert "LICENSE" in names
    assert contents(built[project.name].again) == contents(built[project.name].wheel)


@every_project
def test_every_distribution_carries_the_licence_of_the_whole(project: Project) -> None:
    assert (project.folder / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def dist_info(wheel: Path) -> str:
    return "-".join(wheel.name.split("-")[:2]) + ".dist-info"
