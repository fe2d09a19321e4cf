"""One check: a name, a sentence, and a function that yields what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hashdata.testing.subject import Problem, Subject

Find = Callable[[Subject], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """
    One thing that a connector must do.

    `name` is that of its test, without `test_`; `about` says on one line what
    it looks at. `find` yields a sentence for each problem: what is wrong,
    where, and what to do.
    """

    name: str
    about: str
    find: Find

    def problems(self, subject: Subject) -> tuple[str, ...]:
        """Return every problem; raise `Unavailable` where another check says what has to be mended first."""
        found: list[str] = []
        try:
            found.extend(self.find(subject))
        except Problem as problem:
            found.append(str(problem))
        return tuple(found)


class Group:
    """The checks of one module, in the order in which they stand there."""

    def __init__(self) -> None:
        self._checks: list[Check] = []

    def __iter__(self) -> Iterator[Check]:
        """Yield the checks."""
        return iter(self._checks)

    def add(self, about: str) -> Callable[[Find], Find]:
        """Make a check of a function, whose name is the check's."""

        def decorate(find: Find) -> Find:
            self._checks.append(Check(find.__name__, about, find))
            return find

        return decorate
