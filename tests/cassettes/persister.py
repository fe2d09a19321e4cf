"""How vcrpy reads and writes cassettes here: what must not be in a file is not written."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from vcr.persisters.filesystem import FilesystemPersister
from vcr.serialize import serialize

from tests.cassettes.checks import problems


class Unfit(ValueError):  # noqa: N818 - said of a cassette
    """What was recorded may not be written."""


class CarefulPersister:
    """
    Writes a cassette only when nothing is wrong with it.

    pytest-recording's own persister also fails on cassettes that have
    vcrpy's `metadata`, so this one takes its place for reading too.
    """

    @staticmethod
    def load_cassette(path: str | Path, serializer: ModuleType) -> Any:  # noqa: ANN401 - vcrpy is untyped
        return FilesystemPersister.load_cassette(path, serializer)

    @staticmethod
    def save_cassette(path: str | Path, cassette: dict[str, Any], serializer: ModuleType) -> None:
        text = serialize(cassette, serializer)
        if found := problems(text):
            raise Unfit(f"{Path(path).name} was not written: {'; '.join(found)}")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
