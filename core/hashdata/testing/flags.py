"""Negative controls for flags: one that is written otherwise, or is not there, never counts as off."""

from __future__ import annotations

from collections.abc import Iterator

from hashdata.answers import Raw
from hashdata.connector import Terms
from hashdata.permissions import Grant, Permission
from hashdata.questions import DeclaredProbe
from hashdata.testing.attempts import otherwise_written
from hashdata.testing.check import Group
from hashdata.testing.declared import carriers_of, stated
from hashdata.testing.mutations import flips
from hashdata.testing.negatives import decoded
from hashdata.testing.subject import Subject

CHECKS = Group()


@CHECKS.add("A right that is left out, empty, or written as another type is no evidence against a permission.")
def no_flag_that_is_written_otherwise_counts_as_off(subject: Subject) -> Iterator[str]:
    """Yield flags that an exchange could switch on in another spelling, and the permission would stay refused."""
    for terms in subject.terms:
        run = subject.accepted(terms)
        for probe in terms.declared:
            if (model := run.answer(probe)) is None:
                continue
            refused = _refused(terms, probe, model, decoded(model))
            for flip in flips(decoded(model)):
                rights = stated(terms, probe, model, flip.value)
                given = [permission for permission in refused if rights.of(permission) is Grant.GRANTED]
                for other in flip.others:
                    left = [p for p in _refused(terms, probe, model, other.value) if p in given]
                    if left:
                        yield (
                            f"{probe.sends} with {other.what} still says that {', '.join(left)} is refused, which "
                            f"{flip.what} gives. Ask for each known flag in the shape, as Flag(), and take for off "
                            "only what is plainly so: a key has each right that it is not stated to lack."
                        )
            yield from dict.fromkeys(_lost(subject, terms, probe, model))


def _lost(subject: Subject, terms: Terms, probe: DeclaredProbe, model: Raw) -> Iterator[str]:
    """Yield places that hold rights, and prove that there are none when they are empty or of another type."""
    for carrier, other in otherwise_written(carriers_of(subject, terms, probe)):
        rights = stated(terms, probe, model, other.value)
        if left := [permission for permission in carrier.given if rights.of(permission) is Grant.REFUSED]:
            yield (
                f"{probe.sends} with {other.what} still says that {', '.join(left)} is refused. Ask in the shape "
                f"for {carrier.where} and its type: what is not there says nothing."
            )


def _refused(terms: Terms, probe: DeclaredProbe, model: Raw, value: object) -> list[Permission]:
    """Return the permissions that `value` as the answer states to be refused."""
    rights = stated(terms, probe, model, value)
    return [permission for permission in probe.states if rights.of(permission) is Grant.REFUSED]
