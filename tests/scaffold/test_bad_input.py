"""`hashdata plugins new` with what it cannot use: one sentence, exit code 2, and nothing half written."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hashdata.exchange.ccxt_facts import exchanges
from hashdata.scaffold.planning import RENAMED

from tests.registry.plugins import Plugin
from tests.scaffold.conftest import New


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Kraken"], "lower-case words joined by hyphens"),
        (["-kraken-"], "no such option"),
        (["kraken_futures"], "lower-case words joined by hyphens"),
        (["kraken--futures"], "lower-case words joined by hyphens"),
        (["1inch"], "lower-case words joined by hyphens"),
        (["../kraken"], "lower-case words joined by hyphens"),
        (["kräken"], "lower-case words joined by hyphens"),
        (["kraken\n"], "lower-case words joined by hyphens"),
        (["k" * 31], "at most 30 characters"),
        ([""], "lower-case words joined by hyphens"),
        (["poloniex"], "the name poloniex is reserved"),
        (["poloniex-spot"], "the name poloniex-spot is reserved"),
        (["krakn"], "Did you mean kraken? Give its id with --ccxt"),
        (["krakn"], "ccxt has no exchange called krakn, as was guessed from the name krakn."),
        (["my-krakn"], "ccxt has no exchange called mykrakn or my, as was guessed from the name my-krakn."),
        (["kraken", "--ccxt", "binanse"], "ccxt has no exchange called binanse."),
        (["kraken", "--ccxt", "binanse"], "Did you mean binance"),
        (["huobi"], "Did you mean htx? Give its id with --ccxt"),
        (["okex-futures"], "Did you mean okx? Give its id with --ccxt"),
        (["kraken", "--ccxt", "coinbasepro"], "Did you mean coinbaseexchange?"),
        (["kraken", "--ccxt", "../../etc"], "ccxt has no exchange called ../../etc."),
        (["kraken", "--ccxt", "__init__"], "ccxt has no exchange called __init__."),
        (["kraken", "--ccxt", "a\x1b[2Jb"], "ccxt has no exchange called a [2Jb."),
        (["kraken", "--title", 'Kraken" + evil() + "'], "the title cannot be used"),
        (["kraken", "--title", "Kraken\\"], "the title cannot be used"),
        (["kraken", "--title", "two\nlines"], "the title cannot be used"),
        (["kraken", "--author", "a" * 61], "the author cannot be used"),
        (["kraken", "--into", "nowhere/deeper"], "there is no folder"),
        (["hyperliquid"], "privateKey and walletAddress, which hashdata does not ask for"),
        (["gemini"], "no request that can be used for the rights (what a key may do), nor for the streams (what"),
        (["mudrex"], "no request that can be used for the clock (the exchange's time)."),
        # The one asks for its time by POST, the requests of the other cannot be read.
        (["cex"], "no request that can be used for the clock (the exchange's time)."),
        (["coinsph"], "no request that can be used for the rights (what a key may do), nor for the streams (what"),
        (["luno"], "no request that can be used for the rights (what a key may do)."),
        (["gemini"], "`python -m pydoc hashdata.hookspecs` shows the hooks"),
        (["indodax"], "asked different things at one path"),
        ([], "NAME is missing"),
    ],
    ids=repr,
)
def test_it_is_told_in_a_sentence(new: New, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = new("--directory", str(tmp_path), "--yes", *arguments)

    assert done.code == 2
    assert said in done.err
    assert done.err.count("Error: ") == 1
    assert done.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["ftx", "bittrex", "okcoin", "bitmex", "my-krakn"])
def test_nothing_is_suggested_for_an_exchange_that_only_sounds_like_another(
    new: New, tmp_path: Path, name: str
) -> None:
    assert "Did you mean" not in new("--directory", str(tmp_path), "--yes", name).err


def test_every_new_name_of_a_renamed_exchange_is_one_that_ccxt_has() -> None:
    known = set(exchanges())

    assert [old for old, now in RENAMED.items() if old in known or now not in known] == []


def test_the_next_command_can_be_pasted_whatever_the_folder_is_called(new: New, tmp_path: Path) -> None:
    parent = tmp_path / "it's my dir"
    parent.mkdir()

    done = new("kraken", "--yes", "--directory", str(parent))

    assert done.code == 0
    command = done.err.partition("`")[2].partition("`")[0]
    assert shlex.split(command) == ["cd", str(parent / "hashdata-kraken")]


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_what_stands_there_is_never_overwritten(new: New, tmp_path: Path, kind: str) -> None:
    there = tmp_path / "hashdata-kraken"
    if kind == "folder":
        there.mkdir()
    elif kind == "file":
        there.write_text("mine")
    else:
        there.symlink_to(tmp_path / "nowhere")

    done = new("kraken", "--yes", "--directory", str(tmp_path))

    assert done.code == 2
    assert "exists already, and nothing is overwritten" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["hashdata-kraken"]


def test_a_folder_that_cannot_be_written_to_is_told(new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As root every folder can be written to.
    monkeypatch.setattr("os.access", lambda *_: False)

    done = new("kraken", "--yes", "--directory", str(tmp_path))

    assert done.code == 2
    assert "cannot be written to" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_half_way_leaves_nothing(new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    write_text = Path.write_text

    def fail_at_the_fifth(self: Path, *given: str, **options: str) -> int:
        written.append(self)
        if len(written) == 5:
            raise OSError(28, "No space left on device")
        return write_text(self, *given, **options)

    monkeypatch.setattr(Path, "write_text", fail_at_the_fifth)

    done = new("kraken", "--yes", "--directory", str(tmp_path))

    assert done.code == 2
    assert "No space left on device" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_an_installed_connector_has_is_told(
    new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    Plugin(name="kraken", source="").install(site)
    monkeypatch.syspath_prepend(site)

    done = new("kraken", "--yes", "--directory", str(tmp_path))

    assert done.code == 2
    assert "a connector called kraken is installed already" in done.err


def test_a_class_that_ccxt_lists_and_does_not_have_is_told(
    new: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ccxt.async_support.kraken", ModuleType("ccxt.async_support.kraken"))

    done = new("kraken", "--yes", "--directory", str(tmp_path))

    assert done.code == 2
    assert "ccxt lists kraken and has no class for it" in done.err
    assert list(tmp_path.iterdir()) == []
