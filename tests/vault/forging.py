"""What somebody does to a vault's file who knows its format and not its key: change it, and make the checksum fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hashdata.vault import Sealed, read
from hashdata.vault.sealing import canonical, checksum

Document = dict[str, Any]
Change = Callable[[Document], object]
ONE, TWO, THREE = ("1a" * 16, "2b" * 16, "3c" * 16)


def document_of(path: Path) -> Document:
    """Return what a vault's file says."""
    value: Document = json.loads(path.read_text(encoding="ascii"))
    return value


def forge(path: Path, change: Change) -> None:
    """Change what a vault's file says, in the one spelling and with the checksum of what it then says."""
    document = document_of(path)
    change(document)
    document.pop("checksum", None)
    path.write_bytes(canonical({**document, "checksum": checksum(canonical(document))}) + b"\n")


def present(path: Path) -> Sealed:
    """Return the vault that is there."""
    sealed = read(path)

    assert sealed is not None
    return sealed
