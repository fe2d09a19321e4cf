"""The files that say what to install agree with each other, and hold on any machine."""

import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from tests.packaging.workspace import PROJECTS, ROOT

OURS = {project.name for project in PROJECTS}


def test_the_workspace_is_what_lies_in_core_and_plugins() -> None:
    found = {path.parent for path in ROOT.glob("*/pyproject.toml")}
    found |= {path.parent for path in ROOT.glob("plugins/*/pyproject.toml")}

    assert found == {project.folder for project in PROJECTS}


def test_the_root_depends_on_every_member_by_its_place() -> None:
    members = {f"{project.name} @ {{root:uri}}/{place(project.folder)}" for project in PROJECTS}

    assert set(pyproject(ROOT)["project"]["dependencies"]) == members


def test_requirements_are_the_members_by_relative_path_and_exact_pins() -> None:
    members = [f"-e {place(project.folder)}" for project in PROJECTS]
    others = [line for line in requirements() if line not in members]

    assert (ROOT / "requirements.in").read_text().splitlines() == members
    assert requirements()[: len(members)] == members
    assert [line for line in others if not re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .+)?", line)] == []


def test_every_declared_dependency_is_pinned_within_its_range() -> None:
    pins = [Requirement(line) for line in requirements() if not line.startswith("-e")]
    versions = {pin.name: str(pin.specifier).removeprefix("==") for pin in pins}
    declared = [Requirement(line) for line in dev_group()]
    for project in PROJECTS:
        declared += map(Requirement, pyproject(project.folder)["project"]["dependencies"])
    outside = [
        each
        for each in declared
        if each.name not in OURS and not (each.name in versions and each.specifier.contains(versions[each.name]))
    ]

    assert outside == []


def test_the_dev_group_names_none_of_our_distributions() -> None:
    assert OURS.isdisjoint(Requirement(line).name for line in dev_group())


def place(folder: Path) -> str:
    return folder.relative_to(ROOT).as_posix()


def pyproject(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text())


def requirements() -> list[str]:
    return (ROOT / "requirements.txt").read_text().splitlines()


def dev_group() -> list[str]:
    group: list[str] = pyproject(ROOT)["dependency-groups"]["dev"]
    return group
