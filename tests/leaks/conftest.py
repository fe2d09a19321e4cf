"""What the tests of leaks share with those of the command: `here`, which runs a command inside this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import here

__all__ = ["here", "key_file"]


@pytest.fixture
def key_file(tmp_path: Path) -> Callable[[Mapping[str, str]], str]:
    """Return what writes a key to a file that only its owner can read."""

    def write(values: Mapping[str, str]) -> str:
        path = tmp_path / "key.json"
        path.write_text(json.dumps(values), encoding="utf-8")
        path.chmod(0o600)
        return str(path)

    return write
