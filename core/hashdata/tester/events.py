"""What a test tells while it runs, for a progress line or a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What a question is about; `stated` is a permission of which the exchange says itself whether the key has it."""

    CLOCK = "clock"
    STREAM = "stream"
    PERMISSION = "permission"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question is on its way."""

    subject: Subject
    name: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A question has its finding, in one word: a grant, or the cause of none."""

    subject: Subject
    name: str
    finding: str


@dataclass(frozen=True, slots=True)
class Announced:
    """
    Write questions are about to be asked.

    Each is the exact request as text. `practice` is true when they go to this
    computer and not to the exchange.
    """

    requests: tuple[str, ...]
    practice: bool


Event = Asked | Answered | Announced
Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listen to nothing."""
