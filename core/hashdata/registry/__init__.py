"""
Find the installed connectors, and survive every one that is broken.

`installed()` loads all of them and `find()` one by name. pluggy's own loader
is not used: it lets one plugin's ImportError or SystemExit stop everything,
lets a second distribution shadow a name without a word, and does not notice
a forgotten hook.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from importlib.metadata import EntryPoint, distributions, entry_points

from hashdata.connector import Connector
from hashdata.errors import PluginError, UsageError
from hashdata.hookspecs import GROUP
from hashdata.names import choose, normalise
from hashdata.registry.choices import read_choices
from hashdata.registry.entry import Entry, State
from hashdata.registry.loading import load

__all__ = ["Entry", "State", "SwitchedOffError", "find", "installed", "names", "wanted"]


class SwitchedOffError(UsageError):
    """A connector that somebody switched off."""


def _claims() -> dict[str, list[EntryPoint]]:
    """Return the entry points of every name that is claimed, in the order of the names."""
    claims: defaultdict[str, list[EntryPoint]] = defaultdict(list)
    for point in _points():
        claims[normalise(point.name)].append(point)
    return dict(sorted(claims.items()))


def _points() -> Iterable[EntryPoint]:
    """Return the entry points of our group, passing over distributions whose own cannot be read."""
    try:
        return entry_points(group=GROUP)
    except Exception:  # noqa: BLE001 - one damaged file of any package ends the call above, in many ways
        found: dict[tuple[str, str], EntryPoint] = {}
        for distribution in distributions():
            with contextlib.suppress(Exception):
                for point in distribution.entry_points.select(group=GROUP):
                    # The first of a distribution that is on the path twice counts, as it does for imports.
                    found.setdefault((distribution.name, point.name), point)
        return found.values()


def names() -> list[str]:
    """Return the names of all connectors that are installed, working or not, without loading one."""
    return list(_claims())


def installed() -> list[Entry]:
    """Load every connector that is not switched off, and return an entry for each, broken ones with their reason."""
    disabled = read_choices().disabled
    return [entry for name, points in _claims().items() for entry in _load_claims(name, points, disabled)]


def _load_claims(name: str, points: list[EntryPoint], disabled: Collection[str]) -> list[Entry]:
    """Load the one claim to a name; none of several, and nothing of a connector that is switched off."""
    if name in disabled:
        reason = f"it is switched off. To use it: `hashdata plugins enable {name}`."
        return [Entry.of(name, point).failed(State.DISABLED, reason) for point in points]
    if len(points) == 1:
        return [load(name, points[0])]
    claimants = sorted(Entry.of(name, point).distribution for point in points)
    reason = f"{', '.join(claimants[:-1])} and {claimants[-1]} provide {name}, so none is used. Uninstall all but one."
    return [Entry.of(name, point).failed(State.CONFLICT, reason) for point in points]


def wanted(name: str, known: Collection[str] | None = None) -> str:
    """Return the name of an installed connector; raise `UsageError` with the nearest when there is none."""
    return choose("connector", name, list(names() if known is None else known), there_are="Installed are")


def find(name: str) -> Connector:
    """
    Return the connector called `name`, loading no other.

    Raises `UsageError` with the nearest name when there is none and when it
    is switched off, and `PluginError` with its reason when it is broken.
    """
    claims = _claims()
    name = wanted(name, claims)
    entry = _load_claims(name, claims[name], read_choices().disabled)[0]
    if entry.state is State.DISABLED:
        raise SwitchedOffError(
            f"the connector {name} is switched off", fix=f"To use it: `hashdata plugins enable {name}`."
        )
    if entry.connector is None:
        message = f"the connector {name} cannot be used: {(entry.reason or '').removesuffix('.')}"
        raise PluginError(message, fix="Run `hashdata connectors list` to see the state of every connector.")
    return entry.connector
