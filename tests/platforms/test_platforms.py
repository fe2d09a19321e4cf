"""What differs between systems, decided on values that are passed in, and consoles that do not know every character."""

from __future__ import annotations

import email.utils
import errno
import json
import os
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hashdata.accounts import doctor
from hashdata.accounts.store import Store
from hashdata.answers import Raw
from hashdata.cli import key_input, terminal, testing
from hashdata.errors import StorageError, UsageError
from hashdata.exchange import ccxt_client
from hashdata.home import Home, files
from hashdata.recording import cassette

from tests.cli.command import HASHDATA, environment, execute, run

DENIED = ("connectors", "test", "poloniex", "--sandbox", "full-power")
OPEN_TO_ALL = stat.S_IFREG | 0o644


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "cp932", "latin-1"])
def test_a_console_that_does_not_know_a_character_loses_no_verdict(encoding: str) -> None:
    """The boxes to untick stand in typographic quotes, which many consoles do not have."""
    ended = subprocess.run(
        [HASHDATA, *DENIED], capture_output=True, env=environment(PYTHONIOENCODING=encoding), check=False, timeout=20
    )

    assert ended.returncode == 1
    assert "DENIED (practice)" in ended.stdout.decode(encoding)
    assert b"has a bug" not in ended.stderr


def test_a_console_that_knows_every_character_shows_them() -> None:
    ended = run(*DENIED, env={"PYTHONIOENCODING": "utf-8"})

    assert "\u201c" in ended.out
    assert ended.code == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-16"])
def test_a_document_is_plain_ascii_whatever_the_console_knows(encoding: str) -> None:
    ended = execute([HASHDATA, *DENIED, "--json"], env={"PYTHONIOENCODING": encoding})

    assert json.loads(ended.out)["verdict"] == "denied"
    assert ended.out.isascii()


@pytest.mark.parametrize(
    ("error", "platform", "expected"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "linux", True),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "win32", True),
        (OSError(errno.EINVAL, "Invalid argument"), "win32", True),
        (OSError(errno.EINVAL, "Invalid argument"), "linux", False),
        (OSError(errno.EINVAL, "Invalid argument"), "darwin", False),
        (OSError(errno.EINVAL, "Invalid argument", "a file"), "win32", False),
        (OSError(errno.ENOSPC, "No space left"), "win32", False),
    ],
)
def test_a_reader_that_has_gone_is_known_on_every_system(error: OSError, platform: str, expected: object) -> None:
    assert terminal.is_closed_pipe(error, platform) is expected


def test_a_file_is_refused_where_its_mode_lets_others_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="can be read by other users"):
        key_input._check_private(OPEN_TO_ALL, has_modes=True)

    assert capsys.readouterr().err == ""


def test_where_files_have_no_modes_it_is_said_that_nobody_checked(capsys: pytest.CaptureFixture[str]) -> None:
    key_input._check_private(OPEN_TO_ALL, has_modes=False)

    assert "does not tell hashdata who else can read the credentials file" in capsys.readouterr().err


@pytest.mark.parametrize("has_modes", [True, False])
def test_a_folder_is_refused_on_every_system(*, has_modes: bool) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        key_input._check_private(stat.S_IFDIR | 0o700, has_modes=has_modes)


def test_only_where_files_have_modes_is_it_said_who_can_read_one() -> None:
    assert testing._readers(has_modes=True) == ", which only you can read"
    assert testing._readers(has_modes=False) == ""


def test_files_are_opened_as_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Windows has a bit for it, and else changes line ends and stops at a Ctrl-Z."""
    binary = 1 << 30
    opened: list[int] = []
    plain = os.open

    def spy(path: Path, flags: int, mode: int = 0o777) -> int:
        opened.append(flags)
        return plain(path, flags & ~binary, mode)

    monkeypatch.setattr(os, "open", spy)
    monkeypatch.setattr(cassette, "_BINARY", binary)
    monkeypatch.setattr(key_input, "_BINARY", binary)
    cassette.write(tmp_path / "new", "a\n")
    key_input._from_file(tmp_path / "new")

    assert [bool(flags & binary) for flags in opened] == [True, True]


def test_a_stored_file_is_refused_where_its_mode_lets_others_read_it(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    path.write_bytes(b"{}")
    path.chmod(0o640)

    with pytest.raises(StorageError, match="can be read by other users"):
        files.read_private(path)
    assert files.read_private(path, shared=True) == b"{}"


def test_where_files_have_no_modes_a_stored_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Windows says 0666 of every file, and cannot open a folder to force its names to disk."""
    path = tmp_path / "vault.json"
    monkeypatch.setattr(files, "_HAS_MODES", False)
    files.replace(path, b"{}")
    path.chmod(0o666)

    assert files.read_private(path) == b"{}"


def test_stored_files_are_opened_as_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As above, for the files of the home."""
    binary = 1 << 30
    opened: list[int] = []
    plain = os.open

    def spy(path: Path, flags: int, mode: int = 0o777) -> int:
        opened.append(flags)
        return plain(path, flags & ~binary, mode)

    monkeypatch.setattr(os, "open", spy)
    monkeypatch.setattr(files, "_BINARY", binary)
    monkeypatch.setattr(files, "_HAS_MODES", False)
    files.replace(tmp_path / "new", b"a\n")
    files.read_private(tmp_path / "new")

    assert [bool(flags & binary) for flags in opened] == [True, True]


def test_where_files_have_no_modes_the_doctor_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "_HAS_MODES", False)
    (tmp_path / "home").mkdir()
    store = Store(Home(tmp_path / "home"), announce=lambda _: None)

    found = doctor.examine(store, None, [], datetime.now(UTC))

    assert [(one.check, one.grade, one.what) for one in found][:1] == [
        ("files", "note", "This system does not say who else can read the files.")
    ]


def test_a_wait_until_before_1970_is_no_wait_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows raises an OSError for local times before 1970."""

    class Windows(datetime):
        def timestamp(self) -> float:
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(ccxt_client, "parsedate_to_datetime", lambda _: Windows(1900, 1, 1))
    raw = Raw("GET", "/x", 429, {"retry-after": "Mon, 01 Jan 1900 00:00:00 -0000"}, "", 1)

    assert email.utils.parsedate_to_datetime(raw.headers["retry-after"]).tzinfo is None
    assert ccxt_client.retry_after(raw) is None


def test_the_parts_for_one_system_alone_are_known() -> None:
    """A new one belongs into the tests above, and into what the README says was not run."""
    root = Path(terminal.__file__).parents[1]
    marks = ("sys.platform", "os.name", "import resource", "import ctypes", "import fcntl", "import termios")
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(mark in path.read_text(encoding="utf-8") for mark in marks)
    }

    assert found == {
        "accounts/doctor.py",
        "cli/key_input.py",
        "cli/terminal.py",
        "cli/testing.py",
        "hardening.py",
        "home/files.py",
    }
