"""
What the person at this computer decided about connectors: which may be used, and which are switched off.

It stands in `plugins.toml` in the home, because it is about one person's
keys. Where there is none, nothing was decided.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hashdata.connector import Connector
from hashdata.errors import StorageError, UsageError
from hashdata.home import Home, find_home, locked, read_private
from hashdata.home import replace as write
from hashdata.registry.entry import UNKNOWN

# Installed and updated together with hashdata, by whoever decided to install that.
OURS = frozenset({"hashdata-poloniex", "hashdata-poloniex-futures"})
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`disabled` are names of connectors whose code is not imported; `allowed` says which version each may have."""

    disabled: frozenset[str] = frozenset()
    allowed: Mapping[str, str] = field(default_factory=dict)

    def allows(self, connector: Connector) -> bool:
        """Whether a connector may be given keys: it came with hashdata, or its very version was allowed."""
        if UNKNOWN in {connector.distribution, connector.version}:
            # Whose metadata are damaged cannot be told from another one.
            return False
        return connector.distribution in OURS or self.allowed.get(connector.name) == _version(connector)

    def knows(self, connector: Connector) -> str | None:
        """Return the version that was allowed before, None when there was none."""
        return self.allowed.get(connector.name)


def _version(connector: Connector) -> str:
    """Return what an allowance is for: another package of the same name is another connector."""
    return f"{connector.distribution} {connector.version}"


def file_of(home: Home) -> Path:
    """Return where the choices are kept."""
    return home.path / "plugins.toml"


def read_choices(home: Home | None = None) -> Choices:
    """
    Return what was decided.

    Raises `StorageError` where that cannot be read: a connector that was
    switched off must not come back because a file is damaged.
    """
    home = home or find_home()
    path = file_of(home)
    # Where the home is no folder, nothing was decided, and whoever needs one says what is wrong.
    data = read_private(path) if home.path.is_dir() else None
    if data is None:
        return Choices()
    try:
        return _parsed(tomllib.loads(data.decode()))
    except (ValueError, TypeError):
        raise StorageError(
            f"{path} cannot be understood, so nobody knows which connectors are switched off",
            fix="Correct it, or restore plugins.toml.bak beside it, which lacks the last decision; "
            "then look at `hashdata plugins list`.",
        ) from None


def _parsed(table: Mapping[str, object]) -> Choices:
    """Check every part; raise TypeError or ValueError for what this version does not write."""
    disabled, allowed = table.get("disabled", []), table.get("allowed", {})
    if table.get("format") != _FORMAT or not isinstance(disabled, list) or not isinstance(allowed, dict):
        raise ValueError
    if not all(isinstance(text, str) for text in (*disabled, *allowed, *allowed.values())):
        raise TypeError
    return Choices(disabled=frozenset(disabled), allowed=allowed)


def allow(connector: Connector) -> None:
    """
    Remember that a connector of this version may be given keys, and that it is switched on.

    Raises `UsageError` where the package does not say which version it is.
    """
    if UNKNOWN in {connector.distribution, connector.version}:
        raise UsageError(
            f"the package of {connector.name} does not say its name and version, so it cannot be allowed",
            fix="Install it again.",
        )
    _change(lambda choices: _allowed(choices, connector))


def _allowed(choices: Choices, connector: Connector) -> Choices:
    return replace(
        choices,
        disabled=choices.disabled - {connector.name},
        allowed={**choices.allowed, connector.name: _version(connector)},
    )


def switch_off(name: str) -> None:
    """Remember that the code of a connector shall not be imported; what was allowed is forgotten."""
    _change(
        lambda choices: replace(
            choices,
            disabled=choices.disabled | {name},
            allowed={known: version for known, version in choices.allowed.items() if known != name},
        )
    )


def switch_on(name: str) -> None:
    """Remember that the code of a connector may be imported again."""
    _change(lambda choices: replace(choices, disabled=choices.disabled - {name}))


def _change(change: Callable[[Choices], Choices]) -> None:
    """Change the choices while nobody else writes."""
    import tomli_w

    home = find_home()
    home.make()
    with locked(home.lock):
        changed = change(read_choices(home))
        table = {
            "format": _FORMAT,
            "disabled": sorted(changed.disabled),
            "allowed": dict(sorted(changed.allowed.items())),
        }
        write(file_of(home), tomli_w.dumps(table).encode())
