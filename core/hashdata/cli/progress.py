"""How a test tells a person that it runs: the announcement always, the rest only on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from hashdata.cli import terminal
from hashdata.tester.events import Announced, Answered, Asked, Event, Listener

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.status import Status


@contextlib.contextmanager
def listening(title: str) -> Iterator[Listener]:
    """Yield a listener for one test of a key of the exchange `title`."""
    if not sys.stderr.isatty():
        yield lambda event: _announce(title, event)
        return
    waiting: dict[str, None] = {}
    with terminal.console(stderr=True).status(f"Asking {title} ...") as status:

        def listen(event: Event) -> None:
            if isinstance(event, Announced):
                # The requests are printed as they are: a line that is redrawn would break them.
                status.stop()
                _announce(title, event)
                status.start()
            elif isinstance(event, Asked):
                waiting[event.name] = None
            elif isinstance(event, Answered):
                waiting.pop(event.name, None)
            status.update(f"Asking {title}: {', '.join(waiting) or '...'}")

        yield listen


def _announce(title: str, event: Event) -> None:
    """Say which write questions come next, before the first of them leaves."""
    if not isinstance(event, Announced):
        return
    if event.practice:
        terminal.note(
            "Reading works. Next come questions that an exchange must refuse; in practice they stay on this computer:"
        )
    else:
        terminal.note(
            f"Reading works. Next come requests that {title} must refuse. They cannot change anything, but they may "
            "show in the account's security log or cause an e-mail:"
        )
    for request in event.requests:
        terminal.note(f"  {request}")
    terminal.note("")


def announced_once() -> Listener:
    """Return a listener for many tests, which says each set of write questions once; practice needs no word."""
    said: set[tuple[str, ...]] = set()

    def listen(event: Event) -> None:
        if isinstance(event, Announced) and not event.practice and event.requests not in said:
            said.add(event.requests)
            with _screen.paused():
                _announce("the exchange", event)

    return listen


class _Screen:
    """What is redrawn on the terminal while accounts are tested, if anything."""

    live: Progress | Status | None = None

    @contextlib.contextmanager
    def showing(self, live: Progress | Status) -> Iterator[None]:
        """Redraw something."""
        self.live = live
        try:
            with live:
                yield
        finally:
            self.live = None

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Redraw nothing: it would break the lines that are printed meanwhile."""
        if self.live:
            self.live.stop()
        yield
        if self.live:
            self.live.start()


_screen = _Screen()


class Advance(Protocol):
    """Goes on by one account."""

    def __call__(self, *, bad: bool) -> None:
        """Count one more, as a bad one if so."""
        ...


@contextlib.contextmanager
def bar(total: int, *, quiet: bool) -> Iterator[Advance]:
    """Show on a terminal how far a test of accounts is; of a single one, that it runs."""
    if quiet or total < 1 or not sys.stderr.isatty():
        yield _uncounted
        return
    if total == 1:
        with _screen.showing(terminal.console(stderr=True).status("Testing ...")):
            yield _uncounted
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Testing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[drift]}"),
    )
    progress = Progress(*columns, console=terminal.console(stderr=True), transient=True)
    with _screen.showing(progress):
        task, drifted = progress.add_task("", total=total, drift=""), 0

        def advance(*, bad: bool) -> None:
            nonlocal drifted
            drifted += bad
            progress.update(task, advance=1, drift=f"drift: {drifted}" if drifted else "")

        yield advance


def _uncounted(*, bad: bool) -> None:
    """Count nothing, where nobody looks or there is one account alone."""
