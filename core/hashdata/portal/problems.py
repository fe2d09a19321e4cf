"""What a page can be about that is not there."""

from __future__ import annotations

from hashdata.errors import UsageError


class NotHereError(UsageError):
    """What a page is about is not there, or not any more."""


def no_account() -> NotHereError:
    """Return the error for an account that was removed, or never was."""
    return NotHereError(
        "this account is not there",
        fix="It may have been removed. Go on at Exchange Accounts, which lists all of them.",
    )


def no_draft() -> NotHereError:
    """Return the error for a test that was forgotten."""
    return NotHereError(
        "this test is gone",
        fix="A key that was typed is kept for ten minutes, and not longer than the portal runs. Test the key again.",
    )
