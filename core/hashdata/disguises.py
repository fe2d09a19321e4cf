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
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

# So many letters and digits in a row are a part of the value, and not there by chance.
PART = 12
_LAYERS = 4
_OTHER = re.compile(r"[^0-9A-Za-z]+")


def bare(text: str) -> str:
    """Return the letters and digits of `text` in one case, with the escapes of pages and URLs undone."""
    for _ in range(_LAYERS):
        if "%" not in text and "&" not in text:
            break
        undone = unquote(html.unescape(text), errors="ignore")
        if undone == text:
            break
        text = undone
    if text.isascii():
        return _OTHER.sub("", text).lower()
    wide = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in wide if letter.isalnum()).casefold()


def forms_of(value: str) -> Iterator[str]:
    """Yield, bare, each form by whose parts `value` is recognised, coded ones too; none of one of a few letters."""
    coded = [value, value[::-1], *(form for data in _bytes(value) for form in _coded(data))]
    yield from (form for form in map(bare, coded) if len(form) >= PART)


def has_part(text: str, forms: str) -> bool:
    """Whether `PART` letters and digits in a row of `text` stand in `forms`, which are bare, a line each."""
    plain = bare(text)
    return any(plain[start : start + PART] in forms for start in range(len(plain) - PART + 1))


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
