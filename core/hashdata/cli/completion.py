"""What a shell offers to complete. Nothing here may fail or print."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import typer

from hashdata.errors import HashdataError


def complete_connector(incomplete: str) -> Iterator[str]:
    """Offer the installed connectors."""
    from hashdata.registry import names

    yield from (name for name in names() if name.startswith(incomplete))


def complete_label(incomplete: str) -> Iterator[str]:
    """Offer the stored accounts."""
    with contextlib.suppress(HashdataError):
        from hashdata.cli.unlocking import store_here

        yield from (label for label in store_here().stored().accounts if label.startswith(incomplete))


def _named(context: typer.Context) -> str:
    """Return the connector that stands on the line; beside an option that lacks its value it is not yet a parameter."""
    return str(context.params.get("name") or next(iter(context.args), ""))


def complete_persona(context: typer.Context, incomplete: str) -> Iterator[str]:
    """Offer the personas of the connector that was named."""
    with contextlib.suppress(HashdataError):
        from hashdata.registry import find
        from hashdata.sandbox.personas import exchange_of

        personas = exchange_of(find(_named(context))).personas
        yield from (persona.name for persona in personas if persona.name.startswith(incomplete))


def complete_variant(context: typer.Context, incomplete: str) -> Iterator[str]:
    """Offer the variants of the guide of the connector that was named."""
    with contextlib.suppress(HashdataError):
        from hashdata.registry import find

        variants = find(_named(context)).guide.variants
        yield from (variant.name for variant in variants if variant.name.startswith(incomplete))
