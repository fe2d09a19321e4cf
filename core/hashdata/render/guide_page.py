"""
What a rendered guide says, whatever the format, as lines that are safe to show.

A guide comes from a stranger's package. Every text passes `_line` here, once,
so that no format can forget it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from hashdata.guidance import Guide, Step, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A variant that is not shown, and how to see it."""

    title: str
    when: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    One variant of a guide, in the order in which it is read; texts are single lines.

    `facts` are a label and what it stands for, about the variant as a whole.
    """

    title: str
    about: tuple[str, ...]
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    steps: tuple[Step, ...]
    afterwards: tuple[str, ...]
    help: str
    others: tuple[Other, ...]


def lay_out(guide: Guide, variant: Variant, today: date, connector: str = "") -> Page:
    """
    Return the page for `variant`, as it is to be read on the day `today`.

    `connector` is the name by which the command line knows the guide; without
    it the other variants are named by the option alone.
    """
    return Page(
        title=_line(guide.title),
        about=_lines(guide.about),
        subtitle=_line(variant.title),
        facts=tuple(_facts(variant)),
        warnings=tuple(_warnings(variant, today)),
        steps=tuple(_clean(step) for step in variant.steps),
        afterwards=_lines(guide.afterwards),
        help=_line(guide.help),
        others=tuple(
            Other(
                title=_line(other.title),
                when=_line(other.when),
                command=_line(_command(connector, other.name)),
            )
            for other in guide.variants
            if other.name != variant.name
        ),
    )


def boxes(step: Step) -> Iterator[tuple[str, str]]:
    """Yield each box of `step` as it has to look, with what to do, and the box's name."""
    yield from (("[x] tick", name) for name in step.tick)
    yield from (("[ ] untick", name) for name in step.untick)


def _line(text: str) -> str:
    """
    Return `text` on one line, without anything that acts instead of showing.

    A control character becomes a blank, because a tab or a line break parts
    two words. Bidi overrides, zero-width characters, surrogates and whatever
    else Unicode puts in category C vanish.
    """
    shown = (" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join("".join(c for c in shown if unicodedata.category(c)[0] != "C").split())


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return each text as a line, less those of which nothing is left."""
    return tuple(line for line in map(_line, texts) if line)


def _clean(step: Step) -> Step:
    """Return `step` with each of its texts as a line."""
    return replace(
        step,
        title=_line(step.title),
        text=_line(step.text),
        tick=_lines(step.tick),
        untick=_lines(step.untick),
        warning=_line(step.warning),
    )


def _facts(variant: Variant) -> Iterator[tuple[str, str]]:
    """Yield what is known about `variant`, less what is empty."""
    known = {
        "When": variant.when,
        "Page": variant.address,
        "Last checked": variant.checked.isoformat(),
        "Source": variant.source,
    }
    yield from ((label, line) for label, text in known.items() if (line := _line(text)))


def _warnings(variant: Variant, today: date) -> Iterator[str]:
    """Say that the exchange's page is gone, and that these steps may be out of date."""
    if variant.until is not None and variant.until <= today:
        yield f"This page exists no more (since {variant.until})."
    elif variant.until is not None:
        yield f"This page ends on {variant.until}."
    if variant.is_stale(today):
        yield (
            "These steps were last checked more than a year ago. The exchange's page "
            "may look different now: go by what each box allows."
        )


def _command(connector: str, variant: str) -> str:
    """Name the command that shows `variant`, as far as the connector is known."""
    option = f"--variant {variant}"
    return f"hashdata connectors guide {connector} {option}" if connector else option
