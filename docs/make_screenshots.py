#!/usr/bin/env python3
"""
Record what the program prints, as the pictures of the documents.

Runs the real command on the practice exchange, in a pseudo-terminal, so that
its colours are those of a terminal, and writes `docs/images/*.svg`. A picture
whose words have not changed is left alone: ports, times and milliseconds
differ at every run and mean nothing.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.text import Text

IMAGES: Final = Path(__file__).parent / "images"
WIDTH: Final = 100
_SVG: Final = "{http://www.w3.org/2000/svg}"
# A picture must not make its reader's browser load fonts from elsewhere.
_FONT_FACE: Final = re.compile(r"@font-face \{.*?\}\n?", re.DOTALL)
_CHANGING: Final = (
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://127.0.0.1:PORT"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "DATE UTC"),
    (re.compile(r"-?\d+ ms"), "N ms"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its file, and the command that it shows."""

    name: str
    arguments: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Where the picture is."""
        return IMAGES / f"{self.name}.svg"

    @property
    def title(self) -> str:
        """The command as a person types it."""
        return " ".join(("hashdata", *self.arguments))


PICTURES: Final = (
    Picture("accepted", ("connectors", "test", "poloniex", "--sandbox", "read-only")),
    Picture("denied", ("connectors", "test", "poloniex", "--sandbox", "trading")),
)


def printed(picture: Picture) -> str:
    """Run the command of `picture` and return what it prints to a terminal, colours included."""
    ours, theirs = pty.openpty()
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", "/"),
        "TERM": "xterm-256color",
        "COLUMNS": str(WIDTH),
        "LINES": "100",
        "LANG": "C.UTF-8",
    }
    # Standard error is no terminal here: its progress line is redrawn all the time and says nothing in a picture.
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "hashdata", *picture.arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        os.close(theirs)
        output = _read_all(ours)
        announced = process.stderr.read() if process.stderr else b""
    return (announced + output).decode().replace("\r\n", "\n")


def _read_all(descriptor: int) -> bytes:
    """Read a pseudo-terminal to its end, which Linux reports as an error."""
    read = bytearray()
    try:
        while chunk := os.read(descriptor, 65536):
            read += chunk
    except OSError:
        pass
    finally:
        os.close(descriptor)
    return bytes(read)


def drawn(picture: Picture, output: str) -> str:
    """Return the picture of `output` as SVG that needs nothing from elsewhere."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(f"$ {picture.title}\n{output.rstrip()}"), soft_wrap=False)
    svg = console.export_svg(title=picture.title, unique_id=f"hashdata-{picture.name}")
    return "\n".join(line.rstrip() for line in _FONT_FACE.sub("", svg).splitlines()) + "\n"


def words(svg: str) -> list[str]:
    """Return the words that a picture shows, from top to bottom, less what differs at every run."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for text in ET.fromstring(svg).iter(f"{_SVG}text"):  # noqa: S314 - a picture of ours
        row = rows.setdefault(float(text.get("y", "0")), [])
        row.append((float(text.get("x", "0")), "".join(text.itertext())))
    lines = ("".join(part for _, part in sorted(rows[y])) for y in sorted(rows))
    shown = " ".join(" ".join(lines).replace("\N{NO-BREAK SPACE}", " ").split())
    for pattern, name in _CHANGING:
        shown = pattern.sub(name, shown)
    return shown.split()


def main() -> None:
    """Draw every picture anew, and write those whose words have changed."""
    IMAGES.mkdir(exist_ok=True)
    for picture in PICTURES:
        svg = drawn(picture, printed(picture))
        is_same = picture.path.exists() and words(picture.path.read_text(encoding="utf-8")) == words(svg)
        if not is_same:
            picture.path.write_text(svg, encoding="utf-8")
        sys.stdout.write(f"{picture.path.name}: {'unchanged' if is_same else 'written'}\n")


if __name__ == "__main__":
    main()
