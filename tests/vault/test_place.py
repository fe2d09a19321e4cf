"""Where the home is, and that naming it makes nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hashdata.errors import StorageError
from hashdata.home import Home, find_home
from platformdirs import user_data_dir


@pytest.mark.parametrize("given", [None, ""], ids=["unset", "empty"])
def test_the_home_is_the_systems_place_for_data(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    monkeypatch.delenv("HASHDATA_HOME", raising=False)
    if given is not None:
        monkeypatch.setenv("HASHDATA_HOME", given)

    assert str(find_home().path) == user_data_dir("hashdata", appauthor=False)
    assert find_home().path.is_absolute()


def test_the_systems_place_is_the_persons_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HASHDATA_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert find_home().path.is_relative_to(tmp_path)
    assert find_home().path.name == "hashdata"


def test_the_environment_names_another_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HASHDATA_HOME", str(tmp_path / "other"))

    assert find_home() == Home(tmp_path / "other")


def test_a_relative_home_is_below_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HASHDATA_HOME", "below/it")
    home = find_home()
    monkeypatch.chdir("/")

    assert home.path == tmp_path / "below" / "it"


def test_a_tilde_is_the_persons_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HASHDATA_HOME", "~/mine")

    assert find_home().path == tmp_path / "mine"


def test_the_tilde_of_nobody_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HASHDATA_HOME", "~nobody-has-this-name/mine")

    with pytest.raises(StorageError, match=r"^HASHDATA_HOME begins with a ~") as raised:
        find_home()
    assert raised.value.fix == "Write the path out."


def test_naming_a_home_makes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    named = {home.vault, home.accounts, home.reports, home.journal, home.lock, home.run_lock}

    assert len(named) == 6
    assert {path.parent for path in named} == {home.path}
    assert not home.path.exists()


def test_a_home_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    before = os.umask(0)
    try:
        home.make()
    finally:
        os.umask(before)

    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (home.path, home.reports)] == [0o700, 0o700]


def test_making_a_home_again_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "parents" / "home")
    home.make()
    home.vault.write_text("kept")
    home.make()

    assert home.vault.read_text() == "kept"


@pytest.mark.parametrize("name", ["file/home", "gone"])
def test_a_home_that_cannot_be_made_is_explained(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "gone").symlink_to("nowhere")

    with pytest.raises(StorageError, match=f"^the folder {tmp_path / name} cannot be made: [A-Z]") as raised:
        Home(tmp_path / name).make()
    assert raised.value.fix == "Set HASHDATA_HOME to a folder that you can write to."


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for use in (Home(tmp_path / "file").make, Home(tmp_path / "file").check):
        with pytest.raises(StorageError) as raised:
            use()
        assert raised.value.what == f"{tmp_path / 'file'} is no folder, so nothing can be stored in it"
        assert raised.value.fix == "Set HASHDATA_HOME to a folder that you can write to."

    assert (tmp_path / "file").read_text() == "mine"


def test_a_home_that_is_there_or_not_is_fine(tmp_path: Path) -> None:
    for name in ("", "not/there"):
        Home(tmp_path / name).check()

    assert list(tmp_path.iterdir()) == []
