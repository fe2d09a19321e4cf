"""What a person meets when something goes wrong: the page says what, and what to do, and goes on once it is mended."""

from __future__ import annotations

import asyncio
import re
import resource
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest
from hashdata.accounts.account import Account
from hashdata.accounts.adding import Place, Proven, submit
from hashdata.permissions import Permission
from hashdata.portal.desk import Desk
from hashdata.portal.drafts import KEEP_SECONDS, Drafts
from hashdata.portal.gate import Gate
from hashdata.portal.keeper import Keeper
from hashdata.portal.pace import Pace
from hashdata.portal.server import make_app
from hashdata.practice import Reply, Request
from hashdata.registry import find
from hashdata.tester.report import Report
from hashdata.tester.runs import examine
from hashdata.tester.session import Options
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from tests.accounts import exchange as exchanges
from tests.accounts.exchange import Exchange, values
from tests.cli.command import PATIENCE
from tests.faults.catalogue import HTML, JSON, PAGE, answers, said, sends
from tests.faults.server import Misbehave, Wire, misbehaving
from tests.faults.test_retest import Server, Stored, standing
from tests.portal.browser import (
    PHRASE,
    Portal,
    Visit,
    add_account,
    chromium_fixture,
    fill,
    page_fixture,
    portal_fixture,
    running,
    try_key,
    visiting_fixture,
)
from tests.portal.conftest import Hands, command, in_thread, on_path

__all__ = ["chromium_fixture", "page_fixture", "portal_fixture", "visiting_fixture"]

_Given = TypeVar("_Given")
LONG = PATIENCE * 1000
# How many seconds a test of all accounts may take that one exchange leaves hanging.
HURRY = 4.0
_FAULT_OF_OURS = "Failed to load resource: the server responded with a status of 5"
_GONE = "the connector poloniex-futures is missing or broken"


@dataclass
class Skewed(Exchange):
    """A standing exchange whose clock is `ahead_ms` ahead."""

    ahead_ms: int = 0

    def answer(self, request: Request, now_ms: int) -> Reply:
        return super().answer(request, now_ms + self.ahead_ms)


class Moody(Server):
    """An exchange that misbehaves at everything it is asked, as long as it is told to."""

    def __init__(self, practice: Skewed) -> None:
        super().__init__(practice, "any")
        self.practice = practice

    @asynccontextmanager
    async def serving(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[None]:
        async with misbehaving(self.exchange, None, self._answer, tls=tls) as (self.port, self.log):
            yield


class Witness(Visit):
    """A visit in which a page may tell of a fault of this computer, which Chromium notes on its console."""

    def _noted(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(_FAULT_OF_OURS):
            super()._noted(message)


@dataclass
class Bench:
    """A portal in this process, whose clock a test turns, with the account `main` of an exchange that it turns bad."""

    server: Moody
    stored: Stored
    report: Report
    desk: Desk
    clock: Hands
    visit: Visit
    page: Page

    @property
    def accounts(self) -> Path:
        return self.stored.store.home.accounts

    @property
    def vault(self) -> Path:
        return self.stored.store.home.vault

    @property
    def held(self) -> int:
        """The number of the key that the account has."""
        return int(self.stored.account.last4 or 0)

    @property
    def spare(self) -> int:
        """The number of the other key of the same account of the exchange."""
        return 4 - self.held

    def open(self, path: str = "/") -> Page:
        """Open a page, more than a minute after whatever was before."""
        self.clock.turn(61)
        self.page.goto(self.visit.portal.origin + path)
        return self.page

    def account(self, part: str = "") -> Page:
        """Open a page of the account."""
        return self.open(f"/accounts/{self.stored.account.id}{part}")

    def test_again(self) -> Page:
        """Test the account to the end."""
        press(self.account(), "Test again")
        expect(self.page.get_by_role("status")).to_contain_text("Done", timeout=LONG)
        return self.page

    def type_new_key(self, given: dict[str, str]) -> Page:
        """Press Test Keys for a new key of the account."""
        type_key(self.account("/rotate"), given)
        return self.page

    def try_new_key(self, given: dict[str, str] | None = None) -> Locator:
        """Test a new key of the account to the end and return what came of it."""
        outcome = self.type_new_key(given or values(self.spare)).locator(".outcome")
        expect(outcome).to_be_visible(timeout=LONG)
        return outcome

    def check_no_secret(self) -> None:
        """Check that nothing of any key is on the page."""
        shown = self.page.content()

        assert not [value for number in range(1, 10) for value in values(number).values() if value in shown]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def type_key(page: Page, given: dict[str, str]) -> None:
    page.get_by_label("API Key").fill(given.get("api_key", ""))
    page.get_by_label("Secret Key").fill(given.get("secret", ""))
    press(page, "Test Keys")


@contextmanager
def replaced(file: Path, content: bytes) -> Iterator[None]:
    """Let a file hold something else, which nobody may write over, until the block ends."""
    before = file.read_bytes()
    file.write_bytes(content)
    try:
        yield

        assert file.read_bytes() == content
    finally:
        file.write_bytes(before)


@contextmanager
def apart(served: AbstractContextManager[_Given]) -> Iterator[_Given]:
    """Enter and leave a context in another thread, because Playwright keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(served.__enter__).result()
        thread.submit(served.__exit__, None, None, None).result()


def _stored(folder: Path, origin: str) -> tuple[Stored, Report]:
    connector = find("poloniex")
    report = asyncio.run(examine(connector, connector.schema.bind(values(1)), Options(), loopback=origin))
    return Stored.accepted(folder, connector, values(1), report, Place(endpoint=origin)), report


@contextmanager
def bench_in(
    folder: Path, chromium: Browser, origin: str | None = None, *, bypass_csp: bool = False
) -> Iterator[Bench]:
    """Serve a portal on a home in `folder`; its account is at `origin` where one is given."""
    server, clock = Moody(Skewed(3, accounts={3: 1})), Hands()
    with standing(server), ThreadPoolExecutor(1) as thread:
        stored, report = thread.submit(_stored, folder, origin or server.origin).result()
        gate, keeper = Gate(hosts=frozenset(), clock=clock), Keeper(stored.store, folder / "vault.key", clock)
        desk = Desk(store=stored.store, gate=gate, keeper=keeper, clock=clock, drafts=Drafts(clock), pace=Pace(clock))
        with apart(in_thread(make_app(desk))) as port:
            gate.hosts = frozenset({f"127.0.0.1:{port}"})
            link = f"http://127.0.0.1:{port}{gate.new_link()}"
            portal = Portal(None, link, stored.store.home.path)  # type: ignore[arg-type]  # it is this process
            visit = Witness(portal, chromium.new_context(bypass_csp=bypass_csp))
            try:
                yield Bench(server, stored, report, desk, clock, visit, visit.enter())
            finally:
                visit.context.close()

    assert visit.faults == []


@pytest.fixture
def bench(tmp_path: Path, chromium: Browser) -> Iterator[Bench]:
    with bench_in(tmp_path, chromium) as one:
        yield one


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Bench]:
    """Return a bench for tests that mend what they break."""
    with bench_in(tmp_path_factory.mktemp("shared"), chromium) as one:
        yield one


class Fault(NamedTuple):
    """A fault of an exchange, the words for it in a history, and what a page must say of it and of what to do."""

    name: str
    cause: str
    says: str
    fix: str
    misbehave: Misbehave | None = None
    ahead_ms: int = 0
    seconds: float = 20.0


async def _hang(_: Wire) -> None:
    await asyncio.sleep(60)


_BROKEN = "The exchange cannot be reached, or the connection broke."
_AT_LOOPBACK = "Check that a server listens at the endpoint on this computer, then test again."
_OUT_OF_ORDER = "The exchange is under maintenance or out of order."
_LOOK = "Look at the exchange's status page and test again later."
_OTHER = "Something other than the exchange's API answered, such as a captcha, a gateway or a proxy."
_NETWORK = "Test from a network without a proxy or sign-in page, or wait until the exchange stops blocking"
_BEHIND = "This computer's clock is 90 s behind the exchange's, too far."
_CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n[{"
_SLOWER = '{"code": 429, "msg": "Too many requests"}'
REFUSED = Fault("refused", "network", _BROKEN, _AT_LOOPBACK)
FAULTS = [
    Fault("cut", "network", _BROKEN, _AT_LOOPBACK, sends(_CUT)),
    Fault("hangs", "timeout", "No complete answer came in time.", "Test again", _hang, seconds=1.0),
    Fault("500", "maintenance", _OUT_OF_ORDER, _LOOK, answers("500 Internal Server Error", PAGE, HTML)),
    Fault("502", "maintenance", _OUT_OF_ORDER, _LOOK, answers("502 Bad Gateway", PAGE, HTML)),
    Fault("maintenance", "maintenance", _OUT_OF_ORDER, _LOOK, answers("503 Service Unavailable", PAGE, HTML)),
    Fault("429", "rate limited", "The exchange asks to slow down.", "Wait", answers("429 Slow Down", _SLOWER, JSON)),
    Fault("captcha", "not the api", _OTHER, _NETWORK, answers("200 OK", PAGE, HTML)),
    Fault("cloudflare", "not the api", _OTHER, _NETWORK, answers("403 Forbidden", PAGE, HTML, "Server: cloudflare")),
    Fault("malformed", "not the api", _OTHER, _NETWORK, said('[{"id": 1')),
    Fault("skew", "clock", _BEHIND, "clock", ahead_ms=90_000),
]


class Suffering(NamedTuple):
    """A fault, the exchange that has it, and the account there with the state that it had before."""

    fault: Fault
    server: Moody
    before: Account


@pytest.fixture(scope="module")
def suffering(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[tuple[Bench, list[Suffering]]]:
    """Return a bench with an account at one exchange for each fault, and the last at none; all were tested again."""
    with ExitStack() as all_of_them, bench_in(tmp_path_factory.mktemp("faults"), chromium) as bench:
        store, connector, several = bench.stored.store, find("poloniex"), []
        vault = store.unlock(bench.stored.means)
        for number, fault in enumerate((*FAULTS, REFUSED), 11):
            server = Moody(Skewed(99, accounts={88: number}))
            all_of_them.enter_context(standing(server))
            own = replace(bench.report, account_id=str(10**17 + number))
            proven = Proven(connector=connector, credentials=connector.schema.bind(values(number)), report=own)
            place = Place(endpoint="http://127.0.0.1:9" if fault is REFUSED else server.origin)
            several.append(Suffering(fault, server, submit(store, vault, fault.name, proven, place)))
            server.misbehave, server.practice.ahead_ms = fault.misbehave, fault.ahead_ms
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("hashdata.portal.rounds.Options", partial(Options, timeout=HURRY))
            press(bench.open(), "Test all again")
            expect(bench.page.get_by_role("status")).to_contain_text("Done", timeout=LONG)
        yield bench, several


def test_a_round_names_each_fault_and_the_list_shows_the_attempt_beside_the_verdict(
    suffering: tuple[Bench, list[Suffering]],
) -> None:
    bench, several = suffering
    bench.open("/rounds/all")
    expect(bench.page.get_by_role("alert")).to_have_count(0)
    for fault, *_ in several:
        link = bench.page.get_by_role("link", name=fault.name, exact=True)
        expect(bench.page.locator(".results li").filter(has=link)).to_contain_text(f"Inconclusive {fault.says}")
    bench.check_no_secret()
    bench.open()
    for fault, *_ in several:
        link = bench.page.get_by_role("link", name=fault.name, exact=True)
        card = bench.page.locator(".card").filter(has=link)
        expect(card.locator(".verdict")).to_have_text("Accepted")
        expect(card.locator(".state")).to_contain_text("last attempt inconclusive")


@pytest.mark.parametrize("number", range(len(FAULTS) + 1), ids=[fault.name for fault in (*FAULTS, REFUSED)])
def test_a_fault_of_the_exchange_is_told_and_leaves_the_stored_verdict(
    suffering: tuple[Bench, list[Suffering]], number: int
) -> None:
    bench, several = suffering
    fault, _, before = several[number]
    vault, page = bench.vault.read_bytes(), bench.open(f"/accounts/{before.id}")
    expect(page.locator(".facts .verdict")).to_have_text("Accepted (practice)")
    expect(page.locator(".facts")).to_contain_text(f"inconclusive ({fault.cause})")
    expect(page.locator(".timeline li").first).to_contain_text(f"Inconclusive {fault.cause}")
    expect(page.locator(".report .lead")).to_contain_text(fault.says)
    expect(page.locator(".report .fix")).to_contain_text(fault.fix)
    bench.check_no_secret()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hashdata.portal.desk.Options", partial(Options, timeout=fault.seconds))
        type_key(bench.open(f"/accounts/{before.id}/rotate"), values(88))
        outcome = page.locator(".outcome")
        expect(outcome.locator("h2 .verdict")).to_have_text("Inconclusive (practice)", timeout=LONG)
    expect(outcome.locator(".lead")).to_contain_text(fault.says)
    expect(outcome.locator(".fix")).to_contain_text(fault.fix)
    expect(page.get_by_role("button", name="Submit")).to_have_count(0)
    bench.check_no_secret()
    after = bench.stored.store.stored().find(fault.name)

    assert bench.vault.read_bytes() == vault
    assert (after.key, after.standing) == (before.key, before.standing)


def test_every_exchange_that_is_well_again_finds_its_key_accepted(suffering: tuple[Bench, list[Suffering]]) -> None:
    bench, several = suffering
    before = several[0].before
    type_key(bench.open(f"/accounts/{before.id}/rotate"), values(88))
    again = bench.page.get_by_role("button", name="Test it again")
    expect(again).to_be_visible(timeout=LONG)
    for _, one, _ in several:
        one.misbehave, one.practice.ahead_ms = None, 0
    again.click()
    press(bench.page, "Submit")
    expect(bench.page.locator(".facts")).to_contain_text("ending in 0088")
    press(bench.open(), "Test all again")
    expect(bench.page.get_by_role("status")).to_contain_text("Done", timeout=LONG)
    bench.open()

    expect(bench.page.locator(".card").filter(has_text="last attempt").locator("h2")).to_have_text([REFUSED.name])


def test_an_exchange_that_comes_back_to_its_address_finds_the_key_accepted(tmp_path: Path, chromium: Browser) -> None:
    practice = Exchange(3, accounts={3: 1})
    with ExitStack() as up:
        origin = up.enter_context(exchanges.standing(practice))
        with bench_in(tmp_path, chromium, origin) as bench:
            up.close()
            expect(bench.test_again().locator(".results li")).to_contain_text(f"main Inconclusive {_BROKEN}")
            with exchanges.standing(practice, int(origin.rpartition(":")[2])):
                expect(bench.test_again().locator(".results li")).to_contain_text("main Accepted")
            expect(bench.open().locator(".card .state")).not_to_contain_text("last attempt")


def test_a_key_that_gained_a_power_is_told_on_every_page_until_it_has_lost_it_again(shared: Bench) -> None:
    shared.server.practice.powers[shared.held] = frozenset({Permission.TRADE})
    alert = shared.test_again().get_by_role("alert")
    expect(alert).to_contain_text("Accepted before, denied now")
    expect(alert).to_contain_text("The key can place orders")
    shared.check_no_secret()
    alert = shared.open().get_by_role("alert")
    expect(alert).to_contain_text("1 key is denied")
    expect(alert).to_contain_text("Change the key at the exchange, or take it out of use.")
    alert.get_by_role("link", name="main").click()
    page = shared.page
    expect(page.locator(".facts .verdict")).to_have_text("Denied (practice)")
    expect(page.locator(".timeline .verdict")).to_have_text(["Denied", "Accepted"])
    expect(page.locator(".report .fix")).to_be_visible()
    shared.server.practice.powers[shared.held] = frozenset()

    expect(shared.test_again().get_by_role("alert")).to_have_count(0)
    expect(shared.account().locator(".timeline .verdict")).to_have_text(["Accepted", "Denied", "Accepted"])
    expect(shared.open().get_by_role("alert")).to_have_count(0)


WRONG = {
    "key": (values(9), "The exchange does not know this key."),
    "secret": (values(3) | {"secret": values(2)["secret"]}, "does not accept the secret that goes with this key."),
    "both swapped": ({"api_key": values(3)["secret"], "secret": values(3)["api_key"]}, "does not know this key."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_key_that_was_typed_wrongly_is_told_and_typed_again(shared: Bench, name: str) -> None:
    vault, (given, says) = shared.vault.read_bytes(), WRONG[name]
    outcome = shared.try_new_key(given)
    expect(outcome.locator("h2 .verdict")).to_have_text("Unusable (practice)")
    expect(outcome.locator(".lead")).to_contain_text(says)
    expect(outcome.locator(".fix")).to_contain_text("again, whole")
    shared.check_no_secret()
    assert shared.vault.read_bytes() == vault
    shared.page.get_by_role("link", name="Enter the key again").click()
    type_key(shared.page, values(shared.spare))

    expect(shared.page.get_by_role("button", name="Submit")).to_be_visible()


class Form(NamedTuple):
    """A form with mistakes, and what its page must say; key 0 is the one that is stored."""

    label: str
    number: int | None
    left_out: str
    says: list[str]


FORMS = {
    "nothing": Form("", None, "", ["The label is empty.", "API Key", "Secret Key"]),
    "no secret": Form("new", 2, "secret", ["Secret Key"]),
    "a long label": Form("x" * 65, 2, "", ["The label is longer than 64 characters."]),
    "a taken label": Form("MAIN", 2, "", ["There is an account main already."]),
    "a stored key": Form("new", 0, "", ["This key is stored already, as main."]),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_mistakes_names_them_and_tests_nothing(
    shared: Bench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    form = FORMS[name]
    # In practice, so that no mistake of ours could reach the real exchange.
    monkeypatch.setattr(shared.desk, "is_practice", True)
    if not shared.desk.keeper.is_open:
        shared.test_again()
    page = shared.open("/add/poloniex")
    page.get_by_label("Label").evaluate("input => input.removeAttribute('maxlength')")
    page.get_by_label("Label").fill(form.label)
    given = {} if form.number is None else values(form.number or shared.held)
    type_key(page, {field: value for field, value in given.items() if field != form.left_out})

    expect(page.get_by_role("alert").get_by_role("listitem")).to_contain_text(form.says)
    expect(page).to_have_title("Problem: Add Poloniex - hashdata")
    shared.check_no_secret()


def test_the_key_that_an_account_has_already_is_no_new_one(shared: Bench) -> None:
    shared.test_again()
    alert = shared.type_new_key(values(shared.held)).get_by_role("alert")

    expect(alert).to_contain_text("That is the key that main has already. Make a new key first")
    shared.check_no_secret()


def test_a_key_of_another_account_leaves_the_old_one_until_the_right_one_comes(shared: Bench) -> None:
    vault, spare = shared.vault.read_bytes(), shared.spare
    shared.try_new_key(values(2))
    press(shared.page, "Submit")
    expect(shared.page.get_by_role("alert")).to_contain_text("belongs to another account of the exchange")
    expect(shared.page.get_by_role("alert")).to_contain_text("Make the key in the right account")
    shared.check_no_secret()
    assert shared.vault.read_bytes() == vault
    shared.try_new_key()
    press(shared.page, "Submit")

    expect(shared.page.locator(".facts")).to_contain_text(f"ending in {spare:04d}")


def test_a_draft_that_expired_says_so_and_leads_back_to_the_form(shared: Bench) -> None:
    held = shared.held
    shared.try_new_key()
    shared.clock.turn(KEEP_SECONDS + 1)
    press(shared.page, "Submit")

    expect(shared.page.locator("body")).to_contain_text(re.compile("(ten|10) minutes"))
    expect(shared.page.locator("main a").first).to_be_visible()
    assert shared.held == held


@pytest.fixture
def a_submit(shared: Bench) -> str:
    """Return the path of a page on which an accepted key waits for Submit; the vault is open."""
    shared.test_again()
    shared.try_new_key()
    return shared.page.url.removeprefix(shared.visit.portal.origin)


def test_a_vault_that_is_damaged_is_told_wherever_it_is_needed(shared: Bench, a_submit: str) -> None:
    good, accounts, spare = shared.vault.read_bytes(), shared.accounts.read_bytes(), shared.spare
    account = f"/accounts/{shared.stored.account.id}"
    assert shared.desk.keeper.is_open
    with replaced(shared.vault, good[: len(good) // 2]):
        for path, button in ((account, "Test again"), (f"{account}/remove", "Remove it"), (a_submit, "Submit")):
            press(shared.open(path), button)
            alert = shared.page.get_by_role("alert")
            expect(alert).to_contain_text("vault.json is damaged")
            expect(alert).to_contain_text("Restore the file from vault.json.bak beside it")
            shared.check_no_secret()
            shared.desk.keeper.lock()
        assert shared.accounts.read_bytes() == accounts
    press(shared.open(a_submit), "Submit")

    expect(shared.page.locator(".facts")).to_contain_text(f"ending in {spare:04d}")
    expect(shared.test_again().locator(".results li")).to_contain_text("main Accepted")


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "locked"])
def test_a_vault_that_is_gone_is_told_and_no_other_takes_its_place(bench: Bench, *, is_open: bool) -> None:
    if is_open:
        bench.test_again()
    elsewhere = bench.vault.rename(bench.vault.with_name("elsewhere"))
    press(bench.account(), "Test again")
    expect(bench.page.locator("main")).to_contain_text(re.compile("vault.*(gone|no vault|missing|removed)"))
    assert not bench.vault.exists()
    elsewhere.rename(bench.vault)

    expect(bench.test_again().locator(".results li")).to_contain_text("main Accepted")


def test_accounts_that_cannot_be_read_are_told_on_every_page_and_come_back(shared: Bench, a_submit: str) -> None:
    spare, account = shared.spare, f"/accounts/{shared.stored.account.id}"
    damaged = shared.accounts.read_bytes().replace(b"verdict = ", b"verdict == ")

    def check() -> None:
        told = shared.page.get_by_role("alert")
        expect(told).to_contain_text("accounts.toml is not TOML (line 16, column 10)")
        expect(told).to_contain_text("The file was left as it is. Correct that place, or restore it")
        shared.check_no_secret()

    with replaced(shared.accounts, damaged):
        for path in ("/", account, a_submit):
            shared.open(path)
            check()
        type_key(shared.open("/add/poloniex"), values(2))
        check()
    asked = ((account, "Test again"), (f"{account}/remove", "Remove it"), (f"{account}/rotate", "Test Keys"))
    for path, button in (*asked, (a_submit, "Submit")):
        shared.open(path)
        with replaced(shared.accounts, damaged):
            press(shared.page, button)
            check()
    press(shared.open(a_submit), "Submit")

    expect(shared.page.locator(".facts")).to_contain_text(f"ending in {spare:04d}")


def test_an_account_that_was_changed_by_hand_counts_for_nothing_until_it_is_tested(shared: Bench) -> None:
    text = shared.accounts.read_text()
    shared.accounts.write_text(text.replace('attempt = "accepted"', 'attempt = "denied"'))
    card = shared.open().locator(".card")
    expect(card.locator(".verdict")).not_to_have_text("Accepted")
    expect(card.locator(".notes")).to_contain_text("changed by hand or damaged; test it again", ignore_case=True)
    expect(shared.account().locator(".facts")).to_contain_text("changed by hand or damaged", ignore_case=True)

    expect(shared.test_again().locator(".results li")).to_contain_text("main Accepted")
    expect(shared.open().locator(".card .verdict")).to_have_text("Accepted")


def test_an_account_that_was_removed_meanwhile_is_told_by_all_that_its_open_pages_ask(
    bench: Bench,
) -> None:
    account = f"/accounts/{bench.stored.account.id}"
    bench.try_new_key()
    a_submit = bench.page.url.removeprefix(bench.visit.portal.origin)
    pages = [bench.visit.tab(path) for path in (account, account, f"{account}/remove", f"{account}/rotate", a_submit)]
    key_file = bench.vault.parent.parent / "vault.key"
    removed = command(bench.vault.parent, "accounts", "remove", "main", "--yes", "--key-file", str(key_file))
    assert removed.returncode == 0, removed.stderr
    pages[1].locator("summary", has_text="Rename").click()
    for page, button in zip(pages, ("Test again", "Rename", "Remove it", "Test Keys", "Submit"), strict=True):
        press(page, button)
    problems = [page.locator("main").inner_text() for page in pages]

    assert [text for text in problems if not re.search("removed|no longer", text)] == []
    expect(bench.open().get_by_role("heading", level=2)).to_have_text("No account is connected yet")


def test_an_account_of_a_connector_that_is_gone_stays_and_says_why_it_is_not_tested(bench: Bench) -> None:
    text = bench.accounts.read_text()
    bench.accounts.write_text(text.replace('connector = "poloniex"', 'connector = "gone"'))
    notes = bench.open().locator(".card .notes")
    expect(notes).to_contain_text("the connector gone is missing or broken", ignore_case=True)
    result = bench.test_again().locator(".results li")
    expect(result).to_contain_text("the connector gone is not installed", ignore_case=True)
    expect(result).to_contain_text("Install the package that provided it")
    bench.accounts.write_text(text)

    expect(bench.test_again().locator(".results li")).to_contain_text("main Accepted")


def _cut_off(route: Route) -> None:
    route.abort()


def _cut_in_the_middle(route: Route) -> None:
    state = '{"html": "<p>half</p>", "said": "1 of 9 questions answered so far.", "over": false}'
    route.fulfill(status=200, content_type="text/event-stream", body=f"data: {state}\n\n")


@pytest.mark.parametrize("cut", [_cut_off, _cut_in_the_middle], ids=["at once", "in the middle"])
def test_a_page_that_loses_sight_of_its_test_finds_the_verdict(shared: Bench, cut: Callable[[Route], None]) -> None:
    cuts: list[str] = []

    def lose(route: Route) -> None:
        cuts.append(route.request.url)
        cut(route)

    shared.page.route("**/events", lose)
    try:
        outcome = shared.try_new_key()
        expect(outcome.locator("h2 .verdict")).to_have_text("Accepted (practice)")
        expect(shared.page.get_by_role("button", name="Submit")).to_be_visible()
    finally:
        shared.page.unroute("**/events")
        # Chromium notes what this test itself cut.
        shared.visit.faults = [one for one in shared.visit.faults if "net::ERR_FAILED" not in one]

    assert cuts


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "vault.key"
    path.touch(mode=0o600)
    path.write_bytes(bytes(range(32)))
    return path


@contextmanager
def visiting(folder: Path, chromium: Browser, *arguments: str, **variables: str) -> Iterator[tuple[Portal, Page]]:
    """Run a portal of practice in a process of its own, and visit it."""
    with running(folder / "home", "--sandbox", *arguments, **variables) as portal:
        visit = Witness(portal, chromium.new_context())
        yield portal, visit.enter()
        visit.context.close()

        assert visit.faults == []
        assert portal.log == ""


def labels(portal: Portal) -> list[str]:
    """Return the labels of what is stored in the home of a portal."""
    file = portal.home / "accounts.toml"
    return re.findall(r"^\[accounts\.([^\]]*)\]$", file.read_text(), re.MULTILINE) if file.exists() else []


@contextmanager
def no_space(portal: Portal) -> Iterator[None]:
    """Let the portal write nothing: it sees "File too large" where a disk would say "No space left on device"."""
    before = resource.prlimit(portal.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    yield
    resource.prlimit(portal.process.pid, resource.RLIMIT_FSIZE, before)


def test_no_space_is_told_and_nothing_is_stored_by_halves(tmp_path: Path, chromium: Browser, key_file: Path) -> None:
    with visiting(tmp_path, chromium, HASHDATA_KEY_FILE=str(key_file)) as (portal, page):
        try_key(page, "read-only", "main")
        draft = page.url
        with no_space(portal):
            press(page, "Submit")
            expect(page.get_by_role("alert")).to_contain_text("accounts.toml cannot be written")
            expect(page.get_by_role("alert")).to_contain_text("Free some space")
        assert [path for path in portal.home.rglob("*") if path.is_file() and path.stat().st_size] == []
        page.goto(draft)
        press(page, "Submit")
        expect(page.get_by_role("heading", level=1)).to_have_text("main")
        account = page.url
        kept = {path: path.read_bytes() for path in portal.home.rglob("*.[jt]*") if path.is_file()}
        try_key(page, "read-only", "second", "poloniex-futures")
        draft = page.url
        with no_space(portal):
            press(page, "Submit")
            expect(page.get_by_role("alert")).to_contain_text("vault.json cannot be written")
            for path, button in (("", "Test again"), ("/remove", "Remove it")):
                page.goto(account + path)
                press(page, button)
                expect(page.get_by_role("alert")).to_contain_text("cannot be written")
                expect(page.get_by_role("alert")).to_contain_text("Free some space")
        assert {path: path.read_bytes() for path in kept} == kept
        page.goto(draft)
        press(page, "Submit")
        expect(page.get_by_role("heading", level=1)).to_have_text("second")

        assert labels(portal) == ["main", "second"]


def test_a_file_in_the_place_of_the_folder_is_told_and_the_key_still_there_once_it_has_gone(
    tmp_path: Path, chromium: Browser, key_file: Path
) -> None:
    with visiting(tmp_path, chromium, HASHDATA_KEY_FILE=str(key_file)) as (portal, page):
        try_key(page, "read-only", "main")
        draft = page.url
        portal.home.write_text("a file")
        press(page, "Submit")
        expect(page.get_by_role("alert")).to_contain_text(re.compile("home is no folder|/home/.*: Not a directory"))
        page.goto(portal.origin)
        expect(page.get_by_role("alert")).to_be_visible()
        assert portal.home.read_text() == "a file"
        portal.home.unlink()
        page.goto(draft)
        press(page, "Submit")

        expect(page.get_by_role("heading", level=1)).to_have_text("main")


def test_a_wrong_passphrase_at_submit_is_told_and_so_is_a_key_that_the_opened_vault_has_already(
    page: Page, portal: Portal
) -> None:
    add_account(page, "main")
    stored = (portal.home / "vault.json").read_bytes()
    press(page, "Lock the vault")
    try_key(page, "read-only", "again")
    press(page, "Submit")
    page.get_by_label("Passphrase").fill("wrong horse battery")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The passphrase does not open the vault")
    expect(alert).to_contain_text("Type the passphrase of this vault.")
    assert "wrong horse" not in page.content()
    page.get_by_label("Passphrase").fill(PHRASE)
    page.keyboard.press("Enter")
    expect(alert).to_contain_text("This key is stored already, as main")
    expect(alert).to_contain_text("make a key of its own for each account")

    assert (portal.home / "vault.json").read_bytes() == stored
    assert labels(portal) == ["main"]


def test_a_portal_that_was_killed_is_the_browsers_to_tell_and_the_next_one_refuses_the_old_cookie(
    tmp_path: Path, chromium: Browser, portal: Portal
) -> None:
    # No visit, because it goes on to another portal.
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(portal.link)
        page.goto(f"{portal.origin}/add/poloniex")
        fill(page, "read-only", "main")
        portal.process.kill()
        portal.process.wait()
        press(page, "Test Keys")
        expect(page).to_have_url("chrome-error://chromewebdata/")
        port = portal.host.rpartition(":")[2]
        with running(tmp_path / "next" / "home", "--sandbox", "--port", port) as following:
            for path in ("/", "/add", "/add/poloniex"):
                page.goto(following.origin + path)
                expect(page.locator("main")).to_contain_text("Open the portal by the link that the terminal shows.")
            page.goto(following.link)

            expect(page.get_by_role("heading", level=1)).to_have_text("Exchange Accounts")
            assert following.log == ""
    assert labels(portal) == []


def test_a_connector_that_is_broken_is_shown_with_the_reason_and_so_is_its_account(
    tmp_path: Path, chromium: Browser, key_file: Path
) -> None:
    variables = {"HASHDATA_KEY_FILE": str(key_file)}
    with visiting(tmp_path, chromium, **variables) as (_, page):
        add_account(page, "main", "poloniex-futures")
    broken = tmp_path / "site" / "hashdata_poloniex_futures"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text('raise ImportError("no build")\n')
    with visiting(tmp_path, chromium, **variables, PYTHONPATH=on_path(broken.parent)) as (_, page):
        expect(page.locator(".card .notes")).to_contain_text(_GONE, ignore_case=True)
        press(page, "Test main again")
        expect(page.locator(".results li")).to_contain_text("it raised ImportError: no build")
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Add Exchange").click()
        card = page.locator(".card").filter(has_text="poloniex-futures 0")
        expect(card).to_contain_text("Cannot be used: it raised ImportError: no build. Update it, or tell its author.")
        expect(card.get_by_role("link")).to_have_count(0)
        expect(page.get_by_role("link", name="Connect Poloniex", exact=True)).to_be_visible()
