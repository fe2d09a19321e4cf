"""Where output goes: one document or a table to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from shutil import get_terminal_size
from typing import IO, TYPE_CHECKING, Never

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.segment import Segment

    from hashdata.cli.failure import Failure

# What a shell reports for a program that SIGPIPE ended; 1 would mean that a key was denied.
PIPE_CLOSED = 141
# Longer lines are hard to read, and this is the width where there is no terminal.
_WIDEST = 120
_NARROWEST = 20


class PipeClosed(Exception):  # noqa: N818 - a state of the outside
    """Whoever read our output has gone."""


class _Output:
    """The streams of this process; `document` is set while standard output is for JSON, `lines` where a line each."""

    document: IO[str] | None = None
    emitted = False
    lines = False


_output = _Output()


def open_streams() -> None:
    """
    Open whichever of the three standard streams was closed before the start, on nothing.

    Otherwise the next file or connection would get its number, and be read
    or written in its place.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - for ever
    # Not every console and locale knows every character, and a verdict must not be lost over one.
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")


def is_closed_pipe(error: OSError, platform: str = sys.platform) -> bool:
    """Whether whoever read our output has gone; Windows knows that only as an invalid argument."""
    invalid = platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    return invalid or isinstance(error, BrokenPipeError)


@contextlib.contextmanager
def output(*, json_only: bool, lines: bool = False) -> Iterator[None]:
    """
    Hold standard output for one JSON document if `json_only` is set, or for one on each line with `lines`.

    Whatever a connector or library prints then lands on standard error, also
    when it writes to the file descriptor itself.
    """
    _output.emitted, _output.lines = False, lines
    if json_only or lines:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            _output.document = os.fdopen(os.dup(1), "w", encoding="utf-8")
            os.dup2(2, 1)
    try:
        yield
    finally:
        _close()


def _close() -> None:
    """Flush what is left and give standard output back."""
    stream, _output.document = _output.document, None
    try:
        sys.stdout.flush()
        if stream:
            os.dup2(stream.fileno(), 1)
            stream.close()
    except (OSError, ValueError):
        discard()


def discard() -> None:
    """Send what is still to be written nowhere, or the interpreter complains at its end and changes our exit code."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)


def retire() -> None:
    """Send what others still print, at the end of the program, to standard error: the answer has been given."""
    with contextlib.suppress(OSError):
        os.dup2(2, 1)


def emit(document: Mapping[str, object]) -> None:
    """Print one JSON document to standard output."""
    stream = _output.document or sys.stdout
    _output.emitted = True
    try:
        stream.write(json.dumps(document, indent=2, ensure_ascii=True) + "\n")
        stream.flush()
    except OSError as error:
        if is_closed_pipe(error):
            raise PipeClosed from None
        raise


def emit_line(document: Mapping[str, object]) -> None:
    """Print one JSON document on a line of its own, at once."""
    stream = _output.document or sys.stdout
    _output.emitted = True
    try:
        stream.write(json.dumps(document, separators=(",", ":"), ensure_ascii=True) + "\n")
        stream.flush()
    except OSError as error:
        if is_closed_pipe(error):
            raise PipeClosed from None
        raise


def write(text: str) -> None:
    """Print plain text to standard output."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except OSError as error:
        if is_closed_pipe(error):
            raise PipeClosed from None
        raise


def console(*, stderr: bool = False) -> Console:
    """Return a console that takes no markup from what it prints, because exchanges and connectors write it too."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> Never:
            raise PipeClosed

    columns = get_terminal_size((_WIDEST, 0)).columns
    width = None if stderr else max(_NARROWEST, min(columns, _WIDEST))
    return Plain(stderr=stderr, markup=False, highlight=False, emoji=False, width=width, soft_wrap=False)


def show(*parts: RenderableType) -> None:
    """Print tables and texts to standard output; a plain string stays as it is, to be copied."""
    from rich.segment import Segment, Segments

    out = console()
    for part in parts:
        if isinstance(part, str):
            write(part)
            continue
        for line in out.render_lines(part, pad=False):
            out.print(Segments([*_trimmed(line), Segment.line()]))


def tell(*parts: RenderableType) -> None:
    """Print tables and texts to standard error, whatever standard output is used for."""
    err = console(stderr=True)
    for part in parts:
        err.print(part)


def _trimmed(line: list[Segment]) -> list[Segment]:
    """Return a line without the blanks that fill up its last cells."""
    from rich.segment import Segment

    kept = list(line)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return [*kept[:-1], Segment(kept[-1].text.rstrip(), kept[-1].style)] if kept else []


def note(text: str) -> None:
    """Print lines to standard error, without what a terminal would obey, whatever standard output is used for."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in text)
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def fail(failure: Failure) -> None:
    """Print a failure: a sentence and what to do, or the JSON document of one."""
    for place in failure.trace:
        note(f"  {place}")
    if _output.document and (_output.lines or not _output.emitted):
        say = emit_line if _output.lines else emit
        say({"schema": "hashdata.error/1", "error": failure.what, "fix": failure.fix})
    else:
        note(f"Error: {failure.what}.")
        note(f"Fix: {failure.fix}")
