"""A test that runs while somebody looks: what was asked, what came of it, and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from hashdata.errors import HashdataError
from hashdata.tester.events import Announced, Answered, Asked, Event
from hashdata.tester.report import Report


@dataclass(slots=True)
class Line:
    """One question; `found` is empty until its answer has come."""

    subject: str
    name: str
    found: str = ""


@dataclass(slots=True)
class Live:
    """
    The state of one test.

    `announced` are the write questions as they leave. Who watches is woken
    by every change, and sees all that happened before.
    """

    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    announced: tuple[str, ...] = ()
    report: Report | None = None
    problem: HashdataError | None = None
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)
    _version: int = 0
    task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """Whether the test has ended, one way or another."""
        return self.report is not None or self.problem is not None

    @property
    def said(self) -> str:
        """How far it is, in one sentence: who listens to a page does not want the whole list anew each time."""
        answered = sum(1 for line in self.lines.values() if line.found)
        return f"{answered} of {len(self.lines)} questions answered so far." if self.lines else "Connecting."

    def listen(self, event: Event) -> None:
        """Take note of an event of the test."""
        if isinstance(event, Announced):
            self.announced = event.requests
        elif isinstance(event, Asked):
            self.lines.setdefault((event.subject, event.name), Line(event.subject, event.name))
        elif isinstance(event, Answered):
            line = self.lines.setdefault((event.subject, event.name), Line(event.subject, event.name))
            line.found = event.finding
        self._wake()

    def end(self, *, report: Report | None = None, problem: HashdataError | None = None) -> None:
        """Take note of the end."""
        self.report, self.problem = report, problem
        self._wake()

    def _wake(self) -> None:
        self._version += 1
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def watch(self) -> AsyncIterator[None]:
        """Yield at once, and again after each change, until the test is over."""
        seen = -1
        while True:
            if seen != self._version:
                seen = self._version
                yield
                if self.is_over:
                    return
            else:
                waiter = asyncio.get_running_loop().create_future()
                self._waiting.append(waiter)
                await waiter
