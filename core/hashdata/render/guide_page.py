"""
What a rendered guide says, whatever the format, as lines that are safe to show.

A guide comes from a stranger's package. Every text passes `plain` here, once,
so that no format can forget it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from shlex import quote

from hashdata.guidance import Guide, Step, Variant
from hashdata.render.plain import plain


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
        title=plain(guide.title),
        about=_lines(guide.about),
        subtitle=plain(variant.title),
        facts=tuple(_facts(variant)),
        warnings=tuple(_warnings(variant, today)),
        steps=tuple(_clean(step) for step in variant.steps),
        afterwards=_lines(guide.afterwards),
        help=plain(guide.help),
        others=tuple(
            Other(
                title=plain(other.title),
                when=plain(other.when),
                command=_command(plain(connector), plain(other.name)),
            )
            for other in guide.variants
            if other.name != variant.name
        ),
    )


def boxes(step: Step) -> Iterator[tuple[str, str]]:
    """Yield each box of `step` as it has to look, with what to do, and the box's name."""
    yield from (("[x] tick", name) for name in step.tick)
    yield from (("[ ] untick", name) for name in step.untick)


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return each text as a line, less those of which nothing is left."""
    return tuple(line for line in map(plain, texts) if line)


def _clean(step: Step) -> Step:
    """Return `step` with each of its texts as a line."""
    return replace(
        step,
        title=plain(step.title),
        text=plain(step.text),
        tick=_lines(step.tick),
        untick=_lines(step.untick),
        warning=plain(step.warning),
    )


def _facts(variant: Variant) -> Iterator[tuple[str, str]]:
    """Yield what is known about `variant`, less what is empty."""
    known = {
        "When": variant.when,
        "Page": variant.address,
        "Last checked": variant.checked.isoformat(),
        "Source": variant.source,
    }
    yield from ((label, line) for label, text in known.items() if (line := plain(text)))


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
    """Return the command that shows `variant`, or its option alone, safe to paste."""
    option = f"--variant {quote(variant)}"
    return f"hashdata connectors guide {quote(connector)} {option}" if connector else option
