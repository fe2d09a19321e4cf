"""The vault as it is seen from outside."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from hashdata.home import Home
from hashdata.render.layout import columns
from hashdata.vault import Sealed

SCHEMA = "hashdata.vault-status/1"


def to_json(home: Home, sealed: Sealed | None) -> dict[str, object]:
    """Return the published document `hashdata.vault-status/1`."""
    return {
        "schema": SCHEMA,
        "path": str(home.vault),
        "exists": sealed is not None,
        "slots": [str(slot.kind) for slot in sealed.slots] if sealed else [],
        "records": len(sealed.records) if sealed else 0,
    }


def page(home: Home, sealed: Sealed | None) -> Iterator[RenderableType]:
    """Yield what can be said without opening it."""
    if sealed is None:
        yield Text(f"There is no vault yet; it would be {home.vault}.")
        yield Text("Make it: hashdata vault init --slot passphrase, keyfile or keyring")
        return
    yield columns(
        [
            ("Vault", str(home.vault)),
            ("Opened by", ", ".join(slot.kind for slot in sealed.slots)),
            ("Keys in it", str(len(sealed.records))),
        ],
        indent=0,
    )
