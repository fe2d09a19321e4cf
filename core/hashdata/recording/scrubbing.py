"""Take out of an answer what the owner has, and leave its shape and what the exchange says of the key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import reduce

from hashdata.answers import Envelope, NotJSON, parse
from hashdata.questions import Clock

_LONGEST_PAGE = 1000
_LONGEST_SENTENCE = 300
_LARGEST_CODE = 10**9
_PLAIN_CODE = re.compile(r"[A-Za-z_.-]{1,40}|[0-9]{1,9}")
# Names of fields are words with a lower-case letter and few digits; currencies, ids and addresses are not.
_FIELD = re.compile(r"(?=[^a-z]*[a-z])[A-Za-z][A-Za-z0-9_.-]{0,30}")
_MOST_DIGITS = 4
# What kind of account or entry it is, in the exchange's own words.
_KIND = re.compile(r"(?:.*[a-z])?(state|status|type)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_]{1,24}")
_NUMERIC = re.compile(r"-?[0-9]+(\.[0-9]*)?")
# In sentences and pages: e-mail addresses, IP addresses, ids and tokens, amounts and long numbers.
_PERSONAL = (
    (re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+"), "x@x"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "0-0-0-0"),
    (re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])"), "::"),
    (re.compile(r"(?=[A-Za-z_+=-]*\d)[A-Za-z0-9_+=-]{16,}"), "x"),
    (re.compile(r"\d+[.,]\d+|\d{4,}"), "0"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubber:
    """
    Knows one API: where its answers state code and sentence, and which sentences tell nothing of the owner.

    Codes and sentences stay, less what may be personal in them. Of data, every
    number becomes 0 and every text x, and of the items of a list that then
    look alike one is left, so that an answer still has the shapes that it had.
    """

    envelope: Envelope
    sentences: frozenset[str]

    def scrub(self, text: str, clock: Clock | None = None) -> str:
        """Return the body of an answer without what the owner has; that of a `clock` keeps the time."""
        try:
            value = parse(text)
            emptied = _emptied(value)
        except (NotJSON, RecursionError):
            return _page(text)
        if isinstance(value, dict) and isinstance(emptied, dict):
            emptied |= {name: _code(value[name]) for name in self.envelope.code if _is_code(value.get(name))}
            said = {name: value[name] for name in self.envelope.message if isinstance(value.get(name), str)}
            emptied |= {name: self._sentence(sentence) for name, sentence in said.items()}
            if clock:
                _keep_time(value, emptied, clock)
        return json.dumps(emptied, ensure_ascii=True)

    def _sentence(self, text: str) -> str:
        """Return a sentence of the exchange; one that the connector knows stays to the letter."""
        return text if text in self.sentences else _impersonal(text, _LONGEST_SENTENCE)


def _emptied(value: object, name: str = "") -> object:
    """Replace every value by one that tells nothing and has the same type."""
    if isinstance(value, dict):
        return {_field(key): _emptied(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return list({json.dumps(item): item for item in (_emptied(item, name) for item in value)}.values())
    if isinstance(value, bool) or value is None or value == "":
        return value
    if isinstance(value, int | float):
        return type(value)(0)
    text = str(value)
    if _KIND.fullmatch(name) and _WORD.fullmatch(text):
        return text
    return "0" if _NUMERIC.fullmatch(text) else "x"


def _field(name: str) -> str:
    """Return the name of a field; where ids or currencies stand in its place, they are no names."""
    return name if _FIELD.fullmatch(name) and sum(map(str.isdigit, name)) <= _MOST_DIGITS else "X"


def _is_code(value: object) -> bool:
    """Whether `value` is what an envelope takes for a code."""
    return isinstance(value, int | str) and not isinstance(value, bool)


def _code(value: object) -> object:
    """Return the exchange's code; a number or text that is too long for one tells nothing."""
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_CODE else 0
    return value if _PLAIN_CODE.fullmatch(str(value)) else "x"


def _keep_time(value: object, emptied: object, clock: Clock) -> None:
    """Put the exchange's time back to where it was, if it is one."""
    *way, last = clock.at
    source = reduce(lambda at, name: at.get(name) if isinstance(at, dict) else None, way, value)
    target = reduce(lambda at, name: at.get(name) if isinstance(at, dict) else None, way, emptied)
    if isinstance(source, dict) and isinstance(target, dict) and isinstance(source.get(last), int | float):
        target[last] = source[last]


def _page(text: str) -> str:
    """Return the beginning of what is no JSON: somebody's page, or data that is broken."""
    if not text.strip():
        return ""
    if text.lstrip()[0] in '{["-0123456789':
        return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+|[^\x00-\x7f]+", "x", text[:_LONGEST_PAGE])) + " [not JSON]"
    return _impersonal(text, _LONGEST_PAGE)


def _impersonal(text: str, longest: int) -> str:
    """Return the beginning of a text by others, without what may be an address, an id, an amount or a long number."""
    kept = text[: 2 * longest]
    if kept != text:
        # Half of an address would not be recognised as one.
        kept = kept.rsplit(None, 1)[0]
    for pattern, instead in _PERSONAL:
        kept = pattern.sub(instead, kept)
    return kept if len(kept) <= longest and len(text) <= 2 * longest else kept[:longest] + " [cut]"
