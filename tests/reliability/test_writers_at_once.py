"""Several processes change one home at once, and none loses what another has done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hashdata.accounts.adding import rotate
from hashdata.accounts.bulk import begin, only_run
from hashdata.accounts.journal import Journal
from hashdata.accounts.store import Store
from hashdata.tester.session import Options

from tests.cli.command import HASHDATA, environment
from tests.reliability.bench import Bench
from tests.reliability.killing import ROOT

_PROCESSES = 4
_EACH = 25


def together(bench: Bench, *programs: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Run `adding` several times at once, all released at the same moment; return codes and what was printed."""
    command = [sys.executable, "-m", "tests.reliability.adding", str(bench.folder), bench.template.endpoint]
    started = [
        subprocess.Popen(
            [*command, *program],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for program in programs
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [process.communicate(timeout=60)[0] for process in started]
    return [(process.returncode, out.splitlines()) for process, out in zip(started, ended, strict=True)]


def test_four_processes_fill_one_fresh_home_and_none_loses_an_account(bench: Bench) -> None:
    programs = [[f"{part}-{n}={part * 100 + n}" for n in range(1, _EACH + 1)] for part in range(1, _PROCESSES + 1)]
    ended = together(bench, *programs)

    assert [code for code, _ in ended] == [0] * _PROCESSES, ended
    assert {label: one.number for label, one in bench.seen().items()} == {
        label: int(number) for program in programs for label, _, number in (one.partition("=") for one in program)
    }
    assert bench.check_sound() == 0
    assert len(bench.store.sealed().records) == _PROCESSES * _EACH


def test_of_four_that_add_the_same_label_one_wins_and_the_others_say_so(bench: Bench) -> None:
    bench.make()
    ended = together(bench, *([f"mine={n}"] for n in range(1, _PROCESSES + 1)))

    assert sorted(code for code, _ in ended) == [0, 2, 2, 2]
    assert [out for code, out in ended if code] == [["there is an account mine already"]] * 3
    assert list(bench.seen()) == ["mine"]
    assert bench.check_sound() == 0


def test_of_four_that_add_the_same_key_one_wins_and_the_others_name_it(bench: Bench) -> None:
    ended = together(bench, *([f"label {n}=7"] for n in range(1, _PROCESSES + 1)))
    (winner,) = bench.seen()

    assert sorted(code for code, _ in ended) == [0, 2, 2, 2]
    assert [out for code, out in ended if code] == [[f"this key is stored already, as {winner}"]] * 3
    assert bench.check_sound() == 0


def test_accounts_change_while_a_command_tests_them(two: Bench) -> None:
    vault = two.vault()
    for number in range(3, 41):
        two.add(vault, f"more {number}", number)
    command = [HASHDATA, "accounts", "test", "--all", "--min-age", "0", "--jsonl"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        heard = [json.loads(process.stdout.readline())]
        two.add(two.vault(), "added", 100)
        two.rotate(two.vault(), "more 39", 101)
        two.store.remove(two.vault(), two.store.stored().find("more 40"))
        two.store.rename(two.store.stored().find("more 38"), "renamed")
        heard += [json.loads(line) for line in process.stdout]
    found = two.seen()

    assert process.returncode == 0, heard
    assert len(heard) == 40
    assert {line["verdict"] for line in heard} == {"accepted"}
    assert found.keys() == {"first", "second", "added", "renamed", *(f"more {n}" for n in range(3, 38)), "more 39"}
    assert {label: len(found[label].tests) for label in ("first", "added", "more 39", "renamed")} == {
        "first": 2,
        "added": 1,
        "more 39": 1,
        "renamed": 2,
    }
    assert two.check_sound() == 0


def test_a_second_run_is_refused_while_one_is_under_way(two: Bench) -> None:
    with only_run(two.store):
        refused = subprocess.run(
            [HASHDATA, "accounts", "test", "--all", "--min-age", "0"],
            env=environment(),
            capture_output=True,
            check=False,
        )

    assert refused.returncode == 2
    assert b"another test of stored accounts is under way" in refused.stderr


@contextmanager
def folded_within(store: Store) -> Iterator[None]:
    """Let a run end just when a reader, who has read one file, opens the next."""
    with pytest.MonkeyPatch.context() as patch:
        plain, opened = os.open, set[str]()

        def watched(path: str | Path, *rest: int) -> int:
            opened.add(str(path))
            if len(opened) == 2:
                patch.undo()
                store.fold()
            return plain(path, *rest)

        patch.setattr(os, "open", watched)
        yield

    assert len(opened) >= 2
    assert not store.home.journal.exists()


@pytest.fixture
def later(two: Bench) -> datetime:
    """Let a run have found out something of `first` that stands only in its journal; return when."""
    moment = two.template.tested_at + timedelta(days=1)
    entry = two.entry("first", tested_at=moment)
    with Journal.begin(two.home.journal, [entry.key]) as journal:
        journal.write(entry)
    return moment.replace(microsecond=0)


def test_a_list_misses_no_result_of_a_run_that_ends_while_it_reads(two: Bench, later: datetime) -> None:
    with folded_within(two.store):
        book = two.store.book()

    assert book.accounts["first"].last.at == later


@pytest.mark.usefixtures("later")
def test_a_history_misses_no_result_of_a_run_that_ends_while_it_is_read(two: Bench) -> None:
    account = two.store.stored().accounts["first"]
    with folded_within(two.store):
        history = two.store.history(account)

    assert len(history) == 2


def test_an_account_added_after_the_vault_was_opened_is_tested_all_the_same(two: Bench) -> None:
    opened = two.vault()
    two.add(two.vault(), "third", 3)
    accounts = list(two.store.stored().accounts.values())
    run = begin(two.store, opened, accounts, Options(), lambda *_: None)

    assert [tested.problem for tested in run.tested] == [None] * 3


def test_a_rotated_account_keeps_the_label_that_it_got_meanwhile(two: Bench) -> None:
    vault, account = two.vault(), two.store.stored().find("second")
    two.store.rename(account, "renamed")
    two.add(vault, "second", 3)
    rotate(two.store, vault, account, two.proven_as(account, 4, vault))

    assert {label: one.number for label, one in two.seen().items()} == {"first": 1, "renamed": 4, "second": 3}
