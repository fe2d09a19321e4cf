"""What the doctor finds: what was looked at, how good or bad it is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """What was looked at."""

    FILES = "files"
    ACCOUNTS = "accounts"
    VAULT = "vault"
    SECRETS = "secrets"
    JOURNAL = "journal"
    REPORTS = "reports"
    CONNECTORS = "connectors"
    GUIDES = "guides"
    CLOCK = "clock"


class Grade(StrEnum):
    """What a finding asks for: nothing, nothing any more, a look, or a hand."""

    FINE = "fine"
    MENDED = "mended"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found; `about` is the label or connector that it is about."""

    check: Check
    grade: Grade
    what: str
    fix: str = ""
    about: str | None = None


def counted(number: int, word: str) -> str:
    """Write a number with its word."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def fine(check: Check, what: str, about: str | None = None) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(check=check, grade=Grade.FINE, what=what, about=about)


def mended(check: Check, what: str) -> Finding:
    """Return a finding that asks for nothing any more."""
    return Finding(check=check, grade=Grade.MENDED, what=what)


def problem(check: Check, what: str, fix: str, about: str | None = None) -> Finding:
    """Return a finding that asks for a hand."""
    return Finding(check=check, grade=Grade.PROBLEM, what=what, fix=fix, about=about)
