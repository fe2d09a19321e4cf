"""What the tests of the portal share: the real command as a process, the application with a clock, a raw client."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web
from hashdata.accounts.store import Store
from hashdata.home import find_home
from hashdata.portal.desk import Desk
from hashdata.portal.drafts import Drafts
from hashdata.portal.gate import Gate
from hashdata.portal.keeper import Keeper
from hashdata.portal.pace import Pace
from hashdata.portal.server import make_app

from tests.cli.command import PATIENCE, environment

ROOT = Path(__file__).parents[2]
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
Values = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and nothing that was followed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    def header(self, name: str) -> str | None:
        """Return a header that stands there once, None for one that is not there."""
        found = [value for known, value in self.headers if known.lower() == name.lower()]

        assert len(found) <= 1, f"{name} is there {len(found)} times"
        return found[0] if found else None

    @property
    def text(self) -> str:
        """Everything that was sent: headers and body."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers) + "\n\n" + self.body


@dataclass
class Client:
    """
    Sends what it is told, as no browser would.

    `host` is the name with port that it asks for, and its pages' origin;
    `seen` are all answers so far.
    """

    port: int
    host: str
    cookie: str | None = None
    csrf: str = ""
    seen: list[Answer] = field(default_factory=list)

    def ask(
        self, method: str, target: str, body: bytes | str | None = None, headers: Mapping[str, Values] | None = None
    ) -> Answer:
        """Send one request; a header of None is left out, and one of several values is sent so often."""
        content = body.encode() if isinstance(body, str) else body
        sent: dict[str, Values] = {"Host": self.host, "Cookie": self.cookie}
        if content is not None:
            sent |= {
                "Origin": f"http://{self.host}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(content)),
            }
        sent |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                for one in (value,) if isinstance(value, str) else value or ():
                    connection.putheader(name, one)
            connection.endheaders(content)
            got = connection.getresponse()
            answer = Answer(got.status, tuple(got.getheaders()), got.read().decode())
        finally:
            connection.close()
        self.seen.append(answer)
        return answer

    def get(self, target: str, **headers: Values) -> Answer:
        """Send a GET; `Sec_Fetch_Site` stands for `Sec-Fetch-Site`."""
        return self.ask("GET", target, headers=_named(headers))

    def post(self, target: str, fields: Mapping[str, str] | None = None, **headers: Values) -> Answer:
        """Send a form with its token."""
        return self.ask("POST", target, urlencode({"csrf": self.csrf, **(fields or {})}), _named(headers))

    def enter(self, link: str) -> None:
        """Come in by the link, and read the token of the forms."""
        answer = self.get(link)
        cookie = answer.header("Set-Cookie")

        assert answer.status == 303
        assert cookie is not None
        self.cookie = cookie.partition(";")[0]
        found = _TOKEN.search(self.get("/add/poloniex").body)

        assert found is not None
        self.csrf = found[1]

    def test(self, key: Mapping[str, str], label: str = "main", connector: str = "poloniex") -> str:
        """Have a key tested to its end, and return the path of its page."""
        began = self.post(f"/add/{connector}", {"label": label, **key})

        assert began.status == 303, began.body
        path = began.header("Location")

        assert path is not None
        self.get(f"{path}/events")
        return path


def _named(headers: Mapping[str, Values]) -> dict[str, Values]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass
class Portal:
    """A portal that runs; its `address` is the line that it printed, without `Open `."""

    process: subprocess.Popen[bytes]
    address: str
    home: Path
    out: Path
    err: Path
    started: float = 0.0

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port

        assert port is not None
        return port

    @property
    def link(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.path}?{parts.query}"

    @property
    def said(self) -> str:
        return self.out.read_text() + self.err.read_text()

    def client(self, host: str | None = None) -> Client:
        """Return a client that has not come in."""
        return Client(self.port, host or self.host)

    def entered(self) -> Client:
        """Return a client that came by the link."""
        client = self.client()
        client.enter(self.link)
        return client

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


@contextmanager
def running(folder: Path, *arguments: str, **env: str) -> Iterator[Portal]:
    """Run the command with its home and its output in `folder`, and end it."""
    folder.mkdir(exist_ok=True)
    home, out, err = folder / "home", folder / "out", folder / "err"
    began = time.monotonic()
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = subprocess.Popen(
            [sys.executable, "-m", "hashdata", "portal", "--no-open", *arguments],
            cwd=ROOT,
            env={**_without_key_file(), "HASHDATA_HOME": str(home), **env},
            stdin=subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_err,
        )
    try:
        until(lambda: "\n" in out.read_text() or process.poll() is not None)
        line = out.read_text()

        assert line.startswith("Open http://"), line + err.read_text()
        yield Portal(process, line.removeprefix("Open ").strip(), home, out, err, time.monotonic() - began)
    finally:
        process.kill()
        process.wait(PATIENCE)


def _without_key_file() -> dict[str, str]:
    return {name: value for name, value in environment().items() if name != "HASHDATA_KEY_FILE"}


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """Run a portal of one's own, on practice exchanges."""
    with running(tmp_path / "portal", "--sandbox") as one:
        yield one


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Run one portal for all tests that leave it as it is."""
    with running(tmp_path_factory.mktemp("portal"), "--sandbox") as one:
        yield one


@pytest.fixture(scope="session")
def entered(shared: Portal) -> Client:
    """Return the one client that came by the link of the shared portal."""
    return shared.entered()


@pytest.fixture
def client(entered: Client) -> Client:
    """Return a client of the shared portal with the cookie and the token."""
    return Client(entered.port, entered.host, entered.cookie, entered.csrf)


class Hands:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Served:
    """The application in a thread of this process, whose clocks are all `clock`."""

    clock: Hands
    desk: Desk
    port: int

    def client(self) -> Client:
        return Client(self.port, f"127.0.0.1:{self.port}")

    def entered(self) -> Client:
        client = self.client()
        client.enter(self.desk.gate.new_link())
        return client


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Serve the application over HTTP, with a clock and a home of its own, on practice exchanges."""
    monkeypatch.setenv("HASHDATA_HOME", str(tmp_path / "home"))
    clock = Hands()
    store = Store(find_home(), lambda _: None)
    gate = Gate(hosts=frozenset(), clock=clock)
    desk = Desk(
        store=store,
        gate=gate,
        keeper=Keeper(store, None, clock),
        is_practice=True,
        clock=clock,
        drafts=Drafts(clock),
        pace=Pace(clock),
    )
    with in_thread(make_app(desk)) as port:
        gate.hosts = frozenset({f"127.0.0.1:{port}"})
        yield Served(clock, desk, port)


@contextmanager
def in_thread(app: web.Application) -> Iterator[int]:
    """Serve an application in a thread and yield its port."""
    loop, stop, ready, ports = asyncio.new_event_loop(), asyncio.Event(), threading.Event(), list[int]()

    async def work() -> None:
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(work(),), daemon=True)
    thread.start()

    assert ready.wait(PATIENCE)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run another command on the home of a portal."""
    return subprocess.run(
        [sys.executable, "-m", "hashdata", *arguments],
        cwd=ROOT,
        env={**_without_key_file(), "HASHDATA_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def on_path(*sites: Path) -> str:
    """Return PYTHONPATH with `sites` before what is there."""
    return os.pathsep.join(filter(None, (*map(str, sites), os.environ.get("PYTHONPATH"))))


def interrupt(process: subprocess.Popen[bytes], sign: signal.Signals) -> int:
    """Send a signal and return how the process ends."""
    process.send_signal(sign)
    return process.wait(PATIENCE)


def stored_labels(home: Path) -> Sequence[str]:
    """Return the labels that are stored in a home, as its file has them."""
    file = home / "accounts.toml"
    return list(tomllib.loads(file.read_text())["accounts"]) if file.exists() else []
