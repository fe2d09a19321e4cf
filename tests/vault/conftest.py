"""What the tests of the vault share: private files, a key file that opens, and a vault with three records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hashdata.credentials import Secret
from hashdata.vault import KeyFile, Passphrase, Vault

from tests.accounts.conftest import home
from tests.canaries import PASSPHRASE
from tests.cli.conftest import here
from tests.vault.forging import ONE, THREE, TWO

__all__ = ["here", "home", "key", "path", "private", "vault"]


@pytest.fixture
def private(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Return what writes a file that only its owner can read."""

    def write(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        return path

    return write


@pytest.fixture(scope="session")
def typed() -> Vault:
    """Return a vault that the passphrase among the canaries opens: made once, because that takes a while."""
    return Vault.create(Passphrase(Secret(PASSPHRASE))).put(ONE, {"name": "one"})


@pytest.fixture
def key(private: Callable[[str, bytes], Path]) -> KeyFile:
    """Return a good key file."""
    return KeyFile(private("vault.key", bytes(range(32))))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the vault is, alone in its folder."""
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    return folder / "vault.json"


@pytest.fixture
def vault(key: KeyFile, path: Path) -> Vault:
    """Return a vault with three records, which is stored."""
    made = Vault.create(key).put(ONE, {"name": "one"}).put(TWO, {"name": "two"}).put(THREE, {"name": "three"})
    made.save(path)
    return made
