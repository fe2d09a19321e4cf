"""Find a connector's practice exchange and its practice keys."""

from __future__ import annotations

from hashdata.connector import Connector
from hashdata.errors import HashdataError, PluginError, UsageError
from hashdata.names import choose
from hashdata.practice import Persona, PracticeExchange


def exchange_of(connector: Connector) -> PracticeExchange:
    """Return a fresh practice exchange; raise `UsageError` when the connector has none."""
    try:
        factory = connector.make_sandbox()
        exchange = factory() if factory else None
    except HashdataError:
        raise
    except Exception as error:  # noqa: BLE001 - a connector's own code may raise anything
        message = f"the sandbox of {connector.name} cannot be started ({type(error).__name__})"
        raise PluginError(message, fix=f"Update {connector.distribution}, or tell its author.") from None
    if exchange is None:
        raise UsageError(
            f"{connector.info.title} has no sandbox",
            fix="Test a real key, or use --endpoint with a server of your own.",
        )
    return exchange


def persona_of(exchange: PracticeExchange, name: str) -> Persona:
    """Return the persona called `name`; raise `UsageError` with the nearest one when there is none."""
    found = {persona.name: persona for persona in exchange.personas}
    return found[choose("persona", name, list(found))]
