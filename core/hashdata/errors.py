"""
Everything hashdata raises on purpose.

    HashdataError            what happened, and what to do (`fix`); carries its exit code
    ├── UsageError           2   the command or its input cannot be used
    │   ├── CredentialError  2   the values given for a key cannot be used
    │   └── StorageError     2   what is stored cannot be read or written
    │       └── VaultError   2   the vault cannot be opened
    ├── PluginError          5   a connector is missing, broken or asks for what it may not
    └── InternalError        5   hashdata itself is wrong
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process says to a shell or to cron."""

    ACCEPTED = 0
    DENIED = 1
    USAGE = 2
    UNUSABLE = 3
    INCONCLUSIVE = 4
    BROKEN = 5
    INTERRUPTED = 130


class HashdataError(Exception):
    """One sentence that says what happened, and one that says what to do."""

    exit_code = ExitCode.BROKEN

    def __init__(self, what: str, *, fix: str) -> None:
        """Say `what` happened and how to `fix` it; neither may hold a credential."""
        super().__init__(what)
        self.what = what
        self.fix = fix

    @property
    def told(self) -> str:
        """Both, as sentences for a person."""
        return f"{self.what[0].upper()}{self.what[1:]}. {self.fix}"


class UsageError(HashdataError):
    """The command line, a file or standard input cannot be used as it is."""

    exit_code = ExitCode.USAGE


class CredentialError(UsageError):
    """
    The values given for a key cannot be used.

    `problems` maps each field's name to what is wrong with it, all of them
    at once, and never holds a value.
    """

    def __init__(self, problems: dict[str, str], *, fix: str) -> None:
        """Name every problem, field by field."""
        super().__init__("; ".join(problems.values()), fix=fix)
        self.problems = problems


class StorageError(UsageError):
    """A file of the home cannot be read, written or understood; it was left as it is."""


class VaultError(StorageError):
    """The vault cannot be opened: it is missing, locked, damaged, or of another version."""


class PluginError(HashdataError):
    """A connector cannot be used: it is missing, broken, or asks for what it may not."""


class InternalError(HashdataError):
    """Something that cannot happen did."""
