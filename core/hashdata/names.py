"""Names that people type: one spelling for each, and help with a misspelt one."""

from __future__ import annotations

from collections.abc import Sequence

from hashdata.errors import UsageError


def normalise(name: str) -> str:
    """Return the one spelling of a name: `Poloniex_Futures` is `poloniex-futures`."""
    return name.strip().lower().replace("_", "-")


def choose(kind: str, given: str, known: Sequence[str], *, there_are: str = "There are") -> str:
    """Return the one of `known` that `given` means; raise `UsageError` with the nearest when there is none."""
    wanted = normalise(given)
    if wanted in known:
        return wanted
    from difflib import get_close_matches

    near = get_close_matches(wanted, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    listed = f"{there_are}: {', '.join(known) or 'none'}."
    raise UsageError(f"there is no {kind} of that name", fix=hint + listed)
