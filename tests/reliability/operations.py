"""The changes of a home that are broken at each step, each from a home that was prepared to where it is done."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hashdata.accounts.journal import Journal
from hashdata.accounts.shelf import file_of, line_of

from tests.reliability.bench import Bench, Seen
from tests.reliability.border import Fault, border

# Opening the vault, and the number of the key file that opens it; None where there is no vault.
View = tuple[dict[str, tuple[int, int]], int | None]


def add_the_first(bench: Bench) -> Iterator[None]:
    vault = bench.make()
    yield
    bench.add(vault, "first", 1)
    yield


def add(bench: Bench) -> Iterator[None]:
    bench.add(bench.vault(), "third", 3)
    yield


def rotate(bench: Bench) -> Iterator[None]:
    bench.rotate(bench.vault(), "second", 4)
    yield


def remove(bench: Bench) -> Iterator[None]:
    bench.store.remove(bench.vault(), bench.store.stored().find("second"))
    yield


def rename(bench: Bench) -> Iterator[None]:
    bench.store.rename(bench.store.stored().find("second"), "renamed")
    yield


def note_and_fold(bench: Bench) -> Iterator[None]:
    """Write down two results as a bulk test does, and end it."""
    entries = [bench.entry("first"), bench.entry("second")]
    with Journal.begin(bench.home.journal, [entry.key for entry in entries]) as journal:
        for entry in entries:
            journal.write(entry)
            yield
    bench.store.fold()
    yield


def go_on_and_fold(bench: Bench) -> Iterator[None]:
    """Go on with the journal of a run that was killed in the middle of a line."""
    from hashdata.accounts.journal import read_notes

    notes = read_notes(bench.home.journal)

    assert notes is not None
    with Journal.go_on(bench.home.journal, notes) as journal:
        journal.write(bench.entry("second"))
        yield
    bench.store.fold()
    yield


def shorten_reports(bench: Bench) -> Iterator[None]:
    """End a run whose result makes a file of reports too long, so that it is shortened."""
    bench.store.fold()
    yield


def change_slot(bench: Bench) -> Iterator[None]:
    bench.store.change_vault(bench.vault(), lambda vault: vault.with_slot(bench.key_file(1)))
    yield


def sweep_by_doctor(bench: Bench) -> Iterator[None]:
    bench.examine()
    yield


def _two(bench: Bench) -> None:
    vault = bench.make()
    bench.add(vault, "first", 1)
    bench.add(vault, "second", 2)


def _interrupted(bench: Bench) -> None:
    _two(bench)
    keys = [bench.entry(label).key for label in ("first", "second")]
    with Journal.begin(bench.home.journal, keys) as journal:
        journal.write(bench.entry("first"))
    with bench.home.journal.open("ab") as file:
        file.write(b'{"key":"12')


def _long(bench: Bench) -> None:
    _two(bench)
    account = bench.store.stored().find("first")
    (kept,) = bench.store.history(account)
    with file_of(bench.home, account.id).open("ab") as file:
        file.write(line_of(kept) * (1024 * 1024 // len(line_of(kept)) + 1))
    with Journal.begin(bench.home.journal, [account.key]) as journal:
        journal.write(bench.entry("first"))


def _orphans(bench: Bench) -> None:
    _two(bench)
    vault = bench.vault()
    vault.put("ab" * 16, {"left": "over"}).save(bench.home.vault)
    (bench.home.reports / "cdcdcdcd.jsonl").touch(mode=0o600)
    (bench.home.path / ".vault.json.0123456789abcdef.tmp").touch(mode=0o600)


@dataclass(frozen=True, slots=True)
class Operation:
    """
    A change in one or more stages, each of which is acknowledged when it is done.

    `cut` are the most tests of an account that are compared, for what
    shortens its history.
    """

    name: str
    steps: Callable[[Bench], Iterator[None]]
    prepare: Callable[[Bench], None] = _two
    cut: int = 1000


def _nothing(bench: Bench) -> None:
    assert not bench.home.path.exists()


OPERATIONS = {
    operation.name: operation
    for operation in (
        Operation("add the first", add_the_first, _nothing),
        Operation("add", add),
        Operation("rotate", rotate),
        Operation("remove", remove),
        Operation("rename", rename),
        Operation("note and fold", note_and_fold),
        Operation("go on and fold", go_on_and_fold, _interrupted),
        Operation("shorten reports", shorten_reports, _long, cut=50),
        Operation("change slot", change_slot),
        Operation("sweep by doctor", sweep_by_doctor, _orphans),
    )
}


def view(bench: Bench, operation: Operation) -> View:
    """Return what a reader finds, without what differs from run to run."""
    seen = bench.seen()
    return {label: _brief(one, operation.cut) for label, one in sorted(seen.items())}, bench.opener()


def _brief(seen: Seen, cut: int) -> tuple[int, int]:
    return seen.number, min(len(seen.tests), cut)


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation with the home that it begins with, what is found after each stage, and the calls until then."""

    operation: Operation
    prepared: Bench
    views: tuple[View, ...]
    ends: tuple[int, ...]
    calls: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, operation: Operation, folder: Path, template: Any) -> Plan:  # noqa: ANN401 - a report
        """Prepare an operation, and do it once with nothing in its way."""
        prepared = Bench(folder / "prepared", template)
        prepared.folder.mkdir(parents=True)
        prepared.key_file(0)
        prepared.key_file(1)
        operation.prepare(prepared)
        whole = copy(prepared, folder / "whole")
        views, ends = [view(whole, operation)], []
        with border() as counted:
            for _ in operation.steps(whole):
                ends.append(len(counted.calls))
                views.append(_uncounted(whole, operation, counted.calls))
        whole.check_sound()
        return cls(operation, prepared, tuple(views), tuple(ends), tuple(counted.calls))

    def allowed(self, at: int) -> tuple[View, View]:
        """Return what may be found after call number `at` went wrong: what was acknowledged, or one stage more."""
        done = sum(end < at for end in self.ends)
        return self.views[done], self.views[min(done + 1, len(self.views) - 1)]


def _uncounted(bench: Bench, operation: Operation, calls: list[str]) -> View:
    """Look at a home between two stages without counting that."""
    before = len(calls)
    found = view(bench, operation)
    del calls[before:]
    return found


def copy(bench: Bench, folder: Path) -> Bench:
    """Return the same in another folder."""
    shutil.copytree(bench.folder, folder, symlinks=True)
    return Bench(folder, bench.template)


def carry_out(operation: Operation, bench: Bench, fault: Fault, at: int) -> int:
    """Do an operation with a fault at call number `at`; return the number of calls that were made."""
    with border(fault, at) as counted:
        for _ in operation.steps(bench):
            pass
    return len(counted.calls)
