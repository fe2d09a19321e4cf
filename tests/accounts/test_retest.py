"""Stored keys are tested again: which of them, what becomes of each, and how the whole ends."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hashdata.permissions import Permission
from hashdata.practice import Reply, Request

from tests.accounts.exchange import Exchange, standing, values
from tests.cli.command import HASHDATA, PATIENCE, Outcome, environment

Here = Callable[..., Outcome]
WriteKey = Callable[[int], str]
MAINTENANCE = (("", "practice_maintenance"),)
SLOW_DOWN = (("", "practice_rate-limited"),)
NOW = ("--min-age", "0")
pytestmark = pytest.mark.usefixtures("key_file")


@dataclass
class Holding(Exchange):
    """An exchange that keeps those waiting who use one of the keys `held`."""

    held: set[str] = field(default_factory=set)

    def answer(self, request: Request, now_ms: int) -> Reply:
        # A key that was deleted shall not be known from its last call.
        self._inner._held = {}
        reply = super().answer(request, now_ms)
        return replace(reply, delay=60.0) if request.headers.get("key") in self.held else reply

    def hold(self, *numbers: int) -> None:
        self.held = {values(number)["api_key"] for number in numbers}

    def asked(self) -> dict[int, int]:
        """Return how many calls each key made since this was last asked."""
        counted: dict[int, int] = {}
        for (number, _), moments in self.calls.items():
            counted[number] = counted.get(number, 0) + len(moments)
        self.calls.clear()
        return counted


@contextmanager
def stored(here: Here, write_key: WriteKey, count: int, exchange: Exchange | None = None) -> Iterator[Holding]:
    """Serve an exchange and store keys 1 to `count` of it as `a1`, `a2` and so on."""
    serving = exchange or Holding(count)
    assert isinstance(serving, Holding)
    with standing(serving) as origin:
        for number in range(1, count + 1):
            told = here(
                *("accounts", "add", f"a{number}", "poloniex"),
                *("--credentials", write_key(number), "--endpoint", origin),
            )
            assert told.code == 0, told.all
        serving.asked()
        yield serving


def lines_of(told: Outcome) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.out.splitlines()]


def verdicts(here: Here) -> dict[str, str]:
    accounts: Any = here("accounts", "list", "--json").document["accounts"]
    return {one["label"]: one["verdict"] for one in accounts}


def test_only_the_accounts_that_were_named_are_tested(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 3) as exchange:
        told = here("accounts", "test", "A1", "a3", "a1")
        asked = exchange.asked()

    assert told.code == 0
    assert set(asked) == {1, 3}
    assert asked[1] == asked[3]
    assert "2 accounts: 2 accepted" in told.out


def test_all_leaves_out_who_was_asked_just_now_and_says_so(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 2) as exchange:
        told = here("accounts", "test", "--all")
        asked = exchange.asked()

    assert told.code == 0
    assert asked == {}
    assert "2 accounts: 2 left out" in told.out
    assert "Left out, because their write questions were asked a short while ago: a1, a2." in told.err


def test_an_account_that_was_denied_a_moment_ago_stays_denied_when_left_out(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 2) as exchange:
        exchange.powers[2] = frozenset({Permission.TRADE})
        first = here("accounts", "test", "a2")
        again = here("accounts", "test", "--all", "--json")

    left_out: Any = again.document["left_out"]
    assert (first.code, again.code) == (1, 1)
    assert again.document["exit_code"] == 1
    assert {one["label"]: (one["reason"], one["verdict"]) for one in left_out} == {
        "a1": ("recent", "accepted"),
        "a2": ("recent", "denied"),
    }


def test_a_connector_chooses_its_accounts(here: Here) -> None:
    for connector in ("poloniex", "poloniex-futures"):
        here("accounts", "add", f"of {connector}", connector, "--sandbox", "read-only")
    told = here("accounts", "test", "--connector", "Poloniex_Futures", *NOW, "--jsonl")

    assert told.code == 0
    assert [one["label"] for one in lines_of(told)] == ["of poloniex-futures"]


def test_an_age_of_nothing_leaves_out_nobody(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 1):
        told = [here("accounts", "test", "--all", "--min-age", age).out for age in ("0", "0s", "0H", " 0d ")]

    assert ["1 account: 1 accepted" in out for out in told] == [True] * 4


def test_ages_have_units(here: Here, write_key: WriteKey) -> None:
    ages = ("90", "90s", "30m", "2H", "1d", "999999d")
    with stored(here, write_key, 1):
        told = [here("accounts", "test", "--all", "--min-age", age).out for age in ages]

    assert ["1 account: 1 left out" in out for out in told] == [True] * len(ages)


UNTESTABLE: list[tuple[tuple[str, ...], str]] = [
    ((), "nothing says which accounts to test"),
    (("--all", "--min-age", "soon"), "--min-age is not a span of time"),
    (("--all", "--min-age", "-1"), "--min-age is not a span of time"),
    (("--all", "--min-age", "1w"), "--min-age is not a span of time"),
    (("--resume",), "there is no interrupted run to resume"),
    (("a1", "--all"), "labels do not go with --all and --resume"),
    (("a1", "--resume"), "labels do not go with --all and --resume"),
    (("--all", "--json", "--jsonl"), "--json and --jsonl do not go together"),
    (("--all", "--connector", "polonex"), "there is no connector of that name"),
    (("--all", "--connector", "poloniex-futures"), "there is no account of poloniex-futures to test"),
    (("a1", "--connector", "poloniex-futures"), "a1 is an account of poloniex, not of poloniex-futures"),
    (("a1", "--timeout", "0"), "--timeout must be a number"),
]


def test_what_cannot_be_tested_is_said_in_one_sentence(here: Here) -> None:
    here("accounts", "add", "a1", "poloniex", "--sandbox", "read-only")
    told = [here("accounts", "test", *arguments) for arguments, _ in UNTESTABLE]

    assert [one.code for one in told] == [2] * len(UNTESTABLE)
    assert [says for (_, says), one in zip(UNTESTABLE, told, strict=True) if says not in one.all] == []


def test_an_empty_home_has_nothing_to_test(here: Here) -> None:
    told = here("accounts", "test", "--all")

    assert told.code == 2
    assert "Error: there is no account to test." in told.err


def test_a_test_that_finds_nothing_out_keeps_the_verdict_and_notes_the_attempt(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 1) as exchange:
        exchange.instead[1] = MAINTENANCE
        told = here("accounts", "test", "a1")
        account: Any = here("accounts", "show", "a1", "--json").document["account"]

    assert told.code == 4
    assert account["verdict"] == "accepted"
    assert (account["last_attempt"]["verdict"], account["last_attempt"]["cause"]) == ("inconclusive", "maintenance")


def test_a_denied_key_stays_denied_when_nothing_can_be_found_out(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 1) as exchange:
        exchange.powers[1] = frozenset({Permission.WITHDRAW})
        here("accounts", "test", "a1")
        exchange.instead[1] = MAINTENANCE
        told = here("accounts", "test", "a1", "--json")

    result: Any = told.document["results"]
    assert told.code == 4
    assert verdicts(here) == {"a1": "denied"}
    assert (result[0]["before"], result[0]["drift"]) == ("denied", False)


def test_a_key_that_was_deleted_is_unusable_from_then_on(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 1) as exchange:
        exchange.unknown.add(1)
        told = here("accounts", "test", "a1")

    assert told.code == 3
    assert "Copy the API key again" in told.out
    assert verdicts(here) == {"a1": "unusable"}


def test_the_code_is_the_worst_of_all_accounts(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 4) as exchange:
        codes = [here("accounts", "test", "--all", *NOW).code]
        exchange.instead[2] = MAINTENANCE
        codes.append(here("accounts", "test", "--all", *NOW).code)
        exchange.unknown.add(3)
        codes.append(here("accounts", "test", "--all", *NOW).code)
        exchange.powers[4] = frozenset({Permission.TRADE})
        codes.append(here("accounts", "test", "--all", *NOW).code)

    assert codes == [0, 4, 3, 1]


def test_an_exchange_that_asks_to_slow_down_is_left_in_peace(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 20) as exchange:
        exchange.instead.update(dict.fromkeys(range(1, 21), SLOW_DOWN))
        told = here("accounts", "test", "--all", *NOW, "--json")
        asked = exchange.asked()

    left_out: Any = told.document["left_out"]
    results: Any = told.document["results"]
    assert told.code == 4
    assert {one["cause"] for one in results} == {"rate_limited"}
    assert {one["reason"] for one in left_out} == {"slow_down"}
    assert len(results) + len(left_out) == 20
    # Sixteen keys are tested side by side, and three answers in a row are enough.
    assert len(asked) == len(results) <= 18
    assert "Left out, because their exchange asks to slow down: " in told.err
    assert set(verdicts(here).values()) == {"accepted"}


def test_all_results_are_one_document_with_drift_first(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 3) as exchange:
        exchange.unknown.add(1)
        exchange.powers[3] = frozenset({Permission.TRADE})
        told = here("accounts", "test", "--all", *NOW, "--json")

    results: Any = told.document["results"]
    assert told.document["schema"] == "hashdata.tests/1"
    assert [(one["label"], one["verdict"], one["drift"]) for one in results] == [
        ("a3", "denied", True),
        ("a1", "unusable", False),
        ("a2", "accepted", False),
    ]
    assert {one["report"]["verdict"] for one in results} == {"denied", "unusable", "accepted"}
    assert (told.code, told.document["exit_code"]) == (1, 1)


def test_the_page_of_a_single_account_is_its_report(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 1):
        told = here("accounts", "test", "a1")

    assert told.out.startswith("ACCEPTED (practice)\n")
    assert "\nPoloniex, key ending in 0001, tested " in told.out
    assert told.out.endswith("1 account: 1 accepted\n")


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command; it is not left behind."""
    with subprocess.Popen(
        [HASHDATA, "accounts", "test", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_results(process: subprocess.Popen[bytes], home: Path, count: int) -> None:
    """Wait until the journal of a run holds so many results."""
    journal, until = home / "journal.jsonl", time.monotonic() + PATIENCE
    while not journal.exists() or journal.read_bytes().count(b"\n") < count + 1:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)


def ended(process: subprocess.Popen[bytes], sent: signal.Signals) -> Outcome:
    process.send_signal(sent)
    out, err = process.communicate(timeout=PATIENCE)
    return Outcome(process.returncode, out.decode(), err.decode())


def test_lines_come_at_once_and_not_at_the_end(here: Here, write_key: WriteKey) -> None:
    with stored(here, write_key, 3) as exchange:
        exchange.hold(3)
        with running("--all", *NOW, "--jsonl") as process:
            assert process.stdout
            early = {json.loads(process.stdout.readline())["label"] for _ in range(2)}
            is_running = process.poll() is None

    assert early == {"a1", "a2"}
    assert is_running


def test_a_second_run_does_not_start_beside_the_first(here: Here, home: Path, write_key: WriteKey) -> None:
    with stored(here, write_key, 2) as exchange:
        exchange.hold(2)
        with running("--all", *NOW) as process:
            wait_for_results(process, home, 1)
            exchange.asked()
            told = here("accounts", "test", "a1")
            asked = exchange.asked()

    assert told.code == 2
    assert "Error: another test of stored accounts is under way." in told.err
    assert asked == {}


def test_an_interrupted_run_keeps_its_results_and_goes_on_with_exactly_the_rest(
    here: Here, home: Path, write_key: WriteKey
) -> None:
    with stored(here, write_key, 5) as exchange:
        exchange.hold(4, 5)
        exchange.powers[1] = frozenset({Permission.TRADE})
        with running("--all", *NOW) as process:
            wait_for_results(process, home, 3)
            stopped = ended(process, signal.SIGINT)
        between = verdicts(here)
        exchange.hold()
        exchange.asked()
        resumed = here("accounts", "test", "--resume", "--json")
        asked = exchange.asked()

    results: Any = resumed.document["results"]
    assert stopped.code == 130
    assert "interrupted: 3 of 5 accounts were tested, and their results are kept" in stopped.err
    assert "hashdata accounts test --resume" in stopped.err
    assert "Traceback" not in stopped.err
    assert between["a1"] == "denied"
    assert set(asked) == {4, 5}
    assert {one["label"] for one in results} == {"a1", "a2", "a3", "a4", "a5"}
    # What was found before the interrupt counts.
    assert resumed.code == 1
    assert not (home / "journal.jsonl").exists()


def test_an_interrupted_run_with_json_prints_one_document(here: Here, home: Path, write_key: WriteKey) -> None:
    with stored(here, write_key, 2) as exchange:
        exchange.hold(2)
        with running("--all", *NOW, "--json") as process:
            wait_for_results(process, home, 1)
            stopped = ended(process, signal.SIGINT)

    assert stopped.code == 130
    assert stopped.document == {
        "schema": "hashdata.error/1",
        "error": "interrupted: 1 of 2 accounts were tested, and their results are kept",
        "fix": "To go on: `hashdata accounts test --resume`.",
    }


def test_a_plain_test_after_a_killed_one_keeps_what_that_had_found(here: Here, home: Path, write_key: WriteKey) -> None:
    with stored(here, write_key, 3) as exchange:
        exchange.hold(3)
        exchange.powers[1] = frozenset({Permission.TRADE})
        with running("--all", *NOW) as process:
            wait_for_results(process, home, 2)
            ended(process, signal.SIGKILL)
        exchange.asked()
        told = here("accounts", "test", "--all")
        asked = exchange.asked()

    assert "The results of an interrupted run are kept; this run is a new one." in told.err
    assert told.code == 1
    assert asked == {}
    assert verdicts(here) == {"a1": "denied", "a2": "accepted", "a3": "accepted"}
    assert not (home / "journal.jsonl").exists()
