"""
`accounts.toml`, which a person may edit.

It is read strictly, and never written over when it cannot be understood.
Names that this version does not know are kept, and comments too: a file with
a comment is changed line by line, and any other is written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import tomli

from hashdata.accounts.account import Account
from hashdata.accounts.book import Book
from hashdata.accounts.labels import alike
from hashdata.accounts.rows import Unreadable, of_row, to_row
from hashdata.errors import StorageError
from hashdata.home import read_private, replace

SCHEMA = 1
_HEAD = "# The accounts of hashdata. Their secrets are in vault.json. You may edit this file; comments are kept.\n\n"
_LEFT = "The file was left as it is. Correct that place, or restore it from accounts.toml.bak beside it."
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
    try:
        document = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise StorageError(f"{path} is not TOML ({where}): {error.msg}", fix=_LEFT) from None
    schema = document.pop("schema", 0)
    tables = document.pop("accounts", {})
    if type(schema) is not int or schema < 0 or not isinstance(tables, Mapping):
        name = "accounts" if not isinstance(tables, Mapping) else "schema"
        raise StorageError(f"{path}: {name} is not what it must be ({_place(text, '', name)})", fix=_LEFT)
    if schema > SCHEMA:
        raise StorageError(
            f"{path} was written by a newer hashdata (its schema is {schema}, this version knows {SCHEMA})",
            fix="Update hashdata; this version leaves the file alone.",
        )
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
        "schema": SCHEMA,
        **book.unknown,
        "accounts": {account.label: to_row(account) for account in book.accounts.values()},
    }
    text = None
    if "#" in book.text.removeprefix(_HEAD):
        from hashdata.accounts.comments import merged

        text = merged(book.text, document)
        if text is None:
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
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise StorageError(
            f"{path} is not text in UTF-8 (line {line}, column {column})",
            fix=_LEFT,
        ) from None


def _account(path: Path, text: str, label: str, row: object) -> Account:
    """Read one table, saying which line is wrong where one is."""
    try:
        return of_row(label, row)
    except Unreadable as wrong:
        subject = f"{wrong.name} of the account {label!r}" if wrong.name else f"the account {label!r}"
        where = _place(text, label, wrong.name)
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
            raise StorageError(f"{path}: {which} ({_place(text, label, 'id')})", fix=_LEFT)
        ids.add(account.id)


def _place(text: str, label: str, name: str) -> str:
    """Say in which line and column a name of an account stands, or the account's first line, or the file's."""
    spellings = {label, json.dumps(label, ensure_ascii=False), json.dumps(label), f"'{label}'"}
    table = re.compile(rf"[ \t]*\[[ \t]*accounts[ \t]*\.[ \t]*(?:{'|'.join(map(re.escape, spellings))})[ \t]*\]")
    header, inside = 1, not label
    for number, line in enumerate(text.splitlines(), 1):
        if label and table.match(line):
            header, inside = number, True
        elif line.lstrip().startswith("["):
            inside = False
        elif inside and name and re.match(rf"[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*=", line):
            return f"line {number}, column {len(line) - len(line.lstrip()) + 1}"
    return f"line {header}, column 1"
