"""The distributions as a stranger gets them: built, and installed away from the checkout."""

import os
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.packaging.workspace import PROJECTS, Built, Site, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Built]:
    """Build every distribution of the workspace, and return them by name."""
    return {each.name: build(each, tmp_path_factory.mktemp(each.package)) for each in PROJECTS}


@pytest.fixture(scope="session")
def third_party(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder that shows every package installed beside the tests, less what is ours."""
    folder = tmp_path_factory.mktemp("third-party")
    for site_packages in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in os.scandir(site_packages):
            if "hashdata" not in entry.name:
                (folder / entry.name).symlink_to(entry.path)
    return folder


@pytest.fixture
def site(built: Mapping[str, Built], third_party: Path, tmp_path: Path) -> Site:
    """Make an environment with all three distributions, installed from their wheels."""
    made = Site.make(tmp_path / "site", third_party)
    made.install(*(each.wheel for each in built.values()))
    return made
