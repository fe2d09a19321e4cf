"""The names that people give to their accounts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from hashdata.errors import UsageError

LONGEST = 64
_SEPARATORS = "/\\"
_RULE = f"Use 1 to {LONGEST} characters, such as letters, digits, blanks, dots and hyphens; no slash and no line break."


def check_label(text: str) -> str:
    """Return a label in its one spelling; raise `UsageError` for what cannot be one."""
    label = unicodedata.normalize("NFC", text)
    problem = ""
    if not label.strip():
        problem = "the label is empty"
    elif not (label.isascii() and label.isprintable()) and any(
        unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" for c in label
    ):
        problem = "the label has a character that cannot be printed"
    elif any(c in _SEPARATORS for c in label):
        problem = "the label has a slash, which looks like a path"
    elif len(label) > LONGEST:
        problem = f"the label is longer than {LONGEST} characters"
    elif label != label.strip():
        problem = "the label begins or ends with a blank"
    elif label.startswith("-"):
        problem = "the label begins with a hyphen, which looks like an option"
    if problem:
        raise UsageError(problem, fix=_RULE)
    return label


def alike(label: str) -> str:
    """Return what two labels share that a person would mix up: their letters, whatever their case."""
    return unicodedata.normalize("NFC", label).casefold()


def choose_label(given: str, known: Iterable[str]) -> str:
    """Return the stored label that `given` means; raise `UsageError` with the nearest when there is none."""
    labels = {alike(label): label for label in known}
    if (found := labels.get(alike(given.strip()))) is not None:
        return found
    near = get_close_matches(alike(given)[: LONGEST * 2], list(labels), n=1)
    hint = f"Did you mean {labels[near[0]]}? " if near else ""
    what = "`hashdata accounts list` shows all of them." if labels else "There are none: `hashdata accounts add`."
    raise UsageError("there is no account of that label", fix=hint + what)
