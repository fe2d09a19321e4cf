"""Ask a person at a terminal: hidden or not at all for what is secret, and plainly for the rest."""

from __future__ import annotations

import getpass
import sys
import warnings

from hashdata.cli import terminal
from hashdata.errors import UsageError


def is_terminal() -> bool:
    """Whether a person sits there who can read a question and type an answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(prompt: str, what: str, *, otherwise: str) -> str:
    """
    Ask for `what` without showing what is typed.

    Raises `UsageError` where that is not possible; `otherwise` says how else
    the value can be given.
    """
    try:
        with warnings.catch_warnings():
            # It would go on and show what is typed.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (EOFError, KeyboardInterrupt) as ended:
        terminal.note("")
        if isinstance(ended, KeyboardInterrupt):
            raise
        raise UsageError("the input ended before all values were given", fix="Run the command again.") from None
    except UnicodeDecodeError:
        pass
    except getpass.GetPassWarning:
        raise UsageError("this terminal cannot hide what is typed", fix=otherwise) from None
    # Out here, because the error holds what was typed.
    terminal.note("")
    raise UsageError(f"the {what} is not text in UTF-8", fix="Copy it again and paste it.")


def ask_openly(question: str) -> str:
    """Ask a question whose answer is no secret; return the line without blanks at its ends, empty at the end."""
    try:
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline().strip()
    except UnicodeDecodeError:
        return ""
    except KeyboardInterrupt:
        terminal.note("")
        raise


def agrees(question: str) -> bool:
    """Ask for a yes."""
    return ask_openly(f"{question} Type yes to go on: ").lower() in {"y", "yes"}
