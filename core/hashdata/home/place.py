"""Where the home is, and what stands in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from hashdata.errors import StorageError

# A path, never a secret: environments are seen by others.
VARIABLE = "HASHDATA_HOME"
PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Home:
    """
    The folder of one person's accounts.

    Nothing is read or made by naming it: `make` makes the folder before the
    first file is written.
    """

    path: Path

    @property
    def vault(self) -> Path:
        """The encrypted secrets."""
        return self.path / "vault.json"

    @property
    def accounts(self) -> Path:
        """The accounts, without a secret."""
        return self.path / "accounts.toml"

    @property
    def reports(self) -> Path:
        """The folder with one file of reports per account."""
        return self.path / "reports"

    @property
    def journal(self) -> Path:
        """The results of a bulk test that has not ended."""
        return self.path / "journal.jsonl"

    @property
    def lock(self) -> Path:
        """What a process holds while it changes accounts or vault."""
        return self.path / "lock"

    @property
    def run_lock(self) -> Path:
        """What a process holds while it tests stored accounts."""
        return self.path / "run.lock"

    def check(self) -> None:
        """Raise `StorageError` where something else stands in the folder's place."""
        # Unlike those of a Path, these do not raise where the way there is closed.
        if os.path.exists(self.path) and not os.path.isdir(self.path):  # noqa: PTH110, PTH112
            raise StorageError(
                f"{self.path} is no folder, so nothing can be stored in it",
                fix=f"Set {VARIABLE} to a folder that you can write to.",
            )

    def make(self) -> None:
        """Make the folder, for its owner alone, where it is not there; raise `StorageError` where that fails."""
        self.check()
        for folder in (self.path, self.reports):
            try:
                folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise StorageError(
                    f"the folder {folder} cannot be made: {reason}",
                    fix=f"Set {VARIABLE} to a folder that you can write to.",
                ) from None


def find_home() -> Home:
    """
    Return the home: what HASHDATA_HOME names, else the system's place for a program's data of this person.

    Raises `StorageError` for a path that begins with the `~` of nobody.
    """
    if given := os.environ.get(VARIABLE, ""):
        try:
            return Home(Path(given).expanduser().absolute())
        except RuntimeError:
            raise StorageError(
                f"{VARIABLE} begins with a ~ that stands for nobody's folder", fix="Write the path out."
            ) from None
    from platformdirs import user_data_path

    return Home(user_data_path("hashdata", appauthor=False))
