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
