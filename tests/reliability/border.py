"""The border to the system: every call that changes a file, counted, and broken at the one that is wanted."""

from __future__ import annotations

import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import IO, Any

import pytest

_PLAIN = ("fsync", "replace", "link", "unlink", "ftruncate", "mkdir")


class Fault(Enum):
    """What happens at a call."""

    NONE = "none"
    KILL = "killed before it"
    TORN = "killed in the middle of it"
    FULL = "no space from it on"
    ONCE = "no space at it alone, and a write takes a part first"


@dataclass
class Border:
    """
    Counts what this process does to files, and lets call number `at` go wrong.

    A full disk still lets files be removed and read.
    """

    fault: Fault = Fault.NONE
    at: int = 0
    calls: list[str] = field(default_factory=list)

    @property
    def _is_due(self) -> bool:
        return len(self.calls) >= self.at if self.fault is Fault.FULL else len(self.calls) == self.at

    def meet(self, name: str) -> None:
        """Count a call that is about to be made."""
        self.calls.append(name)
        if self.fault is Fault.NONE or not self._is_due:
            return
        if self.fault in {Fault.KILL, Fault.TORN}:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fault is Fault.ONCE or name not in {"unlink", "ftruncate"}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write(self, data: Any, write: Callable[[Any], int | None]) -> int | None:  # noqa: ANN401 - any buffer
        """Count a write, of which a half is done where it is torn."""
        is_next = len(self.calls) + 1 == self.at
        if is_next and self.fault in {Fault.TORN, Fault.ONCE, Fault.FULL}:
            write(bytes(data)[: len(data) // 2])
        self.meet("write")
        return write(data)


@contextmanager
def border(fault: Fault = Fault.NONE, at: int = 0) -> Iterator[Border]:
    """Let all that this process does to files go through a border."""
    with pytest.MonkeyPatch.context() as patch:
        counted = Border(fault, at)
        for name in _PLAIN:
            patch.setattr(os, name, _counted(counted, name, getattr(os, name)))
        write, make, wrap = os.write, os.open, os.fdopen

        def written(descriptor: int, data: Any) -> int | None:  # noqa: ANN401 - any buffer
            return counted.write(data, lambda part: write(descriptor, part))

        def opened(path: Any, flags: int, *rest: Any, **named: Any) -> int:  # noqa: ANN401 - as os.open
            # A file that is there already takes no space by being opened.
            if flags & os.O_CREAT and not Path(path).exists():
                counted.meet("make")
            return make(path, flags, *rest, **named)

        def wrapped(descriptor: int, mode: str = "r", *rest: Any, **named: Any) -> IO[Any]:  # noqa: ANN401 - as os.fdopen
            if mode != "wb":
                return wrap(descriptor, mode, *rest, **named)
            return io.BufferedWriter(_Raw(descriptor, counted))

        patch.setattr(os, "write", written)
        patch.setattr(os, "open", opened)
        patch.setattr(os, "fdopen", wrapped)
        yield counted


def _counted(counted: Border, name: str, call: Callable[..., object]) -> Callable[..., object]:
    def through(*arguments: object, **named: object) -> object:
        counted.meet(name)
        return call(*arguments, **named)

    return through


class _Raw(io.FileIO):
    """A file whose writes go through a border."""

    def __init__(self, descriptor: int, counted: Border) -> None:
        super().__init__(descriptor, "wb")
        self._counted = counted

    def write(self, data: Any) -> int | None:  # type: ignore[override]  # noqa: ANN401 - any buffer
        return self._counted.write(data, super().write)
