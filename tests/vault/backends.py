"""Keyrings that stand in for those of a system: one that encrypts nothing, and one that is kept in memory."""

from __future__ import annotations

import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Plaintext(KeyringBackend):
    """Keeps everything in a file that anybody could read, as some that can be installed do."""

    priority = 0.5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own

    def get_password(self, service: str, username: str) -> str | None:
        return self._file(service, username).read_text(encoding="utf-8")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file(service, username).write_text(password, encoding="utf-8")

    def _file(self, service: str, username: str) -> Path:
        return Path(os.environ["PLAINTEXT_FOLDER"], f"{service}-{username}")


class Sly(Plaintext):
    """Says of itself that it is a chain of trusted ones."""

    @property
    def backends(self) -> list[KeyringBackend]:
        return [Memory()]


class Memory(KeyringBackend):
    """Behaves as the Secret Service does; `locked` is how it answers while nobody unlocks it."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.entries: dict[tuple[str, str], str] = {}
        self.locked = False
        self.forgetful = False
        self.stubborn = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        if not self.forgetful:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.stubborn:
            message = "CANARY nobody may delete this"
            raise PasswordDeleteError(message)
        del self.entries[service, username]

    def _check(self) -> None:
        if self.locked:
            message = "CANARY the person dismissed the prompt"
            raise KeyringLocked(message)


# A keyring is known by the module that it comes from.
Memory.__module__ = "keyring.backends.SecretService"
