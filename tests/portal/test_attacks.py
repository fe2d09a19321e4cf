"""What a page, a plugin, an exchange or a person in a hurry can do to the portal, tried."""

from __future__ import annotations

import gzip
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hashdata.portal import server
from hashdata.portal.pace import PER_MINUTE
from hashdata_poloniex.practice_keys import values

from tests.accounts.conftest import home
from tests.canaries import CREDENTIALS, KEY, SECRET
from tests.cli.conftest import Here, here
from tests.leaks.search import assert_clean
from tests.portal.conftest import (
    ROOT,
    Answer,
    Client,
    Portal,
    Served,
    command,
    interrupt,
    on_path,
    running,
    until,
)
from tests.portal.test_gate import assert_protected
from tests.registry.plugins import Plugin

__all__ = ["here", "home"]

SCRIPT = "<script>alert(1)</script>"
PAYLOAD = f"{SCRIPT}\"'><img src=x onerror=alert(2)>{{{{7*7}}}}"
READ_ONLY, UNKNOWN = values(1), values(5)

# Everything that a connector and its exchange can say is an attack; the practice key works.
HOSTILE = """
from dataclasses import replace

from hashdata.credentials import CredentialSchema
from hashdata.hookspecs import ConnectorInfo, Sister, hookimpl
from hashdata_poloniex.connector import API_KEY, MAIN, SECRET, Poloniex
from hashdata_poloniex.guide import GUIDE
from hashdata_poloniex.practice_keys import key, values
from hashdata_poloniex.sandbox import PracticePoloniex

BAD = PAYLOAD
BODY = '{"code": 77777, "message": ' + __import__("json").dumps(BAD) + "}"


class Hostile(Poloniex):
    @hookimpl
    def describe(self):
        return ConnectorInfo(
            name="hostile", title=BAD, homepage="https://example.com", apis=(replace(MAIN, limits=(BAD,)),),
            sisters=(Sister(connector="poloniex", why=BAD),),
        )

    @hookimpl
    def credential_schema(self):
        return CredentialSchema((replace(API_KEY, label=BAD, hint=BAD), replace(SECRET, label=BAD, hint=BAD)))

    @hookimpl
    def guide(self):
        step = replace(
            GUIDE.variants[0].steps[0], title=BAD, text=BAD, warning=BAD, tick=(BAD,), untick=(BAD,)
        )
        first = replace(
            GUIDE.variants[0], title=BAD, when=BAD, source=BAD, address="javascript:alert(3)", steps=(step,)
        )
        return replace(GUIDE, title=BAD, about=(BAD,), afterwards=(BAD,), help=BAD, variants=(first,), variant_for=())

    @hookimpl
    def sandbox(self):
        return Practice


class Practice(PracticePoloniex):
    def __init__(self):
        made = (key(1, BAD, BAD), key(2, "odd", BAD))
        super().__init__(made)

    def answer(self, request, now_ms):
        reply = super().answer(request, now_ms)
        refuses = request.headers.get("key") == values(2)["api_key"] and request.method == "POST"
        return replace(reply, status=400, body=BODY) if refuses else reply


connector = Hostile()
""".replace("PAYLOAD", repr(PAYLOAD))
# Its only practice key is the canary, so that a test of it is accepted.
CANARY = f"""
from hashdata.credentials import Credentials
from hashdata.hookspecs import ConnectorInfo, hookimpl
from hashdata.practice import Persona
from hashdata_poloniex.connector import MAIN, Poloniex
from hashdata_poloniex.practice_keys import PracticeKey
from hashdata_poloniex.sandbox import PracticePoloniex

HELD = {CREDENTIALS!r}


class Canary(Poloniex):
    @hookimpl
    def describe(self):
        return ConnectorInfo(name="canary", title="Canary", homepage="https://example.com", apis=(MAIN,))

    @hookimpl
    def sandbox(self):
        return lambda: PracticePoloniex(
            [PracticeKey(persona=Persona(name="only", about="", credentials=HELD), held=HELD)]
        )


connector = Canary()
"""


class Page(HTMLParser):
    """What a browser would do with a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def assert_tame(text: str, scripts: int = 1) -> None:
    """Fail when a page holds anything that a template does not hold."""
    page = Page(text)
    sources = [value for tag, name, value in page.attributes if (tag, name) == ("script", "src")]
    links = [value for _, name, value in page.attributes if name in {"href", "src", "action", "formaction", "data"}]

    assert page.tags.count("script") == scripts
    assert sources == ["/static/portal.js"] * scripts
    assert not {"img", "iframe", "object", "embed", "base", "style", "svg"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert all(re.match(r"/(?!/)|[#?]|https://|$", link) for link in links), links
    assert ">49<" not in text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    site = tmp_path_factory.mktemp("site")
    Plugin(name="hostile", source=HOSTILE, alone=True).install(site)
    Plugin(name="broken", source=f"raise ImportError({PAYLOAD!r})", alone=True).install(site)
    key_file = site / "vault.key"
    key_file.touch(mode=0o600)
    key_file.write_bytes(bytes(range(32)))
    folder = tmp_path_factory.mktemp("hostile")
    with running(folder, "--sandbox", "--key-file", str(key_file), PYTHONPATH=on_path(site)) as one:
        yield one


@pytest.fixture(scope="module")
def victim(hostile: Portal) -> Client:
    return hostile.entered()


def test_a_hostile_connector_cannot_write_into_pages(victim: Client) -> None:
    for path in ("/add", "/add/hostile", "/add/hostile?variant=today", f"/add/hostile?variant={SCRIPT}"):
        answer = victim.get(path.replace("<", "%3C").replace(">", "%3E"))

        assert answer.status == 200
        assert "&lt;script&gt;alert(1)" in answer.body
        assert_tame(answer.body)


def test_the_names_of_what_was_wrong_cannot_write_into_the_form(victim: Client) -> None:
    answer = victim.post("/add/hostile", {"label": f"/{PAYLOAD}", "api_key": PAYLOAD, "secret": PAYLOAD})

    assert answer.status == 400
    assert_tame(answer.body)


def test_a_hostile_label_and_exchange_cannot_write_into_a_report(victim: Client) -> None:
    label = "<b onclick=alert(1)>\"'<img src=x onerror=alert(2)>{{7*7}}"
    path = victim.test(values(2), label, "hostile")
    answer = victim.get(path)

    assert answer.status == 200
    assert "&lt;script&gt;alert(1)" in answer.body
    assert "code 77777" in answer.body
    assert_tame(answer.body)


def test_what_is_sent_while_a_test_runs_is_tame_too(victim: Client) -> None:
    path = victim.test(values(2), "while", "hostile")
    stream = victim.get(f"{path}/events")
    states = [json.loads(line.removeprefix("data: ")) for line in stream.body.splitlines() if line]

    assert stream.header("Content-Type") == "text/event-stream"
    assert states[-1]["over"] is True
    for state in states:
        assert_tame(state["html"], scripts=0)
    assert_protected(stream)


def test_a_hostile_account_cannot_write_into_any_page(victim: Client) -> None:
    label = "<b onclick=alert(1)>\"'<img src=x onerror=alert(2)>"
    path = victim.test(values(1), label, "hostile")
    stored = victim.post(f"{path}/submit")
    account = stored.header("Location")

    assert (stored.status, account is not None) == (303, True), stored.body
    pages = [victim.get(f"{account}{more}") for more in ("", "/rotate", "/remove")]
    pages += [victim.get("/"), victim.post(f"{account}/rename", {"label": f"/{label}"})]
    going = victim.post(f"{account}/test").header("Location") or ""
    until(lambda: "Done: 1 of 1" in victim.get(going).body)
    pages.append(victim.get(going))

    for answer in pages:
        assert "&lt;b onclick" in answer.body
        assert_tame(answer.body)


@pytest.mark.parametrize("size", [16 * 1024 + 1, 1024 * 1024])
def test_a_body_that_is_too_large_is_refused(client: Client, size: int) -> None:
    answer = client.ask("POST", "/add/poloniex", b"a" * size)

    assert answer.status == 413
    assert_protected(answer)


def test_a_body_that_says_nothing_of_its_size_is_refused_when_it_is_too_large(client: Client) -> None:
    chunk = b"1000\r\n" + b"a" * 4096 + b"\r\n"
    answer = client.ask(
        "POST", "/lock", chunk * 8 + b"0\r\n\r\n", {"Content-Length": None, "Transfer-Encoding": "chunked"}
    )

    assert answer.status == 413


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity", "nonsense"])
def test_a_packed_body_is_not_unpacked(client: Client, encoding: str) -> None:
    bomb = gzip.compress(b"a" * 10_000_000)
    answers = [client.ask("POST", "/lock", body, {"Content-Encoding": encoding}) for body in (bomb, b"csrf=")]

    assert {answer.status for answer in answers} <= {400, 403}
    for answer in answers:
        # What aiohttp cannot even read, it refuses by itself, with a line of plain text.
        if answer.header("Content-Type") != "text/plain; charset=utf-8":
            assert_protected(answer)


def test_a_hundred_tests_a_minute_are_ten(served: Served) -> None:
    client = served.entered()
    answers = [client.post("/add/poloniex", {"label": f"n{number}", **UNKNOWN}) for number in range(100)]
    refused = [answer for answer in answers if answer.status == 429]

    assert [answer.status for answer in answers] == [303] * PER_MINUTE + [429] * (100 - PER_MINUTE)
    assert {answer.header("Retry-After") for answer in refused} == {"60"}
    assert_protected(refused[0])


def test_after_a_minute_tests_may_begin_again(served: Served) -> None:
    client = served.entered()
    for number in range(PER_MINUTE):
        client.post("/add/poloniex", {"label": f"n{number}", **UNKNOWN})
    served.clock.turn(59.4)
    early = client.post("/add/poloniex", {"label": "early", **UNKNOWN})
    served.clock.turn(0.6)

    assert (early.status, early.header("Retry-After")) == (429, "1")
    assert client.post("/add/poloniex", {"label": "late", **UNKNOWN}).status == 303


def test_keys_that_are_typed_wrong_cost_no_test(served: Served) -> None:
    client = served.entered()
    for _ in range(PER_MINUTE * 2):
        assert client.post("/add/poloniex", {"label": "x", "api_key": "short"}).status == 400

    assert client.post("/add/poloniex", {"label": "x", **UNKNOWN}).status == 303


@pytest.mark.parametrize("path", ["/", "/accounts/x", "/accounts/x/rotate", "/rounds/x"])
def test_damage_to_what_is_stored_is_told_in_words_and_protected(served: Served, path: str) -> None:
    client = served.entered()
    home = served.desk.store.home.path
    home.mkdir(mode=0o700)
    (home / "accounts.toml").touch(mode=0o600)
    (home / "accounts.toml").write_text("[[\n")
    answers = [client.get(path), client.post("/accounts/test"), client.post("/add/poloniex", {"label": "x", **UNKNOWN})]

    for answer in answers:
        assert "bug" not in answer.body
        assert "Traceback" not in answer.body
        assert answer.status == 404 or "accounts.toml" in answer.body
        assert_protected(answer)
    assert [answer.status for answer in answers] == [404 if path.startswith("/rounds") else 500, 500, 500]


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Portal]:
    """Run a portal with a connector for which the canary is the one key that works."""
    Plugin(name="canary", source=CANARY, alone=True).install(tmp_path / "site")
    key_file = tmp_path / "vault.key"
    key_file.touch(mode=0o600)
    key_file.write_bytes(bytes(range(32)))
    folder = tmp_path / "canary"
    with running(folder, "--sandbox", "--key-file", str(key_file), PYTHONPATH=on_path(tmp_path / "site")) as one:
        yield one


def test_no_answer_no_output_and_no_file_holds_anything_of_a_key(canary: Portal) -> None:
    client = canary.entered()
    client.post("/add/poloniex", {"label": "", **CREDENTIALS})
    client.post("/add/poloniex", {"label": "wrong", "api_key": KEY, "secret": SECRET[:-1]})
    client.post("/add/poloniex", {"label": "wrong", "api_key": f"{KEY}\u2019", "secret": SECRET, "csrf": "no"})
    client.get(client.test(CREDENTIALS, "unknown"))
    path = client.test(CREDENTIALS, "main", "canary")
    client.get(path)
    stored = client.post(f"{path}/submit")
    account = stored.header("Location")

    assert (stored.status, account is not None) == (303, True), stored.status
    for target in ("/", account or "", f"{account}/rotate", f"{account}/remove", "/add", "/add/poloniex", path):
        client.get(target)
    client.get(client.post(f"{account}/test").header("Location") or "")
    client.ask("POST", f"{path}/submit", f"csrf={client.csrf}&api_key={KEY}&secret={SECRET}")
    client.ask("POST", f"/{KEY}", f"csrf={client.csrf}&secret={SECRET}")
    ended = interrupt(canary.process, signal.SIGINT)
    files = [file for file in canary.home.rglob("*") if file.is_file()]

    assert ended == 130
    assert {file.name for file in files} >= {"accounts.toml", "vault.json"}
    # The page for a new key shows the practice keys, and this one is a practice key there.
    shown = [answer for answer in client.seen if "Practice keys to paste" not in answer.body]
    assert len(shown) > 12
    assert_clean("an answer", *(answer.text for answer in shown))
    assert_clean("the output", canary.said)
    assert_clean("a file", *(file.read_bytes().decode("latin-1") for file in files))


def test_what_was_typed_is_gone_from_a_form_with_problems_but_for_the_label(client: Client) -> None:
    answer = client.post("/add/poloniex", {"label": "kept", "api_key": "CANARY-typed"})

    assert answer.status == 400
    assert 'value="kept"' in answer.body
    assert "CANARY" not in answer.text


def test_the_output_holds_the_link_and_nothing_of_any_request(portal: Portal) -> None:
    client = portal.entered()
    client.get("/s3cr3t-path?s3cr3t=query", Referer="http://s3cr3t/", User_Agent="s3cr3t")
    client.post("/lock", {"s3cr3t": "s3cr3t"}, Origin="s3cr3t")
    client.ask("POST", "/lock", b"\xff s3cr3t", {"Content-Type": "multipart/form-data"})
    for nonsense in (b"s3cr3t\r\n\r\n", b"GET / HTTP/1.1\r\nHost: s3cr3t\x1b[2J\x01\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", portal.port), timeout=5) as connection:
            connection.sendall(nonsense)
            connection.recv(65536)
    interrupt(portal.process, signal.SIGINT)

    assert portal.out.read_text() == f"Open {portal.address}\n"
    assert portal.err.read_text().strip() == "Stopped."


def test_the_link_is_the_first_line_and_is_there_at_once(portal: Portal) -> None:
    assert re.fullmatch(r"Open http://hd-[0-9a-f]{12}\.localhost:\d+/login\?token=[\w-]{43}\n", portal.out.read_text())
    assert portal.process.poll() is None
    assert portal.err.read_text() == ""


def test_each_run_has_another_name_port_and_link(portal: Portal, shared: Portal) -> None:
    assert portal.host.partition(":")[0] != shared.host.partition(":")[0]
    assert portal.link != shared.link


def test_only_this_computer_can_reach_it(shared: Portal) -> None:
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path("/proc/net", table).read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{shared.port:04X}")]

    assert listening == [f"0100007F:{shared.port:04X}"]


def test_it_ends_with_130_when_it_is_interrupted(portal: Portal) -> None:
    client = portal.entered()
    client.post("/add/poloniex", {"label": "slow", **values(14)})

    assert interrupt(portal.process, signal.SIGINT) == 130
    assert portal.err.read_text() == "Stopped.\n"


def test_a_port_that_is_in_use_ends_it_with_2(shared: Portal, tmp_path: Path) -> None:
    ended = command(tmp_path, "portal", "--no-open", "--port", str(shared.port))

    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"port {shared.port} of 127.0.0.1 cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "port", ["-1", "65536", "9" * 20, "0000099999", "http", "", " 80", "8o", "\u0663", "1.5", "0x50", "1_0"]
)
def test_a_port_that_cannot_be_one_ends_it_with_2(here: Here, home: Path, port: str) -> None:
    told = here("portal", "--no-open", f"--port={port}")

    assert (told.code, told.out) == (2, "")
    assert "Traceback" not in told.err
    assert not home.exists()


def test_a_port_can_be_chosen(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with running(tmp_path / "chosen", "--port", str(port)) as chosen:
        assert chosen.port == port
        assert "Practice keys" not in chosen.entered().get("/add/poloniex").body


def test_the_help_names_every_option(here: Here) -> None:
    told = here("portal", "--help")

    assert told.code == 0
    assert all(option in told.out for option in ("--port", "--no-open", "--sandbox", "--key-file"))


def test_no_option_takes_a_key(here: Here) -> None:
    told = here("portal", "--secret", "CANARY-in-an-argument")

    assert told.code == 2
    assert "CANARY" not in told.all


_IDLE = """
import sys
from hashdata.cli import run
from hashdata.portal import server
server.IDLE_SECONDS, server._LOOK_EVERY = 0.5, 0.05
sys.exit(run(["portal", "--no-open", "--sandbox"]))
"""


@pytest.fixture
def restless(tmp_path: Path) -> Iterator[Portal]:
    """Run the command as it is, but for its patience."""
    out, err = tmp_path / "out", tmp_path / "err"
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = subprocess.Popen(
            [sys.executable, "-c", _IDLE],
            cwd=ROOT,
            env={"PATH": "", "PYTHONPATH": on_path(), "HASHDATA_HOME": str(tmp_path / "home")},
            stdin=subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_err,
        )
    try:
        until(lambda: "\n" in out.read_text() or process.poll() is not None)
        yield Portal(process, out.read_text().removeprefix("Open ").strip(), tmp_path / "home", out, err)
    finally:
        process.kill()
        process.wait(10)


def test_it_ends_by_itself_when_nobody_uses_it(restless: Portal) -> None:
    assert server.IDLE_SECONDS == 1800
    assert restless.process.wait(10) == 0
    assert "has ended" in restless.err.read_text()


def test_who_is_not_let_in_does_not_keep_it_running(restless: Portal) -> None:
    client = restless.client()

    def ended() -> bool:
        try:
            answers: list[Answer] = [client.get("/"), client.post("/lock"), client.get("/", Host="evil.example")]
        except OSError:
            return True
        assert [answer.status for answer in answers] == [401, 401, 421]
        return restless.process.poll() is not None

    until(ended, 5)

    assert restless.process.wait(10) == 0
