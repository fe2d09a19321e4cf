"""The commands as a script sees them: exit codes, and what goes where."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence

import pytest
from hashdata.errors import ExitCode

from tests.cli.command import CONNECTORS, HASHDATA, Outcome, execute, run

Here = Callable[..., Outcome]
REQUESTS = [
    '  POST https://api.poloniex.com/orders {"symbol":"ZZQXA_ZZQXB","side":"BUY","type":"MARKET","amount":"1"}',
    '  POST https://api.poloniex.com/wallets/withdraw {"currency":"ZZQX","amount":"0.00000001","address":"x"}',
]


@pytest.mark.parametrize("arguments", [["--version"], ["connectors", "list"], ["nonsense"]])
def test_the_module_does_what_the_command_does(arguments: Sequence[str]) -> None:
    assert execute([sys.executable, "-m", "hashdata", *arguments]) == execute([HASHDATA, *arguments])


def test_the_version_names_the_versions_that_a_report_of_a_bug_needs() -> None:
    ended = run("--version")

    assert ended.out.startswith("hashdata ")
    assert "(ccxt " in ended.out
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["connectors"],
        ["connectors", "list"],
        ["connectors", "show"],
        ["connectors", "guide"],
        ["connectors", "test"],
        ["sandbox"],
    ],
    ids=" ".join,
)
def test_every_command_has_help(here: Here, command: list[str]) -> None:
    ended = here(*command, "--help")

    assert ended.out.startswith(f"Usage: {' '.join(['hashdata', *command])} [OPTIONS]")
    assert all(line == line.rstrip() for line in ended.out.splitlines())
    assert (ended.code, ended.err) == (0, "")


def test_the_first_help_explains_every_exit_code(here: Here) -> None:
    lines = here("--help").out.split("Exit codes:")[1].splitlines()
    explained = {int(line.split()[0]) for line in lines if line.split()[:1] and line.split()[0].isdigit()}

    assert explained == {int(code) for code in ExitCode}


def test_the_help_of_a_test_names_every_exit_code_that_it_can_end_with(here: Here) -> None:
    text = " ".join(here("connectors", "test", "--help").out.split())

    assert all(f" {int(code)} " in text for code in ExitCode)


def test_no_option_takes_a_credential(here: Here) -> None:
    text = here("connectors", "test", "--help").out

    assert not [option for option in ("--api", "--key", "--secret", "--pass") if option in text]


def test_groups_are_listed_before_single_commands(here: Here) -> None:
    text = here("--help").out.split("Commands:")[1]

    assert text.index("connectors") < text.index("sandbox")


@pytest.mark.parametrize("command", [[], ["connectors"]])
def test_a_command_that_needs_another_prints_its_help_and_ends_as_misused(here: Here, command: list[str]) -> None:
    ended = here(*command)

    assert ended.out == here(*command, "--help").out
    assert (ended.code, ended.err) == (2, "")


def test_the_list_names_every_connector_and_says_what_its_proof_means(here: Here) -> None:
    ended = here("connectors", "list")

    assert all(f"\n{name} " in ended.out for name in CONNECTORS)
    assert "P1  the exchange is asked, and seen to refuse" in ended.out
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("name", ["poloniex-futures", "poloniex_futures", "Poloniex_Futures", "POLONIEX-FUTURES"])
@pytest.mark.parametrize("command", ["show", "guide"])
def test_a_name_may_be_spelt_with_underscores_and_capitals(here: Here, command: str, name: str) -> None:
    ended = here("connectors", command, name)

    assert ended == here("connectors", command, "poloniex-futures")
    assert ended.code == 0


@pytest.mark.parametrize("name", CONNECTORS)
def test_show_prints_every_request_that_the_json_names(here: Here, name: str) -> None:
    shown = "".join(here("connectors", "show", name).out.split())
    document = here("connectors", "show", name, "--json").document
    apis = document["apis"]

    assert isinstance(apis, list)
    for request in (request for api in apis for request in api["requests"]):
        assert request["method"] + request["path"] in shown
        if request["parameters"]:
            assert "".join(json.dumps(request["parameters"]).split()) in shown


@pytest.mark.parametrize("fmt", ["text", "markdown", "html", "HTML"])
@pytest.mark.parametrize("name", CONNECTORS)
def test_a_guide_is_printed_in_every_format(here: Here, name: str, fmt: str) -> None:
    ended = here("connectors", "guide", name, "--format", fmt)

    assert "Poloniex" in ended.out
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    ("connector", "persona", "code", "verdict"),
    [
        ("poloniex", "read-only", 0, "ACCEPTED"),
        ("Poloniex", "Trading", 1, "DENIED"),
        ("poloniex", "wrong_key", 3, "UNUSABLE"),
        ("poloniex", "captcha", 4, "INCONCLUSIVE"),
        ("poloniex_futures", "CLASSIC_TRADING", 1, "DENIED"),
        ("poloniex-futures", "never-opened", 4, "INCONCLUSIVE"),
    ],
)
def test_the_exit_code_is_the_verdict(connector: str, persona: str, code: int, verdict: str) -> None:
    ended = run("connectors", "test", connector, "--sandbox", persona)

    assert ended.code == code
    assert ended.out.startswith(f"{verdict} (practice)\n")


def test_an_accepted_practice_key_cannot_be_taken_for_a_real_one(here: Here) -> None:
    text = " ".join(here("connectors", "test", "poloniex", "--sandbox", "read-only").out.split())

    assert text.startswith("ACCEPTED (practice)")
    assert "This proves nothing about a key that the exchange knows." in text


def test_what_to_do_comes_before_how_it_is_known(here: Here) -> None:
    text = here("connectors", "test", "poloniex", "--sandbox", "full-power").out

    assert 0 < text.index("\nWhat to do\n  ") < text.index("\nPermission ") < text.index("\nStream ")
    assert text.count("Untick") == 1


def test_a_limit_is_said_once(here: Here) -> None:
    text = " ".join(here("connectors", "test", "poloniex", "--sandbox", "read-only").out.split())

    assert text.count("no permission for transfers between") == 1


def test_the_write_questions_are_announced_exactly_before_they_are_asked(here: Here) -> None:
    lines = here("connectors", "test", "poloniex", "--sandbox", "read-only").err.splitlines()

    assert "must refuse" in lines[0]
    assert "stay on this computer" in lines[0]
    assert lines[1:] == [*REQUESTS, ""]


@pytest.mark.parametrize("persona", ["wrong-key", "maintenance", "slow"])
def test_nothing_is_announced_where_nothing_is_asked(here: Here, persona: str) -> None:
    ended = here("connectors", "test", "poloniex", "--sandbox", persona, "--timeout", "0.3", "--json")

    assert ended.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["connectors", "list"],
        ["connectors", "show", "poloniex"],
        ["connectors", "test", "poloniex", "--sandbox", "read-only"],
        ["connectors", "test", "poloniex"],
        ["connectors", "test", "poloniex", "--sandbox"],
        ["nonsense"],
        ["--nonsense"],
    ],
    ids=" ".join,
)
def test_with_json_one_document_stands_alone_on_standard_output(arguments: Sequence[str]) -> None:
    ended = run(*arguments, "--json")

    assert str(ended.document["schema"]).startswith("hashdata.")
    assert "\x1b" not in ended.all


def test_an_error_goes_to_standard_error_without_json(here: Here) -> None:
    ended = here("connectors", "show", "polonix")

    assert ended == Outcome(
        2,
        "",
        "Error: there is no connector of that name.\n"
        "Fix: Did you mean poloniex? Installed are: poloniex, poloniex-futures.\n",
    )


def test_a_recording_that_cannot_be_written_does_not_make_a_second_document(
    here: Here, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hashdata import recording
    from hashdata.errors import UsageError

    def fail(*_: object) -> None:
        raise UsageError("the recording could not be written", fix="Name another file.")

    monkeypatch.setattr(recording, "write", fail)
    ended = here("connectors", "test", "poloniex", "--sandbox", "read-only", "--record", f"{tmp_path}/new", "--json")

    assert ended.document["verdict"] == "accepted"
    assert ended.err.endswith("Error: the recording could not be written.\nFix: Name another file.\n")
    assert ended.code == 2
