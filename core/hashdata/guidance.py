"""Guides as dated data: how a person makes a key that can only read, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hashdata.permissions import Cause

# Exchanges rebuild their pages about once a year; after that a guide is more likely wrong than right.
STALE_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, as a short title and the sentences that explain it."""

    title: str
    """What to do."""
    text: str
    """How to do it."""
    tick: tuple[str, ...] = ()
    """Boxes to tick, by their names on the page."""
    untick: tuple[str, ...] = ()
    """Boxes to leave empty, by their names on the page."""
    warning: str = ""
    """What goes wrong easily."""
    mends: frozenset[Cause] = frozenset()
    """The causes of a verdict that this step, done right, removes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The steps for one page of the exchange."""

    name: str
    """What `--variant` takes."""
    title: str
    """The heading."""
    when: str
    """For whom these steps are."""
    steps: tuple[Step, ...]
    """The steps, at least one."""
    source: str
    """Where the steps come from."""
    checked: date
    """When the steps were last compared with the source."""
    address: str = ""
    """The address of the page."""
    until: date | None = None
    """When the page went away, for one that exists no more."""

    def __post_init__(self) -> None:
        """Refuse a variant without steps or without a source."""
        if not self.steps or not self.source:
            message = f"the variant {self.name!r} needs steps and a source"
            raise ValueError(message)

    def is_stale(self, today: date) -> bool:
        """Whether nobody has compared this with the page for more than a year."""
        return today - self.checked > STALE_AFTER

    def step_for(self, cause: Cause) -> tuple[int, Step] | None:
        """Return the number (from 1) and the step that removes `cause`, if one does."""
        return next(((n, s) for n, s in enumerate(self.steps, 1) if cause in s.mends), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """All that a person needs to make a key for one connector."""

    title: str
    """The heading."""
    about: tuple[str, ...]
    """Paragraphs before the steps."""
    variants: tuple[Variant, ...]
    """The pages of the exchange; the first is the one of today."""
    afterwards: tuple[str, ...] = ()
    """Paragraphs after the steps."""
    help: str = ""
    """Where the exchange helps."""
    variant_for: tuple[tuple[str, str], ...] = ()
    """Pairs of an API and the variant that makes its keys, where that is not the first."""

    def __post_init__(self) -> None:
        """Refuse a guide without variants, with two of one name, or that points at one that is not there."""
        names = [variant.name for variant in self.variants]
        if not names or len(set(names)) != len(names):
            message = "a guide needs variants, each with its own name"
            raise ValueError(message)
        if missing := [name for _, name in self.variant_for if name not in names]:
            message = f"the guide has no variant {missing[0]!r}"
            raise ValueError(message)

    def variant(self, name: str | None = None) -> Variant:
        """Return the variant called `name`, or the one of today; KeyError when there is none."""
        if name is None:
            return self.variants[0]
        return {variant.name: variant for variant in self.variants}[name]

    def variant_of(self, api: str) -> Variant:
        """Return the variant that makes keys for the API called `api`."""
        return self.variant(dict(self.variant_for).get(api))
