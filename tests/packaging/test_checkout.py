"""The tests run this checkout, and its files name no package registry."""

import importlib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.packaging.workspace import PROJECTS, ROOT, Project, run

# In parts, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts).encode()
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("registry", "yarnpkg"),
        ("deb", "debian", "org"),
    )
]


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_the_tests_import_this_checkout(project: Project) -> None:
    package = importlib.import_module(project.package)

    assert Path(package.__file__ or "").is_relative_to(project.folder)


def test_no_file_names_a_package_registry() -> None:
    paths = [ROOT / name for name in listed("--cached", "--others", "--exclude-standard")]
    texts = {path: path.read_bytes() for path in paths if path.is_file()}

    assert ROOT / "pyproject.toml" in texts
    assert [path for path, text in texts.items() if any(host in text for host in REGISTRIES)] == []


@pytest.mark.parametrize("lock", ["uv.lock", "pylock*.toml"])
def test_no_lock_file_that_names_a_registry_is_tracked(lock: str) -> None:
    assert [name for name in listed("--cached") if fnmatch(Path(name).name, lock)] == []


def listed(*which: str) -> list[str]:
    return run("git", "ls-files", "-z", *which, cwd=ROOT).split("\0")[:-1]
