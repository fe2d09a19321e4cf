"""A key that gains a power between two tests is told first."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hashdata.accounts.journal import Entry, Journal
from hashdata.accounts.retesting import Outcome as Found
from hashdata.accounts.retesting import Retest
from hashdata.accounts.shelf import Kept
from hashdata.accounts.store import new_id
from hashdata.cli.unlocking import store_here
from hashdata.permissions import Permission
from hashdata.vault import KeyFile

from tests.accounts.exchange import Exchange, standing
from tests.cli.command import Outcome

Here = Callable[..., Outcome]


@pytest.mark.usefixtures("key_file")
def test_a_key_that_gains_trading_is_drift_and_ends_with_1(here: Here, write_key: Callable[[int], str]) -> None:
    exchange = Exchange(2)
    with standing(exchange) as origin:
        for number, label in ((1, "quiet"), (2, "gains")):
            added = here("accounts", "add", label, "poloniex", "--credentials", write_key(number), "--endpoint", origin)
            assert added.code == 0, added.all
        exchange.powers[2] = frozenset({Permission.TRADE})
        told = here("accounts", "test", "--all", "--min-age", "0")
        listed = here("accounts", "list", "--json")

    assert told.code == 1
    assert told.out.splitlines()[0] == "DRIFT: accepted before, denied now"
    assert told.out.splitlines()[1].startswith("  - gains (poloniex): ")
    assert {one["label"]: one["verdict"] for one in json.loads(listed.out)["accounts"]} == {
        "quiet": "accepted",
        "gains": "denied",
    }


@pytest.mark.usefixtures("key_file")
@pytest.mark.parametrize("again", [("--all", "--min-age", "0"), ("quiet",)])
def test_drift_that_an_interrupted_run_had_found_is_told_by_the_next(
    here: Here, write_key: Callable[[int], str], again: tuple[str, ...]
) -> None:
    exchange = Exchange(2)
    with standing(exchange) as origin:
        for number, label in ((1, "quiet"), (2, "gains")):
            here("accounts", "add", label, "poloniex", "--credentials", write_key(number), "--endpoint", origin)
        exchange.powers[2] = frozenset({Permission.TRADE})
        store = store_here()
        gains = store.book().find("gains")
        vault = store.unlock(KeyFile(Path(os.environ["HASHDATA_KEY_FILE"])))
        with Journal.begin(store.home.journal, [gains.key, "0" * 32]) as journal:
            found: list[Found] = []
            asyncio.run(Retest(vault=vault, hear=found.append).run([gains]))
            assert found[0].report
            journal.write(Entry(gains.key, Kept(new_id(), found[0].report.to_json())))
        told = here("accounts", "test", *again)
        lines = here("accounts", "test", *again, "--jsonl")

    assert told.code == 1
    assert told.out.splitlines()[0] == "DRIFT: accepted before, denied now"
    assert told.out.splitlines()[1].startswith("  - gains (poloniex): ")
    assert [json.loads(line)["drift"] for line in lines.out.splitlines()] == [False] * len(lines.out.splitlines())


@pytest.mark.usefixtures("key_file")
def test_a_denied_key_that_is_left_out_is_named_and_has_a_line(here: Here, write_key: Callable[[int], str]) -> None:
    exchange = Exchange(1)
    with standing(exchange) as origin:
        here("accounts", "add", "gains", "poloniex", "--credentials", write_key(1), "--endpoint", origin)
        exchange.powers[1] = frozenset({Permission.TRADE})
        here("accounts", "test", "gains")
        told = here("accounts", "test", "--all")
        lines = here("accounts", "test", "--all", "--jsonl")

    assert (told.code, lines.code) == (1, 1)
    assert "Not tested again, and not accepted when they were: gains." in told.err
    assert [json.loads(line) for line in lines.out.splitlines()] == [
        {
            "schema": "hashdata.left-out/1",
            "label": "gains",
            "connector": "poloniex",
            "practice": True,
            "verdict": "denied",
            "cause": "trade_granted",
            "reason": "recent",
        }
    ]
