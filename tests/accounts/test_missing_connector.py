"""An account whose connector is missing, or is not the one it was stored for, and others beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Outcome

Here = Callable[..., Outcome]


@pytest.fixture
def orphaned(here: Here, home: Path, key_file: Path) -> Path:
    """Store `lost`, whose connector is then named `gone`, and `kept`; return the file of accounts."""
    for label, connector in (("lost", "poloniex"), ("kept", "poloniex-futures")):
        told = here("accounts", "add", label, connector, "--sandbox", "read-only")
        assert told.code == 0, told.all
    assert key_file.exists()
    _rename_connector(home, "gone")
    return home / "accounts.toml"


def _rename_connector(home: Path, name: str) -> None:
    path = home / "accounts.toml"
    text = path.read_text()
    assert text.count('connector = "poloniex"\n') == 1
    path.write_text(text.replace('connector = "poloniex"\n', f'connector = "{name}"\n'))


@pytest.mark.usefixtures("orphaned")
def test_the_list_shows_it_and_what_is_wrong(here: Here) -> None:
    told = here("accounts", "list")
    accounts: Any = here("accounts", "list", "--json").document["accounts"]

    assert told.code == 0
    assert "lost: the connector gone is missing or broken" in told.out
    assert {one["label"]: one["problem"] for one in accounts} == {
        "kept": None,
        "lost": "the connector gone is missing or broken",
    }


@pytest.mark.usefixtures("orphaned")
def test_it_can_be_shown(here: Here) -> None:
    told = here("accounts", "show", "lost")

    assert told.code == 0
    assert "the connector gone is missing or broken" in told.out


@pytest.mark.usefixtures("orphaned")
def test_a_test_of_all_goes_on_with_the_others_and_ends_with_5(here: Here) -> None:
    told = here("accounts", "test", "--all", "--min-age", "0", "--json")
    results: Any = told.document["results"]
    lost, kept = results

    assert told.code == 5
    assert (lost["label"], lost["verdict"], lost["error"]) == ("lost", None, "the connector gone is not installed")
    assert lost["fix"] == (
        "Install the package that provided it, such as hashdata-gone; `hashdata doctor` lists what is missing."
    )
    assert (kept["label"], kept["verdict"]) == ("kept", "accepted")


@pytest.mark.usefixtures("orphaned")
def test_the_page_says_what_kept_it_from_being_tested(here: Here) -> None:
    told = here("accounts", "test", "lost")

    assert told.code == 5
    assert "not tested" in told.out
    assert "the connector gone is not installed" in told.out
    assert "Traceback" not in told.all


@pytest.mark.usefixtures("orphaned")
def test_all_of_a_connector_that_is_gone_can_be_chosen(here: Here) -> None:
    told = here("accounts", "test", "--connector", "gone", "--min-age", "0", "--json")
    results: Any = told.document["results"]

    assert told.code == 5
    assert [one["label"] for one in results] == ["lost"]


@pytest.mark.usefixtures("orphaned")
def test_it_cannot_be_rotated_until_the_connector_is_back(here: Here) -> None:
    told = here("accounts", "rotate", "lost", "--sandbox", "read-only")

    assert told.code == 2
    assert "Error: there is no connector of that name." in told.err


@pytest.mark.usefixtures("orphaned")
def test_it_can_be_renamed_and_removed(here: Here) -> None:
    renamed = here("accounts", "rename", "lost", "found")
    removed = here("accounts", "remove", "found")
    accounts: Any = here("accounts", "list", "--json").document["accounts"]

    assert (renamed.code, removed.code) == (0, 0)
    assert [one["label"] for one in accounts] == ["kept"]


def test_its_verdict_is_still_known_once_the_connector_is_back(here: Here, orphaned: Path) -> None:
    here("accounts", "test", "lost")
    text = orphaned.read_text()
    orphaned.write_text(text.replace('connector = "gone"', 'connector = "poloniex"'))
    told = here("accounts", "test", "lost")

    assert told.code == 0


def test_a_key_is_not_sent_to_the_connector_that_somebody_wrote_there(here: Here, home: Path, key_file: Path) -> None:
    told = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only")
    assert told.code == 0, told.all
    _rename_connector(home, "poloniex-futures")
    tested = here("accounts", "test", "main", "--json")
    results: Any = tested.document["results"]
    accounts: Any = here("accounts", "list", "--json").document["accounts"]

    assert key_file.exists()
    assert tested.code == 5
    assert results[0]["error"] == (
        "accounts.toml sends the key of main to another place than the one it was stored for"
    )
    assert accounts[0]["verdict"] is None


@pytest.mark.parametrize("line", ['endpoint = "http://127.0.0.1:1"', 'endpoint = "https://api.poloniex.com"'])
def test_a_practice_key_and_its_place_belong_together(here: Here, home: Path, key_file: Path, line: str) -> None:
    told = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only")
    assert told.code == 0, told.all
    path = home / "accounts.toml"
    path.write_text(path.read_text().replace('persona = "read-only"\n', f"{line}\n"))
    tested = here("accounts", "test", "main", "--json")

    assert key_file.exists()
    # No connection at the one place, and no loopback at the other: in neither case is it accepted.
    assert tested.code in {4, 5}
    assert here("accounts", "list", "--json").document["accounts"][0]["verdict"] is None  # type: ignore[index]  # a list


def test_a_practice_key_never_becomes_a_real_one(here: Here, home: Path, key_file: Path) -> None:
    told = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only")
    assert told.code == 0, told.all
    path = home / "accounts.toml"
    path.write_text(path.read_text().replace('persona = "read-only"\n', ""))
    tested = here("accounts", "test", "main", "--json")
    results: Any = tested.document["results"]

    assert key_file.exists()
    assert tested.code == 5
    assert "to another place than the one it was stored for" in results[0]["error"]
