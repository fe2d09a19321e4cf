"""`--record` as a person uses it: what is written, shown, asked and refused, and that the file replays."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of, persona_of

from tests.canaries import CREDENTIALS, shows
from tests.cassettes.checks import problems
from tests.cassettes.replaying import replay

PERSONAS = [
    ("poloniex", "read-only"),
    ("poloniex", "full-power"),
    ("poloniex", "older-wrong-key"),
    ("poloniex", "skewed-clock"),
    ("poloniex", "captcha"),
    ("poloniex", "unknown-answer"),
    ("poloniex-futures", "frozen"),
    ("poloniex-futures", "never-opened"),
    ("poloniex-futures", "classic-narrow"),
    ("poloniex-futures", "retired"),
]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "hashdata", "connectors", "test", *arguments]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[Path, dict[str, object]]]:
    """Record with every persona through the command line, side by side."""
    folder = tmp_path_factory.mktemp("recordings")
    running = {}
    for name, persona in PERSONAS:
        path = folder / f"{name}-{persona}.yaml"
        arguments = command(name, "--sandbox", persona, "--json", "--record", str(path))
        process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        running[name, persona] = (path, process)
    return {who: (path, json.loads(process.communicate(timeout=30)[0])) for who, (path, process) in running.items()}


def grants(report: dict[str, object]) -> dict[str, str]:
    permissions = report["permissions"]
    assert isinstance(permissions, dict)
    return {name: permission["grant"] for name, permission in permissions.items()}


@pytest.mark.parametrize(("name", "persona"), PERSONAS, ids=str)
def test_a_recording_replays_to_the_same_verdict(
    recorded: dict[tuple[str, str], tuple[Path, dict[str, object]]], name: str, persona: str
) -> None:
    path, report = recorded[name, persona]
    credentials = persona_of(exchange_of(find(name)), persona).credentials

    again = replay(path, name, credentials).to_json()

    assert (again["verdict"], again["cause"]) == (report["verdict"], report["cause"])
    assert grants(again) == grants(report)
    assert problems(path.read_text(encoding="ascii")) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), input=given, capture_output=True, text=True, timeout=30, check=False)


def test_without_a_terminal_it_is_shown_and_written(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"

    done = run("poloniex", "--sandbox", "wrong-key", "--record", str(path))

    assert done.returncode == 3
    assert path.read_text(encoding="ascii") in done.stderr
    assert "of 7 answers" in done.stderr
    assert "not asked or not answered: POST /orders, POST /wallets/withdraw." in done.stderr
    assert done.stderr.rstrip().endswith("docs/donating.md says how, and where to send it.")


@pytest.mark.parametrize(("typed", "is_written"), [("yes\n", True), ("no\n", False), ("\n", False)])
def test_on_a_terminal_it_is_written_only_when_told_so(tmp_path: Path, typed: str, is_written: bool) -> None:  # noqa: FBT001
    path = tmp_path / "file.yaml"
    ours, theirs = pty.openpty()
    # What is written to the terminal must be read, or the program waits.
    drain = threading.Thread(target=_drain, args=(ours,), daemon=True)
    drain.start()
    process = subprocess.Popen(
        command("poloniex", "--sandbox", "wrong-key", "--record", str(path)),
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.write(ours, typed.encode())

    assert process.wait(timeout=30) == 3
    assert path.exists() == is_written
    os.close(theirs)


def _drain(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(descriptor, 4096):
            pass


def test_when_nothing_was_answered_no_file_is_written(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"

    done = run(
        "poloniex",
        "--endpoint",
        "http://127.0.0.1:9",
        "--credentials",
        "-",
        "--record",
        str(path),
        given=json.dumps(CREDENTIALS),
    )

    assert done.returncode == 4
    assert "no file was written" in done.stderr
    assert not path.exists()


@pytest.mark.parametrize("place", ["taken.yaml", "dangling.yaml", "nowhere/file.yaml", "a" * 300 + "/file.yaml"])
def test_a_place_that_cannot_be_written_to_is_refused_before_anything_is_asked(tmp_path: Path, place: str) -> None:
    (tmp_path / "taken.yaml").write_text("mine", encoding="ascii")
    (tmp_path / "dangling.yaml").symlink_to(tmp_path / "elsewhere")

    done = run("poloniex", "--sandbox", "read-only", "--record", str(tmp_path / place))

    assert (done.returncode, done.stdout) == (2, "")
    assert "the file to record to" in done.stderr
    assert (tmp_path / "taken.yaml").read_text(encoding="ascii") == "mine"
    assert not (tmp_path / "elsewhere").exists()


class Echo(BaseHTTPRequestHandler):
    """Answers every request with one of its own headers."""

    header = "signature"
    hint = "{}"

    def do_GET(self) -> None:
        content = json.dumps({"code": 7, "hint": [self.hint.format(self.headers.get(self.header, ""))]}).encode()
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextlib.contextmanager
def echoing(header: str, hint: str = "{}") -> Iterator[str]:
    handler = type("Handler", (Echo,), {"header": header, "hint": hint})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def record_at(origin: str, path: Path) -> subprocess.CompletedProcess[str]:
    given = json.dumps(CREDENTIALS)
    return run("poloniex", "--endpoint", origin, "--credentials", "-", "--record", str(path), given=given)


@pytest.mark.parametrize(("header", "hint"), [("key", "no key {}"), ("signature", "{}"), ("signature", "not {}")])
def test_an_exchange_that_echoes_what_it_was_sent_is_not_recorded(tmp_path: Path, header: str, hint: str) -> None:
    with echoing(header, hint) as origin:
        done = record_at(origin, tmp_path / "file.yaml")

    assert done.returncode == 5
    assert "repeats a part of the key or a signature, so the recording was not written" in done.stderr
    assert not shows(done.stdout + done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_an_exchange_that_states_the_key_as_a_value_is_recorded_without_it(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    with echoing("key") as origin:
        done = record_at(origin, path)

    assert done.returncode == 4
    assert "hint" in path.read_text(encoding="ascii")
    assert not shows(path.read_text(encoding="ascii") + done.stdout + done.stderr)
