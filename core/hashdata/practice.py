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
    """
    One practice key and what happens to whoever uses it.

    `credentials` are practice values and no secret. `skew_ms` is how far the
    exchange's clock is ahead of this computer's for this persona.
    """

    name: str
    about: str
    credentials: Mapping[str, str]
    skew_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What arrived: `target` is the path with its query as sent, header names are in lower case."""

    method: str
    path: str
    target: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    What is answered, and where that answer comes from.

    `provenance` speaks of the body; the HTTP status of many answers was not
    recorded, and `source` says so where it is assumed. `delay` is in seconds.
    """

    status: int
    body: str
    provenance: Provenance
    source: str
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0

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

    def write(self, change: str) -> None:
        """Note one change."""
        self.changes.append(change)


class PracticeExchange(Protocol):
    """An exchange to practise on. It verifies signatures with its own code, never with ccxt's."""

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
