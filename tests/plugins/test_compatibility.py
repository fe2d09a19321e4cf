"""Connectors for another version of the hooks, or proven with another ccxt, are refused or said to be so."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hashdata.errors import PluginError
from hashdata.hookspecs import HASHDATA_API
from hashdata.registry import Entry, State, find, installed, loading
from hashdata.registry.choices import read_choices
from hashdata.render import plugins as rendered

from tests.accounts.exchange import Exchange, standing
from tests.plugins.stranger import Computer, state
from tests.registry.plugins import Plugin

CCXT = version("ccxt")


def entry_for(api: int, site: Path, patch: pytest.MonkeyPatch) -> Entry:
    """Load a connector that is written for a version of the hooks."""
    name = f"hooks-{abs(api)}"
    source = f"class Other(Example):\n    hashdata_api = {api}\n\n\nconnector = Other()"
    Plugin(name=name, source=source).install(site)
    patch.syspath_prepend(site)
    patch.setenv("HASHDATA_HOME", str(site / "home"))
    (entry,) = [one for one in installed() if one.name == name]
    return entry


def test_a_deprecated_version_of_the_hooks_works_and_says_until_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "DEPRECATED", {HASHDATA_API - 1: "0.9"})
    entry = entry_for(HASHDATA_API - 1, tmp_path, monkeypatch)
    shown: Any = rendered.to_json([entry], read_choices())

    assert entry.state is State.READY
    assert entry.notice == (
        f"It is written for hook version {HASHDATA_API - 1}, which works until hashdata 0.9. Tell its author."
    )
    assert shown["plugins"][0]["notice"] == entry.notice
    assert find(entry.name).name == entry.name


@pytest.mark.parametrize(
    ("api", "advice"), [(HASHDATA_API - 1, "Update the connector."), (HASHDATA_API + 1, "Update hashdata.")]
)
def test_any_other_version_of_the_hooks_is_refused(
    api: int, advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = entry_for(api, tmp_path, monkeypatch)

    assert entry.state is State.INCOMPATIBLE
    assert entry.reason == f"it is written for hook version {api}, and this hashdata has {HASHDATA_API}. {advice}"
    with pytest.raises(PluginError, match=f"hook version {api}"):
        find(entry.name)


@pytest.mark.parametrize("text", ["latest", "4.5.90", "", " ", ">=4.5,<", "==4.*.*"])
def test_what_is_no_range_of_ccxt_is_a_reason_and_no_range(computer: Computer, text: str) -> None:
    computer.install(ccxt=text)
    found = state(computer)

    assert found["state"] == "broken"
    assert f"was proven with ccxt {text!r}, which is no range such as '>=4.5,<4.6'." in str(found["reason"])


@pytest.mark.parametrize("text", [f"=={CCXT}", f">={CCXT}", "~=4.5", ">=4,!=4.0.1"])
def test_a_range_that_holds_the_installed_ccxt_is_not_spoken_of(computer: Computer, text: str) -> None:
    computer.install(ccxt=text)

    assert (state(computer)["state"], state(computer)["notice"]) == ("ready", None)


@pytest.mark.parametrize("text", [f">{CCXT}", f"<{CCXT}", f"!={CCXT}", ">=3,<4"])
def test_a_range_without_the_installed_ccxt_is_said_in_the_list(computer: Computer, text: str) -> None:
    computer.install(ccxt=text)
    told = " ".join(computer.run("plugins", "list").out.split())

    assert state(computer)["state"] == "ready"
    assert state(computer)["notice"] == f"It was proven with ccxt {text}, and {CCXT} is installed."
    assert f"stranger: It was proven with ccxt {text}, and {CCXT} is installed." in told


def test_a_report_by_a_connector_of_another_ccxt_says_so_among_its_limits(computer: Computer) -> None:
    computer.install(ccxt=">=3,<4")
    computer.run("plugins", "enable", "stranger")
    with standing(Exchange(1)) as origin:
        theirs = computer.run(*computer.give(origin), "--json").document
        ours = computer.run(*computer.give(origin, "poloniex"), "--json").document

    assert theirs["verdict"] == ours["verdict"] == "accepted"
    assert f"The connector was proven with ccxt >=3,<4, and {CCXT} is installed." in str(theirs["limits"])
    assert "proven with ccxt" not in str(ours["limits"])
