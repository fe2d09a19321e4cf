"""What a report keeps of an answer: never a header, never a credential."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass

from hashdata.answers import Raw, Reading
from hashdata.permissions import Witness
from hashdata.redaction import MASK, Redactor

_LONGEST_MESSAGE = 200
_LONGEST_CODE = 40
# Blanks and what is taken out may make a line shorter; what stands further on is not looked at.
_ROOM = 8
_LONGEST_OUTLINE = 2000
_DEEPEST = 6
_MOST_NAMES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One question and its answer; `status` is None when no complete answer came, `ms` is the time it took."""

    witness: Witness
    method: str
    path: str
    status: int | None
    code: int | str | None
    message: str | None
    ms: int


def printable(text: str, longest: int) -> str:
    """Return `text` on one line, without control and formatting characters, cut to `longest` characters."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[: longest * 4])
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def shown(text: str, longest: int, redactor: Redactor) -> str:
    """Return `text` as a report may show it, or a mask for all of it where a credential may hide in it."""
    head = text[: longest * _ROOM]
    line = printable(redactor.clean(head), longest)
    return MASK if redactor.suspects(head) or redactor.suspects(line) else line


def of_answer(reading: Reading, witness: Witness, redactor: Redactor) -> Evidence:
    """Return the evidence that an answer is, with every spelling of a credential taken out."""
    code, message = reading.code, reading.message
    return Evidence(
        witness=witness,
        method=reading.raw.method,
        path=reading.raw.path,
        status=reading.raw.status,
        code=_shown(code, redactor),
        message=shown(message, _LONGEST_MESSAGE, redactor) if message is not None else None,
        ms=reading.raw.ms,
    )


def _shown(code: int | str | None, redactor: Redactor) -> int | str | None:
    """Return `code` as it may be shown; a number stays one unless it is a credential or endless."""
    if code is None:
        return None
    text = shown(str(code), _LONGEST_CODE, redactor)
    return code if isinstance(code, int) and text == str(code) else text


def outline(raw: Raw, reading: Reading, redactor: Redactor) -> str:
    """
    Describe an answer that was not recognised, for somebody to report.

    Names and types are shown, and of the values only the exchange's code and
    sentence: the rest may be what the owner has.
    """
    kept = {*reading.envelope.code, *reading.envelope.message}
    if not raw.text.strip():
        body = "(empty)"
    elif not reading.is_json:
        body = "(not JSON)"
    else:
        # Cleaned before it is written as JSON: what an answer quotes would be quoted twice, and not be recognised.
        body = json.dumps(_outlined(reading.value, kept, _DEEPEST, redactor), ensure_ascii=True)
    kind = raw.headers.get("content-type", "none")
    head = f"{raw.method} {raw.path} -> HTTP {raw.status}, content type {kind}"
    return "\n".join(shown(line, _LONGEST_OUTLINE, redactor) for line in (head, f"body: {body}"))


def _outlined(value: object, kept: set[str], depth: int, redactor: Redactor) -> object:
    """Replace values by the names of their types, all but those of the names in `kept` at the top."""
    if isinstance(value, dict) and depth:
        return {
            redactor.clean(name): _cleaned(item, redactor)
            if name in kept and isinstance(item, str | int)
            else _outlined(item, set(), depth - 1, redactor)
            for name, item in list(value.items())[:_MOST_NAMES]
        }
    if isinstance(value, list) and depth:
        return [_outlined(item, set(), depth - 1, redactor) for item in value[:1]]
    return f"<{type(value).__name__}>"


def _cleaned(item: str | int, redactor: Redactor) -> str | int:
    """Return a code or a sentence without credentials; a number stays one."""
    text = redactor.clean(str(item))
    return item if isinstance(item, int) and text == str(item) else text
