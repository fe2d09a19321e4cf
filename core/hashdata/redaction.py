"""Find a credential in text, in whatever dress it comes, and take it out."""

from __future__ import annotations

import base64
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Never
from urllib.parse import quote, quote_plus

from hashdata.disguises import forms_of, has_part

MASK = "[redacted]"
# A passphrase of three letters is part of half of all words; shorter values count only as a word of their own.
_SHORT = 6
# Characters besides letters, digits and `_.-~` that programs leave as they are in a URL: none, Python's, JavaScript's.
_URL_SAFE = ("", "/", "!'()*")
# The two ways in which programs write quotes and signs into a page.
_IN_PAGES = tuple(
    str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': double, "'": single})
    for double, single in (("&quot;", "&#x27;"), ("&#34;", "&#39;"))
)
# What requests carried is of use for a minute; a test asks about twenty questions, with a signature each.
_MOST_SENT = 64
_ESCAPE = re.compile("%[0-9A-F]{2}")
# Shorter values of headers and parameters are numbers and names, and would be found by chance.
_SHORTEST_SENT = 16
_TIME = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|[+-][0-9:]+)?")


# Headers that say the same of every request.
_COMMON = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "user-agent"})


def withheld(headers: Mapping[str, str], added: Iterable[str], path: str) -> Iterator[str]:
    """
    Yield what may be a signature of what signing put into a request: all that is long, and no time and no number.

    `added` are the parameters that signing adds. Some exchanges want the
    `path` of the request among them, which is no secret either.
    """
    for value in (*(value for name, value in headers.items() if name.lower() not in _COMMON), *added):
        if len(value) >= _SHORTEST_SENT and not _TIME.fullmatch(value) and value.strip("/") not in path:
            yield value


def _base64_cores(data: bytes) -> Iterator[str]:
    """Yield what base64 makes of `data` at each of the three alignments, less the ends that depend on neighbours."""
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + data).decode()
        head = (0, 2, 3)[shift]
        # The last group mixes in what follows, so only whole groups of the value itself are certain.
        tail = {0: 0, 1: 3, 2: 2}[(len(data) + shift) % 3]
        core = coded[head : len(coded) - tail if tail else None]
        yield core
        yield core.replace("+", "-").replace("/", "_")


def spellings(value: str) -> frozenset[str]:
    """Return `value` raw, reversed, and as JSON, pages, URL, hex and base64 (three alignments) would spell it."""
    data = value.encode()
    as_json = json.dumps(value)[1:-1]
    found = {
        value,
        value[::-1],
        as_json,
        as_json.replace("/", "\\/"),
        data.hex(),
        data.hex().upper(),
    }
    found |= {value.translate(signs) for signs in _IN_PAGES}
    for in_url in (escape(value, safe) for escape in (quote, quote_plus) for safe in _URL_SAFE):
        found |= {in_url, _ESCAPE.sub(lambda escaped: escaped[0].lower(), in_url)}
    if len(value) >= _SHORT:
        found.update(_base64_cores(data))
    return frozenset(found)


def _pattern_of(value: str, spelling: str) -> str:
    """Return the regular expression for one spelling; in the value itself any number of backslashes escapes a sign."""
    if spelling != value:
        return re.escape(spelling)
    # Possessive and begun only where backslashes begin, or many backslashes would be compared for ever.
    begin = "" if value[0].isalnum() else r"(?<!\\)"
    return begin + "".join(
        rf"\\{{{len(part)},}}+" if part[0] == "\\" else part if part.isalnum() else rf"\\*+{re.escape(part)}"
        for part in re.findall(r"\\+|[^\\]", value, re.DOTALL)
    )


class Redactor:
    """
    Knows a few values and recognises each of their spellings.

    It can `learn` more: a signature shows nothing of the secret, but whoever
    reads it within its minute can repeat the request.
    """

    __slots__ = ("_forms", "_known", "_pattern", "_sent", "_unformed")

    def __init__(self, values: Iterable[str]) -> None:
        """Learn `values`; empty ones are passed over."""
        values = tuple(values)
        patterns: list[str] = []
        for value in sorted({v for v in values if v}, key=len, reverse=True):
            for spelling in sorted(spellings(value), key=len, reverse=True):
                escaped = _pattern_of(value, spelling)
                short = len(value) < _SHORT
                # A server may repeat a header in other case, and of a secret in hex that is all the difference.
                patterns.append(rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])" if short else f"(?i:{escaped})")
        self._pattern = re.compile("|".join(patterns)) if patterns else None
        self._sent: deque[tuple[str, ...]] = deque(maxlen=_MOST_SENT)
        self._known = {value for value in values if value}
        self._forms = ""
        self._unformed = list(self._known)

    def learn(self, value: str) -> None:
        """Know `value` too, in all its spellings, until many others were learned."""
        if value in self._known:
            return
        self._known.add(value)
        # Without the signs at its end, base64 is often written too.
        found = spellings(value) | spellings(value.rstrip("="))
        self._sent.append(tuple(sorted(found, key=len, reverse=True)))
        self._unformed.append(value)

    def __repr__(self) -> str:
        """Show nothing of what is known."""
        return "Redactor()"

    def __reduce_ex__(self, protocol: object) -> Never:
        """Refuse to be pickled or copied: the pattern holds every value."""
        message = "a redactor cannot be pickled or copied"
        raise TypeError(message)

    def clean(self, text: str) -> str:
        """Return `text` with every spelling of every known value replaced."""
        cleaned = self._pattern.sub(MASK, text) if self._pattern else text
        for spelling in (one for known in self._sent for one in known if one in cleaned):
            cleaned = cleaned.replace(spelling, MASK)
        return cleaned

    def suspects(self, text: str) -> bool:
        """Whether anything of a known value stands in `text`, whatever was done to hide it."""
        # Made when it is first asked for: most answers have no words to look into.
        while self._unformed:
            self._forms += "".join(f"\n{form}" for form in forms_of(self._unformed.pop()))
        return has_part(text, self._forms)

    def finds(self, text: str) -> bool:
        """Whether any spelling of any known value stands in `text`."""
        sent = any(spelling in text for known in self._sent for spelling in known)
        return sent or bool(self._pattern and self._pattern.search(text))
