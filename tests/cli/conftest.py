"""What the tests of the command share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hashdata.cli import run

from tests.cli.command import Outcome

Here = Callable[..., Outcome]


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """Return what runs a command inside this process, for where a process of its own makes no difference."""
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run_here(*arguments: str) -> Outcome:
        capfd.readouterr()
        code = run(list(arguments))
        out, err = capfd.readouterr()
        return Outcome(code, out, err)

    return run_here


@pytest.fixture
def secret_file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Return what writes a file that only its owner can read."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "key"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return path

    return write
