"""Make text from exchanges and connectors safe to print."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return `text` on one line, without control and formatting characters, terminal escapes among them."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(text.split())
