"""The texts that a connector itself looks for in answers: they are the exchange's, and say nothing of one owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hashdata.answers import Fields, Is, ListOf, Shape
from hashdata.connector import Terms


@dataclass(frozen=True, slots=True)
class Expected:
    """Sentences and words that are kept to the letter."""

    sentences: frozenset[str]
    words: frozenset[str]


def expected_of(terms: Terms) -> Expected:
    """Return what a connector looks for in the answers of one API."""
    patterns = [*terms.diagnoses, *(answer for probe in terms.probes for answer in probe.answers)]
    shapes = [pattern.body for pattern in patterns]
    shapes += [shape for stream in terms.streams for shape in (stream.shape, stream.unopened)]
    shapes += [probe.shape for probe in terms.declared]
    rights = {word for probe in terms.declared for word in probe.words}
    codes = {pattern.code for pattern in patterns if isinstance(pattern.code, str)}
    return Expected(
        sentences=frozenset(pattern.message for pattern in patterns if pattern.message),
        words=frozenset({*codes, *(word for shape in shapes for word in _words(shape)), *rights}),
    )


def _words(shape: Shape | None) -> Iterator[str]:
    """Yield the texts that a shape asks for."""
    if isinstance(shape, Is) and isinstance(shape.value, str):
        yield shape.value
    elif isinstance(shape, ListOf):
        yield from _words(shape.item)
    elif isinstance(shape, Fields):
        for inner in shape.fields.values():
            yield from _words(inner)
