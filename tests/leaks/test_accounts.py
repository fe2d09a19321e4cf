"""Accounts, from adding to removing: no output, no file and no log holds anything of a key or passphrase."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hashdata.practice import Ledger, Persona, PracticeExchange, Reply, Request
from hashdata_poloniex.practice_keys import PracticeKey
from hashdata_poloniex.practice_keys import key as practice_key
from hashdata_poloniex.sandbox import PracticePoloniex

from tests.canaries import CREDENTIALS, CREDENTIALS_WITH_PASSPHRASE, KEY, PASSPHRASE, SECRET
from tests.cli.command import Outcome
from tests.faults.server import Log
from tests.leaks.echo import OUTCOMES, TARGETS, around, signatures, standing
from tests.leaks.process import Place, empty_place, running
from tests.leaks.search import assert_clean
from tests.leaks.test_faults import everything_logged

Here = Callable[..., Outcome]
KeyFile = Callable[[Mapping[str, str]], str]
ENDS = {"accepted": 0, "denied": 1, "unusable": 3, "inconclusive": 4}
# Its spellings backwards are among those that are searched for.
OTHER = {name: value[::-1] for name, value in CREDENTIALS.items()}


class Changing:
    """An exchange in whose place another can be put between two tests."""

    def __init__(self, now: PracticeExchange) -> None:
        self.now = now

    @property
    def personas(self) -> Sequence[Persona]:
        return self.now.personas

    @property
    def ledger(self) -> Ledger:
        return self.now.ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        return self.now.answer(request, now_ms)


def two_keys() -> PracticePoloniex:
    """Return an exchange that knows the canaries, and those backwards."""
    made = practice_key(0, "canary", "")
    return PracticePoloniex([PracticeKey(persona=made.persona, held=held) for held in (CREDENTIALS, OTHER)])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let HASHDATA_HOME be a folder that is not there yet, whose vault a file of canaries opens; return it."""
    opener = tmp_path / "opener"
    opener.touch(mode=0o600)
    opener.write_text(f"{PASSPHRASE}{SECRET}", encoding="utf-8")
    monkeypatch.setenv("HASHDATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HASHDATA_KEY_FILE", str(opener))
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def contents(folder: Path) -> Iterator[str]:
    """Yield the name and the bytes of every file."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield f"{path.name}\n{path.read_bytes().decode('latin-1')}"


def assert_all_clean(home: Path, log: Log | None, *texts: str) -> None:
    """Search texts, and all files of the home."""
    sent = signatures(log) if log else set()
    assert_clean("the output or the log", *texts, signatures=sent)
    assert_clean("a file of the home", *contents(home), signatures=sent)


@pytest.mark.parametrize("api", TARGETS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_adding_a_key_shows_and_leaves_nothing_of_it(
    here: Here, key_file: KeyFile, home: Path, api: str, outcome: str
) -> None:
    target, options = TARGETS[api], () if api == "main" else ("--json",)
    with everything_logged() as logged, standing(target.exchange(outcome), around) as (origin, log):
        given = ("--endpoint", origin, "--credentials", key_file(target.values), *options)
        ended = here("accounts", "add", "main", target.connector, *given)

    assert_all_clean(home, log, ended.all, logged.getvalue())
    assert len(signatures(log)) >= 3
    assert ended.code == ENDS[outcome]
    assert ("[accounts." in (home / "accounts.toml").read_text()) is (outcome == "accepted")
    assert (home / "vault.json").exists()


LIFE: tuple[tuple[str, ...], ...] = (
    ("accounts", "list"),
    ("accounts", "list", "--json"),
    ("accounts", "show", "main", "--report", "--history"),
    ("accounts", "show", "main", "--report", "--history", "--json"),
    ("accounts", "test", "main"),
    ("accounts", "test", "main", "--json"),
    ("accounts", "test", "--all", "--min-age", "0", "--jsonl"),
    ("accounts", "test", "--all"),
    ("accounts", "export-report", "main", "out/report-{outcome}"),
    ("accounts", "verify-report", "out/report-{outcome}"),
    ("accounts", "rename", "main", "main"),
    ("doctor",),
    ("doctor", "--json", "--bundle", "out/bundle-{outcome}"),
    ("vault", "status"),
    ("vault", "status", "--json"),
)


# After each of these the commands of `LIFE` end with its code, or with 0 where they test nothing.
LIVES = {"main": ("denied", "unusable", "accepted", "inconclusive"), "classic": ("denied", "accepted")}


@pytest.mark.parametrize("api", LIVES)
def test_whatever_is_done_with_an_account_shows_nothing_of_its_key(
    here: Here, key_file: KeyFile, home: Path, api: str
) -> None:
    target = TARGETS[api]
    exchange, codes, seen = Changing(target.exchange("accepted")), dict[str, set[int]](), set[str]()
    with everything_logged() as logged, standing(exchange, around) as (origin, log):
        given = ("--credentials", key_file(target.values))
        added = here("accounts", "add", "main", target.connector, "--endpoint", origin, *given)
        for outcome in LIVES[api]:
            exchange.now = target.exchange(outcome)
            ends = [here(*(word.format(outcome=outcome) for word in command)) for command in LIFE]
            same = here("accounts", "rotate", "main", *given)
            texts = (*contents(home), *contents(home.parent / "out"), *(one.all for one in (added, same, *ends)))
            # Each signature is searched for in what was said and written while it was good.
            assert_clean(f"what follows {outcome}", *texts, signatures=signatures(log) - seen)
            seen |= signatures(log)
            codes[outcome] = {ended.code for ended in ends}

            assert same.code == 2
        removed = here("accounts", "remove", "main")

    assert_all_clean(home, None, removed.all, logged.getvalue())
    assert codes == {outcome: {0, ENDS[outcome]} for outcome in LIVES[api]}
    assert len(list((home.parent / "out").iterdir())) == 2 * len(codes)
    assert (added.code, removed.code, len(seen) > 10) == (0, 0, True)


def sealed(home: Path) -> set[str]:
    """Return what the vault holds for its records, as its file spells it."""
    records = json.loads((home / "vault.json").read_text(encoding="ascii"))["records"]
    return {record["sealed"] for record in records.values()}


def test_the_secret_of_an_old_key_is_in_no_file_any_more(here: Here, key_file: KeyFile, home: Path) -> None:
    with standing(two_keys(), around) as (origin, log):
        source = key_file(CREDENTIALS)
        added = here("accounts", "add", "main", "poloniex", "--endpoint", origin, "--credentials", source)
        first = sealed(home)
        rotated = here("accounts", "rotate", "main", "--yes", "--credentials", key_file(OTHER))
        second, after_rotating = sealed(home), list(contents(home))
        removed = here("accounts", "remove", "main")
        after_removing = list(contents(home))

    assert_all_clean(home, log, added.all, rotated.all, removed.all, *after_rotating)
    assert (added.code, rotated.code, removed.code) == (0, 0, 0)
    assert (len(first), len(second), len(sealed(home))) == (1, 1, 0)
    assert not any(secret in text for secret in first for text in after_rotating)
    assert any(secret in text for secret in second for text in after_rotating)
    assert not any(secret in text for secret in first | second for text in after_removing)


@pytest.mark.parametrize("outcome", [one for one in OUTCOMES if one != "accepted"])
def test_a_new_key_that_is_refused_shows_nothing_and_is_not_kept(
    here: Here, key_file: KeyFile, home: Path, outcome: str
) -> None:
    exchange = Changing(two_keys())
    with everything_logged() as logged, standing(exchange, around) as (origin, log):
        here("accounts", "add", "main", "poloniex", "--endpoint", origin, "--credentials", key_file(OTHER))
        before = (home / "vault.json").read_bytes()
        exchange.now = TARGETS["main"].exchange(outcome)
        ended = here("accounts", "rotate", "main", "--yes", "--credentials", key_file(CREDENTIALS))

    assert_all_clean(home, log, ended.all, logged.getvalue())
    assert ended.code == ENDS[outcome]
    assert (home / "vault.json").read_bytes() == before


# A key in the place of anything else. The home has an account `main`, and nobody sits at a terminal.
WRONG: list[list[str]] = [
    ["accounts", KEY],
    ["accounts", "list", KEY],
    ["accounts", "show", KEY],
    ["accounts", "show", SECRET],
    ["accounts", "show", PASSPHRASE],
    ["accounts", "add", SECRET, "poloniex"],
    ["accounts", "add", KEY, "poloniex"],
    ["accounts", "add", f"{KEY}/{SECRET}", "poloniex"],
    ["accounts", "add", f"-{PASSPHRASE}", "poloniex"],
    ["accounts", "add", "new", KEY],
    ["accounts", "add", "new", "poloniex", KEY, SECRET],
    ["accounts", "add", "new", "poloniex", "--credentials", SECRET],
    ["accounts", "add", "new", "poloniex", "--credentials", json.dumps(CREDENTIALS_WITH_PASSPHRASE)],
    ["accounts", "add", "new", "poloniex", "--endpoint", f"http://{KEY}:{SECRET}@127.0.0.1:1"],
    ["accounts", "add", "new", "poloniex", "--sandbox", KEY],
    ["accounts", "add", "new", "poloniex", "--timeout", SECRET],
    ["accounts", "add", "new", "poloniex", f"--{KEY}"],
    ["accounts", "add", "new", "poloniex", "--sandbox", "read-only", "--key-file", SECRET],
    ["accounts", "test", KEY],
    ["accounts", "test", "main", SECRET],
    ["accounts", "test", "--connector", KEY],
    ["accounts", "test", "--all", "--min-age", SECRET],
    ["accounts", "test", "main", "--timeout", SECRET],
    ["accounts", "test", "main", "--key-file", KEY],
    ["accounts", "rotate", KEY],
    ["accounts", "rotate", "main", "--credentials", SECRET],
    ["accounts", "rotate", "main", "--sandbox", KEY],
    ["accounts", "rename", KEY, "new"],
    ["accounts", "rename", "main", SECRET],
    ["accounts", "remove", KEY],
    ["accounts", "remove", "main", "--key-file", SECRET],
    ["accounts", "export-report", KEY, "file"],
    ["accounts", "export-report", "main", f"nowhere/{KEY}"],
    ["accounts", "export-report", "main", SECRET * 3],
    ["accounts", "verify-report", KEY],
    ["accounts", "verify-report", SECRET],
    ["vault", KEY],
    ["vault", "init", "--slot", SECRET],
    ["vault", "init", "--slot", "keyfile", "--key-file", f"nowhere/{KEY}"],
    ["vault", "status", KEY],
    ["vault", "add-slot", "--slot", KEY],
    ["vault", "add-slot", "--slot", "passphrase", PASSPHRASE],
    ["vault", "remove-slot", "--slot", SECRET],
    ["vault", "change-passphrase", PASSPHRASE],
    ["doctor", KEY],
    ["doctor", "--key-file", KEY],
    ["doctor", "--bundle", f"nowhere/{SECRET}"],
]


@pytest.fixture
def practising(here: Here, home: Path) -> Path:
    """Return a home with a practice account of the label `main`."""
    added = here("accounts", "add", "main", "poloniex", "--sandbox", "read-only")

    assert added.code == 0
    return home


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_a_key_in_the_place_of_something_else_is_not_repeated(here: Here, practising: Path, number: int) -> None:
    ended = here(*WRONG[number])

    assert_all_clean(practising, None, ended.all)
    assert ended.code == 2
    assert ended.all


@pytest.mark.parametrize("value", [KEY, SECRET], ids=["key", "secret"])
@pytest.mark.parametrize("command", [["accounts", "test", "main"], ["doctor"]], ids=["test", "doctor"])
def test_a_key_in_the_place_of_the_name_of_the_key_file_is_not_repeated(
    here: Here, practising: Path, monkeypatch: pytest.MonkeyPatch, value: str, command: list[str]
) -> None:
    monkeypatch.setenv("HASHDATA_KEY_FILE", value)
    ended = here(*command)

    assert_all_clean(practising, None, ended.all)
    assert ended.code == 2


def test_the_key_itself_does_not_become_the_label(here: Here, key_file: KeyFile, home: Path) -> None:
    with standing(two_keys(), around) as (origin, log):
        source = key_file(CREDENTIALS)
        ended = here("accounts", "add", KEY, "poloniex", "--endpoint", origin, "--credentials", source)

    assert_all_clean(home, log, ended.all)
    assert ended.code == 2


# Python ends itself at the first, second ... file that is moved to its place, as if the computer lost its power.
_KILL = """
import os, signal, sys
_left = [int(os.environ.get("KILLED_AT", "0"))]
def _kill(event, args):
    if event == "os.rename":
        _left[0] -= 1
        if _left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(_kill)
"""


def killed(place: Place, moment: int, *arguments: str) -> int:
    place.env["KILLED_AT"] = str(moment)
    with running(place, arguments) as process:
        process.communicate(timeout=30)
        return process.returncode


@pytest.mark.parametrize("moment", [2, 4, 5])
def test_what_a_killed_process_leaves_is_encrypted(
    here: Here, key_file: KeyFile, home: Path, tmp_path: Path, moment: int
) -> None:
    place = empty_place(tmp_path, HASHDATA_HOME=str(home), HASHDATA_KEY_FILE=os.environ["HASHDATA_KEY_FILE"])
    (tmp_path / "watching" / "sitecustomize.py").write_text(_KILL, encoding="utf-8")
    with standing(two_keys(), around) as (origin, log):
        here("accounts", "add", "main", "poloniex", "--endpoint", origin, "--credentials", key_file(CREDENTIALS))
        old = sealed(home)
        code = killed(place, moment, "accounts", "rotate", "main", "--yes", "--credentials", key_file(OTHER))
        left = list(contents(home))
        mended = here("doctor")

    assert code == -signal.SIGKILL
    assert_all_clean(home, log, mended.all, *left)
    assert mended.code == 0
    assert not list(home.rglob("*.tmp"))
    assert len(sealed(home)) == 1
    # Before the accounts name the new key, the old one is the one that counts.
    assert (sealed(home) == old) is (moment < 5)
