"""Pick one of a few names, and help with a misspelt one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from hashdata.errors import UsageError


def choose(kind: str, given: str, known: Sequence[str]) -> str:
    """Return the one of `known` that `given` means; raise `UsageError` with the nearest when there is none."""
    wanted = given.strip().lower().replace("_", "-")
    if wanted in known:
        return wanted
    near = get_close_matches(wanted, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise UsageError(f"there is no {kind} of that name", fix=f"{hint}There are: {', '.join(known)}.")
