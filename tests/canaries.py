"""
Credentials that must not show anywhere, in one place.

A test that wants to know whether something leaks uses these. A test whose
output holds one fails, and its output is withheld (`tests/conftest.py`).
"""

from __future__ import annotations

from hashdata.redaction import Redactor, spellings

KEY = "CANARYK1-7Q2MZ0XW-L9D4T8RB-AKEY5FH3"
SECRET = "cafe0b5d" * 15 + "c4a21e9f"
PASSPHRASE = 'canary\'s phrase: "9/7+1" & more'

CREDENTIALS = {"api_key": KEY, "secret": SECRET}
CREDENTIALS_WITH_PASSPHRASE = {**CREDENTIALS, "passphrase": PASSPHRASE}

_REDACTOR = Redactor(CREDENTIALS_WITH_PASSPHRASE.values())

SPELLINGS = tuple(sorted({s for value in CREDENTIALS_WITH_PASSPHRASE.values() for s in spellings(value)}))
# A value that was cut short before it was shown still shows; no innocent text has twelve characters of one.
_PART = 12
PARTS = tuple(
    sorted(
        {
            text[start : start + _PART]
            for value in CREDENTIALS_WITH_PASSPHRASE.values()
            for text in (value, value[::-1])
            for start in range(len(text) - _PART + 1)
        }
    )
)


def shows(text: str) -> bool:
    """Whether a canary stands in `text`, in whatever spelling, or a part of one."""
    return _REDACTOR.finds(text) or any(part in text for part in PARTS)
