"""A key's values from a file or a pipe: what cannot be used is explained, and none of it is repeated."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import KEY, Outcome, run, shell

Here = Callable[..., Outcome]
Write = Callable[[str | bytes], Path]
# Nobody listens there, so that a key that was taken ends as inconclusive.
NOWHERE = ("--endpoint", "http://127.0.0.1:1")
TOML = "".join(f"{name} = {json.dumps(value)}\n" for name, value in KEY.items())
JSON = json.dumps(KEY)


def given(here: Here, path: Path | str) -> Outcome:
    return here("connectors", "test", "poloniex", "--credentials", str(path), *NOWHERE)


def refused(ended: Outcome, what: str, fix: str = "") -> None:
    """Check that a key was refused as misuse, in two lines that hold nothing of it."""
    lines = ended.err.splitlines()

    assert ended.out == ""
    assert len(lines) == 2, ended.err
    assert lines[0].startswith("Error: ")
    assert what in lines[0]
    assert lines[1].startswith("Fix: ")
    assert fix in lines[1]
    assert "CANARY" not in ended.err
    assert ended.code == 2


def taken(ended: Outcome) -> None:
    """Check that a key was read, and that nothing of it is shown but its end."""
    assert ended.code == 4, ended.err
    assert "key ending in RY-01" not in ended.out
    assert "key ending in Y-01" in ended.out
    assert "CANARY" not in ended.all


@pytest.mark.parametrize(
    "content",
    [
        TOML,
        JSON,
        "\ufeff" + TOML,
        "\ufeff" + JSON,
        "\n\n  " + JSON + "\n",
        "# my key\r\n" + TOML.replace("\n", "\r\n"),
        json.dumps({name: f" \t{value}\u200b\n" for name, value in KEY.items()}),
    ],
    ids=["toml", "json", "toml with a mark", "json with a mark", "blanks", "windows", "pasted blanks"],
)
def test_a_key_is_read_from_toml_or_json(here: Here, secret_file: Write, content: str) -> None:
    taken(given(here, secret_file(content)))


@pytest.mark.parametrize(
    ("content", "what", "fix"),
    [
        ("", "the credentials file is empty", "TOML or JSON"),
        (" \n\t\n", "the credentials file is empty", "TOML or JSON"),
        ("x" * 70_000, "the credentials file is larger than any key", "alone"),
        (b"x" * 10_000_000, "the credentials file is larger than any key", "alone"),
        (os.urandom(4) + bytes(range(128, 256)), "not text in UTF-8", "api_key, secret"),
        (TOML.encode("utf-16"), "not text in UTF-8", "api_key, secret"),
        (TOML.encode("utf-16-le"), "neither TOML nor JSON", "api_key, secret"),
        ("CANARY", "neither TOML nor JSON", "api_key, secret"),
        ('api_key = "a"\nsecret = CANARY', "neither TOML nor JSON (at line 2, column 10)", "api_key, secret"),
        ('api_key = "CANARY', "neither TOML nor JSON (at end of document)", "api_key, secret"),
        ('api_key = "CANARY"\napi_key = "CANARY"', "neither TOML nor JSON", "api_key, secret"),
        (JSON[:-1], "are not JSON", "api_key, secret"),
        ('{"api_key": "CANARY", "api_key": "b", "secret": "c"}', "are not JSON", "api_key, secret"),
        ("[" * 5000, "are not JSON", "api_key, secret"),
        (json.dumps([KEY]), "not an object with named fields", "api_key, secret"),
        (json.dumps("CANARY"), "neither TOML nor JSON", "api_key, secret"),
        ("{}", "API Key (api_key) is missing; Secret Key (secret) is missing", "api_key, secret"),
        ('api_key = ""\nsecret = " "', "API Key (api_key) is missing; Secret Key (secret) is missing", ""),
        ('apiKey = "CANARY"\nsecret = "CANARY"', "unknown field apiKey (did you mean api_key?)", "api_key, secret"),
        (json.dumps({**KEY, "CANARY" * 9: "x"}), "with a name that is not one of ours (not shown)", ""),
        (json.dumps({**KEY, "secret": 12345}), "Secret Key (secret) is not text", ""),
        (json.dumps({**KEY, "secret": None}), "Secret Key (secret) is missing", ""),
        (json.dumps({**KEY, "secret": ["CANARY"]}), "Secret Key (secret) is not text", ""),
        (json.dumps({"poloniex": KEY}), "unknown field poloniex; API Key (api_key) is missing", ""),
        (f"[poloniex]\n{TOML}", "are not JSON", "api_key, secret"),
        (json.dumps({**KEY, "secret": "CANARY\nCANARY"}), "a line break", ""),
        (json.dumps({**KEY, "secret": "CANARY\u201d"}), "not plain ASCII", ""),
        (json.dumps({**KEY, "secret": "CANARY" * 200}), "longer than 1024", ""),
    ],
)
def test_a_file_that_is_no_key_is_explained(
    here: Here, secret_file: Write, content: str | bytes, what: str, fix: str
) -> None:
    refused(given(here, secret_file(content)), what, fix)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o602, 0o601])
def test_a_file_that_others_may_open_is_refused(here: Here, secret_file: Write, mode: int) -> None:
    path = secret_file(TOML)
    path.chmod(mode)

    refused(given(here, path), "can be read by other users", "`chmod 600`")
    assert path.read_text(encoding="utf-8") == TOML


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_file_of_its_owner_alone_is_read(here: Here, secret_file: Write, mode: int) -> None:
    path = secret_file(TOML)
    path.chmod(mode)

    taken(given(here, path))


def test_a_file_that_is_not_there_is_explained(here: Here, tmp_path: Path) -> None:
    refused(given(here, tmp_path / "CANARY"), "cannot be opened: No such file or directory", "Check its name")


def test_a_folder_is_explained(here: Here, tmp_path: Path) -> None:
    refused(given(here, tmp_path), "is a folder", "Name the file itself")


def test_a_link_to_nothing_or_to_itself_is_explained(here: Here, tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")

    refused(given(here, tmp_path / "gone"), "cannot be opened: No such file or directory")
    refused(given(here, tmp_path / "loop"), "cannot be opened: Too many levels of symbolic links")


def test_a_socket_is_explained(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A socket's path has little room.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")

        refused(given(here, "s"), "cannot be opened: No such device or address")


def test_a_name_that_is_too_long_is_explained(here: Here) -> None:
    refused(given(here, "x" * 5000), "cannot be opened: File name too long")


def test_a_named_pipe_is_waited_for(here: Here, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    writer = threading.Timer(0.2, pipe.write_text, [TOML])
    writer.daemon = True
    writer.start()
    ended = given(here, pipe)

    taken(ended)


@pytest.mark.parametrize(
    "line",
    [
        "hashdata connectors test poloniex --endpoint http://127.0.0.1:1 --credentials <(printf %s '{0}')",
        "printf %s '{0}' | hashdata connectors test poloniex --endpoint http://127.0.0.1:1 --credentials -",
        "printf %s '{0}' | hashdata connectors test poloniex --endpoint http://127.0.0.1:1 --credentials /dev/stdin",
        "hashdata connectors test poloniex --endpoint http://127.0.0.1:1 --credentials - <<< '{0}'",
        "(sleep 0.2; echo '{0}') | hashdata connectors test poloniex --endpoint http://127.0.0.1:1 --credentials -",
    ],
    ids=["substitution", "pipe", "/dev/stdin", "here string", "late"],
)
def test_a_shell_can_hand_a_key_over_without_a_file(line: str) -> None:
    taken(shell(line.format(JSON)))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "standard input is empty"),
        (b"\n \n", "standard input is empty"),
        (b"x" * 10_000_000, "standard input is larger than any key"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"CANARY", "neither TOML nor JSON"),
    ],
)
def test_a_pipe_that_brings_no_key_is_explained(data: bytes, what: str) -> None:
    refused(run("connectors", "test", "poloniex", "--credentials", "-", *NOWHERE, stdin=data), what)


def test_swapped_values_are_pointed_out_and_still_tested(here: Here, secret_file: Write) -> None:
    swapped = {"api_key": "0a" * 64, "secret": "AAAAAAAA-BBBBBBBB-CCCCCCCC-DDDDDDDD"}

    ended = given(here, secret_file(json.dumps(swapped)))

    assert "Note: What was given as API Key looks like the Secret Key; are they swapped?" in ended.err
    assert ended.code == 4
