"""From an exception to one sentence, what to do, and an exit code. No argument and no value is repeated."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from hashdata.errors import ExitCode, HashdataError

# What a write to a file, a pipe or a disk ends with when nothing is wrong with the program.
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


@dataclass(frozen=True, slots=True)
class Failure:
    """What is said when a command does not end as it should; `trace` are places in the code, without values."""

    what: str
    fix: str
    exit_code: int
    trace: tuple[str, ...] = ()


class Interrupted(HashdataError):  # noqa: N818 - an answer, not a fault
    """Somebody ended a command that may have changed something by then; the text says what is known of that."""

    exit_code = ExitCode.INTERRUPTED


def explain(error: BaseException) -> Failure:
    """Return what to say about `error`."""
    if isinstance(error, HashdataError):
        return Failure(error.what, error.fix, error.exit_code)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return Failure("interrupted", "Run the command again; nothing was stored.", ExitCode.INTERRUPTED)
    if isinstance(error, typer.TyperException):
        return _misuse(error)
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        reason = error.strerror or "it failed"
        return Failure(f"the output cannot be written: {reason}", "Send it elsewhere.", ExitCode.BROKEN)
    return _bug(error)


def _misuse(error: typer.TyperException) -> Failure:
    """Explain a command line that Typer could not read, in words of our own: Typer's repeat what was given."""
    text = error.format_message()
    context = getattr(error, "ctx", None)
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = parameter.metavar or parameter.name if kind == "MissingParameter" and parameter else _option(error)
    near: Sequence[str] = ()
    about = ""
    if kind == "NoSuchOption":
        what = "the command has no such option"
        near = getattr(error, "possibilities", None) or ()
    elif kind == "MissingParameter":
        what = f"{name} is missing"
    elif kind == "BadParameter":
        what = f"the value of {name} cannot be used"
        about = getattr(parameter, "help", None) or ""
    elif kind == "BadOptionUsage":
        what = f"{name} takes no value" if "not take" in text else f"{name} needs a value"
    elif text.startswith("No such command"):
        what = "there is no such command"
        offered = text.rpartition("Did you mean")[2]
        near = [known for known in getattr(context and context.command, "commands", ()) if f"'{known}'" in offered]
    elif "unexpected extra argument" in text:
        what = "there are more arguments than the command takes (they are not repeated here)"
    else:
        what = "the command line cannot be read"
    hint = f"Did you mean {' or '.join(near)}? " if near else f"{about} " if about else ""
    command = f"Run `{context.command_path} --help`" if context else "Add --help to the command"
    return Failure(what, f"{hint}{command} to see what it takes.", ExitCode.USAGE)


def _option(error: typer.TyperException) -> str:
    """Name the option that an error is about, as it is declared; never as it was typed."""
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return str(parameter.opts[0])
    typed = getattr(error, "option_name", "")
    # Typer names an option that takes a value, or none, only once it has recognised it.
    return str(typed) if type(error).__name__ == "BadOptionUsage" else "the option"


def _bug(error: BaseException) -> Failure:
    """Explain what should not have happened, by places in the code only: a message may hold anything."""
    frames = traceback.extract_tb(error.__traceback__)
    root = Path(__file__).parent.parent.parent
    trace = tuple(f"{_relative(frame.filename, root)}:{frame.lineno} in {frame.name}" for frame in frames)
    place = f" at {trace[-1]}" if trace else ""
    return Failure(
        f"hashdata has a bug: {type(error).__name__}{place}",
        "Please report this with the versions that `hashdata --version` prints; no credential is in these lines.",
        ExitCode.BROKEN,
        trace,
    )


def _relative(filename: str, root: Path) -> str:
    """Return a file's path from the package's folder on, or its name: where it is installed is nobody's business."""
    path = Path(filename)
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name
