"""A test of stored accounts from its journal to the changed accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from hashdata.accounts.account import Account
from hashdata.accounts.journal import Entry, Journal, Notes, lines_of, read_notes
from hashdata.accounts.results import Result, is_drift
from hashdata.accounts.retesting import Outcome, Retest
from hashdata.accounts.shelf import Kept
from hashdata.accounts.store import Store, new_id
from hashdata.errors import ExitCode, HashdataError
from hashdata.home import locked
from hashdata.tester.session import Options
from hashdata.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """
    One account of a run, without its report: of ten thousand accounts they would fill the memory.

    `before` is the account as it was. There is a `result` with its `summary`
    and `fix`, or the `problem` that kept the account from being tested.
    """

    before: Account
    result: Result | None = None
    summary: str = ""
    fix: str | None = None
    problem: HashdataError | None = None

    @classmethod
    def of(cls, before: Account, report: Mapping[str, object]) -> Tested:
        """Make one of a report in the published format."""
        fix = report["fix"]
        return cls(
            before=before,
            result=Result.of(report),
            summary=str(report["summary"]),
            fix=None if fix is None else str(fix),
        )

    @property
    def exit_code(self) -> ExitCode:
        """What this account alone makes the process end with; one that could not be tested counts as broken."""
        return self.result.attempt.verdict.exit_code if self.result else ExitCode.BROKEN

    @property
    def is_drift(self) -> bool:
        """Whether the key gained a power, or lost a right to read, since it was accepted."""
        return self.result is not None and is_drift(self.before, self.result.attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of a run; `slowed` are the accounts that were left out because their exchange asked to slow down."""

    tested: Sequence[Tested]
    slowed: Sequence[Account] = ()

    def exit_code(self, recent: Sequence[Account]) -> ExitCode:
        """
        Return the worst of all accounts that this run covers.

        Those that were left out because they were tested a moment ago are
        `recent`, and count with what was found then: a denied key stays
        denied when nobody asks.
        """
        codes = {tested.exit_code for tested in self.tested}
        codes |= {account.standing.verdict.exit_code for account in recent}
        codes |= {account.last.verdict.exit_code for account in recent}
        codes |= {ExitCode.INCONCLUSIVE for _ in self.slowed}
        return next((code for code in WORST_FIRST if code in codes), ExitCode.ACCEPTED)


WORST_FIRST = (ExitCode.DENIED, ExitCode.BROKEN, ExitCode.UNUSABLE, ExitCode.INCONCLUSIVE, ExitCode.ACCEPTED)
# Called with each account as soon as it was tested, and with its report if there is one.
Hear = Callable[[Tested, Mapping[str, object] | None], None]


@dataclass(slots=True)
class _Progress:
    """The outcomes so far, each written to the journal before anybody hears of it."""

    journal: Journal
    hear: Hear
    tested: list[Tested] = field(default_factory=list)
    befores: Mapping[str, Account] = field(default_factory=dict)

    def note(self, outcome: Outcome) -> None:
        document = outcome.report.to_json() if outcome.report else None
        before = self.befores.get(outcome.account.id, outcome.account)
        if document is None:
            tested = Tested(before=before, problem=outcome.problem)
        else:
            self.journal.write(Entry(outcome.account.key, Kept(new_id(), document)))
            tested = Tested.of(before, document)
        self.tested.append(tested)
        self.hear(tested, document)


@contextmanager
def only_run(store: Store) -> Iterator[None]:
    """Let no second run start while this lasts; raise `StorageError` when one is under way."""
    store.home.make()
    with locked(store.home.run_lock, patience=0.0, busy="another test of stored accounts is under way"):
        yield


def interrupted(store: Store) -> Notes | None:
    """Return the journal of a run that did not end; call it only within `only_run`."""
    return read_notes(store.home.journal)


def finish(store: Store, notes: Notes) -> list[Tested]:
    """Write down what an interrupted run had found, as if it had ended there, and return where it had found drift."""
    found = _found(store, notes)
    store.fold()
    return [tested for tested in found if tested.is_drift]


def _found(store: Store, notes: Notes) -> list[Tested]:
    """Return what a journal holds of accounts that are still there, beside those accounts as they were before."""
    present = {account.key: account for account in store.stored().accounts.values()}
    return [Tested.of(present[noted.key], noted.kept.report) for noted in lines_of(notes) if noted.key in present]


def begin(  # noqa: PLR0913 - all of them are needed
    store: Store,
    vault: Vault,
    accounts: Sequence[Account],
    options: Options,
    hear: Hear,
    *,
    earlier: Sequence[Tested] = (),
) -> Run:
    """
    Test accounts, and write what was found to the store when all is done.

    Who interrupts this leaves a journal, which `resume` goes on with.
    `earlier` is the drift of a run before that nobody was told of: it is told
    with this one, also for an account that is tested again.
    """
    # A key may have been added since the vault was opened, while a person typed the passphrase.
    vault = vault.reread(store.home.vault)
    untold = {tested.before.id: tested for tested in earlier}
    with Journal.begin(store.home.journal, [account.key for account in accounts]) as journal:
        progress = _Progress(journal, hear, befores={name: tested.before for name, tested in untold.items()})
        slowed = asyncio.run(Retest(vault=vault, hear=progress.note, options=options).run(accounts))
    store.fold()
    again = {tested.before.id for tested in progress.tested if tested.result is not None}
    rest = [tested for name, tested in untold.items() if name not in again]
    return Run(tested=[*rest, *progress.tested], slowed=slowed)


def resume(store: Store, vault: Vault, notes: Notes, options: Options, hear: Hear) -> Run:
    """Test what an interrupted run left open, and return the outcomes of both."""
    done = _found(store, notes)
    present = {account.key: account for account in store.stored().accounts.values()}
    still_open = [present[key] for key in notes.open if key in present]
    vault = vault.reread(store.home.vault)
    with Journal.go_on(store.home.journal, notes) as journal:
        progress = _Progress(journal, hear, [*done])
        slowed = asyncio.run(Retest(vault=vault, hear=progress.note, options=options).run(still_open))
    store.fold()
    return Run(tested=progress.tested, slowed=slowed)
