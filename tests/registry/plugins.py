"""Lays down distributions as an installer would, and runs the command line beside them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "hooks.md"


def tutorial() -> str:
    """Return the module of the tutorial in docs/hooks.md."""
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """
    A distribution of one module.

    `name` is that of the connector, from which the names of distribution and
    module follow. `source` comes after the tutorial's connector, so that it
    has to say only what is different; `alone` leaves the tutorial out.
    `entry` is what the entry point names within the module, or all of it.
    """

    name: str
    source: str
    alone: bool = False
    entry: str = ":connector"
    claims: str | None = None
    metadata: str = "Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
    entry_points: str = "[hashdata.connectors]\n{claims} = {entry}\n"

    @property
    def distribution(self) -> str:
        return f"hashdata-{self.name}"

    @property
    def module(self) -> str:
        return self.distribution.replace("-", "_")

    def install(self, site: Path) -> None:
        """Write the module and its dist-info into `site`."""
        entry = f"{self.module}{self.entry}" if self.entry.startswith(":") or not self.entry else self.entry
        start = "" if self.alone else tutorial().replace('name="example"', f'name="{self.name}"')
        words = {"distribution": self.distribution, "claims": self.claims or self.name, "entry": entry}
        info = f"{self.module}-1.0.dist-info"
        files = {
            f"{self.module}.py": f"{start}\n\n{self.source}\n",
            f"{info}/METADATA": self.metadata.format(**words),
            f"{info}/entry_points.txt": self.entry_points.format(**words),
        }
        for path, text in files.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_text(text, "utf-8")
        rows = [f"{path},sha256={_digest(text)},{len(text.encode())}" for path, text in files.items()]
        (site / info / "RECORD").write_text("\n".join([*rows, f"{info}/RECORD,,"]) + "\n", "utf-8")


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Mapping[str, object]:
        """Return standard output, which is one JSON document and nothing else."""
        document: Mapping[str, object] = json.loads(self.out)
        return document


def hashdata(site: Path, *arguments: str) -> Ran:
    """Run the installed command with `site` on the path."""
    path = os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH"))))
    ran = subprocess.run(
        [sys.executable, "-m", "hashdata", *arguments],
        # What it remembers of connectors is its own.
        env={"HASHDATA_HOME": f"{site}-home", **os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)
