"""A key that cannot be used, a misspelt command and a key in the wrong place: the value never shows."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import pytest

from tests.canaries import CREDENTIALS_WITH_PASSPHRASE, KEY, PASSPHRASE, SECRET
from tests.cli.command import Outcome, plain, run, terminal
from tests.leaks.search import assert_clean
from tests.leaks.test_errors import FORMS, bad_keys

Here = Callable[..., Outcome]
KeyFile = Callable[[Mapping[str, str]], str]
NOWHERE = ("connectors", "test", "poloniex-futures", "--endpoint", "http://127.0.0.1:1")
SWAPPED = {"api_key": SECRET, "secret": KEY, "passphrase": PASSPHRASE}
FIELDS = {"api_key": "API Key", "secret": "Secret Key", "passphrase": "Passphrase"}


@pytest.mark.parametrize("source", ["file", "stdin", "prompt"])
@pytest.mark.parametrize("bad", [*bad_keys(), "swapped"])
def test_a_bad_paste_names_the_field_and_not_the_value(
    here: Here, key_file: KeyFile, monkeypatch: pytest.MonkeyPatch, bad: str, source: str
) -> None:
    values = SWAPPED if bad == "swapped" else bad_keys()[bad]
    given: tuple[str, ...] = ()
    if source == "file":
        given = ("--credentials", key_file(values))
    elif source == "stdin":
        given = ("--credentials", "-")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(values).encode())))
    else:
        typed = iter(values[name] for name in FIELDS)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
        monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    ended = here(*NOWHERE, *given)

    assert_clean("the output", ended.out, ended.err)
    assert ended.code == (4 if bad == "swapped" else 2)
    named = "are they swapped?" if bad == "swapped" else f"{FIELDS[bad.rpartition(' ')[2]]} ("
    assert named in ended.err


@pytest.mark.parametrize("form", ["a typographic quote", "too long", "an escape"])
def test_a_bad_paste_at_a_terminal_does_not_show(form: str) -> None:
    with terminal(*NOWHERE) as screen:
        for name, label in FIELDS.items():
            screen.read_until(label)
            screen.send(FORMS[form](CREDENTIALS_WITH_PASSPHRASE[name]) + "\n")
        code = screen.end()

    assert_clean("the terminal", screen.seen, plain(screen.seen))
    assert code == 2


WRONG = [
    [KEY],
    ["connectors", SECRET],
    ["connectors", "show", KEY],
    ["connectors", "guide", "poloniex", "--variant", SECRET],
    ["connectors", "guide", "poloniex", "--format", SECRET],
    ["connectors", "test", KEY],
    ["connectors", "test", "poloniex", KEY, SECRET],
    ["connectors", "test", "poloniex", "--api-key", KEY],
    ["connectors", "test", "poloniex", f"--secret={SECRET}"],
    ["connectors", "test", "poloniex", f"--{KEY}"],
    ["connectors", "test", "poloniex", f"-{PASSPHRASE}"],
    ["connectors", "test", "poloniex", f"--json={SECRET}"],
    ["connectors", "test", "poloniex", "--sandbox", KEY],
    ["connectors", "test", "poloniex", "--timeout", SECRET],
    ["connectors", "test", "poloniex", "--credentials", SECRET],
    ["connectors", "test", "poloniex", "--credentials", json.dumps(CREDENTIALS_WITH_PASSPHRASE)],
    ["connectors", "test", "poloniex", "--endpoint", f"http://{KEY}:{SECRET}@127.0.0.1:1"],
    ["connectors", "test", "poloniex", "--endpoint", f"http://127.0.0.1:1/?{KEY}"],
    ["connectors", "test", "poloniex", "--sandbox", "read-only", "--record", f"/nowhere/{KEY}"],
    ["sandbox", KEY],
    ["sandbox", "poloniex", "--port", SECRET],
]


@pytest.mark.parametrize("number", range(len(WRONG)))
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["page", "json"])
def test_a_command_that_cannot_be_used_is_not_repeated(here: Here, number: int, options: list[str]) -> None:
    ended = here(*WRONG[number], *options)

    assert_clean("the output", ended.out, ended.err)
    assert ended.code == 2
    assert ended.all


def test_without_a_terminal_a_pipe_is_refused_and_named() -> None:
    ended = run(*NOWHERE, stdin=json.dumps(CREDENTIALS_WITH_PASSPHRASE).encode())

    assert_clean("the output", ended.out, ended.err)
    assert "--credentials -" in ended.err
    assert ended.code == 2


@pytest.mark.parametrize(
    "command", [[], ["connectors"], ["connectors", "test"], ["connectors", "list"], ["sandbox"]], ids=str
)
def test_no_option_takes_a_value_of_a_key(here: Here, command: list[str]) -> None:
    ended = here(*command, "--help")
    options = {word.strip(",") for word in ended.out.split() if word.startswith("--")}

    assert ended.code == 0
    assert not {o for o in options if any(name in o for name in ("key", "secret", "pass", "token"))}


def test_the_environment_is_not_asked_for_a_key(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS_WITH_PASSPHRASE.items():
        for variable in (name.upper(), f"HASHDATA_{name.upper()}", f"HASHDATA_CREDENTIALS_{name.upper()}"):
            monkeypatch.setenv(variable, value)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    ended = here(*NOWHERE)

    assert_clean("the output", ended.out, ended.err)
    assert ended.code == 2
