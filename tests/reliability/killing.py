"""
Kill processes that change a home, and look at what they leave.

`at_every_step` kills each operation before and within each of its calls.
`Siege` kills workers at random moments: a worker does one change after the
other, says before each what it is about to do, and after each, once the call
has returned, that it is done. What it said it had done must be there.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hashdata.accounts.bulk import Tested, begin, interrupted, only_run, resume
from hashdata.tester.report import Report
from hashdata.tester.session import Options
from hashdata.vault import Vault

from tests.accounts.exchange import values
from tests.cli.command import HASHDATA, environment
from tests.reliability.bench import Bench, Seen, mark
from tests.reliability.border import Fault
from tests.reliability.operations import OPERATIONS, Plan, carry_out, copy, view

ROOT = Path(__file__).parents[2]
# As many as the practice exchange shall know; it makes them when they come.
KEYS = 99_999_999
# A worker is killed within the time of a change after it has said so many lines, two for each change and one a result.
_MOST_LINES = 14
_LONGEST_CHANGE = 0.015
_LIFE = 200
_LONGEST_COMMAND = 0.8
_HOME_LASTS = 25
_MOST_ACCOUNTS = 8
_EVERY_COMMAND = 20
_ENOUGH = 20


@dataclass
class Figures:
    """What was counted; `wrong` says what should not have been."""

    kills: int = 0
    commands_killed: int = 0
    ended_before: int = 0
    acknowledged: int = 0
    results: int = 0
    in_flight_done: int = 0
    in_flight_undone: int = 0
    mended: int = 0
    steps: int = 0
    steps_mended: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"kills at random: {self.kills}"
        yield f"of them commands: {self.commands_killed}"
        yield f"workers that ended before: {self.ended_before}"
        yield f"acknowledged changes: {self.acknowledged}"
        yield f"of them results of bulk tests: {self.results}"
        yield f"changes in flight, found done: {self.in_flight_done}"
        yield f"changes in flight, found undone: {self.in_flight_undone}"
        yield f"left over and swept: {self.mended}"
        yield f"write steps killed: {self.steps}"
        yield f"left over and swept there: {self.steps_mended}"
        yield f"lost: {self.lost}"
        yield f"wrong: {len(self.wrong)}"
        yield from self.wrong[:20]


@contextmanager
def exchange() -> Iterator[str]:
    """Serve the practice exchange in a process of its own."""
    command = [sys.executable, "-m", "tests.accounts.exchange", str(KEYS)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()
            server.wait(10)


def run_program(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> dict[str, int]:
    """Run the program that prints figures, which must end well, and return them."""
    ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    pairs = (line.rpartition(": ") for line in ended.stdout.splitlines())
    return {name: int(value) for name, _, value in pairs}


def forked(work: Callable[[], object]) -> int:
    """Do something in a child of this process, which must have no threads; return the id of the child."""
    if child := os.fork():
        return child
    code = 3
    # What is collected in a child copies all of its parent's memory.
    gc.disable()
    try:
        work()
        code = 0
    except BaseException as error:  # noqa: BLE001 - the parent is told by the exit code, and a person by a line
        with suppress(OSError):
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


def at_every_step(folder: Path, template: Report, figures: Figures) -> None:
    """Kill each operation before each of its calls, and within each write."""
    for operation in OPERATIONS.values():
        plan = Plan.of(operation, folder / operation.name, template)
        for at in range(1, len(plan.calls) + 1):
            faults = (Fault.KILL, Fault.TORN) if plan.calls[at - 1] == "write" else (Fault.KILL,)
            for fault in faults:
                bench = copy(plan.prepared, folder / operation.name / f"{at}-{fault.name}")
                child = forked(partial(carry_out, operation, bench, fault, at))
                code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                figures.steps += 1
                _judge(plan, bench, at, code, figures)


def _judge(plan: Plan, bench: Bench, at: int, code: int, figures: Figures) -> None:
    """Note what is wrong with a home that an operation was killed in."""
    where = f"{plan.operation.name}, call {at} ({plan.calls[at - 1]})"
    try:
        assert code == -signal.SIGKILL, f"it ended with {code}"
        found, allowed = view(bench, plan.operation), plan.allowed(at)

        assert found in allowed, f"found {found}, not one of {allowed}"
        figures.steps_mended += bench.check_sound()

        assert view(bench, plan.operation) == found, "doctor changed what is stored"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is noted
        figures.wrong.append(f"{where}: {type(error).__name__}: {error}")


@dataclass
class _Known:
    """What must be in a home: the key of each account and its tests, and which key file opens the vault."""

    accounts: dict[str, Seen] = field(default_factory=dict)
    opener: int | None = None


class Siege:
    """Random changes by workers that are killed, in one home after the other."""

    def __init__(self, folder: Path, template: Report, seed: int, figures: Figures) -> None:
        self._folder, self._template, self._figures = folder, template, figures
        self._random = random.Random(seed)  # noqa: S311 - the same again for the same seed
        self._numbers = iter(range(1000, KEYS, _LIFE))
        self._known = _Known()
        self._bench = Bench(folder, template)

    def run(self, count: int) -> None:
        episode = 0
        while self._figures.kills < count and len(self._figures.wrong) < _ENOUGH:
            if episode % _HOME_LASTS == 0:
                self._begin(episode)
            episode += 1
            try:
                is_command = episode % _EVERY_COMMAND == 0 and self._known.accounts
                said = self._command() if is_command else self._worker()
                self._compare(said)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is noted
                self._figures.wrong.append(f"episode {episode}: {type(error).__name__}: {error}")
                # Nobody knows any more what should be there.
                self._begin(episode)

    def _begin(self, episode: int) -> None:
        self._bench = Bench(self._folder / f"home-{episode}-{self._random.random()}", self._template)
        self._bench.folder.mkdir(parents=True)
        self._bench.key_file(0)
        self._bench.key_file(1)
        self._known = _Known()

    def _worker(self) -> list[list[str]]:
        """Let a worker do changes until it is killed; return what it said."""
        read, write = os.pipe()
        number = next(self._numbers)
        worker = _Worker(self._bench, write, random.Random(number), list(range(number, number + _LIFE)))  # noqa: S311 - see above
        child = forked(worker.work)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            said = b"".join(pipe.readline() for _ in range(self._random.randint(1, _MOST_LINES)))
            time.sleep(self._random.uniform(0, _LONGEST_CHANGE))
            os.kill(child, signal.SIGKILL)
            said += pipe.read()
        self._count(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        return _lines(said)

    def _count(self, code: int) -> None:
        if code == -signal.SIGKILL:
            self._figures.kills += 1
            return
        assert code == 0, f"a worker ended with {code}"
        self._figures.ended_before += 1

    def _command(self) -> list[list[str]]:
        """Let a command test all accounts, or add one, until it is killed; return what that says."""
        key_file = self._bench.folder / f"vault-{self._bench.opener()}.key"
        env = environment(HASHDATA_HOME=str(self._bench.home.path), HASHDATA_KEY_FILE=str(key_file))
        number = next(self._numbers)
        label = f"by command {number}"
        adds = self._random.random() < 0.5
        arguments = ["accounts", "test", "--all", "--min-age", "0", "--jsonl"]
        if adds:
            given = self._bench.folder / f"key-{number}.json"
            given.touch(mode=0o600)
            given.write_text(json.dumps(values(number)))
            arguments = ["accounts", "add", label, "poloniex", "--credentials", str(given)]
            arguments += ["--endpoint", self._template.endpoint]
        with subprocess.Popen(
            [HASHDATA, *arguments], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None
            time.sleep(self._random.uniform(0.2, _LONGEST_COMMAND))
            process.kill()
            out = process.stdout.read()
        code = process.returncode
        if code == -signal.SIGKILL:
            self._figures.commands_killed += 1
        self._count(code)
        if adds:
            done = b"Stored as" in out or code == 0
            return [["try", "add", label, str(number)], *([["done", "add"]] if done else [])]
        said = [["try", "test"]]
        for line in out[: out.rfind(b"\n") + 1].splitlines():
            document = json.loads(line)

            assert document["error"] is None, document["error"]
            said.append(["result", document["label"], mark(document["report"])])
        return said + ([["done", "test"]] if code == 0 else [])

    def _compare(self, said: Sequence[Sequence[str]]) -> None:
        """Apply what was said to what is known, compare that with what is found, and let doctor look."""
        before, flying = self._known, ["none"]
        for kind, *rest in said:
            if kind == "try":
                flying = list(rest)
            elif kind == "result":
                before = _after_result(before, *rest)
                self._figures.acknowledged += 1
                self._figures.results += 1
            else:
                before = _after(before, flying)
                self._figures.acknowledged += flying[0] != "test"
                flying = ["none"]
        after = _after(before, flying)
        found = self._found()
        self._expect(found, before, after, flying)
        if interrupted(self._bench.store) is not None:
            # What the journal holds must be the same once it stands in accounts and reports.
            self._bench.store.fold()

            assert self._found() == found, "folding the journal changed what is found"
        self._figures.mended += self._bench.check_sound()

        assert self._found() == found, "doctor changed what is stored"
        self._known = found

    def _found(self) -> _Known:
        return _Known(self._bench.seen(), self._bench.opener())

    def _expect(self, found: _Known, before: _Known, after: _Known, flying: Sequence[str]) -> None:
        """Assert that a home holds what it did before the change in flight, or after it, and nothing between."""
        is_before = _agrees(found, before, flying)
        is_after = _agrees(found, after, flying)
        if not is_before and not is_after:
            self._figures.lost += 1
            message = f"{flying}: found {found}, neither {before} nor {after}"
            raise AssertionError(message)
        if flying[0] not in {"none", "test"}:
            self._figures.in_flight_done += is_after
            self._figures.in_flight_undone += not is_after


def _lines(said: bytes) -> list[list[str]]:
    return [json.loads(line) for line in said[: said.rfind(b"\n") + 1].splitlines()]


def _agrees(found: _Known, wanted: _Known, flying: Sequence[str]) -> bool:
    """Whether two are the same, but for results of the run in flight that nobody heard of."""
    if found.accounts.keys() != wanted.accounts.keys():
        return False
    # Making the first account makes the vault before.
    if found.opener != wanted.opener and not (wanted.opener is None and flying[0] == "add"):
        return False
    return all(_is_same(found.accounts[label], wanted.accounts[label], flying[0]) for label in found.accounts)


def _is_same(found: Seen, wanted: Seen, flying: str) -> bool:
    """
    Whether an account is as it should be.

    The report of a new account or key is not said in advance, and stands as
    `?`. A run that was killed may have one more result than it told.
    """
    most = len(wanted.tests) + (flying == "test")
    same = all(one in {"?", other} for one, other in zip(wanted.tests, found.tests, strict=False))
    return found.number == wanted.number and same and len(wanted.tests) <= len(found.tests) <= most


def _after(known: _Known, change: Sequence[str]) -> _Known:
    """Return what is known after a change."""
    kind, *rest = change
    accounts = dict(known.accounts)
    opener = known.opener
    if kind == "add":
        accounts[rest[0]] = Seen(int(rest[1]), ("?",))
        opener = opener or 0
    elif kind == "rotate":
        accounts[rest[0]] = Seen(int(rest[1]), ("?",))
    elif kind == "remove":
        del accounts[rest[0]]
    elif kind == "rename":
        accounts = {rest[1] if label == rest[0] else label: seen for label, seen in accounts.items()}
    elif kind == "slot":
        opener = int(rest[0])
    return _Known(accounts, opener)


def _after_result(known: _Known, label: str, marked: str) -> _Known:
    seen = known.accounts[label]
    return _Known({**known.accounts, label: Seen(seen.number, (*seen.tests, marked))}, known.opener)


@dataclass
class _Worker:
    """Does one change after the other, and says so on a pipe."""

    bench: Bench
    pipe: int
    random: random.Random
    spare: list[int]

    def _say(self, *words: str) -> None:
        os.write(self.pipe, json.dumps(words).encode() + b"\n")

    def work(self) -> None:
        if not self.bench.store.has_vault():
            self._do(self.bench.make(), "add")
        vault = self.bench.vault()
        while self.spare:
            labels = list(self.bench.store.stored().accounts)
            choices = ["add"] if len(labels) < _MOST_ACCOUNTS else []
            choices += ["add", "rotate", "remove", "rename", "test", "test", "test", "slot"] if labels else ["add"]
            self._do(vault, self.random.choice(choices))

    def _do(self, vault: Vault, change: str) -> None:
        store = self.bench.store
        labels = list(store.stored().accounts)
        label = self.random.choice(labels) if labels else ""
        number = self.spare.pop()
        if change == "add":
            self._say("try", "add", f"account {number}", str(number))
            self.bench.add(vault, f"account {number}", number)
        elif change == "rotate":
            self._say("try", "rotate", label, str(number))
            self.bench.rotate(vault, label, number)
        elif change == "remove":
            self._say("try", "remove", label)
            store.remove(vault, store.stored().find(label))
        elif change == "rename":
            self._say("try", "rename", label, f"renamed {number}")
            store.rename(store.stored().find(label), f"renamed {number}")
        elif change == "slot":
            opener = number % 2
            self._say("try", "slot", str(opener))
            store.change_vault(vault, lambda now: now.with_slot(self.bench.key_file(opener)))
        else:
            self._say("try", "test")
            self._test(vault)
        self._say("done", change)

    def _test(self, vault: Vault) -> None:
        """Test all accounts, going on with a run that was interrupted if there is one."""
        store = self.bench.store
        with only_run(store):
            notes = interrupted(store)
            if notes:
                resume(store, vault, notes, Options(), self._hear)
            else:
                begin(store, vault, list(store.stored().accounts.values()), Options(), self._hear)

    def _hear(self, tested: Tested, report: Mapping[str, object] | None) -> None:
        assert report is not None, tested.problem
        self._say("result", tested.before.label, mark(report))


def warm(bench: Bench) -> None:
    """Do in this process once what its children will do, so that they need not load anything."""
    vault = bench.make()
    bench.add(vault, "warm", 1)
    begin(bench.store, vault, list(bench.store.stored().accounts.values()), Options(), lambda *_: None)
    bench.check_sound()
    # A child that closes the loop of its parent would be warned.
    asyncio.set_event_loop(None)
    gc.collect()
    gc.freeze()
