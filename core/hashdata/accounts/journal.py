"""
The journal of a bulk test: its targets in the first line, then a line per result, written at once.

Whoever is killed or interrupted loses no result: until a run has ended and
its results stand in `accounts.toml`, they are read from here.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from hashdata.accounts.results import Result
from hashdata.accounts.shelf import Kept
from hashdata.errors import StorageError
from hashdata.home import read_lines
from hashdata.home.files import PRIVATE_FILE

SCHEMA = "hashdata.journal/1"
_FLAGS = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """The result of testing one key; `key` is the id of its record in the vault."""

    key: str
    kept: Kept


@dataclass(frozen=True, slots=True)
class Noted:
    """
    A result as it stands in a journal: its facts, and where its report is.

    The reports of ten thousand accounts would fill the memory, so each is
    read when it is asked for.
    """

    key: str
    id: str
    result: Result
    path: Path = field(repr=False)
    start: int = 0
    length: int = 0

    @property
    def kept(self) -> Kept:
        """The test with its report; raises `StorageError` when the journal cannot be read any more."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.start)
                value = json.loads(file.read(self.length))
            return Kept(self.id, value["report"])
        except (OSError, ValueError, KeyError, TypeError):
            raise StorageError(f"{self.path} was changed while it was read", fix="Try again.") from None


@dataclass(frozen=True, slots=True)
class Notes:
    """What a journal holds: when its run began, the keys to be tested, and the results so far, in their order."""

    began: datetime
    keys: Sequence[str]
    entries: Sequence[Noted] = field(repr=False)
    length: int = 0

    @property
    def open(self) -> list[str]:
        """The keys that were not tested yet."""
        done = {entry.key for entry in self.entries}
        return [key for key in self.keys if key not in done]


def read_notes(path: Path) -> Notes | None:
    """
    Read a journal, None when there is none; a last line that was cut off is passed over.

    Raises `StorageError` for one that is damaged.
    """
    began, keys, entries, start, number = None, list[str](), list[Noted](), 0, 0
    try:
        for number, line in enumerate(read_lines(path), 1):
            value = json.loads(line)
            if number == 1:
                began, keys = _head(path, value)
            else:
                result = Result.of(value["report"])
                entries.append(Noted(str(value["key"]), str(value["id"]), result, path, start, len(line)))
            start += len(line)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StorageError(
            f"{path} is damaged (line {number}, column 1)",
            fix="Move the file away, then test again; the results of the interrupted run are lost.",
        ) from None
    # Without a first line it was killed while it was begun: nothing was tested yet.
    return Notes(began, keys, entries, start) if began else None


def _head(path: Path, head: Mapping[str, Any]) -> tuple[datetime, list[str]]:
    """Read the first line: when the run began, and the keys to be tested."""
    if head["journal"] != SCHEMA:
        raise StorageError(
            f"{path} was written by another version of hashdata",
            fix="End that run with the version that began it, or move the file away; its results are lost then.",
        )
    return datetime.fromisoformat(head["began"]), [str(key) for key in head["keys"]]


class Journal:
    """A journal that is being written. Use it as a context manager."""

    def __init__(self, descriptor: int) -> None:
        """Use `begin` or `go_on`."""
        self._descriptor = descriptor

    @classmethod
    def begin(cls, path: Path, keys: Sequence[str]) -> Self:
        """Start a journal for a run over `keys`; there must be none."""
        head = {"journal": SCHEMA, "began": datetime.now(UTC).isoformat(), "keys": list(keys)}
        try:
            journal = cls(os.open(path, _FLAGS | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE))
        except OSError as error:
            raise _unwritable(error) from None
        journal._write(head)
        return journal

    @classmethod
    def go_on(cls, path: Path, notes: Notes) -> Self:
        """Continue the journal of a run that was interrupted."""
        try:
            journal = cls(os.open(path, _FLAGS))
            os.ftruncate(journal._descriptor, notes.length)
        except OSError as error:
            raise _unwritable(error) from None
        return journal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Force what was written to disk, and close."""
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise _unwritable(error) from None
        finally:
            os.close(self._descriptor)

    def write(self, entry: Entry) -> None:
        """Write one result, so that a process that is killed right after has kept it."""
        self._write({"key": entry.key, "id": entry.kept.id, "report": entry.kept.report})

    def _write(self, value: Mapping[str, object]) -> None:
        line = memoryview(json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode() + b"\n")
        size = os.fstat(self._descriptor).st_size
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError as error:
            # Another result may find room again, and must not stand on the same line as a part of this one.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, size)
            raise _unwritable(error) from None


def _unwritable(error: OSError) -> StorageError:
    reason = error.strerror or type(error).__name__
    return StorageError(
        f"the journal of the test cannot be written: {reason}",
        fix="Free some space, or make the folder writable; then continue with `hashdata accounts test --resume`.",
    )


def lines_of(notes: Notes) -> Iterator[Noted]:
    """Yield the last result of every key, in the order of the results."""
    last = {entry.key: entry for entry in notes.entries}
    return iter(last.values())
