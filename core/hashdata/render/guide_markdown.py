"""A guide's page as Markdown (CommonMark, with task lists for the boxes)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hashdata.guidance import Step
from hashdata.render.guide_page import Other, Page, boxes

# What Markdown acts on within a line, and what it acts on where one begins.
_WITHIN = re.compile(r"([\\`*_\[\]<>&~|$])")
_AT_START = re.compile(r"^(\d+(?=[.)])|(?=[#+=-]))")


def to_markdown(page: Page) -> str:
    """Return `page` as Markdown in which no text of the guide is anything but text."""
    return "\n\n".join(_blocks(page)) + "\n"


def _blocks(page: Page) -> Iterator[str]:
    """Yield the blocks of the document."""
    yield f"# {_escape(page.title)}"
    yield from map(_escape, page.about)
    yield f"## {_escape(page.subtitle)}"
    yield "\n".join(f"- {label}: {_escape(fact)}" for label, fact in page.facts)
    yield from (f"**Warning:** {_escape(warning)}" for warning in page.warnings)
    for number, step in enumerate(page.steps, 1):
        yield from _step(number, step)
    if page.afterwards:
        yield "## Afterwards"
        yield "\n".join(f"- {_escape(paragraph)}" for paragraph in page.afterwards)
    if page.help:
        yield _escape(page.help)
    if page.others:
        yield "## Other pages"
        yield "\n".join(map(_other, page.others))


def _step(number: int, step: Step) -> Iterator[str]:
    """Yield the blocks of one item of the ordered list, indented so that they belong to it."""
    marker = f"{number}. "
    indent = " " * len(marker)
    yield f"{marker}{_escape(step.title)}"
    if step.text:
        yield f"{indent}{_escape(step.text)}"
    if step.tick or step.untick:
        yield "\n".join(f"{indent}- {drawn}: {_escape(name)}" for drawn, name in boxes(step))
    if step.warning:
        yield f"{indent}**Warning:** {_escape(step.warning)}"


def _other(other: Other) -> str:
    """Return the list item that points to another variant."""
    # A backtick would end the code early; no name that a person types has one.
    command = _escape(other.command) if "`" in other.command else f"`{other.command}`"
    return f"- {_escape(other.title)}: {_escape(other.when)}\n  {command}"


def _escape(text: str) -> str:
    """Return `text`, a single line, so that Markdown shows it as it is written."""
    return _AT_START.sub(r"\1\\", _WITHIN.sub(r"\\\1", text))
