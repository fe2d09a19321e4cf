"""The documents of this checkout, taken apart: blocks, tables, headings, links and prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its info string and its text."""

    info: str
    text: str


@dataclass(frozen=True)
class Document:
    """One Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def blocks(self) -> list[Block]:
        return [Block(info, text) for info, text in _FENCE.findall(self.text)]

    @cached_property
    def unfenced(self) -> str:
        return _FENCE.sub("", self.text)

    @property
    def links(self) -> list[str]:
        return [str(target) for target in _LINK.findall(_SPAN.sub("", self.unfenced))]

    @property
    def spans(self) -> list[str]:
        return [str(span) for span in _SPAN.findall(self.unfenced)]

    def headings(self, level: int) -> list[str]:
        return [text for marks, text in _HEADING.findall(self.unfenced) if len(marks) == level]

    @property
    def anchors(self) -> set[str]:
        """The names by which its headings can be linked to, by the rule that forges share."""
        texts = [str(text) for _, text in _HEADING.findall(self.unfenced)]
        return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in texts}

    def table(self, *columns: str) -> list[tuple[str, ...]]:
        """Return the rows of every table with exactly these columns."""
        found: list[tuple[str, ...]] = []
        inside = False
        for line in self.text.splitlines():
            row = _cells(line)
            if row == columns:
                inside = True
            elif not row:
                inside = False
            elif inside and set(line) != {"|", "-"}:
                found.append(row)
        assert found, f"{self.name} has no table of {columns}"
        return found

    @property
    def paragraphs(self) -> str:
        """The text without lists, tables, headings and pictures, by whose lines a reader sees where a sentence ends."""
        return "\n".join(line for line in self.unfenced.splitlines() if not re.match(r"[*\-#|!]|\d+\.|  ", line))

    @property
    def prose(self) -> Iterator[str]:
        """Yield the lines of paragraphs and lists, without code and link targets."""
        for line in self.unfenced.splitlines():
            if line.strip() and not line.startswith(("#", "|", "![")):
                text = re.sub(r"\]\([^)]*\)", "]", _SPAN.sub("code", line))
                yield re.sub(r"^ *(?:[*-]|\d+\.) ", "", text)


def _cells(line: str) -> tuple[str, ...]:
    """Return the cells of a table's line, none for every other line."""
    return tuple(cell.strip() for cell in line.strip("|").split(" | ")) if line.startswith("|") else ()


def named(name: str) -> Document:
    """Return the document at the path `name` below the root."""
    return Document(ROOT / name)


def _paths() -> Iterator[Path]:
    yield from (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "core/README.md"))
    yield from sorted((ROOT / "plugins").glob("*/README.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))


DOCUMENTS = [Document(path) for path in _paths()]
RECORDS = [document for document in DOCUMENTS if document.path.parent.name == "decisions"]


def code(text: str) -> str:
    """Return a cell's text without the marks of code."""
    return text.strip("`")
