"""A key that gains a power between two tests is told first."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hashdata.permissions import Permission

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
