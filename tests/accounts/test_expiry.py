"""Keys that end: the report says when, the list counts down, and a test warns in time."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hashdata.practice import Reply, Request
from hashdata.questions import Expiry, TimeForm
from hashdata.registry import find
from hashdata.tester.report import Report
from hashdata.tester.runs import examine
from hashdata.tester.session import Options

from tests.accounts.exchange import Exchange, standing, values
from tests.cli.command import Outcome
from tests.registry.plugins import Plugin

Here = Callable[..., Outcome]
WriteKey = Callable[[int], str]
SOURCE = """
from dataclasses import replace

from hashdata.hookspecs import hookimpl
from hashdata.questions import Expiry, TimeForm
from hashdata_poloniex.connector import Poloniex
from hashdata_poloniex.questions import STREAMS


class Ending(Poloniex):
    @hookimpl
    def describe(self):
        return replace(super().describe(), name="ending", title="Ending", sisters=())

    @hookimpl
    def streams(self):
        ends = Expiry(at=(0, "apiKeyExpires"), form=TimeForm.ISO)
        return [replace(one, expires=ends) if one.name == "accounts" else one for one in STREAMS]


connector = Ending()
"""
MOMENT = datetime(2031, 2, 3, 4, 5, 6, tzinfo=UTC)


@dataclass
class Ending(Exchange):
    """An exchange that states when a key ends, beside its account."""

    states: object = None

    def answer(self, request: Request, now_ms: int) -> Reply:
        reply = super().answer(request, now_ms)
        if request.path != "/accounts" or reply.status != 200:
            return reply
        listed = [{**one, "apiKeyExpires": self.states} for one in json.loads(reply.body)]
        return replace(reply, body=json.dumps(listed))

    def end_in(self, **span: float) -> None:
        """Let keys end after a span of time, and a minute for the test itself."""
        self.states = (datetime.now(UTC) + timedelta(**span) + timedelta(minutes=1)).isoformat()


def reported(form: TimeForm, states: object) -> Report:
    """Test a key of an exchange that writes the end of a key in some form."""
    known = find("poloniex")
    ends = Expiry(at=(0, "apiKeyExpires"), form=form)
    streams = tuple(replace(one, expires=ends) if one.name == "accounts" else one for one in known.streams)
    connector = replace(known, streams=streams)
    with standing(Ending(1, states=states)) as origin:
        return asyncio.run(examine(connector, connector.schema.bind(values(1)), Options(), loopback=origin))


@pytest.mark.parametrize(
    ("form", "states"),
    [
        (TimeForm.SECONDS, MOMENT.timestamp()),
        (TimeForm.SECONDS, str(int(MOMENT.timestamp()))),
        (TimeForm.MILLISECONDS, int(MOMENT.timestamp() * 1000)),
        (TimeForm.MILLISECONDS, str(int(MOMENT.timestamp() * 1000))),
        (TimeForm.ISO, "2031-02-03T04:05:06Z"),
        (TimeForm.ISO, "2031-02-03T05:05:06+01:00"),
        (TimeForm.ISO, "2031-02-03 04:05:06"),
    ],
)
def test_a_report_states_when_the_key_ends_however_the_exchange_writes_it(form: TimeForm, states: object) -> None:
    report = reported(form, states)
    key: Any = report.to_json()["key"]

    assert report.verdict == "accepted"
    assert key["expires_at"] == "2031-02-03T04:05:06Z"


@pytest.mark.parametrize(
    ("form", "states"),
    [
        (TimeForm.SECONDS, 0),
        (TimeForm.SECONDS, None),
        (TimeForm.MILLISECONDS, ""),
        (TimeForm.MILLISECONDS, "0"),
        (TimeForm.MILLISECONDS, -1),
        (TimeForm.SECONDS, 1e300),
        (TimeForm.SECONDS, [1]),
        (TimeForm.ISO, "never"),
        (TimeForm.ISO, 5),
        (TimeForm.ISO, "9999-12-31T23:59:59-12:00"),
    ],
)
def test_what_is_no_time_is_no_end_and_changes_no_verdict(form: TimeForm, states: object) -> None:
    report = reported(form, states)

    assert report.verdict == "accepted"
    assert report.expires_at is None
    assert "expires_at" not in report.to_json()["key"]  # type: ignore[operator]  # a table


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install the connector `ending` beside ours."""
    folder = tmp_path / "site"
    plugin = Plugin(name="ending", source=SOURCE, alone=True)
    plugin.install(folder)
    monkeypatch.syspath_prepend(folder)
    yield folder
    sys.modules.pop(plugin.module, None)


@pytest.fixture
def add(here: Here, key_file: Path, site: Path, write_key: WriteKey) -> Iterator[Ending]:
    """Store the account `main`, whose key ends in a year."""
    exchange = Ending(1)
    exchange.end_in(days=365)
    assert here("plugins", "enable", "ending").code == 0
    with standing(exchange) as origin:
        told = here("accounts", "add", "main", "ending", "--credentials", write_key(1), "--endpoint", origin)
        assert told.code == 0, told.all
        assert key_file.exists()
        assert site.exists()
        yield exchange


def account(here: Here) -> dict[str, Any]:
    shown: Any = here("accounts", "list", "--json").document["accounts"]
    return dict(shown[0])


def test_the_list_counts_the_days_of_a_key_that_ends(here: Here, add: Ending) -> None:
    told = here("accounts", "list")
    shown = here("accounts", "show", "main")

    assert add.states
    assert account(here)["expires_in_days"] == 365
    assert account(here)["expires_at"].startswith(str(add.states)[:16])
    assert "0 d, 365 d left" in told.out
    assert "To look at" not in told.out
    assert "Key ends" in shown.out


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        (14 * 24, "The key of main ends in 14 days. Make a new one in time: `hashdata accounts rotate main`."),
        (24, "The key of main ends tomorrow. Make a new one in time: `hashdata accounts rotate main`."),
        (1, "The key of main ends today. Make a new one in time: `hashdata accounts rotate main`."),
        (-48, "The key of main has ended. Make a new one: `hashdata accounts rotate main`."),
    ],
)
def test_test_and_list_warn_of_a_key_that_ends_soon(here: Here, add: Ending, hours: int, says: str) -> None:
    add.end_in(hours=hours)
    told = here("accounts", "test", "main")
    listed = here("accounts", "list")

    assert told.code == 0
    assert told.out.count("Keys that end soon") == 1
    assert says in " ".join(told.out.split())
    assert says in " ".join(listed.out.split())


def test_fifteen_days_are_no_reason_to_warn(here: Here, add: Ending) -> None:
    add.end_in(days=15)
    told = here("accounts", "test", "main")

    assert "end soon" not in told.out
    assert account(here)["expires_in_days"] == 15


def test_the_documents_of_a_test_count_too(here: Here, add: Ending) -> None:
    add.end_in(days=3)
    document: Any = here("accounts", "test", "main", "--json").document["results"]
    line = json.loads(here("accounts", "test", "main", "--jsonl").out)

    assert (document[0]["expires_in_days"], line["expires_in_days"]) == (3, 3)


def test_a_test_that_reads_nothing_does_not_forget_the_end(here: Here, add: Ending) -> None:
    add.instead[1] = (("", "practice_maintenance"),)
    told = here("accounts", "test", "main")

    assert told.code == 4
    assert account(here)["expires_in_days"] == 365


def test_a_new_key_has_an_end_of_its_own(here: Here, add: Ending, write_key: WriteKey) -> None:
    add.count, add.accounts[2] = 2, 1
    add.states = 0
    told = here("accounts", "rotate", "main", "--credentials", write_key(2))

    assert told.code == 0, told.all
    assert account(here)["expires_at"] is None
