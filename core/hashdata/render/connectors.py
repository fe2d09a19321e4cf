"""`connectors list` as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from hashdata.registry import Entry, State
from hashdata.render.layout import PROOF, bullets, columns, heading
from hashdata.render.plain import plain

SCHEMA = "hashdata.connectors/1"


def to_json(entries: Sequence[Entry]) -> dict[str, object]:
    """Return the published document `hashdata.connectors/1`."""
    return {
        "schema": SCHEMA,
        "connectors": [
            {
                "name": entry.name,
                "title": entry.connector.info.title if entry.connector else None,
                "version": entry.version,
                "distribution": entry.distribution,
                "provability": str(entry.connector.provability) if entry.connector else None,
                "state": str(entry.state),
                "reason": entry.reason,
            }
            for entry in entries
        ],
    }


def table(entries: Sequence[Entry]) -> Iterator[RenderableType]:
    """Yield the table, and below it what is wrong with connectors that cannot be used."""
    if not entries:
        yield Text("No connector is installed. Install one, for example: pip install hashdata-poloniex")
        return
    rows = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Connector", "Proof", "State", "Version", "Distribution"):
        rows.add_column(title, overflow="fold")
    for entry in entries:
        proof = str(entry.connector.provability) if entry.connector else "-"
        style = "green" if entry.state is State.READY else "bold red"
        state = Text(entry.state.replace("_", " "), style=style)
        rows.add_row(plain(entry.name), proof, state, plain(entry.version), plain(entry.distribution))
    yield rows
    if proofs := sorted({entry.connector.provability for entry in entries if entry.connector}):
        yield heading("Proof")
        yield columns((str(proof), PROOF[proof]) for proof in proofs)
    if broken := [entry for entry in entries if entry.reason]:
        yield heading("Cannot be used")
        yield bullets(f"{entry.name} ({entry.distribution}): {entry.reason}" for entry in broken)
