"""Several distributions that claim one name, and distributions whose metadata is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hashdata.registry import State, installed

from tests.registry.plugins import Plugin, hashdata

CONFLICT = "hashdata-intruder and hashdata-poloniex provide poloniex, so none is used. Uninstall all but one."


@pytest.fixture
def contested(tmp_path: Path) -> Path:
    Plugin(name="intruder", source="", claims="Poloniex").install(tmp_path)
    return tmp_path


def test_a_second_claim_to_a_name_disables_both_and_nothing_else(contested: Path) -> None:
    rows = hashdata(contested, "connectors", "list", "--json").document["connectors"]

    assert isinstance(rows, list)
    assert sorted((row["name"], row["distribution"], row["state"], row["reason"]) for row in rows) == [
        ("poloniex", "hashdata-intruder", "conflict", CONFLICT),
        ("poloniex", "hashdata-poloniex", "conflict", CONFLICT),
        ("poloniex-futures", "hashdata-poloniex-futures", "ready", None),
    ]


def test_a_contested_name_cannot_be_used(contested: Path) -> None:
    ran = hashdata(contested, "connectors", "test", "poloniex", "--sandbox", "read-only", "--json")

    assert ran.code == 5
    assert ran.document["error"] == f"the connector poloniex cannot be used: {CONFLICT.removesuffix('.')}"


def test_three_claims_are_all_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two", "three"):
        Plugin(name=f"claimant-{name}", source="raise SystemExit", alone=True, claims="shared").install(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)

    (reason,) = {entry.reason for entry in installed() if entry.state is State.CONFLICT}

    assert reason == (
        "hashdata-claimant-one, hashdata-claimant-three and hashdata-claimant-two provide shared, "
        "so none is used. Uninstall all but one."
    )


@pytest.mark.parametrize("text", ["[console_scripts]\nno value\n", "[hashdata.connectors]\nno value\n"])
def test_a_distribution_with_damaged_entry_points_hides_no_other(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Plugin(name="damaged", source="", entry_points=text).install(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)

    assert [entry.name for entry in installed() if entry.state is State.READY] == ["poloniex", "poloniex-futures"]


@pytest.mark.parametrize("name", ["METADATA", "entry_points.txt"])
def test_a_file_of_metadata_that_is_no_text_hides_no_other(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Plugin(name="binary", source="").install(tmp_path)
    (tmp_path / "hashdata_binary-1.0.dist-info" / name).write_bytes(b"\xff\xfe\0")
    monkeypatch.syspath_prepend(tmp_path)

    ready = {entry.name for entry in installed() if entry.state is State.READY}

    assert ready >= {"poloniex", "poloniex-futures"}


def test_a_distribution_that_is_on_the_path_twice_is_no_conflict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        Plugin(name="copied", source="").install(folder)
        monkeypatch.syspath_prepend(folder)

    assert [entry.state for entry in installed() if entry.name == "copied"] == [State.READY]


def test_a_copy_is_no_conflict_beside_a_damaged_distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Plugin(name="wreck", source="", entry_points="[any]\nno value\n").install(tmp_path / "a")
    for folder in (tmp_path / "a", tmp_path / "b"):
        Plugin(name="twice", source="").install(folder)
        monkeypatch.syspath_prepend(folder)

    assert [entry.state for entry in installed() if entry.name == "twice"] == [State.READY]
