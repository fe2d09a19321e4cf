"""A command line that cannot be used: one sentence, what to do, exit code 2, and nothing of it repeated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import CONNECTORS, Outcome, run, shell

Here = Callable[..., Outcome]
SECRET = "S3CR3T-0F-THE-4CC0UNT"


def complained(ended: Outcome, what: str, fix: str) -> None:
    """Check that a command ended with one sentence and a fix, and nothing else."""
    lines = ended.err.splitlines()

    assert ended.out == ""
    assert len(lines) == 2, ended.err
    assert lines[0].startswith("Error: ")
    assert what in lines[0]
    assert lines[1].startswith("Fix: ")
    assert fix in lines[1]
    assert ended.code == 2


@pytest.mark.parametrize(
    ("arguments", "what", "fix"),
    [
        (["connectors", "show", "polonix"], "no connector of that name", "Did you mean poloniex?"),
        (["connectors", "show", "kraken"], "no connector of that name", "Installed are: poloniex, poloniex-futures"),
        (["sandbox", "polonix-futures"], "no connector of that name", "Did you mean poloniex-futures?"),
        (["connectors", "test", "poloniex", "--sandbox", "reed-only"], "no persona", "Did you mean read-only?"),
        (["connectors", "test", "poloniex", "--sandbox", "xyz"], "no persona of that name", "There are: read-only, "),
        (["connectors", "test", "poloniex", "--sandbox", ""], "no persona of that name", "There are: read-only, "),
        (["connectors", "guide", "poloniex", "--variant", "oldr"], "no variant of that name", "Did you mean older?"),
        (["connectors", "guide", "poloniex", "--format", "pdf"], "no format of that name", "text, markdown, html"),
        (["connectors", "shw"], "no such command", "Did you mean show?"),
        (["connectors", "frobnicate"], "no such command", "`hashdata connectors --help`"),
        (["connectors", "list", "--jsn"], "no such option", "Did you mean --json?"),
        (["connectors", "test", "poloniex", "--credential", "x"], "no such option", "Did you mean --credentials?"),
        (["connectors", "test"], "NAME is missing", "`hashdata connectors test --help`"),
        (["connectors", "test", "poloniex", "--timeout"], "--timeout needs a value", "--help"),
        (["connectors", "list", "--json=yes"], "--json takes no value", "--help"),
        (["connectors", "list", "more"], "more arguments than the command takes", "`hashdata connectors list --help`"),
        (["sandbox", "poloniex", "--port", "70000"], "value of --port cannot be used", "up to 65535"),
        (["sandbox", "poloniex", "--port", "-1"], "value of --port cannot be used", "up to 65535"),
        (["sandbox", "poloniex", "--port", "http"], "value of --port cannot be used", "up to 65535"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_misspelt_command_line_is_explained(here: Here, arguments: list[str], what: str, fix: str) -> None:
    complained(here(*arguments), what, fix)


@pytest.mark.parametrize("timeout", ["0", "-1", "nan", "inf", "-inf", "soon", ""])
def test_a_timeout_must_be_a_number_of_seconds_above_zero(here: Here, timeout: str) -> None:
    ended = here("connectors", "test", "poloniex", "--sandbox", "read-only", f"--timeout={timeout}")

    complained(ended, "--timeout", "")
    assert "above zero" in ended.err


@pytest.mark.parametrize("other", [["--credentials", "-"], ["--endpoint", "http://127.0.0.1:1"]])
def test_the_sandbox_goes_with_no_key_or_address_of_ones_own(here: Here, other: list[str]) -> None:
    complained(here("connectors", "test", "poloniex", "--sandbox", "read-only", *other), "--sandbox", "alone")


def test_nothing_is_recorded_over_a_file(here: Here, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    target.write_text("precious", encoding="utf-8")

    ended = here("connectors", "test", "poloniex", "--sandbox", "read-only", "--record", str(target))

    complained(ended, "exists already", "new file")
    assert target.read_text(encoding="utf-8") == "precious"


def test_nothing_is_recorded_into_a_folder_that_is_not_there(here: Here, tmp_path: Path) -> None:
    ended = here("connectors", "test", "poloniex", "--sandbox", "read-only", "--record", str(tmp_path / "no" / "file"))

    complained(ended, "cannot be made there", "a folder you can write to")


def test_a_recording_is_shown_and_written_for_its_owner_alone(here: Here, tmp_path: Path) -> None:
    target = tmp_path / "new"

    ended = here("connectors", "test", "poloniex", "--sandbox", "read-only", "--record", str(target))

    assert target.read_text(encoding="utf-8") in ended.err
    assert target.stat().st_mode & 0o777 == 0o600
    assert ended.code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [SECRET],
        [f"--{SECRET}"],
        [f"--{SECRET.lower()}"],
        [f"-{SECRET}"],
        ["-" + SECRET.lower()],
        ["connectors", SECRET],
        ["connectors", "list", SECRET],
        ["connectors", "show", SECRET],
        ["connectors", "guide", "poloniex", "--variant", SECRET],
        ["connectors", "guide", "poloniex", "--format", SECRET],
        ["connectors", "test", SECRET],
        ["connectors", "test", "poloniex", SECRET],
        ["connectors", "test", "poloniex", f"--secret={SECRET}"],
        ["connectors", "test", "poloniex", f"-s{SECRET}"],
        ["connectors", "test", "poloniex", f"--json={SECRET}"],
        ["connectors", "test", "poloniex", "--api-key", SECRET],
        ["connectors", "test", "poloniex", "--timeout", SECRET],
        ["connectors", "test", "poloniex", "--sandbox", SECRET],
        ["connectors", "test", "poloniex", "--endpoint", SECRET],
        ["connectors", "test", "poloniex", "--endpoint", f"http://{SECRET}@127.0.0.1"],
        ["connectors", "test", "poloniex", "--credentials", SECRET],
        ["connectors", "test", "poloniex", "--record", f"/nowhere/{SECRET}"],
        ["sandbox", "poloniex", "--port", SECRET],
        ["sandbox", SECRET],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("json", [[], ["--json"]], ids=["text", "json"])
def test_no_argument_is_repeated(here: Here, arguments: list[str], json: list[str]) -> None:
    ended = here(*arguments, *json)

    assert SECRET.lower() not in ended.all.lower()
    # Not the single letter either that Typer takes for an option.
    assert not any(f" -{letter}" in ended.all for letter in "sS")
    assert "Traceback" not in ended.all
    assert ended.code == 2


def test_no_suggestion_is_taken_from_what_was_typed(here: Here) -> None:
    ended = here("connectors", "x'. Did you mean 'passw0rd'?")

    assert "passw0rd" not in ended.all


@pytest.mark.parametrize("name", CONNECTORS)
def test_without_a_terminal_the_key_is_not_asked_for(name: str) -> None:
    complained(run("connectors", "test", name), "no terminal", "--credentials -")


@pytest.mark.parametrize(
    "line",
    [
        "hashdata connectors test poloniex <&-",
        "hashdata connectors test poloniex --credentials - <&-",
        "hashdata connectors test poloniex --credentials - </dev/null",
    ],
)
def test_a_standard_input_that_is_closed_or_empty_is_misuse(line: str) -> None:
    complained(shell(line), "", "")
