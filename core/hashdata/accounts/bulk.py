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
from hashdata.errors import HashdataError
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
    def is_drift(self) -> bool:
        """Whether the key gained a power, or lost a right to read, since it was accepted."""
        return self.result is not None and is_drift(self.before, self.result.attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of a run; `slowed` are the accounts that were left out because their exchange asked to slow down."""

    tested: Sequence[Tested]
    slowed: Sequence[Account] = ()


# Called with each account as soon as it was tested, and with its report if there is one.
Hear = Callable[[Tested, Mapping[str, object] | None], None]


@dataclass(slots=True)
class _Progress:
    """The outcomes so far, each written to the journal before anybody hears of it."""

    journal: Journal
    hear: Hear
    tested: list[Tested] = field(default_factory=list)

    def note(self, outcome: Outcome) -> None:
        document = outcome.report.to_json() if outcome.report else None
        if document is None:
            tested = Tested(before=outcome.account, problem=outcome.problem)
        else:
            self.journal.write(Entry(outcome.account.key, Kept(new_id(), document)))
            tested = Tested.of(outcome.account, document)
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


def begin(store: Store, vault: Vault, accounts: Sequence[Account], options: Options, hear: Hear) -> Run:
    """
    Test accounts, and write what was found to the store when all is done.

    Who interrupts this leaves a journal, which `resume` goes on with.
    """
    # A key may have been added since the vault was opened, while a person typed the passphrase.
    vault = vault.reread(store.home.vault)
    with Journal.begin(store.home.journal, [account.key for account in accounts]) as journal:
        progress = _Progress(journal, hear)
        slowed = asyncio.run(Retest(vault=vault, hear=progress.note, options=options).run(accounts))
    store.fold()
    return Run(tested=progress.tested, slowed=slowed)


def resume(store: Store, vault: Vault, notes: Notes, options: Options, hear: Hear) -> Run:
    """Test what an interrupted run left open, and return the outcomes of both."""
    present = {account.key: account for account in store.stored().accounts.values()}
    done = [Tested.of(present[entry.key], entry.kept.report) for entry in lines_of(notes) if entry.key in present]
    still_open = [present[key] for key in notes.open if key in present]
    vault = vault.reread(store.home.vault)
    with Journal.go_on(store.home.journal, notes) as journal:
        progress = _Progress(journal, hear, [*done])
        slowed = asyncio.run(Retest(vault=vault, hear=progress.note, options=options).run(still_open))
    store.fold()
    return Run(tested=progress.tested, slowed=slowed)
