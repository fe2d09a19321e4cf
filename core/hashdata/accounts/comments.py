"""
Change a TOML file that a person has written comments into, without losing them.

A style-preserving library takes a comment above a table for the end of the
table before it, and loses or moves it with that one. So the text is changed
here line by line, and the result counts only if a TOML reader finds in it
exactly what it should hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import tomli
import tomli_w

_ASSIGNS = re.compile(r"""[ \t]*(?:"([^"\\]+)"|'([^']+)'|([A-Za-z0-9_-]+))[ \t]*=""")
Row = Mapping[str, object]


@dataclass(slots=True)
class _Block:
    """One account's lines: the comments right above its table, the table's head, and all up to the next block."""

    label: str
    above: list[str]
    head: str
    lines: list[str]


def merged(text: str, document: Mapping[str, object]) -> str | None:
    """
    Return `text` changed to say what `document` says; None where that cannot be done without losing a comment.

    What stands above or within the table of an account goes where the account goes.
    """
    try:
        before = tomli.loads(text)
        rows = document["accounts"]
        old = before.get("accounts", {})
        if not isinstance(rows, Mapping) or not isinstance(old, Mapping):
            return None
        changed = "".join(_lines(text, document, rows, old))
        return changed if tomli.loads(changed) == document else None
    except (tomli.TOMLDecodeError, KeyError, TypeError):
        return None


def _lines(text: str, document: Row, rows: Mapping[str, Row], old: Mapping[str, Row]) -> Iterator[str]:
    """Yield the changed text."""
    preamble, blocks = _split(text)
    top = {name: value for name, value in document.items() if name != "accounts"}
    yield from _updated(preamble, top)
    labels = {row["id"]: label for label, row in rows.items()}
    for block in blocks:
        label = labels.get(old[block.label]["id"])
        if label is None:
            continue
        yield from block.above
        # Also a head that names the same label, because it may have a comment behind it.
        behind = block.head[block.head.rindex("]") + 1 :]
        yield block.head if label == block.label else f"{_head(label)}{behind}"
        yield from _updated(block.lines, rows[label])
    known = {row["id"] for row in old.values()}
    for label, row in rows.items():
        if row["id"] not in known:
            yield f"\n{_head(label)}\n{tomli_w.dumps(row)}"


def _split(text: str) -> tuple[list[str], list[_Block]]:
    """Take a file apart into what stands before its first account, and a block for each account."""
    preamble: list[str] = []
    blocks: list[_Block] = []
    current = preamble
    for line in text.splitlines(keepends=True):
        label = _label(line)
        if label is None or (blocks and label == blocks[-1].label):
            current.append(line)
            continue
        above: list[str] = []
        while current and current[-1].lstrip().startswith("#"):
            above.insert(0, current.pop())
        current = []
        blocks.append(_Block(label, above, line, current))
    return preamble, blocks


def _label(line: str) -> str | None:
    """Return the label of the account whose table a line begins, None for every other line."""
    if not line.lstrip().startswith("["):
        return None
    try:
        accounts = tomli.loads(line).get("accounts")
    except tomli.TOMLDecodeError:
        return None
    return next(iter(accounts)) if isinstance(accounts, Mapping) and accounts else None


def _head(label: str) -> str:
    return tomli_w.dumps({"accounts": {label: {}}}).strip()


def _updated(lines: list[str], row: Row) -> Iterator[str]:
    """Yield the lines of one table so that it holds exactly `row`; tables below it stay as they are."""
    end = next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    seen: set[str] = set()
    kept: list[str] = []
    for line in lines[:end]:
        name = _name(line)
        if name is None:
            kept.append(line)
        elif name in row:
            seen.add(name)
            kept.append(_assigned(line, name, row[name]))
        elif comment := _cut(line)[1]:
            kept.append(f"{comment}\n")
    below = {_name_of_table(line) for line in lines[end:]}
    new = [f"{_assignment(name, value)}\n" for name, value in row.items() if name not in seen | below]
    last = max((n for n, line in enumerate(kept) if _name(line) is not None), default=-1)
    if last < 0:
        # After the comments at the top, so that the first of them stays the first line.
        last = next((n for n, line in enumerate(kept) if not line.lstrip().startswith("#")), len(kept)) - 1
    if new and kept and not kept[last].endswith("\n"):
        kept[last] += "\n"
    yield from kept[: last + 1]
    yield from new
    yield from kept[last + 1 :]
    yield from lines[end:]


def _name(line: str) -> str | None:
    """Return the name that a line gives a value to."""
    found = _ASSIGNS.match(line)
    return next((name for name in found.groups() if name), None) if found else None


def _name_of_table(line: str) -> str | None:
    """Return the last part of the name of a table that a line begins."""
    found = re.match(r"[ \t]*\[+.*?([A-Za-z0-9_-]+)[\"']?[ \t]*\]+", line)
    return found[1] if found else None


def _assignment(name: str, value: object) -> str:
    return tomli_w.dumps({name: value}).strip()


def _assigned(line: str, name: str, value: object) -> str:
    """Return a line with another value, and with the comment behind it."""
    assignment, comment = _cut(line)
    try:
        held = tomli.loads(assignment)
    except tomli.TOMLDecodeError:
        # A value over several lines; the check at the end says whether it could stay.
        return line
    if held.get(name) == value:
        return line
    gap = assignment[len(assignment.rstrip()) :]
    return f"{_assignment(name, value)}{gap}{comment}\n"


def _cut(line: str) -> tuple[str, str]:
    """Take a line apart into what it says and the comment behind that, empty where there is none."""
    body = line.rstrip("\r\n")
    for position in (n for n, sign in enumerate(body) if sign == "#"):
        try:
            tomli.loads(body[:position])
        except tomli.TOMLDecodeError:
            continue
        return body[:position], body[position:]
    return body, ""
