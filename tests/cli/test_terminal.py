"""What a person at a terminal sees: hidden prompts, progress, colours and widths."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hashdata.cli import progress
from hashdata.tester.events import Announced

from tests.cli.command import KEY, Outcome, plain, shown, terminal

Here = Callable[..., Outcome]
TEST = ("connectors", "test", "poloniex-futures", "--endpoint", "http://127.0.0.1:1")
PAGES = [
    ("connectors", "list"),
    ("connectors", "show", "poloniex-futures"),
    ("connectors", "guide", "poloniex"),
    ("connectors", "test", "poloniex", "--sandbox", "full-power"),
]
COLOUR = "\x1b[3"


def test_a_key_is_asked_for_without_showing_it() -> None:
    with terminal(*TEST) as screen:
        screen.read_until("API Key - four groups")
        screen.send(KEY["api_key"] + "\n")
        screen.read_until("Secret Key - 128")
        screen.send(KEY["secret"] + "\n")
        screen.read_until("Passphrase (optional)")
        screen.send("CANARYphrase\n")
        code = screen.end()

    text = plain(screen.seen)
    assert "what you type or paste is not shown" in text
    assert "key ending in Y-01" in text
    assert "CANARY" not in text
    assert code == 4


def test_an_optional_value_may_be_left_empty() -> None:
    with terminal(*TEST, "--json") as screen:
        for label, value in (("API Key", KEY["api_key"]), ("Secret Key", KEY["secret"]), ("Passphrase", "")):
            screen.read_until(label)
            screen.send(f"{value}\n")
        code = screen.end()

    report = json.loads(screen.seen[screen.seen.index("{") :])
    assert report["key"]["last4"] == "Y-01"
    # A passphrase would have chosen the classic API, which has no such stream.
    assert "balance" in report["streams"]
    assert code == 4


def test_missing_values_are_named_all_at_once() -> None:
    with terminal(*TEST) as screen:
        for label in ("API Key", "Secret Key", "Passphrase"):
            screen.read_until(label)
            screen.send("\n")
        code = screen.end()

    assert "Error: API Key (api_key) is missing; Secret Key (secret) is missing." in plain(screen.seen)
    assert code == 2


@pytest.mark.parametrize(
    ("keys", "line", "code"),
    [
        ("\x03", "Error: interrupted.", 130),
        ("\x04", "Error: the input ended before all values were given.", 2),
    ],
    ids=["Ctrl-C", "Ctrl-D"],
)
def test_a_prompt_can_be_left(keys: str, line: str, code: int) -> None:
    with terminal(*TEST) as screen:
        screen.read_until("API Key")
        screen.send(KEY["api_key"] + "\n")
        screen.read_until("Secret Key")
        screen.send(keys)
        ended = screen.end()

    lines = plain(screen.seen).splitlines()
    assert line in lines
    assert lines[lines.index(line) + 1].startswith("Fix: ")
    assert "CANARY" not in screen.seen
    assert "Traceback" not in screen.seen
    assert ended == code


def test_the_prompt_is_seen_where_both_outputs_go_elsewhere(tmp_path: Path) -> None:
    with terminal(*TEST, stdout=tmp_path / "out") as screen:
        screen.read_until("API Key")
        screen.send("\x03")
        code = screen.end()

    assert (tmp_path / "out").read_text(encoding="utf-8") == ""
    assert code == 130


def test_a_pipe_is_not_waited_for_at_a_terminal() -> None:
    ended = shown("connectors", "test", "poloniex", "--credentials", "-")

    assert "Error: --credentials - reads a pipe, but standard input is a terminal." in plain(ended.out)
    assert "Fix: Pipe the values in" in plain(ended.out)
    assert ended.code == 2


def test_progress_is_shown_on_a_terminal_and_only_there(here: Here, tmp_path: Path) -> None:
    arguments = ("connectors", "test", "poloniex", "--sandbox", "slow", "--timeout", "0.7", "--json")
    with terminal(*arguments, stdout=tmp_path / "out") as screen:
        screen.read_until("Asking Poloniex: accounts, balances")
        screen.end()

    assert json.loads((tmp_path / "out").read_text(encoding="utf-8"))["cause"] == "timeout"
    assert here(*arguments).err == ""


def test_the_announcement_stays_whole_on_a_narrow_terminal() -> None:
    ended = shown("connectors", "test", "poloniex", "--sandbox", "read-only", columns=40)
    lines = plain(ended.out).splitlines()

    request = '  POST https://api.poloniex.com/wallets/withdraw {"currency":"ZZQX","amount":"0.00000001","address":"x"}'
    assert request in lines
    assert lines.index(request) < next(n for n, line in enumerate(lines) if line.startswith("ACCEPTED"))


def test_a_recording_is_written_only_when_a_person_says_yes(tmp_path: Path) -> None:
    target = tmp_path / "new"
    arguments = ("connectors", "test", "poloniex", "--sandbox", "read-only", "--record", str(target))
    with terminal(*arguments) as screen:
        screen.read_until("Type yes to write it.")
        screen.send("no\n")
        refused = screen.end()
    with terminal(*arguments) as screen:
        assert not target.exists()
        screen.read_until("Type yes to write it.")
        screen.send("yes\n")
        written = screen.end()

    assert target.exists()
    assert (refused, written) == (0, 0)


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_nothing_is_coloured_where_nobody_looks_or_nobody_wants_it(here: Here, page: Sequence[str]) -> None:
    piped = here(*page)
    unwanted = shown(*page, env={"NO_COLOR": "1"})

    assert "\x1b" not in piped.all
    assert COLOUR not in unwanted.out
    assert piped.code == unwanted.code


def test_a_verdict_has_a_colour_on_a_terminal_and_is_a_word_without() -> None:
    ended = shown("connectors", "test", "poloniex", "--sandbox", "full-power")

    assert "\x1b[1;31mDENIED (practice)" in ended.out
    assert "DENIED (practice)\n" in plain(ended.out)


def widest(ended: Outcome) -> int:
    """Return the length of the longest line, less commands and addresses, which stay whole to be copied."""
    whole = ("hashdata ", "http")
    return max(len(line) for line in plain(ended.out).splitlines() if not line.lstrip().startswith(whole))


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
@pytest.mark.parametrize(("columns", "most"), [(40, 40), (80, 80), (200, 120)])
def test_pages_fit_the_terminal_and_have_no_blanks_at_line_ends(
    here: Here, monkeypatch: pytest.MonkeyPatch, page: Sequence[str], columns: int, most: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    ended = here(*page)

    assert 0 < widest(ended) <= most
    assert not [line for line in ended.out.splitlines() if line != line.rstrip()]


def test_the_width_is_asked_of_the_terminal() -> None:
    assert widest(shown("connectors", "show", "poloniex", columns=72)) <= 72


@pytest.mark.parametrize("columns", ["0", "1", "wide", "-5", "99999"])
def test_a_width_that_makes_no_sense_is_survived(here: Here, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    ended = here("connectors", "list")

    assert "poloniex" in "".join(ended.out.split())
    assert ended.code == 0


def test_the_lines_of_a_list_hang_under_their_first(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = here("connectors", "test", "poloniex", "--sandbox", "read-only").out.splitlines()
    limits = lines[lines.index("What this test cannot prove") + 1 :]

    assert limits[0].startswith("  - The exchange does not say")
    assert all(line.startswith(("  - ", "    ")) for line in limits)


def test_the_table_of_permissions_is_readable_at_80_columns(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = here("connectors", "test", "poloniex", "--sandbox", "read-only").out

    assert (
        'trade       refused    POST /orders: HTTP 403, code 403, "Trading operation is\n'
        '                       not allowed."\n'
    ) in out


class _Redrawn:
    """Stands in for a line that rich redraws, and keeps what happens to it and what is printed in between."""

    def __init__(self, printed: Callable[[], Any]) -> None:
        self.events: list[str] = []
        self._printed = printed

    def __enter__(self) -> None:
        self._note("begins")

    def __exit__(self, *_: object) -> None:
        self._note("ends")

    def stop(self) -> None:
        self._note("stops")

    def start(self) -> None:
        self._note("starts")

    def _note(self, event: str) -> None:
        self.events += [*self._printed().err.split("\n")[1:2], event]


def test_nothing_is_redrawn_while_write_questions_are_announced(capsys: pytest.CaptureFixture[str]) -> None:
    redrawn: Any = _Redrawn(capsys.readouterr)
    listen = progress.announced_once()
    with progress._screen.showing(redrawn):
        listen(Announced(requests=("POST /orders",), practice=False))
    listen(Announced(requests=("POST /others",), practice=False))

    assert redrawn.events == ["begins", "stops", "  POST /orders", "starts", "ends"]
