"""
Change a TOML file that a person has written comments into, without losing them.

A style-preserving library takes a comment above a table for the end of the
table before it, and loses or moves it with that one. So the text is changed
here line by line, and the result counts only if a TOML reader finds in it
exactly what it should hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

import tomli
import tomli_w

_ASSIGNS = re.compile(r"""[ \t]*(?:"([^"\\]+)"|'([^']+)'|([A-Za-z0-9_-]+))[ \t]*=""")
# A string of any of the four kinds, or a comment, which is the only one of them that is captured.
_TOKEN = re.compile(
    r"""\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(\#[^\n]*)""", re.DOTALL
)
Row = Mapping[str, object]


@dataclass(slots=True)
class _Block:
    """
    One table's lines: the comments right above it, its head, and all up to the next block.

    Tables within the table of an account belong to its block. `label` is None for a table that is no account.
    """

    label: str | None
    above: list[str]
    head: str
    lines: list[str]


def merged(text: str, document: Mapping[str, object]) -> str | None:
    """
    Return `text` changed to say what `document` says; None where that cannot be done without losing a comment.

    What stands above or within the table of an account goes where the account goes.
    """
    # The reader takes both line ends for the same; what the file had, it keeps.
    end = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    gone: list[str] = []
    try:
        before = tomli.loads(text)
        changed = "".join(_lines(text, document, before, gone))
        after = {"accounts": {}, **tomli.loads(changed)}
    except (tomli.TOMLDecodeError, KeyError, TypeError, AttributeError):
        return None
    lost = comments_of(text) - comments_of(changed) - comments_of("".join(gone))
    return changed.replace("\n", end) if after == document and not lost else None


def comments_of(text: str) -> Counter[str]:
    """Count the comments of a text; a sign within a string begins none."""
    return Counter(found.rstrip() for found in _TOKEN.findall(text) if found)


def _lines(text: str, document: Row, before: Row, gone: list[str]) -> Iterator[str]:
    """Yield the changed text, and put into `gone` what an account takes with it."""
    rows, old = _tables(document), _tables(before)
    preamble, blocks = _split(text)
    top = {name: value for name, value in document.items() if name != "accounts"}
    yield from _updated(preamble, top, before)
    labels = {row["id"]: label for label, row in rows.items()}
    for block in blocks:
        if block.label is None:
            yield from (*block.above, block.head, *block.lines)
            continue
        label = labels.get(old[block.label]["id"])
        if label is None:
            own = _own(block.lines)
            gone += [*block.above, block.head, *block.lines[:own]]
            yield from block.lines[own:]
            continue
        yield from block.above
        # Also a head that names the same label, because it may have a comment behind it.
        head, comment = _cut(block.head)
        behind = head[head.rindex("]") + 1 :] + comment
        yield block.head if label == block.label else f"{_head(label)}{behind}\n"
        yield from _updated(block.lines, rows[label], old[block.label])
    known = {row["id"] for row in old.values()}
    for label, row in rows.items():
        if row["id"] not in known:
            yield f"\n{_head(label)}\n{tomli_w.dumps(row)}"


def _tables(document: Row) -> Mapping[str, Row]:
    """Return the tables of a document's accounts; raise TypeError where they are none."""
    tables = document.get("accounts", {})
    if not isinstance(tables, Mapping):
        raise TypeError
    return tables


def _split(text: str) -> tuple[list[str], list[_Block]]:
    """Take a file apart into what stands before its first table, and a block for each account and foreign table."""
    preamble: list[str] = []
    blocks: list[_Block] = []
    current = preamble
    # Strings and comments may hold signs that Python takes for line ends, and TOML does not.
    for line in StringIO(text):
        names = _names_of_head(line)
        label = names[1] if names[:1] == ["accounts"] and len(names) > 1 else None
        if not names or (label is not None and blocks and label == blocks[-1].label):
            current.append(line)
            continue
        above: list[str] = []
        while current and current[-1].lstrip().startswith("#"):
            above.insert(0, current.pop())
        current = []
        blocks.append(_Block(label, above, line, current))
    return preamble, blocks


def _names_of_head(line: str) -> list[str]:
    """Return the names of the table that a line begins, none for every other line."""
    return names_of(line) if line.lstrip().startswith("[") else []


def names_of(statement: str) -> list[str]:
    """Return the names, from the outermost, of what a statement begins or gives a value to; none if it is none."""
    try:
        value: object = tomli.loads(statement)
    except tomli.TOMLDecodeError:
        return []
    names: list[str] = []
    while isinstance(value, Mapping) and value:
        name, value = next(iter(value.items()))
        names.append(name)
    return names


def _own(lines: list[str]) -> int:
    """Return how many of a block's lines are its account's: comments after a blank line below all values are not."""
    last = max((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), default=-1)
    blank = next((n for n, line in enumerate(lines) if n > last and not line.strip()), len(lines))
    return blank if any(line.strip() for line in lines[blank:]) else len(lines)


def _head(label: str) -> str:
    return tomli_w.dumps({"accounts": {label: {}}}).strip()


def _updated(lines: list[str], row: Row, old: Row) -> Iterator[str]:
    """Yield the lines of a table that held `old` so that it holds exactly `row`; tables below it stay as they are."""
    end = next((n for n, line in enumerate(lines) if _names_of_head(line)), len(lines))
    kept: list[str] = []
    for line in lines[:end]:
        name = _name(line)
        if name is None or (name in row and name in old and row[name] == old[name]):
            kept.append(line)
        elif name in row:
            kept.append(_assigned(line, name, row[name]))
        elif comment := _cut(line)[1]:
            kept.append(f"{comment}\n")
    new = [f"{_assignment(name, value)}\n" for name, value in row.items() if name not in old]
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
