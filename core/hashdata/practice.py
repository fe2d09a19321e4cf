"""What a practice exchange is made of. A connector says what is answered; the sandbox serves it over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Provenance(StrEnum):
    """Where an answer comes from: seen live, written in the exchange's documents, or concluded from the two."""

    OBSERVED = "observed"
    DOCUMENTED = "documented"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One practice key and what happens to whoever uses it."""

    name: str
    """What `--sandbox` takes."""
    about: str
    """What is to be expected, for people."""
    credentials: Mapping[str, str]
    """The values of the practice key, by the names of the schema; they are no secret."""
    skew_ms: int = 0
    """How far the exchange's clock is ahead of this computer's, in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What arrived at a practice exchange."""

    method: str
    """The HTTP method."""
    path: str
    """The path without its query."""
    target: str
    """The path with its query, as they came."""
    query: tuple[tuple[str, str], ...]
    """The decoded query."""
    headers: Mapping[str, str]
    """The headers, their names in lower case."""
    body: bytes
    """The body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    What is answered, and where that answer comes from.

    The HTTP status of many answers was not recorded; `source` says so where it
    is assumed.
    """

    status: int
    """The HTTP status."""
    body: str
    """The text. `Reply.of` makes it from a value."""
    provenance: Provenance
    """Where the body comes from: `OBSERVED`, `DOCUMENTED` or `INFERRED`."""
    source: str
    """The transcript or document."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers to send."""
    delay: float = 0.0
    """Seconds to wait before answering."""

    @classmethod
    def of(cls, value: object, *, status: int, provenance: Provenance, source: str) -> Reply:
        """Make a JSON reply from a value."""
        return cls(
            status=status,
            body=json.dumps(value),
            provenance=provenance,
            source=source,
            headers={"Content-Type": "application/json"},
        )


@dataclass(slots=True)
class Ledger:
    """What a practice exchange carried out: orders, withdrawals, anything that changed it."""

    changes: list[str] = field(default_factory=list)
    """One line for each; `write` adds one."""

    def write(self, change: str) -> None:
        """Note one change."""
        self.changes.append(change)


class PracticeExchange(Protocol):
    """
    An exchange to practise on.

    It checks signatures with code of its own and never with ccxt's, so that it
    can prove ccxt wrong. `SandboxFactory` is a callable without arguments that
    returns one.
    """

    @property
    def personas(self) -> Sequence[Persona]:
        """The practice keys, in the order in which they are shown."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What was carried out so far."""
        ...

    def answer(self, request: Request, now_ms: int) -> Reply:
        """Answer one request; `now_ms` is the exchange's own time."""
        ...


SandboxFactory = Callable[[], PracticeExchange]
