"""An internal error, wherever it happens, is told by its place alone: on the screen, in JSON, and after both failed."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Never

import pytest
from hashdata.cli import key_input
from hashdata.exchange.ccxt_client import Client
from hashdata.exchange.door import Door
from hashdata.exchange.guard import Guard
from hashdata.logs import redacted
from hashdata.redaction import Redactor
from hashdata.tester.classify import Classifier

from tests.canaries import CREDENTIALS_WITH_PASSPHRASE, KEY, PASSPHRASE, SECRET
from tests.cli.command import Outcome
from tests.leaks.echo import TARGETS, around, standing
from tests.leaks.search import assert_clean
from tests.leaks.test_faults import everything_logged

Here = Callable[..., Outcome]
KeyFile = Callable[[Mapping[str, str]], str]
ALL = f"{KEY} {SECRET} {PASSPHRASE}"
PLACES: dict[str, tuple[object, str]] = {
    "the door": (Door, "send"),
    "the wire": (Door, "_exchange"),
    "the guard": (Guard, "check"),
    "the client": (Client, "ask"),
    "the reading of an answer": (Classifier, "stream"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["page", "json"])
def test_a_bug_inside_is_told_without_what_it_held(
    here: Here, key_file: KeyFile, monkeypatch: pytest.MonkeyPatch, place: str, options: tuple[str, ...]
) -> None:
    def crash(*_: object, **__: object) -> object:
        held_in_a_local = ALL
        try:
            raise_one(ValueError(held_in_a_local))
        except ValueError as error:
            error.add_note(held_in_a_local)
            raise RuntimeError(held_in_a_local, {"key": held_in_a_local}) from error

    monkeypatch.setattr(*PLACES[place], crash)
    target = TARGETS["classic"]
    with everything_logged() as logged, standing(target.exchange("accepted"), around) as (origin, _):
        source = key_file(target.values)
        ended = here("connectors", "test", target.connector, "--endpoint", origin, "--credentials", source, *options)

    assert_clean("the output", ended.out, ended.err, logged.getvalue())
    assert "hashdata has a bug: RuntimeError" in ended.all
    assert ended.code == 5


def raise_one(error: Exception) -> Never:
    raise error


HOOKS = ("describe", "credential_schema", "permission_probes", "streams", "diagnoses", "guide", "sandbox")


def test_no_hook_of_a_plugin_is_called_once_a_key_was_read(
    here: Here, key_file: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hashdata_poloniex.connector as plugin

    # An error of a plugin is shown with its text in lists, so a plugin must have nothing of a key to show.
    kind = next(one for one in vars(plugin).values() if isinstance(one, type) and one.__module__ == plugin.__name__)
    order: list[str] = []

    def noting(name: str, kept: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(kept)
        def note(*arguments: object) -> object:
            order.append(name)
            return kept(*arguments)

        return note

    for hook in HOOKS:
        monkeypatch.setattr(kind, hook, noting(hook, vars(kind)[hook]))
    monkeypatch.setattr(key_input, "read_credentials", noting("the key", key_input.read_credentials))
    target = TARGETS["main"]
    with standing(target.exchange("denied"), around) as (origin, _):
        source = key_file(target.values)
        ended = here("connectors", "test", "poloniex", "--endpoint", origin, "--credentials", source)

    assert_clean("the output", ended.out, ended.err)
    assert set(HOOKS) - {"sandbox"} <= set(order[:-1])
    assert order[-1] == "the key"
    assert ended.code == 1


# Runs `main` as the installed command does, with what is broken replaced first.
_MAIN = """
import sys, threading
from hashdata import cli
from hashdata.cli import testing
ALL = sys.stdin.read()
def broken(*args, **kwargs):
    held_in_a_local = ALL
    {act}
testing.plan = broken
sys.argv = ["hashdata", "connectors", "test", "poloniex", *{options!r}]
{before}
cli.main()
"""
_THREAD = "one = threading.Thread(target=lambda: int(ALL)); one.start(); one.join(); raise SystemExit(0)"
_FINALIZER = "type('A', (), {'__del__': lambda self: int(ALL)})(); raise ValueError(ALL)"
WAYS = {
    "an error": ("raise ValueError(ALL)", "pass"),
    "a thread": (_THREAD, "pass"),
    "a finalizer": (_FINALIZER, "pass"),
    "a group": ("raise BaseExceptionGroup(ALL, [ValueError(ALL), KeyboardInterrupt(ALL)])", "pass"),
    "an error while telling": (
        "raise ValueError(ALL)",
        "from hashdata.cli import failure\ndef explain(e): raise KeyError(ALL)\ncli.terminal.fail = explain",
    ),
}


def main(way: str, options: list[str], stdout: Path | None = None) -> tuple[int, str]:
    act, before = WAYS[way]
    script = _MAIN.format(act=act, before=before, options=options)
    with stdout.open("wb") if stdout else subprocess.DEVNULL as out:  # type: ignore[union-attr]  # a file or a number
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-c", script],
            input=ALL.encode(),
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
        )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("way", WAYS)
def test_whatever_python_would_say_of_an_error_is_not_said(way: str, tmp_path: Path) -> None:
    code, err = main(way, [], tmp_path / "out")

    assert_clean("the last words", err, (tmp_path / "out").read_text(encoding="utf-8"))
    assert "Traceback" not in err
    assert code != 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.parametrize("options", [[], ["--json"], ["--json", ALL], ["--json", "--no-such-option", ALL]], ids="abcd")
def test_an_error_that_cannot_be_written_is_told_by_the_exit_code_alone(options: list[str]) -> None:
    code, err = main("an error", options, Path("/dev/full"))

    assert_clean("the last words", err)
    assert "Traceback" not in err
    assert code == (2 if len(options) > 1 else 5)


def test_what_others_log_is_cleaned_while_a_key_is_tested() -> None:
    import logging

    with everything_logged() as logged, redacted(Redactor(CREDENTIALS_WITH_PASSPHRASE.values())):
        other = logging.getLogger("somebody.else")
        other.debug("key %s", KEY)
        other.warning(PASSPHRASE)
        other.error("%d", SECRET)
        other.info({"key": KEY})
        try:
            raise_one(ValueError(ALL))
        except ValueError:
            other.exception("failed with %s", SECRET)

    assert_clean("the log", logged.getvalue())
    assert logged.getvalue().count("[redacted]") >= 6
    assert "cannot be formatted" in logged.getvalue()
    assert "ValueError: [redacted] [redacted] [redacted]" in logged.getvalue()


def test_ccxt_is_silent_and_says_nothing_where_it_is_told_to_be_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    from hashdata.exchange.ccxt_client import Template
    from hashdata.registry import find

    connector = find("poloniex")
    made: Any = Template(connector.terms(connector.info.apis[0]))._ccxt
    with everything_logged() as logged:
        made.logger.critical("request %s", KEY)
        made.logger.debug("request %s", KEY)

    assert made.verbose is False
    assert logged.getvalue() == ""
    assert capsys.readouterr() == ("", "")
