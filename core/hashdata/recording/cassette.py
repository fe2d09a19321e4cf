"""
The file: a cassette as vcrpy reads it, one short block for each request and its answer.

Every text is quoted, so nothing in it is taken for YAML. Plain ASCII stands
in single quotes as it is; anything else is escaped one code point at a time.
JSON would not do: it writes characters beyond U+FFFF as surrogate pairs,
which YAML does not put together, and leaves U+007F as it is, which YAML refuses.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from hashdata.errors import UsageError

Interaction = Mapping[str, Mapping[str, object]]

_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Windows would write other line ends.
_BINARY = getattr(os, "O_BINARY", 0)
_BYTE, _WORD = 0xFF, 0xFFFF


def compose(interactions: Iterable[Interaction]) -> str:
    """Return the text of a cassette; each of `interactions` has a `request` and a `response`."""
    lines = ["version: 1", "interactions:"]
    for interaction in interactions:
        lines.append(f"- request: {_flow(interaction['request'])}")
        lines.append("  response:")
        lines.extend(f"    {name}: {_flow(value)}" for name, value in interaction["response"].items())
    if not lines[2:]:
        lines[1] += " []"
    return "\n".join(lines) + "\n"


def _flow(value: object) -> str:
    """Return `value` on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str):
        return _quoted(value)
    return "null" if value is None else str(value)


def _quoted(text: str) -> str:
    """Return `text` in quotes."""
    if text.isascii() and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    """Return one character as it stands in double quotes; half a surrogate pair cannot be written in YAML."""
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if character.isascii() and character.isprintable():
        return character
    point = ord(character)
    if 0xD800 <= point <= 0xDFFF:  # noqa: PLR2004 - the surrogates
        return "\\uFFFD"
    return f"\\x{point:02X}" if point <= _BYTE else f"\\u{point:04X}" if point <= _WORD else f"\\U{point:08X}"


def check_target(path: Path) -> None:
    """Raise `UsageError` when a recording could not be written to `path`, before anything is asked."""
    try:
        exists = os.path.lexists(path)
        is_writable = path.parent.is_dir() and os.access(path.parent, os.W_OK)
    except (OSError, ValueError):
        exists = is_writable = False
    if exists:
        raise UsageError("the file to record to exists already", fix="Name a new file; nothing is overwritten.")
    if not is_writable:
        raise UsageError(
            "the file to record to cannot be made there",
            fix="Name a file in a folder you can write to.",
        )


def write(path: Path, text: str) -> None:
    """Write a recording to a new file of its owner alone, where files have modes; no half of one is left behind."""
    content = text.encode("ascii")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    except OSError as error:
        raise _unwritten(error) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritten(error) from None


def _unwritten(error: OSError) -> UsageError:
    """Say why there is no file."""
    reason = error.strerror or type(error).__name__
    return UsageError(f"the recording could not be written: {reason}", fix="Name another file.")
