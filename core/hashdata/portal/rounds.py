"""Tests of stored accounts that run while somebody looks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hashdata.accounts.account import Account
from hashdata.accounts.bulk import Run, Tested, begin, interrupted, only_run
from hashdata.accounts.store import Store
from hashdata.errors import HashdataError, InternalError
from hashdata.tester.session import Options
from hashdata.vault import Vault


@dataclass(slots=True)
class Round:
    """One test of several accounts: how many are done, what came of them, and how it ended."""

    total: int
    tested: list[Tested] = field(default_factory=list)
    run: Run | None = None
    problem: HashdataError | None = None
    version: int = 0
    task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.run is not None or self.problem is not None


def start(store: Store, vault: Vault, accounts: Sequence[Account]) -> Round:
    """
    Begin to test accounts beside the loop, and return what can be watched.

    The work has a loop of its own in a thread, because it waits for locks
    and disks; each result is told to the loop of the page.
    """
    going = Round(len(accounts))
    loop = asyncio.get_running_loop()

    def hear(tested: Tested, _: Mapping[str, object] | None) -> None:
        loop.call_soon_threadsafe(_note, going, tested)

    def work() -> Run:
        with only_run(store):
            if interrupted(store) is not None:
                store.fold()
            return begin(store, vault, accounts, Options(), hear)

    async def follow() -> None:
        try:
            going.run = await asyncio.to_thread(work)
        except HashdataError as problem:
            going.problem = problem
        except Exception:  # noqa: BLE001 - a bug must not leave a page that waits for ever, and a portal that never ends
            bug = InternalError("hashdata has a bug, so the test did not end", fix="Please report this.")
            going.problem = bug
        going.version += 1

    going.task = loop.create_task(follow())
    return going


def _note(going: Round, tested: Tested) -> None:
    going.tested.append(tested)
    going.version += 1
