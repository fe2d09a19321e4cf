"""One writer at a time. The system lets go of a lock when its process ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hashdata.errors import StorageError
from hashdata.home.files import PRIVATE_FILE

# Whoever holds the lock writes two files, which takes a second for ten thousand accounts.
PATIENCE = 20.0


@contextmanager
def locked(path: Path, *, patience: float = PATIENCE, busy: str = "another hashdata is writing") -> Iterator[None]:
    """
    Hold the lock at `path`; raise `StorageError` saying `busy` when it is not free within `patience` seconds.

    A lock file that a killed process left is free.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=patience, mode=PRIVATE_FILE)
    try:
        lock.acquire()
    except Timeout:
        raise StorageError(busy, fix="Wait until it has ended, then run the command again.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(
            f"{path} cannot be locked: {reason}", fix="Make the folder writable, or set HASHDATA_HOME to another."
        ) from None
    try:
        yield
    finally:
        lock.release()
