"""A guide's page for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import TextWrapper

from hashdata.guidance import Step
from hashdata.render.guide_page import Page, boxes

WIDTH = 80
# Narrower than this, wrapped lines read worse than lines that the terminal breaks.
_NARROWEST = 20


def to_text(page: Page, width: int = WIDTH) -> str:
    """Return `page` wrapped at `width` columns; a longer word, such as an address, stays whole."""
    return "\n".join(_lines(page, max(width, _NARROWEST))) + "\n"


def _lines(page: Page, width: int) -> Iterator[str]:
    """Yield the lines of the whole page."""
    yield from _heading(page.title, "=", width)
    for paragraph in page.about:
        yield from ("", *_wrap(paragraph, width))
    yield from ("", *_heading(page.subtitle, "-", width))
    for label, fact in page.facts:
        yield from _wrap(f"{label}: {fact}", width, rest="  ")
    for warning in page.warnings:
        yield from _wrap(f"Warning: {warning}", width, rest="  ")
    for number, step in enumerate(page.steps, 1):
        yield from ("", *_step(number, step, width))
    if page.afterwards:
        yield from ("", *_heading("Afterwards", "-", width))
    for paragraph in page.afterwards:
        yield from _wrap(paragraph, width, "* ", "  ")
    if page.help:
        yield from ("", *_wrap(page.help, width))
    if page.others:
        yield from ("", *_heading("Other pages", "-", width))
    for other in page.others:
        yield from _wrap(f"{other.title}: {other.when}", width, "* ", "  ")
        # A command is copied whole, so it is never wrapped.
        yield f"  {other.command}"


def _step(number: int, step: Step, width: int) -> Iterator[str]:
    """Yield the lines of one step, all of them behind the width of its number."""
    marker = f"{number:>2}. "
    indent = " " * len(marker)
    yield from _wrap(step.title, width, marker, indent)
    yield from _wrap(step.text, width, indent, indent)
    for drawn, name in boxes(step):
        yield from _wrap(f"{drawn}: {name}", width, indent, f"{indent}    ")
    if step.warning:
        yield from _wrap(f"Warning: {step.warning}", width, indent, f"{indent}  ")


def _heading(title: str, rule: str, width: int) -> Iterator[str]:
    """Yield `title` and a rule as long as its longest line."""
    lines = _wrap(title, width)
    yield from lines
    yield rule * max(map(len, lines), default=0)


def _wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Return `text` in lines that start with `first` and `rest`, words whole; none for no text."""
    wrapper = TextWrapper(
        width=width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(text)
