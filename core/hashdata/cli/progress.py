"""How a test tells a person that it runs: the announcement always, the rest only on a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from hashdata.cli import terminal
from hashdata.tester.events import Announced, Answered, Asked, Event, Listener


@contextlib.contextmanager
def listening(title: str) -> Iterator[Listener]:
    """Yield a listener for one test of a key of the exchange `title`."""
    if not sys.stderr.isatty():
        yield lambda event: _announce(title, event)
        return
    open_questions: dict[str, None] = {}
    console = terminal.console(stderr=True)
    with console.status("Starting ...") as status:

        def listen(event: Event) -> None:
            if isinstance(event, Asked):
                open_questions[event.name] = None
            elif isinstance(event, Answered):
                open_questions.pop(event.name, None)
                console.print(f"  {event.name}: {event.finding.replace('_', ' ')}", style="dim")
            _announce(title, event)
            status.update(f"Asking {title}: {', '.join(open_questions) or 'done'}")

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
