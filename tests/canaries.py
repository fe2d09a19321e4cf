"""
Credentials that must not show anywhere, in one place.

A test that wants to know whether something leaks uses these. A test whose
output holds one fails, and its output is withheld (`tests/conftest.py`).
"""

from __future__ import annotations

from hashdata.redaction import Redactor

KEY = "CANARYK1-7Q2MZ0XW-L9D4T8RB-AKEY5FH3"
SECRET = "cafe0b5d" * 15 + "c4a21e9f"
PASSPHRASE = 'canary\'s phrase: "9/7+1" & more'

CREDENTIALS = {"api_key": KEY, "secret": SECRET}
CREDENTIALS_WITH_PASSPHRASE = {**CREDENTIALS, "passphrase": PASSPHRASE}

_REDACTOR = Redactor(CREDENTIALS_WITH_PASSPHRASE.values())


def shows(text: str) -> bool:
    """Whether a canary stands in `text`, in whatever spelling."""
    return _REDACTOR.finds(text)
