"""
Whether a connector that did not come with hashdata may be given keys.

Installing a package already runs its code, and its code runs in this
process: nothing here is a wall. It makes sure that a person has seen what a
connector asks and where, once for each version, before a key of theirs does.
"""

from __future__ import annotations

from hashdata.connector import Connector
from hashdata.errors import UsageError
from hashdata.registry import find, wanted
from hashdata.registry.choices import allow, read_choices, switch_off, switch_on


def needs_consent(connector: Connector) -> bool:
    """Whether nobody at this computer has allowed this version of a connector yet."""
    return not read_choices().allows(connector)


def check_allowed(connector: Connector) -> None:
    """Raise `UsageError` for a connector that may not be given keys yet."""
    choices = read_choices()
    if choices.allows(connector):
        return
    before = choices.knows(connector)
    what = f"{connector.name} {connector.version} of {connector.distribution} did not come with hashdata"
    since = f"; {before} was allowed, and this is another" if before else " and was not allowed yet"
    raise UsageError(
        what + since,
        fix=f"Look at what it asks: `hashdata plugins show {connector.name}`. "
        f"Then allow it: `hashdata plugins enable {connector.name}`.",
    )


def enable(name: str) -> Connector:
    """
    Switch a connector on, allow its version, and return it.

    Raises `UsageError` when there is none of that name, and `PluginError`
    when it cannot be used: then it is switched on all the same, so that it
    can be looked at.
    """
    switch_on(wanted(name))
    connector = find(name)
    allow(connector)
    return connector


def disable(name: str) -> str:
    """Switch a connector off and return its name; raise `UsageError` when there is none of that name."""
    name = wanted(name)
    switch_off(name)
    return name
