"""One row of `connectors list`: a connector that is ready, or the reason why it is not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.metadata import EntryPoint
from typing import Self

from hashdata.connector import Connector

# What stands in for a name or version that damaged metadata do not say.
UNKNOWN = "unknown"


class State(StrEnum):
    """Whether a connector can be used, and what kind of thing is wrong when it cannot."""

    READY = "ready"
    BROKEN = "broken"
    CONFLICT = "conflict"
    INCOMPATIBLE = "incompatible"
    CCXT_GONE = "ccxt_gone"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    What is known of one entry point; `connector` is None unless the state is ready.

    `notice` is said of a ready connector of which something is not as its
    author proved it.
    """

    name: str
    version: str
    distribution: str
    state: State
    reason: str | None = None
    connector: Connector | None = None
    notice: str | None = None

    @classmethod
    def of(cls, name: str, point: EntryPoint) -> Self:
        """Start an entry from what the metadata says, before anything is loaded."""
        return cls(
            name=name,
            version=_stated(point, "Version"),
            distribution=_stated(point, "Name"),
            state=State.BROKEN,
        )

    def failed(self, state: State, reason: str) -> Self:
        """Return this entry with the reason why it cannot be used."""
        return replace(self, state=state, reason=reason)

    def ready(self, connector: Connector, notice: str | None = None) -> Self:
        """Return this entry with a connector that can be used."""
        return replace(self, state=State.READY, connector=connector, notice=notice)


def _stated(point: EntryPoint, header: str) -> str:
    """Return what the metadata of the entry point's distribution says; it may be damaged, or not be there."""
    try:
        stated = point.dist.metadata.get_all(header) if point.dist else None
    except Exception:  # noqa: BLE001 - which errors reading damaged metadata raises differs between Pythons
        stated = None
    return str(stated[0]) if stated else UNKNOWN
