"""
The reports of each account: one file each, a line per test, the newest last.

Lines are only ever added. One that was cut off when a process was killed is
passed over; every other that cannot be read is damage.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hashdata.errors import StorageError
from hashdata.home import Home, read_private, remove, replace
from hashdata.home.files import PRIVATE_FILE

# Two years of weekly tests, of about five kilobytes each.
MOST = 100
_LARGEST = 1024 * 1024
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """One test: an id of its own, and its report in the published format."""

    id: str
    report: Mapping[str, object]

    def is_of(self, fingerprint: str) -> bool:
        """Whether the key with this fingerprint was tested, as far as the report says."""
        key = self.report.get("key")
        said = key.get("fingerprint") if isinstance(key, Mapping) else None
        return said in {None, fingerprint}


def file_of(home: Home, account_id: str) -> Path:
    """Return the file with the reports of an account."""
    return home.reports / f"{account_id}.jsonl"


def history(home: Home, account_id: str) -> Sequence[Kept]:
    """Return the tests of an account, oldest first; raise `StorageError` for a damaged file."""
    path = file_of(home, account_id)
    return list(read_lines(path))


def read_lines(path: Path) -> Sequence[Kept]:
    """Return what a file of reports holds, without a last line that was cut off."""
    content = read_private(path)
    found = []
    lines = (content or b"").split(b"\n")
    for number, line in enumerate(lines[:-1], 1):
        if not line:
            continue
        if (kept := _read(line)) is None:
            raise StorageError(
                f"{path} is damaged (line {number}, column 1)",
                fix="Restore the file from a backup, or move it away: the next test begins a new one.",
            )
        found.append(kept)
    return found


def _read(line: bytes) -> Kept | None:
    """Return the test that a line holds, None for a line that holds none."""
    try:
        value = json.loads(line)
        kept_id, report = value["id"], value["report"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return Kept(kept_id, report) if isinstance(kept_id, str) and isinstance(report, dict) else None


def line_of(kept: Kept) -> bytes:
    """Return the line of one test."""
    value = {"id": kept.id, "report": kept.report}
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def add(home: Home, account_id: str, kept: Kept) -> None:
    """Add a test to an account's file, once; raise `StorageError` when it cannot be written."""
    path = file_of(home, account_id)
    # A home that was restored from a backup may lack the folder.
    home.make()
    try:
        size = _size(path)
        if size:
            _mend(path, size)
        # Only the end can hold a test that a killed process has added before.
        if size and kept.id.encode() in _tail(path):
            return
        _append(path, line_of(kept))
        if size > _LARGEST:
            replace(path, b"".join(line_of(one) for one in read_lines(path)[-MOST:]), keep=False)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"{path} cannot be written: {reason}", fix="Free some space, or make its folder writable."
        ) from None


def _size(path: Path) -> int:
    """Return the size of a file, 0 when it is not there; raise OSError for what is none, which could be waited for."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return 0
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no file")
    return found.st_size


def forget(home: Home, account_id: str) -> None:
    """Remove the reports of an account."""
    remove(file_of(home, account_id))


def _append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, _APPEND, PRIVATE_FILE)
    try:
        written = os.write(descriptor, line)
        if written < len(line):
            # A full disk takes a part; the rest fails and says why.
            os.write(descriptor, line[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tail(path: Path) -> bytes:
    """Return the end of a file, of the length of several reports."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 64 * 1024))
        return file.read()


def _mend(path: Path, size: int) -> None:
    """Cut off a last line that a killed process left unfinished, so that the next one starts on its own."""
    with path.open("rb+") as file:
        file.seek(size - 1)
        if file.read(1) == b"\n":
            return
        file.seek(0)
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
