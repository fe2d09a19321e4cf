"""A report that was kept, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import RenderableType

from hashdata.accounts.account import Account
from hashdata.accounts.shelf import Kept
from hashdata.errors import StorageError
from hashdata.render import report as rendered
from hashdata.tester.stored import report_of


def last(tests: Sequence[Kept], account: Account) -> Kept:
    """Return the last of an account's tests; raise `StorageError` when none is kept."""
    if not tests:
        raise StorageError(
            f"no report of {account.label} is kept", fix=f"Test it again: `hashdata accounts test {account.label}`."
        )
    return tests[-1]


def page(kept: Kept, title: str) -> Sequence[RenderableType]:
    """Return the parts of the page of a kept report."""
    return page_of(kept.report, title)


def page_of(document: Mapping[str, object], title: str) -> Sequence[RenderableType]:
    """Return the parts of the page; raise `StorageError` when the document is no report of this version."""
    try:
        # Made at once: a document of the right parts with wrong values fails only where they are laid out.
        return list(rendered.page(report_of(document, title)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StorageError(
            "the report cannot be read; it may be of another version of hashdata",
            fix="Look at it with --json, or test the account again.",
        ) from None
