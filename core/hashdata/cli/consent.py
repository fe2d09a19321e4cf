"""Ask once before a connector that did not come with hashdata is given a key."""

from __future__ import annotations

from hashdata.cli import terminal
from hashdata.cli.hidden import agrees, is_terminal
from hashdata.connector import Connector
from hashdata.errors import UsageError


def ensure_allowed(connector: Connector) -> None:
    """Show what a connector may do and ask, where nobody has allowed it yet; raise `UsageError` for a no."""
    from hashdata.registry.consent import check_allowed, needs_consent

    if not needs_consent(connector):
        return
    if not is_terminal():
        check_allowed(connector)
    from hashdata.registry.choices import allow, read_choices
    from hashdata.render import plugins as rendered

    terminal.tell(*rendered.page(connector, read_choices().knows(connector)))
    if not agrees("\nMay it be given a key of yours? This is asked once for each version."):
        raise UsageError(
            f"{connector.name} was not allowed, so it is given no key",
            fix=f"To allow it later: `hashdata plugins enable {connector.name}`.",
        )
    allow(connector)
