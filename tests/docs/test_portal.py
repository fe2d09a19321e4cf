"""What the page on the portal says of its rules, its times and its start is what the portal does."""

from __future__ import annotations

import asyncio
import http.client
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hashdata.accounts.adding import Place, Proven, submit
from hashdata.accounts.store import Store
from hashdata.errors import ExitCode
from hashdata.home import Home
from hashdata.portal import desk, drafts, gate, keeper, pace, server
from hashdata.portal.views import accounts
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of
from hashdata.tester.runs import practise
from hashdata.tester.session import Options
from hashdata.vault import KeyFile
from hashdata.vault.means import SHORTEST_PASSPHRASE

from tests.cli.command import HASHDATA, environment
from tests.docs.documents import code, named

PAGE = named("docs/portal.md")
RULES = PAGE.table("rule", "answer otherwise", "what it stops")
OTHER = "PRACTICE-0THER-PRACTICE-0THER-00001"
TIMES = {row[0]: row[1] for row in PAGE.table("what", "how long")}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its headers, the cookie that it sets, and its text."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def cookie(self) -> str:
        return self.headers["Set-Cookie"].partition(";")[0]


@dataclass(frozen=True, slots=True)
class Started:
    """A portal that runs: what it printed first, and where it listens."""

    process: subprocess.Popen[str]
    line: str

    @property
    def port(self) -> int:
        return urlsplit(self.line.split()[1]).port or 0

    @property
    def link(self) -> str:
        parts = urlsplit(self.line.split()[1])
        return f"{parts.path}?{parts.query}"

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        """Send one request as a client that is no browser does, under the portal's address unless told otherwise."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded", **sent})
            with connection.getresponse() as response:
                return Answer(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()


@pytest.fixture(name="started")
def _started(tmp_path: Path) -> Iterator[Started]:
    """Yield a portal for practice that has printed its link."""
    home = environment(HASHDATA_HOME=str(tmp_path / "home"))
    with subprocess.Popen(
        [HASHDATA, "portal", "--no-open", "--sandbox"],
        env=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Started(process, process.stdout.readline())
        finally:
            process.kill()


def test_it_prints_a_line_as_shown_and_ends_by_ctrl_c(started: Started) -> None:
    (shown,) = (block.text for block in PAGE.blocks if block.text.startswith("Open "))
    pattern = re.escape(shown).replace("0123456789ab", "[0-9a-f]{12}").replace("50123", r"\d+")
    started.process.send_signal(signal.SIGINT)

    assert re.fullmatch(pattern.replace(r"\.\.\.", r"[\w-]{40,}"), started.line)
    assert started.process.wait(10) == ExitCode.INTERRUPTED
    assert f"(exit code {ExitCode.INTERRUPTED:d})" in PAGE.text


def test_each_rule_is_answered_by_the_status_of_the_page(started: Started) -> None:
    ours = f"127.0.0.1:{started.port}"
    cookie = started.ask("GET", started.link).cookie
    origin = f"http://{ours}"
    answers = {
        "`Host`": started.ask("GET", "/", Host="rebound.example", Cookie=cookie),
        "`Sec-Fetch-Site`": started.ask("GET", "/", Cookie=cookie, Sec_Fetch_Site="same-site"),
        "`Origin`": started.ask("POST", "/lock", Cookie=cookie, Origin="http://evil.example"),
        "Every form": started.ask("POST", "/lock", "csrf=guessed", Cookie=cookie, Origin=origin),
        "The browser came": started.ask("GET", started.link),
        "Every other page": started.ask("GET", "/"),
        "The name": started.ask("GET", "/", Host=f"hd-0123456789ab.localhost:{started.port}", Cookie=cookie),
        "A request has": started.ask("POST", "/lock", "a" * (server.LARGEST_REQUEST + 1), Cookie=cookie, Origin=origin),
    }
    told = {start: row[1] for start in answers for row in RULES if row[0].startswith(start)}

    assert started.ask("GET", "/", Cookie=cookie).status == 200
    assert {start: str(answer.status) for start, answer in answers.items()} == told
    assert len(RULES) == len(told) + 2
    assert all(answer.headers[name] == value for answer in answers.values() for name, value in gate.HEADERS.items())


def test_the_headers_are_those_of_the_code() -> None:
    assert {code(row[0]) for row in PAGE.table("header", "what it stops")} == set(gate.HEADERS)


def test_the_options_are_those_of_the_command() -> None:
    (usage,) = (block.text for block in PAGE.blocks if block.text.startswith("hashdata portal ["))
    rows = [code(row[0]) for row in PAGE.table("option", "what it does")]

    assert usage.strip() == "hashdata portal " + " ".join(f"[{option}]" for option in rows)


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    minutes = {
        "the login link": gate.LINK_SECONDS,
        "a typed key, from the start of its test": drafts.KEEP_SECONDS,
        "the opened vault": keeper.IDLE_SECONDS,
        "the portal": server.IDLE_SECONDS,
    }

    assert {what: TIMES[what].split()[:2] for what in TIMES} == {
        what: [f"{seconds / 60:.0f}", "minutes"] for what, seconds in minutes.items()
    }
    assert f"within {gate.LINK_SECONDS / 60:.0f} minutes" in PAGE.text
    assert f"nobody has used it for {server.IDLE_SECONDS / 60:.0f} minutes" in PAGE.text
    assert f"At most {pace.PER_MINUTE} tests begin within a minute" in PAGE.text
    assert f"at most {server.LARGEST_REQUEST // 1024} KiB" in PAGE.text
    assert f"At most {drafts._MOST} typed keys" in PAGE.text
    assert f"its last {accounts._MOST_TESTS} tests" in PAGE.text
    assert f"at least {SHORTEST_PASSPHRASE} characters" in PAGE.text


def test_an_eleventh_test_within_a_minute_has_to_wait() -> None:
    now = 0.0
    paced = pace.Pace(clock=lambda: now)
    waits = [paced.wait() for _ in range(pace.PER_MINUTE + 1)]
    now = 60.0

    assert waits == [0] * pace.PER_MINUTE + [60]
    assert paced.wait() == 0


def test_the_pages_are_named_as_the_portal_names_them() -> None:
    templates = Path(desk.__file__).parent / "templates"
    shown = "".join(path.read_text(encoding="utf-8") for path in templates.glob("*.html"))
    rows = [row[0] for row in PAGE.table("page", "what it does")]

    assert [name for name in rows if name != "Account" and f">{name}" not in shown.replace(": ", ": >")] == []


def test_with_sandbox_no_stored_key_of_a_real_account_is_reached(started: Started, tmp_path: Path) -> None:
    """Neither to be tested at its exchange, nor to give way to a key that was accepted in practice."""
    connector = find("poloniex")
    exchange = exchange_of(connector)
    persona = next(one for one in exchange.personas if one.name == "read-only")
    proven = Proven(
        connector=connector,
        credentials=connector.schema.bind(persona.credentials),
        report=asyncio.run(practise(connector, exchange, persona, Options())),
    )
    file = tmp_path / "vault.key"
    file.touch(mode=0o600)
    file.write_bytes(bytes(range(32)))
    store = Store(Home(tmp_path / "home"), lambda _: None)
    vault = store.make_vault(KeyFile(file))
    real = submit(store, vault, "treasury", proven, Place())
    practice = replace(proven, credentials=connector.schema.bind({**persona.credentials, "api_key": OTHER}))
    submit(store, vault, "exercise", practice, Place(persona=persona.name))
    cookie = started.ask("GET", started.link).cookie
    token = re.findall(r'name="csrf" value="([^"]+)"', started.ask("GET", "/add/poloniex", Cookie=cookie).text)
    listed = started.ask("GET", "/", Cookie=cookie).text
    sent = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{started.port}"}
    actions = ("test", "rotate", "remove", "rename")
    posted = [started.ask("POST", f"/accounts/{real.id}/{what}", f"csrf={token[0]}", **sent).status for what in actions]

    assert "exercise" in listed
    assert "treasury" not in listed
    assert posted == [404] * len(actions)
    assert "no stored key of a real account is used or replaced" in PAGE.text


def program(folder: Path, name: str, *lines: str) -> None:
    file = folder / name
    file.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    file.chmod(0o755)


@pytest.mark.parametrize(("user", "has_one", "expected"), [(0, False, 0), (1000, False, 1), (1000, True, 0)])
def test_make_test_finds_a_browser_or_tells_how(tmp_path: Path, user: int, expected: int, *, has_one: bool) -> None:
    """On a system that has only what is written here: `apt-get` puts a Chromium beside itself."""
    chromium = tmp_path / "chromium"
    program(tmp_path, "id", f"echo {user}")
    program(tmp_path, "apt-get", f'echo "$@" >>"{tmp_path}/asked"', f': >"{chromium}"', f'/bin/chmod 755 "{chromium}"')
    if has_one:
        program(tmp_path, "chromium")
    script = Path(__file__).parents[1] / "portal" / "chromium.sh"
    ended = subprocess.run(
        ["/bin/sh", script], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    asked = (tmp_path / "asked").read_text() if (tmp_path / "asked").exists() else ""

    assert ended.returncode == expected, ended.stderr
    assert ("install -y" in asked) == (user == 0 and not has_one)
    assert ended.stderr.count("\n") == expected
    assert ("'sudo apt-get install -y chromium'" in ended.stderr) == bool(expected)
