"""From an exception to one sentence, what to do, and an exit code. No argument and no value is repeated."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from pathlib import Path

import typer

from hashdata.errors import ExitCode, HashdataError

_PLAIN_OPTION = re.compile(r"--?[a-z][a-z-]{0,20}")
_SUGGESTION = re.compile(r"Did you mean [^?\n]*\?")


@dataclass(frozen=True, slots=True)
class Failure:
    """What is said when a command does not end as it should; `trace` are places in the code, without values."""

    what: str
    fix: str
    exit_code: int
    trace: tuple[str, ...] = ()


def explain(error: BaseException) -> Failure:
    """Return what to say about `error`."""
    if isinstance(error, HashdataError):
        return Failure(error.what, error.fix, error.exit_code)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return Failure("interrupted", "Run the command again; nothing was stored.", ExitCode.INTERRUPTED)
    if isinstance(error, typer.TyperException):
        return _misuse(error)
    return _bug(error)


def _misuse(error: typer.TyperException) -> Failure:
    """Explain a command line that Typer could not read."""
    text = error.format_message()
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", None) or "hashdata"
    parameter = getattr(getattr(error, "param", None), "human_readable_name", None)
    option = getattr(error, "option_name", None)
    kind = type(error).__name__
    if kind == "NoSuchOption" and isinstance(option, str) and _PLAIN_OPTION.fullmatch(option):
        what = f"there is no option {option}"
    elif kind == "MissingParameter" and parameter:
        what = f"{parameter.upper()} is missing"
    elif kind == "BadParameter" and parameter:
        what = f"the value of {parameter} cannot be used"
    elif kind == "BadOptionUsage" and isinstance(option, str) and _PLAIN_OPTION.fullmatch(option):
        what = f"the option {option} needs a value, or got one it does not take"
    elif text.startswith("No such command"):
        what = "there is no such command"
    elif "unexpected extra argument" in text:
        what = "there are more arguments than the command takes (they are not repeated here)"
    else:
        what = "the command line cannot be read"
    suggestion = _SUGGESTION.search(text)
    hint = f"{suggestion[0]} " if suggestion else ""
    return Failure(what, f"{hint}Run `{command} --help` to see what it takes.", ExitCode.USAGE)


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
