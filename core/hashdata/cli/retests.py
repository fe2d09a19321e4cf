"""`hashdata accounts test`: from options to what is printed, and to the exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum

from hashdata.accounts.account import Account
from hashdata.accounts.bulk import Hear, Run, Tested, begin, finish, interrupted, only_run, resume
from hashdata.accounts.journal import Notes
from hashdata.accounts.overview import title_of
from hashdata.accounts.selecting import Selection, by_age, by_labels, read_age
from hashdata.accounts.store import Store
from hashdata.cli import terminal
from hashdata.cli.failure import Interrupted
from hashdata.cli.progress import announced_once, bar
from hashdata.cli.testing import seconds_of
from hashdata.cli.unlocking import store_here, unlock
from hashdata.errors import ExitCode, UsageError
from hashdata.names import choose
from hashdata.registry import names
from hashdata.render import retests as rendered
from hashdata.tester.session import Options


class Output(Enum):
    """How results are printed."""

    PAGE = "page"
    JSON = "json"
    LINES = "lines"

    @classmethod
    def of(cls, *, json: bool, jsonl: bool) -> Output:
        """Return what two options ask for."""
        if json and jsonl:
            raise UsageError("--json and --jsonl do not go together", fix="Give one of them.")
        return cls.LINES if jsonl else cls.JSON if json else cls.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options of the command."""

    labels: tuple[str, ...]
    every: bool
    connector: str | None
    min_age: str
    resume: bool
    timeout: str
    key_file: str | None


def carry_out(wanted: Wanted, output: Output) -> ExitCode:
    """Test what is wanted, print what is found, and return the exit code."""
    _check(wanted)
    options = Options(timeout=seconds_of(wanted.timeout))
    store = store_here()
    # Checked against the accounts as they are, before anybody types a passphrase.
    _select(store, wanted)
    vault = unlock(store, wanted.key_file)
    with only_run(store):
        notes = interrupted(store)
        if notes is None and wanted.resume and not (wanted.every or wanted.connector):
            raise UsageError("there is no interrupted run to resume", fix="Start one: `hashdata accounts test --all`.")
        earlier: list[Tested] = []
        if notes is not None and not wanted.resume:
            terminal.note("The results of an interrupted run are kept; this run is a new one.")
            earlier = finish(store, notes)
        going_on = notes if wanted.resume else None
        selection = Selection([]) if going_on else _select(store, wanted)
        total = len(going_on.open) if going_on else len(selection.chosen)
        options = replace(options, listen=announced_once())
        printer = _Printer(output, only=total == 1 and not going_on)
        try:
            with _hearing(output, total, printer.hear) as hear:
                run = (
                    resume(store, vault, going_on, options, hear)
                    if going_on
                    else begin(store, vault, selection.chosen, options, hear, earlier=earlier)
                )
        except KeyboardInterrupt:
            raise _interrupted(store) from None
    return printer.end(store, run, selection)


def _check(wanted: Wanted) -> None:
    """Refuse options that do not go together."""
    if wanted.labels and (wanted.every or wanted.resume):
        raise UsageError("labels do not go with --all and --resume", fix="Give the labels alone, or none.")
    if not (wanted.labels or wanted.every or wanted.connector or wanted.resume):
        raise UsageError("nothing says which accounts to test", fix="Name them, or give --all.")


def _select(store: Store, wanted: Wanted) -> Selection:
    """Return the accounts that are wanted."""
    min_age, now = read_age(wanted.min_age), datetime.now(UTC)
    if wanted.resume and not wanted.every and not wanted.connector:
        if not store.home.journal.exists():
            raise UsageError("there is no interrupted run to resume", fix="Start one: `hashdata accounts test --all`.")
        return Selection([])
    book = store.book()
    connector = None
    if wanted.connector is not None:
        known = sorted({*names(), *(account.connector for account in book.accounts.values())})
        connector = choose("connector", wanted.connector, known)
    if wanted.labels:
        return by_labels(book, wanted.labels, connector)
    return by_age(book, connector, min_age, now)


@contextmanager
def _hearing(output: Output, total: int, hear: Hear) -> Iterator[Hear]:
    """Let a bar go on with each account, where there is a terminal for it."""
    with bar(total, quiet=output is not Output.PAGE) as advance:

        def both(tested: Tested, report: Mapping[str, object] | None) -> None:
            advance(bad=tested.is_drift)
            hear(tested, report)

        yield both


def _interrupted(store: Store) -> Interrupted:
    """Say what is kept of a run that somebody ended."""
    notes: Notes | None = interrupted(store)
    done = len(notes.keys) - len(notes.open) if notes else 0
    total = len(notes.keys) if notes else 0
    return Interrupted(
        f"interrupted: {done} of {total} accounts were tested, and their results are kept",
        fix="To go on: `hashdata accounts test --resume`.",
    )


class _Printer:
    """Prints each result where lines are wanted, and everything at the end otherwise."""

    def __init__(self, output: Output, *, only: bool) -> None:
        self._output = output
        self._only = only
        self._heard: set[str] = set()
        self._report: Mapping[str, object] | None = None
        self._title = ""

    def hear(self, tested: Tested, report: Mapping[str, object] | None) -> None:
        if self._output is Output.LINES:
            self._heard.add(tested.before.id)
            terminal.emit_line(rendered.result(tested, report))
        elif self._only:
            self._report, self._title = report, title_of(tested.before.connector)

    def end(self, store: Store, run: Run, selection: Selection) -> ExitCode:
        """Print what is left to print, and return the exit code."""
        code = run.exit_code(selection.recent)
        if self._output is Output.JSON:
            reports = {one.before.id: _last_report(store, one) for one in run.tested}
            terminal.emit(rendered.to_json(run, reports, selection.recent, code))
        elif self._output is Output.PAGE:
            terminal.show(*rendered.page(run, selection.recent, self._report, self._title))
        else:
            self._tell_rest(store, run, selection.recent)
        self._tell_left_out(run.slowed, selection.recent)
        return code

    def _tell_rest(self, store: Store, run: Run, recent: Sequence[Account]) -> None:
        """Print a line for each account that was found out earlier, or left out."""
        for tested in run.tested:
            if tested.before.id not in self._heard:
                terminal.emit_line(rendered.result(tested, _last_report(store, tested)))
        for accounts, reason in ((run.slowed, rendered.SLOW_DOWN), (recent, rendered.RECENT)):
            for account in accounts:
                terminal.emit_line(rendered.left(account, reason))

    def _tell_left_out(self, slowed: Sequence[Account], recent: Sequence[Account]) -> None:
        """Say on standard error which accounts were not tested."""
        for sentence in rendered.left_out(slowed, recent):
            terminal.note(sentence)


def _last_report(store: Store, tested: Tested) -> Mapping[str, object] | None:
    """Return the report of a run that has ended, from where it is kept."""
    if tested.result is None:
        return None
    history = store.history(tested.before)
    return history[-1].report if history else None
