"""A connector of somebody else, in packages that can be installed, updated and replaced, and the command beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.accounts.exchange import values
from tests.cli.command import Outcome, Terminal, run, terminal
from tests.registry.plugins import Plugin

HOST = "stranger.invalid"
QUESTION = "May it be given a key of yours?"
# It is Poloniex under another name and at a host that nobody can have (RFC 6761), and notes that its code ran.
SOURCE = """
from dataclasses import replace
from pathlib import Path

from hashdata.hookspecs import hookimpl
from hashdata_poloniex.connector import MAIN, Poloniex

with Path({mark!r}).open("a") as mark:
    mark.write("{name}\\n")


class Stranger(Poloniex):
    @hookimpl
    def describe(self):
        info = super().describe()
        api = replace(MAIN, hosts=("{host}", "api.poloniex.com"), ccxt_versions="{range}")
        return replace(info, name="{name}", title="{title}", apis=(api,), sisters=())


{more}
connector = Stranger()
"""


@dataclass(frozen=True, slots=True)
class Computer:
    """A computer on which packages are installed in `site`; `mark` has a line for each time that their code ran."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site.mkdir(parents=True)
        self.key_file.touch(mode=0o600)
        self.key_file.write_bytes(bytes(range(32)))
        path = os.pathsep.join(filter(None, (str(self.site), os.environ.get("PYTHONPATH"))))
        own = {"HASHDATA_HOME": self.home, "HASHDATA_KEY_FILE": self.key_file, "PYTHONPATH": path}
        self.env.update({name: str(path) for name, path in own.items()})

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def key_file(self) -> Path:
        return self.folder / "vault.key"

    @property
    def choices(self) -> Path:
        return self.home / "plugins.toml"

    @property
    def mark(self) -> Path:
        return self.folder / "mark"

    @property
    def imported(self) -> set[str]:
        """The connectors whose code ran since this was last asked."""
        names = set(self.mark.read_text("utf-8").split()) if self.mark.exists() else set[str]()
        self.mark.unlink(missing_ok=True)
        return names

    def install(
        self,
        name: str = "stranger",
        *,
        version: str = "1.0",
        distribution: str | None = None,
        ccxt: str = ">=4.5.90,<4.6",
        more: str = "",
    ) -> None:
        """Install a package in place of the one that brought the connector before."""
        words = {"mark": str(self.mark), "host": HOST, "name": name, "title": name.title(), "range": ccxt}
        metadata = f"Metadata-Version: 2.1\nName: {distribution or f'hashdata-{name}'}\nVersion: {version}\n"
        source = SOURCE.format(**words, more=more)
        Plugin(name=name, source=source, alone=True, metadata=metadata).install(self.site)

    def run(self, *arguments: str, stdin: bytes | None = None, **env: str) -> Outcome:
        """Run the command with its output piped."""
        return run(*arguments, stdin=stdin, env=self.env | env)

    @contextmanager
    def terminal(self, *arguments: str, stdout: Path | None = None) -> Iterator[Terminal]:
        """Run the command in a terminal."""
        with terminal(*arguments, env=self.env, stdout=stdout) as screen:
            yield screen

    def key(self, number: int = 1) -> str:
        """Write key `number` of `tests.accounts.exchange` to a private file and return its name."""
        path = self.folder / f"key-{number}.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(values(number)), "utf-8")
        return str(path)

    def give(self, origin: str, connector: str = "stranger") -> tuple[str, ...]:
        """Return the arguments that give a key to a connector, with `origin` in the exchange's place."""
        return ("connectors", "test", connector, "--credentials", self.key(), "--endpoint", origin)


def state(computer: Computer, name: str = "stranger") -> dict[str, object]:
    """Return the entry of a connector in `plugins list --json`."""
    listed = computer.run("plugins", "list", "--json").document["plugins"]

    assert isinstance(listed, list)
    (found,) = [one for one in listed if one["name"] == name]
    return dict(found)
