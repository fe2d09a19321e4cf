"""The parts that pages for a terminal are laid out with. Nothing here cuts: what does not fit is wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hashdata.permissions import Provability
from hashdata.render.plain import plain

PROOF = {
    Provability.P3: "the exchange states what a key may do, and is seen to act on it",
    Provability.P2: "the exchange states what a key may do",
    Provability.P1: "the exchange is asked, and seen to refuse",
    Provability.P0: "nothing can be proven about a key",
}


def marked(text: str, *, practice: bool) -> str:
    """Return a text with a mark behind it where it speaks of practice."""
    return f"{text} (practice)" if practice else text


def heading(text: str) -> Text:
    """Return a heading with an empty line above it."""
    return Text(f"\n{plain(text)}", style="bold")


def bullets(texts: Iterable[str]) -> RenderableType:
    """Return a list of sentences whose wrapped lines hang under their first."""
    return columns((("-", plain(text)) for text in texts), gap=1)


def columns(rows: Iterable[Sequence[str | Text]], *, indent: int = 2, gap: int = 2) -> RenderableType:
    """Return rows without a frame or headings, set in by `indent`; what is too long wraps within its column."""
    table = Table.grid(padding=(0, gap, 0, 0))
    for row in rows:
        while len(table.columns) < len(row):
            table.add_column(overflow="fold")
        table.add_row(*row)
    return Padding(table, (0, 0, 0, indent))
