"""Where output goes: one document or a table to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Never

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from hashdata.cli.failure import Failure

# What a shell reports for a program that SIGPIPE ended; 1 would mean that a key was denied.
PIPE_CLOSED = 141
_WIDTH_WITHOUT_TERMINAL = 120


class PipeClosed(Exception):  # noqa: N818 - a state of the outside
    """Whoever read our output has gone."""


class _Output:
    """The streams of this process; `document` is set while standard output belongs to one JSON document."""

    document: IO[str] | None = None


_output = _Output()


@contextlib.contextmanager
def output(*, json_only: bool) -> Iterator[None]:
    """
    Hold standard output for one JSON document if `json_only` is set.

    Whatever a connector or library prints then lands on standard error, also
    when it writes to the file descriptor itself.
    """
    if json_only:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            _output.document = os.fdopen(os.dup(1), "w", encoding="utf-8")
            os.dup2(2, 1)
    try:
        yield
    finally:
        _close()


def _close() -> None:
    """Flush what is left; a reader that has gone must not make the interpreter complain at its end."""
    stream, _output.document = _output.document, None
    try:
        if stream:
            stream.close()
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def emit(document: Mapping[str, object]) -> None:
    """Print one JSON document to standard output."""
    stream = _output.document or sys.stdout
    try:
        stream.write(json.dumps(document, indent=2, ensure_ascii=True) + "\n")
        stream.flush()
    except BrokenPipeError:
        raise PipeClosed from None


def write(text: str) -> None:
    """Print plain text to standard output."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise PipeClosed from None


def console(*, stderr: bool = False) -> Console:
    """Return a console that takes no markup from what it prints, because exchanges and connectors write it too."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> Never:
            raise PipeClosed

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDTH_WITHOUT_TERMINAL
    return Plain(stderr=stderr, markup=False, highlight=False, emoji=False, width=width, soft_wrap=False)


def show(*parts: RenderableType) -> None:
    """Print tables and texts to standard output."""
    out = console()
    for part in parts:
        out.print(part)


def note(text: str) -> None:
    """Print one line to standard error, whatever standard output is used for."""
    with contextlib.suppress(BrokenPipeError, OSError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def fail(failure: Failure) -> None:
    """Print a failure: a sentence and what to do, or the JSON document of one."""
    for place in failure.trace:
        note(f"  {place}")
    if _output.document:
        emit({"schema": "hashdata.error/1", "error": failure.what, "fix": failure.fix})
    else:
        note(f"Error: {failure.what}.")
        note(f"Fix: {failure.fix}")
