"""A connector is there when its distribution is, and for no other reason."""

import json
import re
from typing import TypedDict

from tests.packaging.workspace import Site


class Row(TypedDict):
    """What one connector is listed with, as far as these tests read it."""

    name: str
    distribution: str
    state: str
    reason: str | None


def test_both_connectors_are_found_by_their_entry_points_alone(site: Site) -> None:
    rows = listed(site)

    assert {row["name"]: (row["distribution"], row["state"]) for row in rows} == {
        "poloniex": ("hashdata-poloniex", "ready"),
        "poloniex-futures": ("hashdata-poloniex-futures", "ready"),
    }


def test_removing_the_futures_distribution_takes_exactly_its_row_away(site: Site) -> None:
    before = listed(site)
    site.uninstall("hashdata-poloniex-futures")

    assert listed(site) == [row for row in before if row["name"] != "poloniex-futures"]


def test_futures_without_the_spot_distribution_are_listed_with_the_reason(site: Site) -> None:
    site.uninstall("hashdata-poloniex")
    (row,) = listed(site)

    assert row["name"] == "poloniex-futures"
    assert row["state"] != "ready"
    # The futures distribution's own name begins like the missing one.
    assert re.search(r"\bhashdata[-_]poloniex\b(?!-)", row["reason"] or "")


def test_the_host_alone_lists_no_connector(site: Site) -> None:
    site.uninstall("hashdata-poloniex", "hashdata-poloniex-futures")

    assert listed(site) == []


def test_the_installed_command_and_the_module_are_the_same_program(site: Site) -> None:
    question = ("connectors", "list", "--json")

    assert site.run("hashdata", *question) == site.run("python", "-I", "-m", "hashdata", *question)


def listed(site: Site) -> list[Row]:
    answer = json.loads(site.run("python", "-I", "-m", "hashdata", "connectors", "list", "--json"))
    assert answer["schema"] == "hashdata.connectors/1"
    rows: list[Row] = answer["connectors"]
    return rows
