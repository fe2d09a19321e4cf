"""What `list`, `show` and the two commands for exported reports tell of accounts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hashdata.accounts.account import Account, Attempt
from hashdata.accounts.book import Book
from hashdata.accounts.book_file import write_book
from hashdata.accounts.export import checksum
from hashdata.permissions import Cause, Verdict

from tests.accounts.exchange import Exchange, standing
from tests.cli.command import Outcome

Here = Callable[..., Outcome]
WriteKey = Callable[[int], str]
FIELDS = {
    "label",
    "connector",
    "title",
    "last4",
    "fingerprint",
    "account_id",
    "practice",
    "endpoint",
    "persona",
    "verdict",
    "cause",
    "tested_at",
    "key_since",
    "key_age_days",
    "expires_at",
    "expires_in_days",
    "last_attempt",
    "missing_sisters",
    "problem",
}
pytestmark = pytest.mark.usefixtures("key_file")


@pytest.fixture
def main(here: Here, key_file: Path) -> Outcome:
    """Store the account `main` of a practice key."""
    assert key_file.exists()
    told = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only")
    assert told.code == 0, told.all
    return told


def store_many(home: Path, count: int, verdict: Verdict = Verdict.ACCEPTED) -> None:
    """Write a file of accounts as hashdata does."""
    attempt = Attempt(
        at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        verdict=verdict,
        cause=Cause.TRADE_GRANTED if verdict is Verdict.DENIED else None,
    )
    accounts = [
        Account(
            id=f"{number:032x}",
            label=f"customer with a rather long name {number:05d}",
            connector="poloniex",
            key=f"{number + 10**6:032x}",
            fingerprint=f"{number:032x}",
            since=attempt.at,
            standing=attempt,
            last=attempt,
            last4=f"{number:04d}"[-4:],
        )
        for number in range(count)
    ]
    home.mkdir(mode=0o700)
    write_book(home / "accounts.toml", Book({one.label: one for one in accounts}), print)


def test_an_empty_list_says_how_to_begin(here: Here) -> None:
    told = here("accounts", "list")

    assert told.code == 0
    assert told.out == "No account is stored yet. Add one, for example: hashdata accounts add main poloniex\n"


def test_an_empty_list_is_a_document_too(here: Here) -> None:
    assert here("accounts", "list", "--json").document == {"schema": "hashdata.accounts/1", "accounts": []}


@pytest.mark.usefixtures("main")
def test_the_table_has_a_row_for_each_account_and_marks_practice(here: Here) -> None:
    lines = here("accounts", "list").out.splitlines()

    assert " ".join(lines[0].split()) == "Label Connector Key Verdict Tested Key age Last attempt"
    assert " ".join(lines[1].split()) == "main poloniex (practice) ..0001 accepted just now 0 d the same"
    assert lines[3] == "1 account: 1 accepted"


@pytest.mark.usefixtures("main")
def test_an_account_without_its_sister_is_pointed_out_until_she_is_there(here: Here) -> None:
    before = here("accounts", "list")
    here("accounts", "add", "futures", "poloniex-futures", "--sandbox", "read-only")
    after = here("accounts", "list")

    assert "- main has no Poloniex Futures account beside it." in before.out
    assert "To look at" not in after.out


def test_an_attempt_that_found_nothing_out_stands_beside_the_verdict(here: Here, write_key: WriteKey) -> None:
    exchange = Exchange(1)
    with standing(exchange) as origin:
        here("accounts", "add", "main", "poloniex", "--credentials", write_key(1), "--endpoint", origin)
        exchange.instead[1] = (("", "practice_maintenance"),)
        here("accounts", "test", "main")
    row = here("accounts", "list").out.splitlines()[1]

    assert " ".join(row.split()).endswith("accepted just now 0 d inconclusive (maintenance), just now")


@pytest.mark.usefixtures("main")
def test_the_document_has_these_fields_and_no_secret(here: Here) -> None:
    told = here("accounts", "list", "--json")
    accounts: Any = told.document["accounts"]

    assert told.document["schema"] == "hashdata.accounts/1"
    assert set(accounts[0]) == FIELDS
    assert set(accounts[0]["last_attempt"]) == {"at", "verdict", "cause"}
    assert (accounts[0]["persona"], accounts[0]["practice"], accounts[0]["endpoint"]) == ("read-only", True, None)
    assert "5eed5eed" not in told.all


def test_many_accounts_have_one_line_each_however_narrow_the_terminal(
    here: Here, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_many(home, 300)
    monkeypatch.setenv("COLUMNS", "40")
    rows = here("accounts", "list").out.split("\n\n")[0].splitlines()

    assert len(rows) == 301
    assert rows[1].startswith("customer with a rather long name 00000  poloniex   ..0000  accepted")
    assert len({row.index("poloniex ") for row in rows[1:]}) == 1


def test_of_very_many_things_to_look_at_some_are_named_and_the_rest_counted(here: Here, home: Path) -> None:
    store_many(home, 300, Verdict.DENIED)
    told = here("accounts", "list").out

    assert told.count("is denied (trade_granted)") == 200
    page = " ".join(told.split())
    label = "customer with a rather long name 00007"
    assert f"- {label} is denied (trade_granted): see `hashdata accounts show '{label}' --report` -" in page
    # The others, and one sentence about the sisters that they lack.
    assert "- and 101 more: see `hashdata accounts list --json`" in told


def test_the_page_of_a_denied_account_does_not_point_to_itself(here: Here, home: Path) -> None:
    store_many(home, 1, Verdict.DENIED)
    label = "customer with a rather long name 00000"
    listed, page = here("accounts", "list").out, here("accounts", "show", label).out

    assert "is denied (trade_granted): see" in " ".join(listed.split())
    assert "denied (trade_granted)" in page
    assert "is denied" not in page
    assert "has no Poloniex Futures account beside it" in " ".join(page.split())


@pytest.mark.usefixtures("main")
def test_show_tells_what_is_known_of_one_account(here: Here) -> None:
    told = here("accounts", "show", "MAIN")
    facts = {line[:14].strip(): line[14:].strip() for line in told.out.splitlines()}

    assert told.code == 0
    assert told.out.startswith("main\n")
    assert facts["Connector"] == "Poloniex (practice)"
    assert facts["Tested at"] == "persona read-only of the sandbox"
    assert facts["Key"] == "ending in 0001"
    assert facts["Verdict"] == "accepted, just now"


@pytest.mark.usefixtures("main")
def test_show_repeats_the_last_report_when_asked(here: Here) -> None:
    plain, full = here("accounts", "show", "main"), here("accounts", "show", "main", "--report")

    assert "POST /orders" not in plain.out
    assert full.out.startswith(plain.out)
    assert "ACCEPTED (practice)\nThe exchange refused orders and withdrawals" in full.out
    assert "Poloniex, key ending in 0001, tested " in full.out


def test_the_history_has_a_line_for_each_test_the_newest_first(here: Here, write_key: WriteKey) -> None:
    exchange = Exchange(1)
    with standing(exchange) as origin:
        here("accounts", "add", "main", "poloniex", "--credentials", write_key(1), "--endpoint", origin)
        exchange.instead[1] = (("", "practice_maintenance"),)
        here("accounts", "test", "main")
    told = here("accounts", "show", "main", "--history")
    document = here("accounts", "show", "main", "--history", "--json").document
    history: Any = document["history"]
    lines = told.out.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("Tested  "))

    assert [line.split()[1] for line in lines[first + 1 :] if line.startswith("20")] == ["inconclusive", "accepted"]
    assert [report["verdict"] for report in history] == ["accepted", "inconclusive"]
    assert set(document) == {"schema", "account", "history"}


@pytest.mark.usefixtures("main")
def test_the_document_of_one_account_holds_the_report_when_asked(here: Here) -> None:
    document = here("accounts", "show", "main", "--report", "--json").document
    report: Any = document["report"]
    account: Any = document["account"]

    assert document["schema"] == "hashdata.account/1"
    assert set(account) == FIELDS
    assert report["schema"] == "hashdata.report/1"
    assert set(document) == {"schema", "account", "report"}


@pytest.mark.usefixtures("main")
@pytest.mark.parametrize("command", ["show", "test", "rotate", "remove", "export-report", "rename"])
def test_an_unknown_label_is_answered_with_the_nearest(here: Here, command: str, tmp_path: Path) -> None:
    more = {"export-report": [str(tmp_path / "out")], "rename": ["other"]}.get(command, [])
    told = here("accounts", command, "mian", *more)

    assert told.code == 2
    assert "Error: there is no account of that label.\nFix: Did you mean main? " in told.err


@pytest.fixture
def exported(here: Here, main: Outcome, tmp_path: Path) -> Path:
    """Return the file with the exported report of `main`."""
    path = tmp_path / "report.json"
    told = here("accounts", "export-report", "main", str(path))
    assert (main.code, told.code) == (0, 0), told.all
    return path


def test_an_exported_report_is_found_whole_and_shown(here: Here, exported: Path) -> None:
    told = here("accounts", "verify-report", str(exported))

    assert told.code == 0
    assert told.out.startswith("The checksum fits. The report of main:\nACCEPTED (practice)\n")
    assert "Poloniex, key ending in 0001" in told.out
    assert exported.stat().st_mode & 0o777 == 0o600


def test_a_file_is_never_written_over_by_an_export(here: Here, exported: Path) -> None:
    before = exported.read_bytes()
    told = here("accounts", "export-report", "main", str(exported))

    assert told.code == 2
    assert "is there already" in told.err
    assert exported.read_bytes() == before


def _rewritten(path: Path, change: Callable[[dict[str, Any]], None], *, sign: bool) -> None:
    document = json.loads(path.read_text())
    change(document)
    if sign:
        document["checksum"]["sha256"] = checksum(document["label"], document["report"])
    path.write_text(json.dumps(document))


def test_a_changed_report_is_noticed(here: Here, exported: Path) -> None:
    _rewritten(exported, lambda document: document["report"].update(verdict="denied"), sign=False)
    told = here("accounts", "verify-report", str(exported))

    assert told.code == 2
    assert "is damaged or was changed: its checksum does not fit" in told.err
    assert told.out == ""


@pytest.mark.parametrize("text", ["", "[]", '"x"', "{", "\0", '{"report": {}, "checksum": {}}', "[" * 100_000])
def test_a_file_that_is_no_export_is_said_to_be_none(here: Here, tmp_path: Path, text: str) -> None:
    path = tmp_path / "other"
    path.write_text(text)
    told = here("accounts", "verify-report", str(path))

    assert told.code == 2
    assert "is not a report that hashdata exported" in told.err


@pytest.mark.parametrize(
    "wrong", [{"summary": 5}, {"streams": []}, {"limits": [None]}, {"permissions": {"read": 1}}, {"tested_at": "x"}]
)
def test_a_report_of_wrong_parts_is_one_sentence_and_no_bug(here: Here, exported: Path, wrong: dict[str, Any]) -> None:
    _rewritten(exported, lambda document: document["report"].update(wrong), sign=True)
    told = here("accounts", "verify-report", str(exported))

    assert told.code == 2
    assert told.err.startswith("Error: the report cannot be read")
    assert told.out == ""


@pytest.mark.parametrize("place", ["label", "summary", "endpoint"])
def test_a_file_from_a_stranger_sends_no_commands_to_the_terminal(here: Here, exported: Path, place: str) -> None:
    escape = "\x1b]0;owned\x07\x1b[2J"

    def change(document: dict[str, Any]) -> None:
        (document if place == "label" else document["report"])[place] = f"http://x {escape}"

    _rewritten(exported, change, sign=True)
    told = here("accounts", "verify-report", str(exported))

    assert "owned" in told.out
    assert "\x1b" not in told.out
    assert "\x07" not in told.out


def test_a_report_that_is_not_there_is_named(here: Here, tmp_path: Path) -> None:
    told = here("accounts", "verify-report", str(tmp_path / "none"))

    assert told.code == 2
    assert "the report is not there" in told.err
