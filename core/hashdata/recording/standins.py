"""
Stand-ins: what an id, an address or a name is replaced by, everywhere in one recording by the same.

A stand-in has the length and the alphabet of what it replaces, so that a
reader of answers treats it alike. From eight letters and digits on, its last
ones follow from those before them by a rule that is public. So whoever is
given a recording can tell a stand-in from an id that was overlooked, without
the secret that it was made with.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import string

from hashdata.recording.numerals import blurred

_HEX = re.compile(r"(?=.*[0-9])(?:0x)?(?:[0-9-]*[a-f][0-9a-f-]*|[0-9-]*[A-F][0-9A-F-]*)")
_SEPARATED = re.compile(r"([,;|] ?)")
_CHECKED = 8
_FIRMLY_CHECKED = 12
_LONGEST = 200
_DAY = 86_400
# Of few digits there are few stand-ins; after these many tries two of them may share one.
_TRIES = 2_000


class StandIns:
    """The replacements of one recording. They follow from `secret`, which is never written down."""

    __slots__ = ("_given", "_secret", "_used", "factor", "offset")

    def __init__(self, secret: bytes) -> None:
        """Derive the factor of amounts, a whole number, and the offset of times, in whole seconds."""
        self._secret = secret
        self._given: dict[str, str] = {}
        self._used: set[str] = set()
        # Odd and not of five, so that it adds no zero to the end of an amount.
        self.factor = 10 * (1_000 + self._number("factor") % 9_000) + (1, 3, 7, 9)[self._number("end") % 4]
        self.offset = -(30 * _DAY + self._number("offset") % (700 * _DAY))

    def __repr__(self) -> str:
        """Show nothing of the secret and of what was replaced."""
        return "StandIns()"

    def of(self, text: str) -> str:
        """Return the stand-in of `text`, which is not empty: the same each time, and of two texts two."""
        if text not in self._given:
            form = _form(text)
            tries = (_checked(self._draft(f"{text}\0{n}", form)) for n in range(_TRIES))
            fit = [] if not form.strip("-_") else (one for one in tries if one != text and _is_like(one, form))
            first = ""
            for found in fit:
                first = first or found
                if found not in self._used:
                    break
            else:
                found = first or "x" * len(form)
            self._given[text] = found
            self._used.add(found)
        return self._given[text]

    def blurred(self, text: str) -> str:
        """Return a time by ISO 8601 of which nothing but the year stays."""
        return blurred(text, self._drawn(text, 2))

    @property
    def given(self) -> dict[str, str]:
        """What was replaced so far, and by what."""
        return dict(self._given)

    def _draft(self, seed: str, form: str) -> str:
        """Return a text of the form of `form`, by chance."""
        start = 2 if form.startswith("0x") else 0
        drawn = self._drawn(seed, len(form))
        mixed = (_pick(form, place, drawn[place]) for place in range(start, len(form)))
        return form[:start] + "".join(mixed)

    def _number(self, purpose: str) -> int:
        return int.from_bytes(self._drawn(purpose, 16), "big")

    def _drawn(self, seed: str, length: int) -> bytes:
        """Return bytes that follow from the secret and `seed`."""
        key = hmac.digest(self._secret, seed.encode(errors="surrogatepass"), "sha256")
        return hashlib.shake_256(key).digest(length)


def is_standin(text: str) -> bool:
    """Whether `text` is a stand-in, or too short to tell; one in ten thousand ids is taken for one."""
    # What stands in for an address may have no digit any more.
    return _checked(text) == text or all(_checked(one) == one for one in split(text))


def parts(text: str) -> list[str]:
    """Return the addresses or ids of a list in one text, and what stands between them; other texts whole."""
    found = _SEPARATED.split(text)
    return found if all(re.search("[0-9@]", one) for one in found[::2]) else [text]


def split(text: str) -> list[str]:
    """Return the items of a list in one text."""
    return _SEPARATED.split(text)[::2]


def is_between(part: str) -> bool:
    """Whether one of `parts` stands between two items."""
    return part.rstrip(" ") in {",", ";", "|"}


def _form(text: str) -> str:
    """Return the shape of a text in ASCII letters, digits, hyphens and underscores: an e-mail address keeps no @."""
    return "".join(_plain(character) for character in text[:_LONGEST])


def _plain(character: str) -> str:
    """Return what stands for one character in a shape."""
    if character.isascii():
        return character if character.isalnum() or character in "-_" else "-"
    return "x" if character.isalpha() else "-"


def _is_like(text: str, form: str) -> bool:
    """Whether a draft has the alphabet of `form`, hex for hex, and is a stand-in."""
    return bool(_HEX.fullmatch(text)) == bool(_HEX.fullmatch(form)) and is_standin(text)


def _alphabet(text: str, place: int) -> str:
    """Return the characters that may stand at `place` of a text."""
    character = text[place]
    if character.isdigit() and not _HEX.fullmatch(text):
        # A number does not begin with zero.
        return string.digits[1:] if place == 0 and character != "0" else string.digits
    if _HEX.fullmatch(text) and character.isalnum():
        return "0123456789ABCDEF" if any("A" <= one <= "F" for one in text) else "0123456789abcdef"
    if character.isalpha():
        return string.ascii_uppercase if character.isupper() else string.ascii_lowercase
    return character


def _pick(text: str, place: int, drawn: int) -> str:
    """Return one of the characters that may stand at `place`."""
    alphabet = _alphabet(text, place)
    return "0" if place == 0 and text[0] == "0" else alphabet[drawn % len(alphabet)]


def _checked(text: str) -> str:
    """Return `text` with its last letters and digits set to what those before them ask for."""
    places = [place for place, character in enumerate(text) if character.isascii() and character.isalnum()]
    if len(places) < _CHECKED:
        return text
    last = places[-4:] if len(places) >= _FIRMLY_CHECKED else places[-2:]
    body = "".join(text[place] for place in places[: -len(last)])
    asked = hashlib.sha256(b"hashdata stand-in " + body.encode()).digest()
    characters = list(text)
    for place, drawn in zip(last, asked, strict=False):
        # By kind alone: a stand-in of hex must give the same whether its end is looked at or not.
        characters[place] = _pick(text, place, drawn)
    return "".join(characters)
