"""What an exchange answered: the raw answer, its strict reading, and the shapes that are evidence."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Raw:
    """One complete answer as it came."""

    method: str
    """The HTTP method of the question."""
    path: str
    """The path of the question."""
    status: int
    """The HTTP status."""
    headers: Mapping[str, str]
    """The headers of the answer, their names in lower case."""
    text: str
    """The body, decoded."""
    ms: int
    """Milliseconds since the question left."""


class NotJSON(ValueError):  # noqa: N818 - a statement about the text, not a fault
    """The text is not one JSON document in the strict sense."""


class Ambiguous(NotJSON):
    """The text is JSON that two readers could read differently: a key stands twice, or it is nested too deep."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build an object, refusing a key that stands twice: two readers would see two different answers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key stands twice"
        raise Ambiguous(message)
    return found


def _constant(name: str) -> object:
    """Refuse NaN and Infinity, which JSON does not have."""
    message = f"{name} is not JSON"
    raise NotJSON(message)


def parse(text: str) -> object:
    """
    Read `text` as JSON in the strict sense and return the value.

    Raises `NotJSON` for anything else, NaN included, and its kind `Ambiguous`
    for repeated keys and a nesting that is too deep to read.
    """
    problem: NotJSON
    try:
        value: object = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except NotJSON:
        raise
    except RecursionError:
        problem = Ambiguous("nested too deep")
    except ValueError as error:
        problem = NotJSON(type(error).__name__)
    else:
        return value
    # Raised out here it has no context: Python's own error holds the whole text, which may be a key's file.
    raise problem


@dataclass(frozen=True, slots=True)
class Envelope:
    """
    Where an exchange puts the code and the sentence of an answer.

    Both are top-level names, of which those that are there must agree: of two
    that disagree, neither counts. A list of one number or text counts as that.
    """

    code: tuple[str, ...] = ("code",)
    """The names under which the code stands."""
    message: tuple[str, ...] = ("message", "msg")
    """The names under which the sentence stands."""

    def read(self, value: object) -> tuple[int | str | None, str | None]:
        """Return code and sentence of a decoded answer, None for what is not there."""
        if not isinstance(value, dict):
            return None, None
        code = _agreed([value[name] for name in self.code if name in value])
        message = _agreed([value[name] for name in self.message if name in value])
        return code, message if isinstance(message, str) else None


def _agreed(values: Sequence[object]) -> int | str | None:
    """Return the one number or text that all `values` are, in type too; None where they are not."""
    values = [value[0] if isinstance(value, list) and len(value) == 1 else value for value in values]
    first = values[0] if values else None
    # Types come first: what is nested too deep to be compared is neither.
    if type(first) not in {int, str} or not all(type(v) is type(first) and v == first for v in values):
        return None
    return first  # type: ignore[return-value]  # int or str, by its exact type


@dataclass(frozen=True)
class Reading:
    """
    A raw answer, read once: `value` and `is_json`, `code` and `message`.

    Patterns are matched against it.
    """

    raw: Raw
    """The answer."""
    envelope: Envelope = field(default_factory=Envelope)
    """Where it holds code and sentence."""

    @cached_property
    def _parsed(self) -> tuple[object, NotJSON | None]:
        try:
            return parse(self.raw.text), None
        except NotJSON as error:
            return None, error

    @property
    def is_json(self) -> bool:
        """Whether the text is one strict JSON document."""
        return self._parsed[1] is None

    @property
    def is_foreign(self) -> bool:
        """Whether the text is no JSON of any kind, such as a page; nothing at all is not foreign."""
        error = self._parsed[1]
        return error is not None and not isinstance(error, Ambiguous) and bool(self.raw.text.strip())

    @property
    def value(self) -> object:
        """The decoded document, None when the text is no JSON."""
        return self._parsed[0]

    @property
    def code(self) -> int | str | None:
        """The exchange's own code; 403 and "403" are different codes."""
        return self.envelope.read(self.value)[0]

    @property
    def message(self) -> str | None:
        """The exchange's own sentence."""
        return self.envelope.read(self.value)[1]

    @property
    def is_success(self) -> bool:
        """Whether the HTTP status says success."""
        return 200 <= self.raw.status < 300  # noqa: PLR2004 - the 2xx class


class Shape(Protocol):
    """
    A pattern that a decoded answer fits or does not fit.

    Anything with such a method is one, so a connector may bring its own. It is
    given decoded JSON and never raises.
    """

    def fits(self, value: object) -> bool:
        """Whether `value` has this shape."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A string, which is not empty unless that is said."""

    empty: bool = False
    """Whether an empty string fits as well."""

    def fits(self, value: object) -> bool:
        """Whether `value` is such a string."""
        return isinstance(value, str) and (self.empty or value != "")


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number; true and false are none, and neither is 1e999, which Python reads as infinity."""

    def fits(self, value: object) -> bool:
        """Whether `value` is a number."""
        return type(value) is int or (isinstance(value, float) and math.isfinite(value))


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number or a string that is not empty: exchanges write amounts and ids either way."""

    def fits(self, value: object) -> bool:
        """Whether `value` is one of the two."""
        return Text().fits(value) or Number().fits(value)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def fits(self, value: object) -> bool:
        """Whether `value` is one of the two; 1 and 0 are numbers."""
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Is:
    """Exactly this value, of exactly this type."""

    value: int | str
    """The value."""

    def fits(self, value: object) -> bool:
        """Whether `value` is the same; 200 is not "200" and 1 is not true."""
        return type(value) is type(self.value) and value == self.value


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of which every item has the shape `item`."""

    item: Shape
    """The shape of each item."""
    at_least: int = 0
    """How many items there are at least; by default it may be empty."""

    def fits(self, value: object) -> bool:
        """Whether `value` is such a list."""
        return isinstance(value, list) and len(value) >= self.at_least and all(self.item.fits(item) for item in value)


@dataclass(frozen=True, slots=True)
class Fields:
    """An object that has at least these fields, and none of those named in `without`."""

    fields: Mapping[str, Shape]
    """Names that must be there, with the shapes of their values."""
    without: frozenset[str] = frozenset()
    """Names that must not be there."""

    def fits(self, value: object) -> bool:
        """Whether `value` is such an object."""
        return (
            isinstance(value, dict)
            and not self.without.intersection(value)
            and all(name in value and shape.fits(value[name]) for name, shape in self.fields.items())
        )
