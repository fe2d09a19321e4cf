"""The guide: it has a date, it mends every grant, and it says which boxes to leave empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from hashdata.permissions import Cause
from hashdata.testing.check import Group
from hashdata.testing.subject import Subject

CHECKS = Group()

# No exchange has a key page that is older than the first of them.
_FIRST = date(2010, 1, 1)


@CHECKS.add("Each variant of the guide has a plausible date of its last comparison, which is not in the future.")
def the_guide_has_a_date(subject: Subject) -> Iterator[str]:
    """Yield dates on which nobody can have looked at the page."""
    # Somewhere it is tomorrow already.
    latest = datetime.now(UTC).date() + timedelta(days=1)
    for variant in subject.connector.guide.variants:
        if not _FIRST <= variant.checked <= latest:
            yield (
                f"The guide's variant {variant.name} was checked on {variant.checked}, which cannot be. "
                "Give the day on which you compared the steps with their source."
            )


@CHECKS.add("For each askable permission, a step of the guide mends the cause that denies a key which has it.")
def the_guide_mends_every_grant(subject: Subject) -> Iterator[str]:
    """Yield causes after which a person would find no step."""
    for terms in subject.terms:
        variant = subject.connector.guide.variant_of(terms.api.name)
        for permission in terms.askable:
            cause = Cause.granted(permission)
            if variant.step_for(cause) is None:
                yield (
                    f"No step of the guide's variant {variant.name} mends {cause}. "
                    f"Give the step that switches {permission} off mends=frozenset({{Cause.{cause.name}}})."
                )


@CHECKS.add("The guide of each API names the boxes that must stay empty.")
def the_guide_names_boxes_to_untick(subject: Subject) -> Iterator[str]:
    """Yield variants that leave it to the reader to find the boxes."""
    for terms in subject.terms:
        variant = subject.connector.guide.variant_of(terms.api.name)
        if terms.askable and not any(box.strip() for step in variant.steps for box in step.untick):
            yield (
                f"The guide's variant {variant.name} names no box to leave empty. "
                "Give a step untick= with the labels of the exchange's page."
            )
