"""One installation with every bad plugin at once: each is listed with its reason, and none harms another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.registry.bad_plugins import BAD, ODD, Bad
from tests.registry.plugins import Plugin, Ran, hashdata

OURS = ("poloniex", "poloniex-futures")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for bad in BAD:
        bad.plugin.install(folder)
    for plugin in (*ODD, Plugin(name="zuletzt", source="")):
        plugin.install(folder)
    return folder


@pytest.fixture(scope="module")
def ran(site: Path) -> Ran:
    return hashdata(site, "connectors", "list", "--json")


@pytest.fixture(scope="module")
def rows(ran: Ran) -> Mapping[str, Mapping[str, str]]:
    connectors = ran.document["connectors"]
    assert isinstance(connectors, list)
    return {row["name"]: row for row in connectors}


def test_listing_succeeds_with_one_document_on_standard_output(ran: Ran) -> None:
    assert (ran.code, ran.document["schema"]) == (0, "hashdata.connectors/1")


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.plugin.name)
def test_a_bad_plugin_is_listed_with_its_state(bad: Bad, rows: Mapping[str, Mapping[str, str]]) -> None:
    assert rows[bad.plugin.name]["state"] == bad.state


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.plugin.name)
def test_a_bad_plugin_is_listed_with_its_reason(bad: Bad, rows: Mapping[str, Mapping[str, str]]) -> None:
    reason = rows[bad.plugin.name]["reason"]

    if bad.reason.endswith("..."):
        assert reason.startswith(bad.reason[:-3])
    else:
        assert reason == bad.reason


@pytest.mark.parametrize("name", [*OURS, "zuletzt", *(plugin.name for plugin in ODD)])
def test_every_other_connector_is_ready(name: str, rows: Mapping[str, Mapping[str, str]]) -> None:
    assert rows[name]["state"] == "ready"
    assert not rows[name]["reason"]


def test_nothing_else_is_listed(rows: Mapping[str, Mapping[str, str]]) -> None:
    expected = {*OURS, "zuletzt", *(bad.plugin.name for bad in BAD), *(plugin.name for plugin in ODD)}

    assert set(rows) == expected


@pytest.mark.parametrize("name", [bad.plugin.name for bad in BAD])
def test_a_reason_is_short_and_names_no_place_of_this_computer(
    name: str, rows: Mapping[str, Mapping[str, str]], site: Path
) -> None:
    reason = rows[name]["reason"]

    assert len(reason) < 300
    assert str(site) not in reason
    assert " object at 0x" not in reason


@pytest.mark.parametrize(
    ("name", "stated"),
    [("odd-version", ("hashdata-odd-version", "unknown")), ("odd-metadata", ("unknown", "unknown"))],
)
def test_what_the_metadata_does_not_say_is_unknown(
    name: str, stated: tuple[str, str], rows: Mapping[str, Mapping[str, str]]
) -> None:
    assert (rows[name]["distribution"], rows[name]["version"]) == stated


def test_a_key_is_tested_beside_all_of_them(site: Path) -> None:
    ran = hashdata(site, "connectors", "test", "poloniex", "--sandbox", "read-only", "--json")

    assert (ran.code, ran.document["verdict"]) == (0, "accepted")


def test_the_table_is_all_that_standard_output_gets(tmp_path: Path) -> None:
    for plugin in (*ODD, BAD[0].plugin):
        # A write to the descriptor itself cannot be kept off a table, only out of a document.
        if plugin.name != "odd-loud":
            plugin.install(tmp_path)

    ran = hashdata(tmp_path, "connectors", "list")

    assert ran.code == 0
    assert ran.out.startswith("Connector ")
    assert "talk" not in ran.out.replace("odd-talker", "")
    assert "import-error (hashdata-import-error): it raised ImportError: no build." in ran.out
