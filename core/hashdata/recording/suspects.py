"""What in a recording looks like something that should have been taken out. No value is repeated, only its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hashdata.answers import NotJSON, parse
from hashdata.recording.literals import read
from hashdata.recording.standins import is_standin
from hashdata.recording.treatment import Treatment, is_name, treatment

_CREDENTIAL = re.compile(
    r"\b(?:(?:api|access|x-[a-z-]+)[-_]?)?"
    r"(?:key|sign|signature|secret|passphrase|password|authorization|cookie|token|PF-API-[A-Z]+)\b"
    r"['\"\]\[\s:=\\]+(?=[\w+/=.-]*\d)([\w+/=.-]{12,})",
    re.IGNORECASE,
)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?[0-9A-Fa-f]{64,}(?![0-9A-Za-z])")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}")
_IPV4 = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}(?::?[0-9A-Fa-f]{1,4})(?![\w:])")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{14,}[A-Za-z0-9]")
_NUMBER = re.compile(r"(?<![\d.])\d{8,}(?![\d.])")
_MIXED = re.compile(r"(?=(?:[^A-Za-z]*[A-Za-z]){4})(?=(?:\D*\d){4})")
_LONG = 8
# Times are checked against no clock of ours: up to the year 2100.
_LATEST = 4_102_444_800.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What is never replaced: top-level fields with code or sentence, and texts that connectors look for."""

    names: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


class Suspicion(StrEnum):
    """What was found; each is a reason to look at the place."""

    CREDENTIAL = "credential"
    SIGNATURE = "signature"
    EMAIL = "email"
    ADDRESS = "address"
    TOKEN = "token"  # noqa: S105 - the name of a suspicion
    ID = "id"
    PROVENANCE = "provenance"
    HEADER = "header"
    HOST = "host"
    REQUEST = "request"


def in_text(text: str) -> Iterator[Suspicion]:
    """Yield what a text of any kind seems to hold, each kind once."""
    if any(not is_standin(value) for value in _CREDENTIAL.findall(text)):
        yield Suspicion.CREDENTIAL
    if _BASE64.search(text) or any(not is_standin(one) for one in _HEX.findall(text)):
        yield Suspicion.SIGNATURE
    if _EMAIL.search(text):
        yield Suspicion.EMAIL
    if _IPV4.search(text) or _IPV6.search(text):
        yield Suspicion.ADDRESS
    if any(_MIXED.match(one) and not is_standin(one) for one in _TOKEN.findall(text)):
        yield Suspicion.TOKEN


def in_body(body: str, kept: Kept) -> Iterator[tuple[str, Suspicion]]:
    """Yield the name of a field, empty where there is none, and what the field seems to hold."""
    try:
        parse(body)
        value = read(body)
    except (NotJSON, RecursionError):
        yield from (("", suspicion) for suspicion in in_text(body))
        if any(not is_standin(number) for number in _NUMBER.findall(body)):
            yield "", Suspicion.ID
        return
    stated = kept.names if isinstance(value, dict) else frozenset()
    for name, text, depth in _leaves(value):
        found = list(in_text(f"{name}: {json.dumps(text)}" if name else text))
        yield from ((name, suspicion) for suspicion in found)
        is_kept = text in kept.texts or (depth == 1 and name in stated)
        if not found and not is_kept and _is_unreplaced(name, text):
            yield name, Suspicion.ID


def _is_unreplaced(name: str, text: str) -> bool:
    """Whether the recorder would have put a stand-in here, and this is none."""
    if sum(map(str.isalnum, text)) < _LONG or is_standin(text.lstrip("-")):
        return False
    return treatment(name, text, now=_LATEST) is Treatment.REPLACED


def _leaves(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str, int]]:
    """Yield every text and number with the name of its field and how deep it stands; of names, those that are ids."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not is_name(key):
                yield "id", key, depth
            yield from _leaves(item, key, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, "" if isinstance(item, list) else name, depth)
    elif isinstance(value, str):
        yield name, value, depth
