"""Files are read only where nobody else can read them, and replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import secrets
import signal
import socket
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hashdata.errors import StorageError
from hashdata.home import files, read_private, remove, replace, sweep, write_new
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.command import execute

Private = Callable[[str, bytes], Path]
KEEP = pytest.mark.parametrize("keep", [True, False], ids=["keep", "no copy"])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def open_umask() -> Iterator[None]:
    """Let new files be for everybody, unless they say otherwise."""
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file grow beyond `room` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_file_of_its_owner_alone_is_read(private: Private) -> None:
    assert read_private(private("one", b"content")) == b"content"


@pytest.mark.parametrize("bits", [0o600, 0o400, 0o700])
def test_what_the_owner_may_do_makes_no_difference(private: Private, bits: int) -> None:
    path = private("one", b"content")
    path.chmod(bits)

    assert read_private(path) == b"content"


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o644, 0o660, 0o606, 0o620, 0o602, 0o610, 0o601, 0o440, 0o404])
def test_a_file_that_others_may_open_is_refused(private: Private, bits: int) -> None:
    path = private("one", b"content")
    path.chmod(bits)

    with pytest.raises(StorageError, match=f"^{path} can be read by other users of this computer$") as raised:
        read_private(path)
    assert raised.value.fix.startswith("Run `chmod 600` on it.")


def test_a_file_that_may_be_shared_is_read_all_the_same(private: Private) -> None:
    path = private("one", b"content")
    path.chmod(0o644)

    assert read_private(path, shared=True) == b"content"


def test_a_credential_of_systemd_is_read(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    path = private("one", b"content")
    path.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(path.parent))

    assert read_private(path) == b"content"


@pytest.mark.parametrize("bits", [0o444, 0o460, 0o450, 0o404, 0o644])
def test_a_credential_that_more_than_the_service_may_open_is_refused(
    private: Private, monkeypatch: pytest.MonkeyPatch, bits: int
) -> None:
    path = private("one", b"content")
    path.chmod(bits)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(path.parent))

    with pytest.raises(StorageError, match="other users"):
        read_private(path)


def test_what_lies_beside_the_credentials_is_no_credential(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    path = private("one", b"content")
    path.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(path.parent / "credentials"))

    with pytest.raises(StorageError, match="other users"):
        read_private(path)


def test_no_file_is_none(tmp_path: Path) -> None:
    assert read_private(tmp_path / "one") is None


def test_a_link_to_a_private_file_is_read(private: Private, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(private("one", b"content"))

    assert read_private(tmp_path / "link") == b"content"


@pytest.mark.parametrize("shared", [True, False])
def test_a_folder_is_no_file(tmp_path: Path, *, shared: bool) -> None:
    with pytest.raises(StorageError, match=r"is no file$"):
        read_private(tmp_path, shared=shared)


def test_a_pipe_that_nobody_writes_to_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", mode=0o600)
    said: list[str] = []

    def read() -> None:
        try:
            read_private(tmp_path / "pipe")
        except StorageError as error:
            said.append(error.what)

    # In a thread, which the end of the tests does not wait for.
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(timeout=10)

    assert said == [f"{tmp_path / 'pipe'} is no file"]


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The path of a socket may have a hundred bytes only.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")

        with pytest.raises(StorageError, match="cannot be read"):
            read_private(tmp_path / "socket")


@pytest.mark.parametrize("name", ["file/below", "loop", "n" * 300])
def test_what_cannot_be_read_is_explained(private: Private, tmp_path: Path, name: str) -> None:
    private("file", b"")
    (tmp_path / "loop").symlink_to("loop")

    with pytest.raises(StorageError, match=r"cannot be read: [A-Z]") as raised:
        read_private(tmp_path / name)
    assert raised.value.fix == "Check who owns the file and its folder."


def test_a_file_is_not_read_beyond_all_measure(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_LARGEST", 100)

    assert read_private(private("enough", b"x" * 100)) == b"x" * 100
    with pytest.raises(StorageError, match="larger than any file of hashdata"):
        read_private(private("more", b"x" * 101))


@pytest.mark.parametrize("name", ["good", "shared", ".", "pipe"])
def test_no_file_is_left_open(private: Private, tmp_path: Path, name: str) -> None:
    private("good", b"content")
    private("shared", b"content").chmod(0o644)
    os.mkfifo(tmp_path / "pipe")
    before = os.dup(0)
    os.close(before)
    with suppress(StorageError):
        read_private(tmp_path / name)
    after = os.dup(0)
    os.close(after)

    assert after <= before


@KEEP
def test_a_file_that_was_not_there_is_written(tmp_path: Path, *, keep: bool) -> None:
    replace(tmp_path / "one", b"new", keep=keep)

    assert (tmp_path / "one").read_bytes() == b"new"
    assert names(tmp_path) == {"one"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(contents=st.lists(st.binary(max_size=300), min_size=2, max_size=4))
def test_the_file_is_the_last_that_was_written_and_the_copy_the_one_before(
    tmp_path: Path, contents: list[bytes]
) -> None:
    for content in contents:
        replace(tmp_path / "one", content)

    assert read_private(tmp_path / "one") == contents[-1]
    assert read_private(tmp_path / "one.bak") == contents[-2]
    assert names(tmp_path) == {"one", "one.bak"}


def test_the_copy_is_kept_where_files_have_one_name_only(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    path = private("one", b"old")
    monkeypatch.setattr(os, "link", no_link)
    with open_umask():
        replace(path, b"new")

    assert path.with_name("one.bak").read_bytes() == b"old"
    assert mode(path.with_name("one.bak")) == 0o600
    assert names(path.parent) == {"one", "one.bak"}


def test_what_was_taken_out_of_a_file_is_in_no_copy(private: Private) -> None:
    path = private("one", b"first")
    replace(path, b"second")
    replace(path, b"third", keep=False)

    assert path.read_bytes() == b"third"
    assert names(path.parent) == {"one"}


def test_what_is_written_is_for_the_owner_alone_whatever_the_umask(private: Private) -> None:
    path = private("one", b"old")
    with open_umask():
        replace(path, b"new")
        write_new(path.with_name("two"), b"new")

    assert {name: mode(path.with_name(name)) for name in ("one", "one.bak", "two")} == dict.fromkeys(
        ("one", "one.bak", "two"), 0o600
    )


def test_not_even_the_temporary_file_was_ever_open_to_others(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    path = private("one", b"old")
    modes = []
    real = os.replace

    def look(source: Path, target: Path) -> None:
        modes.append(mode(source))
        real(source, target)

    monkeypatch.setattr(os, "replace", look)
    with open_umask():
        replace(path, b"new")

    assert modes == [0o600, 0o600]


def test_a_file_that_is_kept_elsewhere_is_replaced_there(private: Private, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    path = private("elsewhere/one", b"old")
    (tmp_path / "link").symlink_to("elsewhere/one")
    replace(tmp_path / "link", b"new")

    assert (tmp_path / "link").readlink() == Path("elsewhere/one")
    assert path.read_bytes() == b"new"
    assert names(path.parent) == {"one", "one.bak"}
    assert names(tmp_path) == {"elsewhere", "link"}


@KEEP
@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_the_old_file_outlives_a_step_that_fails(
    private: Private, monkeypatch: pytest.MonkeyPatch, step: str, *, keep: bool
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    path = private("one", b"old")
    monkeypatch.setattr(os, step, fail)

    with pytest.raises(StorageError, match="cannot be written: Input/output error"):
        replace(path, b"new", keep=keep)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert names(path.parent) <= {"one", "one.bak"}


@KEEP
def test_the_old_file_outlives_a_full_disk(private: Private, *, keep: bool) -> None:
    path = private("one", b"old")

    with full_disk(4096), pytest.raises(StorageError, match="cannot be written") as raised:
        replace(path, b"x" * 10_000, keep=keep)
    assert raised.value.fix == "Free some space, or make its folder writable; the old file is as it was."
    assert path.read_bytes() == b"old"
    assert names(path.parent) == {"one"}


@KEEP
def test_the_old_file_stays_where_no_copy_can_be_kept_or_removed(private: Private, *, keep: bool) -> None:
    path = private("one", b"old")
    path.with_name("one.bak").mkdir()

    with pytest.raises(StorageError, match="cannot be written"):
        replace(path, b"new", keep=keep)
    assert path.read_bytes() == b"old"
    assert names(path.parent) == {"one", "one.bak"}


def test_a_folder_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written: No such file or directory"):
        replace(tmp_path / "none" / "one", b"new")


def test_a_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()

    with pytest.raises(StorageError, match="cannot be written"):
        replace(tmp_path / "one", b"new")
    assert names(tmp_path) == {"one"}


def sync_fails(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let the system answer with an error when it is asked to force a folder to disk."""
    real = os.fsync

    def sync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)


def test_a_file_system_that_cannot_sync_folders_is_no_fault(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    path = private("one", b"old")
    sync_fails(monkeypatch, errno.EINVAL)
    replace(path, b"new")

    assert path.read_bytes() == b"new"


def test_a_folder_that_does_not_reach_the_disk_is_told(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    path = private("one", b"old")
    sync_fails(monkeypatch, errno.EIO)

    with pytest.raises(StorageError, match="is written, but the system does not say that it is on the disk"):
        replace(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_copy_that_is_the_file_itself_leaves_no_third_name(private: Private) -> None:
    # A writer that was killed between the copy and the change leaves that.
    path = private("one", b"old")
    os.link(path, path.with_name("one.bak"))
    replace(path, b"new")

    assert path.read_bytes() == b"new"
    assert path.with_name("one.bak").read_bytes() == b"old"
    assert names(path.parent) == {"one", "one.bak"}


def test_a_file_is_removed_whether_it_is_there_or_not(private: Private) -> None:
    path = private("one", b"old")
    remove(path)
    remove(path)

    assert names(path.parent) == set()


def test_what_cannot_be_removed_is_explained(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(StorageError, match=r"folder cannot be removed: [A-Z]") as raised:
        remove(tmp_path / "folder")
    assert raised.value.fix == "Make its folder writable."


def test_a_link_that_was_laid_in_wait_is_not_followed(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    path, victim = private("one", b"old"), private("victim", b"theirs")
    monkeypatch.setattr(secrets, "token_hex", lambda _: "0" * 16)
    path.with_name(f".one.{'0' * 16}.tmp").symlink_to(victim)

    with pytest.raises(StorageError, match="cannot be written: File exists"):
        replace(path, b"new")
    assert victim.read_bytes() == b"theirs"
    assert path.read_bytes() == b"old"


def test_a_new_file_is_never_written_over_another(private: Private) -> None:
    path = private("one", b"old")

    with pytest.raises(StorageError, match=r"is there already$") as raised:
        write_new(path, b"new")
    assert raised.value.fix == "Choose another name."
    assert path.read_bytes() == b"old"


def test_a_new_file_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")

    with pytest.raises(StorageError, match="is there already"):
        write_new(tmp_path / "one", b"new")
    assert names(tmp_path) == {"one"}


def test_a_new_file_that_does_not_fit_is_not_there_by_half(tmp_path: Path) -> None:
    with full_disk(4096), pytest.raises(StorageError, match="cannot be written"):
        write_new(tmp_path / "one", b"x" * 10_000)

    assert names(tmp_path) == set()


_KILLED = """
import os, signal, sys
from pathlib import Path
from hashdata.home import replace
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
replace(Path(sys.argv[1]), b"new", keep=False)
"""


def test_what_a_killed_writer_left_is_swept(private: Private) -> None:
    path = private("one", b"old")
    ended = execute([sys.executable, "-c", _KILLED, str(path)])
    left = names(path.parent) - {"one"}
    swept = sweep(path.parent)

    assert ended.code == -signal.SIGKILL
    assert len(left) == 1
    assert {one.name for one in swept} == left
    assert names(path.parent) == {"one"}
    assert path.read_bytes() == b"old"


def test_nothing_else_is_swept(private: Private, tmp_path: Path) -> None:
    others = {"one", "one.bak", "notes.tmp", ".notes.tmp", f".one.{'0' * 15}.tmp", f"one.{'0' * 16}.tmp", ".tmp"}
    for name in others:
        private(name, b"")
    (tmp_path / f".folder.{'0' * 16}.tmp").mkdir()

    assert sweep(tmp_path) == []
    assert names(tmp_path) == {*others, f".folder.{'0' * 16}.tmp"}


def test_a_folder_that_is_not_there_has_nothing_to_sweep(tmp_path: Path) -> None:
    assert sweep(tmp_path / "none") == []
