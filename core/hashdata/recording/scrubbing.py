"""Take out of an answer what the owner has, and leave its shape, its sums and what the exchange says of the key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hashdata.answers import Envelope, NotJSON, parse
from hashdata.credentials import Secret
from hashdata.questions import Clock
from hashdata.recording.literals import Numeral, read, written
from hashdata.recording.numerals import is_numeral, is_whole, moved, times
from hashdata.recording.sentences import impersonal, page
from hashdata.recording.standins import StandIns, is_between, parts, split
from hashdata.recording.treatment import Treatment, is_name, treatment
from hashdata.tester.times import followed

# A word, a number, or a kind and a sentence as Kraken has them: EService:Market in cancel_only mode.
_PLAIN_CODE = re.compile(r"[A-Za-z_.-]{1,40}|[0-9]{1,9}|[A-Z][A-Za-z]{2,20}:[A-Za-z][A-Za-z _-]{1,60}")
_SMALL = re.compile(r"[0-9]{1,3}")
# Whatever year an exchange thinks it is, until 2106.
_ANY_YEAR = float(2**32)
# Shorter stand-ins are numbers that may well stand elsewhere by chance.
_LONG = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubber:
    """
    Knows one recording: where answers state code and sentence, and by what everything of the owner's is replaced.

    Codes and sentences stay, less what may be personal in them; `sentences`
    and `words` are those that the connector itself looks for, and stay to the
    letter. `now` is when the recording was made, in seconds since 1970.
    `key` is the API key, which some exchanges state with its rights: a value
    that is the whole key is replaced, whatever its field is called. `asked`
    are the declared parameters of the request, which many answers repeat:
    scaled, the size of a page would show by what amounts are. `names` are
    those of fields that lead to the time. An answer that states
    rights (`is_statement`) holds no amounts, and its small numbers say what
    the key may do.
    """

    envelope: Envelope
    sentences: frozenset[str]
    standins: StandIns
    now: float
    words: frozenset[str] = frozenset()
    key: Secret | None = None
    asked: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    is_statement: bool = False

    def scrub(self, text: str, clock: Clock | None = None) -> str:
        """Return the body of an answer without what the owner has; that of a `clock` keeps the time."""
        try:
            parse(text)
            value = read(text)
            # Taken out first: what has a stand-in is replaced in every other answer too.
            time = _taken_time(value, clock) if clock else None
            names = frozenset(step for step in clock.at if isinstance(step, str)) if clock else frozenset()
            replaced = replace(self, names=names)._replaced(value)  # noqa: SLF001 - another scrubber
            if isinstance(value, dict) and isinstance(replaced, dict):
                self._restate(value, replaced)
            if clock and time is not None:
                _put(replaced, clock.at, time)
            return written(replaced)
        except (NotJSON, RecursionError):
            return page(text)

    def mend(self, text: str) -> str:
        """Return a body in which no original of a stand-in is left, such as an id inside a sentence."""
        for original, instead in self.standins.given.items():
            if len(original) >= _LONG and any(map(str.isdigit, original)) and original in text:
                text = re.sub(rf"(?<![A-Za-z0-9.]){re.escape(original)}(?![A-Za-z0-9])", instead, text)
        return text

    def _replaced(self, value: object, name: str = "", lengths: frozenset[str] = frozenset()) -> object:
        """Replace every value by one of the same type; `lengths` are those of the lists beside it."""
        if isinstance(value, dict):
            beside = frozenset(str(len(item)) for item in value.values() if isinstance(item, list))
            return {self._field(key): self._replaced(item, key, beside) for key, item in value.items()}
        if isinstance(value, list):
            # A list within a list is a row, of which nobody says what stands where.
            return [self._replaced(item, "" if isinstance(item, list) else name) for item in value]
        if not isinstance(value, str):
            return value
        is_count = isinstance(value, Numeral) and value in lengths
        return value if is_count else type(value)(self._text(name, value))

    def _text(self, name: str, text: str) -> str:
        """Return what stands for a text or number."""
        if self.key and text == self.key.reveal():
            return self.standins.of(text)
        is_right = self.is_statement and _SMALL.fullmatch(text) is not None
        is_expected = is_right or text in self.sentences or text == self.asked.get(name)
        return text if is_expected or self._are_words(text) else self._treated(name, text)

    def _are_words(self, text: str) -> bool:
        """Whether a text is a word that the connector names, or a list of such words."""
        return text in self.words or (bool(self.words) and all(one.strip() in self.words for one in split(text)))

    def _treated(self, name: str, text: str) -> str:
        """Return what stands for a text that is the owner's or may be."""
        match treatment(name, text, now=self.now):
            case Treatment.KEPT:
                return text
            case Treatment.SCALED:
                return times(text, self.standins.factor)
            case Treatment.MOVED:
                return moved(text, self.standins.offset, self.now) or self.standins.of(text)
            case Treatment.BLURRED:
                return self.standins.blurred(text)
            case Treatment.REPLACED:
                return self._standin(text)

    def _standin(self, text: str) -> str:
        """Return a stand-in; that of a number of JSON is one too, and keeps its sign."""
        if isinstance(text, Numeral) and not is_whole(text):
            return times(text, self.standins.factor) if is_numeral(text) else "0"
        if text.startswith("-") and text[1:].isdigit():
            return f"-{self.standins.of(text[1:])}"
        return "".join(one if is_between(one) else self.standins.of(one) for one in parts(text))

    def _field(self, name: str) -> str:
        """Return the name of a field; where ids stand in its place, they are no names."""
        return name if name in self.names or is_name(name) else self.standins.of(name)

    def _restate(self, value: dict[str, object], replaced: dict[str, object]) -> None:
        """Put the exchange's code and its sentence back to where they were."""
        for name in self.envelope.code:
            if name in value:
                replaced[name] = _alone(value[name], self._code) or replaced[name]
        for name in self.envelope.message:
            if name in value:
                replaced[name] = _alone(value[name], self._sentence) or replaced[name]

    def _sentence(self, text: str) -> str:
        """Return a sentence of the exchange; one that the connector knows stays to the letter."""
        if isinstance(text, Numeral):
            return self._code(text)
        if self.key and text == self.key.reveal():
            return self.standins.of(text)
        return text if text in self.sentences or text in self.words else impersonal(text)

    def _code(self, text: str) -> str:
        """Return the exchange's code; a number or text that is too long for one tells nothing."""
        if isinstance(text, Numeral):
            return text if re.fullmatch(r"-?[0-9]{1,9}", text) else "0"
        if self.key and text == self.key.reveal():
            return self.standins.of(text)
        is_code = not text or text in self.sentences or text in self.words or _PLAIN_CODE.fullmatch(text)
        return text if is_code else "x"


def _alone(value: object, kept: Callable[[str], str]) -> object:
    """Return what is kept of a text or number, or of a list of one, as envelopes take them; None for all else."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return [type(value[0])(kept(value[0]))]
    return type(value)(kept(value)) if isinstance(value, str) else None


def _put(value: object, at: tuple[str | int, ...], new: object) -> None:
    """Put something in the place where names and positions lead."""
    parent: Any = followed(value, at[:-1])
    parent[at[-1]] = new


def _taken_time(value: object, clock: Clock) -> str | None:
    """Take the time out of an answer, if one stands there as a number, as digits or by ISO 8601."""
    time = followed(value, clock.at)
    if isinstance(time, Numeral) or (isinstance(time, str) and moved(time, 0, _ANY_YEAR) is not None):
        _put(value, clock.at, None)
        return time
    return None
