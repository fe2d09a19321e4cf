"""
Read and replace the files of the home.

A file is replaced as a whole: written beside the old one under a name of its
own, forced to disk, and moved over it. Whoever is killed in between leaves
the old file and a temporary one, which the next writer sweeps away.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from hashdata.errors import StorageError

PRIVATE_FILE = 0o600
# Vault and accounts of 100,000 keys have half of this.
_LARGEST = 256 * 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Windows has neither links to follow nor text that is not translated by itself.
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_HAS_MODES = os.name == "posix"


def read_private(path: Path, *, shared: bool = False) -> bytes | None:
    """
    Return the content of a file that only its owner can read, None when it is not there.

    Raises `StorageError` for a file that others can read, unless it may be
    `shared`, and for one that cannot be read or is no file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _BINARY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from None
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise StorageError(f"{path} is no file", fix="Move away what stands there.")
        if _HAS_MODES and not shared and mode & _OTHERS:
            raise StorageError(
                f"{path} can be read by other users of this computer",
                fix="Run `chmod 600` on it. If others may have read it, make new keys.",
            )
        try:
            content = file.read(_LARGEST + 1)
        except OSError as error:
            raise _unreadable(path, error) from None
    if len(content) > _LARGEST:
        raise StorageError(f"{path} is larger than any file of hashdata", fix="Restore it from a backup.")
    return content


def _unreadable(path: Path, error: OSError) -> StorageError:
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
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    backup = path.with_name(f"{path.name}.bak")
    try:
        _write_new(temporary, content)
        if keep:
            _keep(path, backup)
        temporary.replace(path)
        if not keep:
            backup.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"{path} cannot be written: {reason}",
            fix="Free some space, or make its folder writable; the old file is as it was.",
        ) from None


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that was not there, and force it to disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY
    with os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep(path: Path, backup: Path) -> None:
    """Let `backup` be the present file, without a moment in which there is none."""
    if not path.exists():
        return
    aside = path.with_name(f".{backup.name}.{secrets.token_hex(8)}.tmp")
    try:
        os.link(path, aside)
    except OSError:
        # Some file systems have no second names.
        _write_new(aside, path.read_bytes())
    aside.replace(backup)


def _sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system can."""
    if not _HAS_MODES:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> list[Path]:
    """Remove the temporary files that killed writers left; call it only while nobody else writes."""
    swept = []
    for path in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            path.unlink()
            swept.append(path)
    return swept


def write_new(path: Path, content: bytes) -> None:
    """Write a file for its owner alone; raise `StorageError` when there is one already, or it cannot be written."""
    try:
        _write_new(path, content)
    except FileExistsError:
        raise StorageError(f"{path} is there already", fix="Choose another name.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"{path} cannot be written: {reason}", fix="Choose a folder that you can write to."
        ) from None
