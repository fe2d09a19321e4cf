"""
Recognise a part of a credential behind spellings that nobody listed.

`redaction` takes listed spellings out of a text. This only says whether a
text holds something of a value, after everything that can hide it is undone:
escapes of pages and URLs, wide letters, case, and whatever stands between.
"""

from __future__ import annotations

import base64
import binascii
import html
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

# So many letters and digits in a row are a part of the value, and not there by chance.
PART = 12
_LAYERS = 4


def bare(text: str) -> str:
    """Return the letters and digits of `text` in one case, with the escapes of pages and URLs undone."""
    for _ in range(_LAYERS):
        undone = unquote(html.unescape(text), errors="ignore")
        if undone == text:
            break
        text = undone
    wide = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in wide if letter.isalnum()).casefold()


def parts(text: str) -> Iterator[str]:
    """Yield every run of `PART` letters and digits of `text`, which is bare; all of it where it is shorter."""
    for start in range(max(1, len(text) - PART + 1)):
        yield text[start : start + PART]


def parts_of(value: str) -> frozenset[str]:
    """Return the parts by which `value` is recognised, also where it was coded; none for one of a few letters."""
    coded = [value, value[::-1], *(form for data in _bytes(value) for form in _coded(data))]
    long_enough = (bare(form) for form in coded if len(bare(form)) >= PART)
    return frozenset(part for form in long_enough for part in parts(form))


def _bytes(value: str) -> Iterator[bytes]:
    """Yield the bytes that `value` is written with, and those that it stands for if it is base64."""
    yield value.encode()
    yield value.encode("utf-16-le")
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return
    if len(decoded) >= PART:
        yield decoded


def _coded(data: bytes) -> Iterator[str]:
    """Yield `data` in hex, base32 and base64 at its three alignments."""
    yield data.hex()
    yield base64.b32encode(data).decode().rstrip("=")
    for shift in range(3):
        # What stands before the value changes the first signs, and what follows the last.
        yield base64.b64encode(b"\0" * shift + data).decode().rstrip("=")[shift + 1 : -2]
