"""The vault while it is open: as other processes see it, in a crash, and in what a program does with its objects."""

from __future__ import annotations

import asyncio
import copy
import io
import json
import os
import pickle
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hashdata.accounts import secrets_check, shelf, store
from hashdata.accounts.adding import Place as Where
from hashdata.accounts.adding import Proven
from hashdata.accounts.journal import Journal
from hashdata.accounts.overview import overview
from hashdata.accounts.retesting import Outcome as Retested
from hashdata.accounts.retesting import Retest
from hashdata.accounts.store import Store
from hashdata.cli.adding import Added
from hashdata.cli.testing import plan
from hashdata.cli.unlocking import store_here
from hashdata.credentials import Secret
from hashdata.exchange.door import Door
from hashdata.practice import Reply
from hashdata.tester.runs import examine
from hashdata.tester.session import Options
from hashdata.vault import KeyFile, Passphrase, Vault
from rich.console import Console
from rich.traceback import Traceback

from tests.canaries import CREDENTIALS, CREDENTIALS_WITH_PASSPHRASE, PASSPHRASE, SECRET
from tests.cli.command import Outcome, terminal
from tests.faults.server import Wire
from tests.leaks.echo import TARGETS, around, standing
from tests.leaks.process import Place, empty_place, running
from tests.leaks.search import assert_clean, reachable
from tests.leaks.test_accounts import assert_all_clean, contents, home
from tests.leaks.test_crashes import ALL, raise_one
from tests.leaks.test_faults import everything_logged
from tests.leaks.test_objects import ways

__all__ = ["home"]

Here = Callable[..., Outcome]
WriteKey = Callable[[Mapping[str, str]], str]
GIVEN = json.dumps(CREDENTIALS_WITH_PASSPHRASE).encode()

# Notes at each reading of something secret whether others may look into the memory.
_READS = """
def _read(event, args):
    if event == "open" and str(args[0]) in os.environ["READS"].split(":"):
        _tell("read", str(args[0]), _prctl(3, 0, 0, 0, 0))
sys.addaudithook(_read)
"""


def watched(tmp_path: Path, home: Path, *reads: str) -> Place:
    """Return a place whose processes note the reading of `reads`, and have this test's home."""
    variables = {"HASHDATA_HOME": str(home), "READS": ":".join(reads), "WATCH_LOGS": "1"}
    place = empty_place(tmp_path, **variables)
    with (tmp_path / "watching" / "sitecustomize.py").open("a", encoding="utf-8") as file:
        file.write(_READS)
    return place


def test_every_command_of_a_process_of_its_own_is_clean_and_protected(tmp_path: Path, home: Path) -> None:
    opener = os.environ["HASHDATA_KEY_FILE"]
    place = watched(tmp_path, home, opener)
    place.env["HASHDATA_KEY_FILE"] = opener
    bundle = str(tmp_path / "out" / "bundle")
    texts, codes = list[str](), list[int]()
    with standing(TARGETS["classic"].exchange("accepted"), around) as (origin, log):
        given = ("--endpoint", origin, "--credentials", "-")
        for command in (
            ("vault", "init", "--slot", "keyfile"),
            ("accounts", "add", "main", "poloniex-futures", *given),
            ("accounts", "test", "main", "--json"),
            ("accounts", "rotate", "main", "--credentials", "-"),
            ("doctor", "--bundle", bundle),
            ("accounts", "remove", "main"),
        ):
            with running(place, command) as process:
                out, err = process.communicate(GIVEN, timeout=30)
            texts += [out.decode(), err.decode(), *contents(home)]
            codes.append(process.returncode)

    assert_all_clean(home, log, *texts, *contents(tmp_path / "out"), place.watch.read_text(encoding="utf-8"))
    # The key is the old one, so that it cannot take its own place.
    assert codes == [0, 0, 0, 2, 0, 0]
    assert [event[2] for event in place.events("read")] == [0] * len(place.events("read"))
    assert len(place.events("read")) >= len(codes)
    assert all(event[2:4] == [0, [0, 0]] for event in place.events("connect"))
    assert place.events("child") == []
    assert place.files == []
    written = {str(event[1]) for event in place.events("write")} - {"/dev/null", bundle, "os.rename", "os.link"}
    assert all(name.startswith(str(home)) or name == "os.mkdir" for name in written)


def test_a_passphrase_that_is_typed_is_not_shown_and_memory_is_protected_before(tmp_path: Path, home: Path) -> None:
    place = watched(tmp_path, home, "/dev/tty")
    place.env["HASHDATA_KEY_FILE"] = ""
    key = (("API Key", "api_key"), ("Secret Key", "secret"), ("Passphrase", "passphrase"))
    with standing(TARGETS["classic"].exchange("accepted"), around) as (origin, log):
        command = ("accounts", "add", "main", "poloniex-futures", "--endpoint", origin)
        with terminal(*command, env=place.env) as adding:
            adding.read_until("1, 2 or 3")
            adding.send("1\n")
            for prompt, typed in (
                ("New passphrase", PASSPHRASE),
                ("The same again", PASSPHRASE),
                *((prompt, CREDENTIALS_WITH_PASSPHRASE[name]) for prompt, name in key),
                ("type a label", ""),
            ):
                adding.read_until(prompt)
                adding.send(f"{typed}\n")
            added = adding.end()
        with terminal("accounts", "test", "main", env=place.env) as testing:
            for typed in (f"{PASSPHRASE}{SECRET}", PASSPHRASE):
                testing.read_until("Passphrase of the vault")
                testing.send(f"{typed}\n")
            tested = testing.end()

    assert_all_clean(home, log, adding.seen, testing.seen, place.watch.read_text(encoding="utf-8"))
    assert (added, tested) == (0, 0)
    assert "That passphrase does not open the vault." in testing.seen
    assert len(place.events("read")) >= 7
    assert {event[2] for event in place.events("read")} == {0}


@pytest.fixture
def with_account(here: Here, key_file: WriteKey, home: Path) -> Iterator[tuple[Path, threading.Event, threading.Event]]:
    """Store the canaries as `main`; yield the home, what lets the exchange answer, and what says that it is asked."""
    go, arrived = threading.Event(), threading.Event()
    go.set()

    def answer(wire: Wire, reply: Reply) -> bytes:
        arrived.set()
        go.wait(15)
        return around(wire, reply)

    target = TARGETS["main"]
    with standing(target.exchange("accepted"), answer) as (origin, _):
        source = key_file(target.values)
        added = here("accounts", "add", "main", target.connector, "--endpoint", origin, "--credentials", source)
        assert added.code == 0
        arrived.clear()
        yield home, go, arrived
        go.set()


Standing = tuple[Path, threading.Event, threading.Event]


def test_a_process_with_an_open_vault_shows_nothing_in_proc(tmp_path: Path, with_account: Standing) -> None:
    home, go, arrived = with_account
    variables = {name: os.environ[name] for name in ("HASHDATA_HOME", "HASHDATA_KEY_FILE")}
    place = empty_place(tmp_path, **variables)
    go.clear()
    with running(place, ["accounts", "test", "main"]) as process:
        assert arrived.wait(15)
        proc = Path("/proc", str(process.pid))
        names = ("cmdline", "comm", "environ", "status", "stat", "maps", "limits", "wchan", "syscall", "io")
        texts = {name: text for name in names if (text := _read(proc / name)) is not None}
        meanwhile = list(contents(home))
        go.set()
        out, err = process.communicate(timeout=30)

    assert_all_clean(home, None, *texts.values(), *meanwhile, out.decode(), err.decode())
    assert "accounts" in texts["cmdline"]
    limit = next(line for line in texts["limits"].splitlines() if line.startswith("Max core file size"))
    assert limit.split()[4:6] == ["0", "0"]
    assert process.returncode == 0


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("latin-1")
    except OSError:
        return None


CRASHES: dict[str, tuple[object, str, tuple[str, ...]]] = {
    "test at the journal": (Journal, "write", ("accounts", "test", "main")),
    "test of one key": (Retest, "_test", ("accounts", "test", "main", "--json")),
    "test at its end": (Store, "fold", ("accounts", "test", "main", "--jsonl")),
    "test at the reports": (shelf, "add", ("accounts", "test", "main")),
    "test at the wire": (Door, "_exchange", ("accounts", "test", "main")),
    "removal from the vault": (Vault, "without", ("accounts", "remove", "main")),
    "removal from the book": (store, "write_book", ("accounts", "remove", "main")),
    "doctor": (secrets_check, "credentials_of", ("doctor", "--json")),
}


@pytest.mark.parametrize("crash", CRASHES)
def test_a_bug_while_the_vault_is_open_is_told_without_what_is_in_it(
    here: Here, with_account: Standing, monkeypatch: pytest.MonkeyPatch, crash: str
) -> None:
    where, name, command = CRASHES[crash]

    def fail(*held: object, **_: object) -> object:
        opened = store_here().unlock(KeyFile(Path(os.environ["HASHDATA_KEY_FILE"])))
        error = ValueError(ALL, held, [dict(opened.get(one)) for one in opened.sealed.records])
        raise RuntimeError(ALL, opened) from error

    monkeypatch.setattr(where, name, fail)
    with everything_logged() as logged:
        ended = here(*command)

    assert_all_clean(with_account[0], None, ended.all, logged.getvalue())
    assert "hashdata has a bug: RuntimeError" in ended.all
    assert ended.code == 5


def test_the_frames_of_a_test_of_stored_keys_hold_no_key(
    with_account: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = store_here().unlock(KeyFile(Path(os.environ["HASHDATA_KEY_FILE"])))
    account = store_here().book().find("main")
    monkeypatch.setattr("hashdata.accounts.retesting.run", lambda *_: raise_one(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError) as raised:
        asyncio.run(Retest(vault=opened, hear=print).run([account]))
    rendered = Traceback.from_exception(ZeroDivisionError, raised.value, raised.tb, show_locals=True, max_frames=0)
    stack = rendered.trace.stacks[0]
    stack.frames = [one for one in stack.frames if "/hashdata/" in one.filename]
    console = Console(file=io.StringIO(), width=400)
    console.print(rendered)

    assert with_account
    assert {"_lane", "_test"} <= {one.name for one in stack.frames}
    assert isinstance(console.file, io.StringIO)
    assert_clean("the frames", console.file.getvalue())


def held_by_commands(source: str) -> dict[str, object]:
    """Return one of each object that commands hold while the vault is open."""
    here, means = store_here(), KeyFile(Path(os.environ["HASHDATA_KEY_FILE"]))
    opened, account = here.unlock(means), here.book().find("main")
    planned = plan("poloniex", credentials=source, persona=None, endpoint=account.endpoint, timeout="5", record=None)
    work = examine(planned.connector, planned.credentials, Options(timeout=5), loopback=planned.loopback)
    report = asyncio.run(work)
    return {
        "store": here,
        "vault": opened,
        "sealed": opened.sealed,
        "means": means,
        "passphrase": Passphrase(Secret(PASSPHRASE)),
        "account": account,
        "book": here.book(),
        "rows": overview(here.book(), datetime.now(UTC)),
        "history": here.history(account),
        "plan": planned,
        "place": Where(endpoint=account.endpoint),
        "proven": Proven(connector=planned.connector, credentials=planned.credentials, report=report),
        "added": Added(report=report, account=account),
        "retest": Retest(vault=opened, hear=print),
        "outcome": Retested(account=account, report=report),
    }


def test_no_object_of_an_open_vault_shows_itself(with_account: Standing, key_file: WriteKey) -> None:
    held = held_by_commands(key_file(CREDENTIALS))
    opened = held["vault"]
    assert isinstance(opened, Vault)
    data_keys = [spelt for key in (opened._data_key, opened._record_key) for spelt in (key.hex(), repr(key)[2:-1])]
    found = list(reachable(*held.values()))

    assert {"Vault", "Store", "Account", "Plan", "Proven", "Added", "Retest", "Outcome", "Secret", "Passphrase"} <= {
        type(one).__name__ for one in found
    }
    assert with_account
    for one in found:
        shown = list(ways(one))
        assert_clean(f"a {type(one).__name__}", *shown)
        assert not [text for text in shown for key in data_keys if key in text]


def test_what_holds_a_secret_can_be_neither_pickled_nor_copied_nor_written_as_json(
    with_account: Standing, key_file: WriteKey
) -> None:
    refused = set()
    for name, one in held_by_commands(key_file(CREDENTIALS)).items():
        for write in (pickle.dumps, copy.deepcopy, lambda value: json.dumps(value, default=repr)):
            try:
                written = write(one)
            except (TypeError, AttributeError, pickle.PicklingError) as error:
                assert_clean("the refusal", str(error), repr(error))
                refused.add(name)
            else:
                text = written.decode("latin-1") if isinstance(written, bytes) else str(written)
                assert_clean(f"a written {name}", text)

    assert with_account
    assert {"vault", "passphrase", "plan", "proven", "retest"} <= refused
    assert not {"account", "book", "history", "outcome", "added"} & refused
