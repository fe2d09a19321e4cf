"""The distributions of this workspace: their source, what it builds, and where that is tried."""

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Project:
    """One distribution, and the folder of its source."""

    name: str
    folder: Path

    @property
    def package(self) -> str:
        return self.name.replace("-", "_")


PROJECTS = (
    Project("hashdata", ROOT / "core"),
    Project("hashdata-poloniex", ROOT / "plugins" / "poloniex"),
    Project("hashdata-poloniex-futures", ROOT / "plugins" / "poloniex_futures"),
)


@dataclass(frozen=True, slots=True)
class Built:
    """What one project builds: `again` is the wheel that comes of its sdist."""

    wheel: Path
    sdist: Path
    again: Path


@dataclass(frozen=True, slots=True)
class Site:
    """A virtual environment that sees nothing of the checkout."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, third_party: Path) -> "Site":
        """Make an environment in `folder` where the packages in `third_party` can be imported."""
        venv.create(folder, symlinks=True)
        (site_packages,) = folder.glob("lib/python*/site-packages")
        (site_packages / "third-party.pth").write_text(f"{third_party}\n")
        return cls(folder)

    def run(self, program: str, *arguments: str) -> str:
        return run(str(self.folder / "bin" / program), *arguments, cwd=self.folder)

    def install(self, *wheels: Path) -> None:
        self._pip("install", "--no-deps", "--no-index", *map(str, wheels))

    def uninstall(self, *names: str) -> None:
        self._pip("uninstall", *names)

    def _pip(self, verb: str, *arguments: str) -> None:
        flags = ("--quiet", "--offline", "--no-cache", "--no-config", "--python", str(self.folder))
        run(sys.executable, "-m", "uv", "pip", verb, *flags, *arguments, cwd=self.folder)


def run(*command: str, cwd: Path) -> str:
    """Run `command` and return its output; what it said is the message when it fails."""
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def build(project: Project, into: Path) -> Built:
    """Build the wheel from the source, then the sdist, and from that the wheel again."""
    command = (sys.executable, "-m", "build", "--no-isolation", str(project.folder), "--outdir")
    run(*command, str(into / "source"), "--wheel", cwd=into)
    run(*command, str(into / "sdist"), cwd=into)
    (wheel,) = (into / "source").glob("*.whl")
    (sdist,) = (into / "sdist").glob("*.tar.gz")
    (again,) = (into / "sdist").glob("*.whl")
    return Built(wheel=wheel, sdist=sdist, again=again)
