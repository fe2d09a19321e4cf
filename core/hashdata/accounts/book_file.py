"""
`accounts.toml`, which a person may edit.

It is read strictly, and never written over when it cannot be understood.
Names that this version does not know are kept, and comments too: a file with
a comment is changed line by line, and any other is written anew.

A TOML file that was cut off between two tables reads well, and so does one
in whose heads a letter was changed. So the file says how many accounts it
holds; who adds or removes one by hand corrects that line, or deletes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import takewhile
from operator import eq
from pathlib import Path

import tomli

from hashdata.accounts.account import Account
from hashdata.accounts.book import Book
from hashdata.accounts.labels import alike
from hashdata.accounts.rows import Unreadable, of_row, to_row
from hashdata.errors import StorageError
from hashdata.home import read_private, replace

SCHEMA = 1
_HEAD = """\
# The accounts of hashdata. Their secrets are in vault.json. You may edit this file; comments are kept.
# `count` shows whether the file is whole: after adding or removing an account here, correct it or delete its line.

"""
_LEFT = "The file was left as it is. Correct that place, or restore it from accounts.toml.bak beside it."
# A line that begins a table, and one that gives a value to a name; their names may be quoted.
_NAME = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_NAMES = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_HEAD_OF = re.compile(rf"[ \t]*(\[[ \t]*{_NAMES}[ \t]*\])")
_KEY_OF = re.compile(rf"[ \t]*({_NAMES})[ \t]*=")
# What tomli reads, at the least.
_DEEPEST = 300
Announce = Callable[[str], None]


def read_book(path: Path) -> Book:
    """
    Read all accounts; a file that is not there holds none.

    Raises `StorageError` with line and column when the file cannot be
    understood, and when a newer version wrote it.
    """
    content = read_private(path, shared=True)
    if content is None:
        return Book()
    text = _decoded(path, content)
    document = _parsed(path, text)
    schema = document.pop("schema", 0)
    if type(schema) is not int or schema < 0:
        raise _odd(path, text, "schema")
    if schema > SCHEMA:
        raise StorageError(
            f"{path} was written by a newer hashdata (its schema is {schema}, this version knows {SCHEMA})",
            fix="Update hashdata; this version leaves the file alone.",
        )
    tables = document.pop("accounts", {})
    if not isinstance(tables, Mapping):
        raise _odd(path, text, "accounts")
    count = document.pop("count", None)
    if count is not None and (type(count) is not int or count < 0):
        raise _odd(path, text, "count")
    _check_whole(path, text, count, len(tables))
    accounts = {label: _account(path, text, label, row) for label, row in tables.items()}
    _check_labels(path, text, accounts)
    # Schema 0 has no line for it, as a file that was written by hand: everything else is alike.
    return Book(accounts, document, text, is_current=schema == SCHEMA)


def write_book(path: Path, book: Book, announce: Announce) -> None:
    """
    Replace the file by what `book` holds.

    Where a comment cannot be kept, `announce` is told before anything is
    written over, and the old file is kept under a name of its own.
    """
    if not book.is_current:
        kept = _kept(path, book.text, "older")
        announce(f"{path} has no schema line, as one that was written by hand; it is kept as {kept.name}.")
    document = {
        # The first line of all: what is cut off before it holds no account at all, which is noticed too.
        "count": len(book.accounts),
        "schema": SCHEMA,
        **book.unknown,
        "accounts": {account.label: to_row(account) for account in book.accounts.values()},
    }
    text = None
    if "#" in (own := book.text.removeprefix(_HEAD)):
        from hashdata.accounts.comments import comments_of, merged

        text = merged(book.text, document)
        if text is None and comments_of(own):
            kept = _kept(path, book.text, "comments")
            announce(f"The comments of {path} cannot be kept; the file as it was is kept as {kept.name}.")
    if text is None:
        import tomli_w

        text = _HEAD + tomli_w.dumps(document)
    replace(path, text.encode("utf-8"))


def _kept(path: Path, text: str, why: str) -> Path:
    """Keep the file as it was under a name of its own."""
    number = next(n for n in range(1, 10_000) if not path.with_name(f"{path.name}.{why}-{n}").exists())
    kept = path.with_name(f"{path.name}.{why}-{number}")
    replace(kept, text.encode("utf-8"))
    return kept


def _decoded(path: Path, content: bytes) -> str:
    try:
        # Some editors put a mark in front of the text, which is no part of it.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise StorageError(
            f"{path} is not text in UTF-8 (line {line}, column {column})",
            fix=_LEFT,
        ) from None


def _parsed(path: Path, text: str) -> dict[str, object]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise StorageError(f"{path} is not TOML ({where}): {error.msg}", fix=_LEFT) from None
    except (ValueError, RecursionError):
        # Python reads no number of 5,000 digits, and the reader no 400 brackets within each other.
        raise StorageError(
            f"{path} holds a value that is too long or too deep ({_too_much(text)})", fix=_LEFT
        ) from None


def _odd(path: Path, text: str, name: str) -> StorageError:
    return StorageError(f"{path}: {name} is not what it must be ({_place(text, name)})", fix=_LEFT)


def _check_whole(path: Path, text: str, count: int | None, found: int) -> None:
    """Refuse a file that holds other accounts than it says, or nothing at all: it may have been cut off."""
    if count is None and not found:
        raise StorageError(
            f"{path} holds no account, and no line `count = 0` that says so (line 1, column 1)",
            fix="Restore it from accounts.toml.bak beside it; if there shall be no account, write that line into it.",
        )
    if count is not None and count != found:
        raise StorageError(
            f"the number of accounts in {path} is {found}, and should be {count} ({_place(text, 'count')})",
            fix=f"If you added or removed accounts by hand, write `count = {found}` there, or delete that line. "
            "If you did not, the file is damaged: restore it from accounts.toml.bak beside it.",
        )


def _account(path: Path, text: str, label: str, row: object) -> Account:
    """Read one table, saying which line is wrong where one is."""
    try:
        return of_row(label, row)
    except Unreadable as wrong:
        subject = f"{wrong.name} of the account {label!r}" if wrong.name else f"the account {label!r}"
        where = _place(text, "accounts", label, *([wrong.name] if wrong.name else []))
        raise StorageError(f"{path}: {subject} {wrong} ({where})", fix=_LEFT) from None


def _check_labels(path: Path, text: str, accounts: Mapping[str, Account]) -> None:
    """Refuse two accounts that commands could not tell apart."""
    seen: dict[str, str] = {}
    ids: set[str] = set()
    for label, account in accounts.items():
        other = seen.setdefault(alike(label), label)
        if other != label or account.id in ids:
            which = f"the accounts {other!r} and {label!r} differ in nothing but case"
            which = which if other != label else f"the account {label!r} has the id of another"
            raise StorageError(f"{path}: {which} ({_place(text, 'accounts', label, 'id')})", fix=_LEFT)
        ids.add(account.id)


def _place(text: str, *wanted: str) -> str:
    """Say in which line and column a name stands, or else what it is a part of; the first line if nothing does."""
    from hashdata.accounts.comments import names_of

    table: list[str] = []
    line, column, known = 1, 1, 0
    for number, content in enumerate(text.split("\n"), 1):
        if found := _HEAD_OF.match(content):
            table = path = names_of(found[1])
        elif found := _KEY_OF.match(content):
            path = [*table, *names_of(f"{found[1]} = 0")]
        else:
            continue
        # Of a table and what stands in it, the name itself; of several lines of one table, its head.
        shared = len(list(takewhile(bool, map(eq, path, wanted))))
        if shared > known:
            line, column, known = number, len(content) - len(content.lstrip()) + 1, shared
    return f"line {line}, column {column}"


def _too_much(text: str) -> str:
    """Say where a number is that Python does not read, or where brackets stand too deep within each other."""
    depth, position = 0, 0
    for found in re.finditer(r"\d{4301}|[\[{\]}]", text):
        depth += 1 if found[0] in "[{" else -1
        if len(found[0]) > 1 or depth > _DEEPEST:
            position = found.start()
            break
    before = text[:position]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"
