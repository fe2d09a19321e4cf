"""What the tests of accounts share: a home of their own, a key file that opens its vault, and commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.accounts.exchange import values
from tests.cli.conftest import here

__all__ = ["here", "home", "key_file", "write_key"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let HASHDATA_HOME be a folder that is not there yet, and return it."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HASHDATA_HOME", str(folder))
    monkeypatch.delenv("HASHDATA_KEY_FILE", raising=False)
    return folder


@pytest.fixture
def key_file(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let HASHDATA_KEY_FILE be a good key file, beside an empty home, and return it."""
    assert not home.exists()
    path = tmp_path / "vault.key"
    path.touch(mode=0o600)
    path.write_bytes(bytes(range(32)))
    monkeypatch.setenv("HASHDATA_KEY_FILE", str(path))
    return path


@pytest.fixture
def write_key(tmp_path: Path) -> Callable[[int], str]:
    """Return what writes key number n of `tests.accounts.exchange` to a private file, and returns its name."""

    def write(number: int) -> str:
        path = tmp_path / f"key-{number}.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(values(number)))
        return str(path)

    return write
