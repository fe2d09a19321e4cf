"""Texts that are no data, such as a sentence or a page: their words stay, and what is personal goes."""

from __future__ import annotations

import re

LONGEST_SENTENCE = 300
_LONGEST_PAGE = 1000
# E-mail addresses, IP addresses, ids and tokens, amounts and long numbers.
_PERSONAL = (
    (re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+"), "x@x"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "0-0-0-0"),
    (re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])"), "::"),
    (re.compile(r"(?=[A-Za-z_+=-]*\d)[A-Za-z0-9_+=-]{16,}"), "x"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "0-0-0"),
    (re.compile(r"\d+[.,]\d+|\d{4,}"), "0"),
)


def page(text: str) -> str:
    """Return the beginning of what is no JSON: somebody's page, or data that is broken."""
    if not text.strip():
        return ""
    if text.lstrip()[0] in '{["-0123456789':
        return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+|[^\x00-\x7f]+", "x", text[:_LONGEST_PAGE])) + " [not JSON]"
    return impersonal(text, _LONGEST_PAGE)


def impersonal(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """Return the beginning of a text, without what may be an address, an id, an amount or a long number."""
    kept = text[: 2 * longest]
    if kept != text:
        # Half of an address would not be recognised as one.
        kept = kept.rsplit(None, 1)[0]
    for pattern, instead in _PERSONAL:
        kept = pattern.sub(instead, kept)
    return kept if len(kept) <= longest and len(text) <= 2 * longest else kept[:longest] + " [cut]"
