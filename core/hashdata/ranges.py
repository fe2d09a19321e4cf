"""Ranges of versions, as packages write them (PEP 440)."""

from __future__ import annotations

from functools import cache


def is_range(text: str) -> bool:
    """Whether `text` names some versions, such as `>=4.5.90,<4.6`; nothing at all names every version."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return bool(text.strip()) and len(SpecifierSet(text)) > 0
    except InvalidSpecifier:
        return False


@cache
def is_in(version: str, text: str) -> bool:
    """Whether `version` lies in the range `text`; what is no version lies in none."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return SpecifierSet(text).contains(version, prereleases=True)
    except InvalidVersion:
        return False
