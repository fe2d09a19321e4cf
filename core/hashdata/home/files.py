"""
Read and replace the files of the home.

A file is replaced as a whole: written beside the old one under a name of its
own, forced to disk, and moved over it. Whoever is killed in between leaves
the old file and a temporary one, which the next writer sweeps away.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hashdata.errors import StorageError

PRIVATE_FILE = 0o600
# Vault and accounts of 100,000 keys have half of this.
_LARGEST = 256 * 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITERS = stat.S_IWGRP | stat.S_IWOTH
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")
# Windows has neither links to follow nor text that is not translated by itself.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_HAS_MODES = os.name == "posix"


def read_private(path: Path, *, shared: bool = False, name: str | None = None) -> bytes | None:
    """
    Return the content of a file that only its owner can read, None when it is not there.

    Raises `StorageError` for a file that others can read, unless it may be
    `shared`, for one that others can change or own, and for one that cannot
    be read or is no file. `name` is said in its place where `path` was typed,
    and may be anything.
    """
    with _opened(path, name or str(path), shared=shared) as file:
        content = file.read(_LARGEST + 1) if file else None
    if content is not None and len(content) > _LARGEST:
        raise StorageError(f"{name or path} is larger than any file of hashdata", fix="Restore it from a backup.")
    return content


def read_lines(path: Path) -> Iterator[bytes]:
    """
    Yield the whole lines of a file that only its owner can read, none when it is not there.

    A last line without its end is passed over: whoever wrote it was killed.
    Raises `StorageError` as `read_private` does.
    """
    with _opened(path, str(path), shared=False) as file:
        for line in file or ():
            if line.endswith(b"\n"):
                yield line


@contextlib.contextmanager
def _opened(path: Path, name: str, *, shared: bool) -> Iterator[BinaryIO | None]:
    """Open a file for reading after looking at it; yield None when it is not there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _BINARY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        raise _unreadable(name, error) from None
    try:
        # Before it is a Python file, because a folder cannot be one.
        _check(os.fstat(descriptor), path, name, shared=shared)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            yield file
    except OSError as error:
        raise _unreadable(name, error) from None
    finally:
        os.close(descriptor)


def _check(found: os.stat_result, path: Path, name: str, *, shared: bool) -> None:
    """Refuse what is no file, and a file that others can read, change or own."""
    if not stat.S_ISREG(found.st_mode):
        raise StorageError(f"{name} is no file", fix="Move away what stands there.")
    if not _HAS_MODES:
        return
    if not shared and found.st_mode & _strangers(path):
        raise StorageError(
            f"{name} can be read by other users of this computer",
            fix="Run `chmod 600` on it. If others may have read it, make new keys.",
        )
    if found.st_mode & _WRITERS:
        raise StorageError(
            f"{name} can be changed by other users of this computer",
            fix="Look whether it is as it should be, then run `chmod go-w` on it.",
        )
    if os.geteuid() not in {0, found.st_uid} and found.st_uid != 0:
        raise StorageError(
            f"{name} belongs to another user of this computer", fix="Make a copy of it that belongs to you."
        )


def _strangers(path: Path) -> int:
    """Return the bits of a file's mode that nobody may have but its owner."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    # systemd lets the service's user read root's file by an access list, and the mode shows that as the group's right.
    if folder and os.path.realpath(path.parent) == os.path.realpath(folder):
        return _OTHERS & ~stat.S_IRGRP
    return _OTHERS


def _unreadable(path: str, error: OSError) -> StorageError:
    reason = error.strerror or type(error).__name__
    return StorageError(f"{path} cannot be read: {reason}", fix="Check who owns the file and its folder.")


def replace(path: Path, content: bytes, *, keep: bool = True) -> None:
    """
    Put `content` in the place of a file, whole or not at all.

    The old file stays beside it as `.bak` if `keep` is set; otherwise an
    older `.bak` is removed too, because what was taken out of the file shall
    be gone. Raises `StorageError`, and then the old file is as it was.
    """
    # A file that somebody keeps elsewhere is replaced there, and its link stays.
    path = Path(os.path.realpath(path))
    backup = path.with_name(f"{path.name}.bak")
    temporary, aside = _temporary(path), _temporary(backup)
    try:
        _write_new(temporary, content)
        if keep:
            _keep(path, backup, aside)
        else:
            # First, because nothing may fail once the file is replaced.
            backup.unlink(missing_ok=True)
        temporary.replace(path)
    except OSError as error:
        for left in (temporary, aside):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"{path} cannot be written: {reason}",
            fix="Free some space, or make its folder writable; the old file is as it was.",
        ) from None
    try:
        _sync_folder(path.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"{path} is written, but the system does not say that it is on the disk: {reason}",
            fix="Look whether the disk is full or failing, then run `hashdata doctor`.",
        ) from None


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, whole or not at all, and force it to disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY
    descriptor = os.open(path, flags, PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _temporary(path: Path) -> Path:
    """Return a name beside a file that nobody has, and that `sweep` knows."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")


def _keep(path: Path, backup: Path, aside: Path) -> None:
    """Let `backup` be the present file, without a moment in which there is none."""
    if not path.exists():
        return
    try:
        os.link(path, aside)
    except OSError:
        # Some file systems have no second names.
        _write_new(aside, path.read_bytes())
    aside.replace(backup)
    # Two names of one file: then a system replaces nothing and leaves both.
    aside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system can."""
    if not _HAS_MODES:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems know no such thing for a folder, and by then the file is in its place.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def check_folder(path: Path) -> None:
    """Raise `StorageError` when others can put files of their own into a folder."""
    if _HAS_MODES and path.is_dir() and path.stat().st_mode & _WRITERS:
        raise StorageError(
            f"other users of this computer can change the folder {path}",
            fix="Look whether all in it is as it should be, then run `chmod go-w` on it.",
        )


def sweep(folder: Path) -> list[Path]:
    """Remove the temporary files that killed writers left; call it only while nobody else writes."""
    swept = []
    for path in folder.glob(".*.tmp"):
        # The folder may hold other things: HASHDATA_HOME can name any.
        if not _TEMPORARY.fullmatch(path.name):
            continue
        with contextlib.suppress(OSError):
            path.unlink()
            swept.append(path)
    return swept


def remove(path: Path) -> None:
    """Remove a file if it is there; raise `StorageError` when that fails."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(f"{path} cannot be removed: {reason}", fix="Make its folder writable.") from None


def write_new(path: Path, content: bytes, *, name: str = "the file") -> None:
    """Write a file for its owner alone; raise `StorageError` when there is one already, or it cannot be written."""
    try:
        _write_new(path, content)
    except FileExistsError:
        raise StorageError(f"{name} is there already", fix="Choose another name.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"{name} cannot be written: {reason}", fix="Choose a folder that you can write to."
        ) from None
