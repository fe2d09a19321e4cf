"""Asking for one connector by name, and what the command line says when it cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest
from hashdata.errors import PluginError, UsageError
from hashdata.names import normalise
from hashdata.registry import find, names

from tests.registry.plugins import Plugin, hashdata


@pytest.fixture
def site(tmp_path: Path) -> Path:
    Plugin(name="broken", source="raise SystemExit(0)", alone=True).install(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "spelling", ["poloniex-futures", "poloniex_futures", "POLONIEX-FUTURES", "Poloniex_Futures", " poloniex-futures "]
)
def test_a_name_is_found_in_every_spelling(spelling: str) -> None:
    assert find(spelling).name == "poloniex-futures"


@pytest.mark.parametrize("spelling", ["poloniex_futures", "POLONIEX-FUTURES"])
def test_the_command_line_takes_every_spelling(spelling: str) -> None:
    ran = hashdata(Path(), "connectors", "show", spelling, "--json")

    assert ran.code == 0


def test_finding_one_connector_loads_no_other(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Plugin(name="unasked", source="import hashdata_poloniex\nhashdata_poloniex.asked = True").install(site)
    monkeypatch.syspath_prepend(site)

    find("poloniex")

    assert not hasattr(__import__("hashdata_poloniex"), "asked")


def test_naming_the_connectors_loads_none(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(site)

    assert names() == ["broken", "poloniex", "poloniex-futures"]


def test_a_broken_connector_is_an_error_with_its_reason(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(site)

    with pytest.raises(PluginError, match="the connector broken cannot be used: it raised SystemExit: 0"):
        find("broken")


def test_what_is_said_of_a_broken_connector_has_one_full_stop_at_the_end(site: Path) -> None:
    ran = hashdata(site, "connectors", "show", "broken")

    assert ran.err.splitlines()[0].endswith("tell its author.")
    assert ".." not in ran.err


@pytest.mark.parametrize("command", [("show",), ("test", "--sandbox", "read-only")], ids=["show", "test"])
def test_the_command_line_ends_with_5_for_a_broken_connector(command: tuple[str, ...], site: Path) -> None:
    ran = hashdata(site, "connectors", command[0], "broken", *command[1:], "--json")

    assert (ran.code, dict(ran.document)) == (
        5,
        {
            "schema": "hashdata.error/1",
            "error": "the connector broken cannot be used: it raised SystemExit: 0. Update it, or tell its author",
            "fix": "Run `hashdata connectors list` to see the state of every connector.",
        },
    )


def test_the_command_line_ends_with_2_for_an_unknown_connector_and_suggests_one() -> None:
    ran = hashdata(Path(), "connectors", "show", "polonix", "--json")

    assert (ran.code, ran.document["fix"]) == (2, "Did you mean poloniex? Installed are: poloniex, poloniex-futures.")


def test_a_name_that_is_like_no_other_gets_no_suggestion() -> None:
    with pytest.raises(UsageError) as raised:
        find("zzzzzzzz")

    assert raised.value.fix == "Installed are: poloniex, poloniex-futures."


def test_an_unknown_name_is_not_repeated() -> None:
    with pytest.raises(UsageError) as raised:
        find("pasted-by-mistake")

    assert "pasted" not in f"{raised.value} {raised.value.fix}"


def test_normalising_twice_changes_nothing() -> None:
    assert normalise(normalise(" A_b-C ")) == normalise(" A_b-C ") == "a-b-c"
