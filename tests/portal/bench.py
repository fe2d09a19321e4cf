"""
A portal in this process, whose clock a test turns and whose exchange it turns bad, and a browser that looks at it.

A test module imports the fixtures that it uses and names them in `__all__`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from hashdata.accounts.adding import Place
from hashdata.portal.desk import Desk
from hashdata.portal.drafts import Drafts
from hashdata.portal.gate import Gate
from hashdata.portal.keeper import Keeper
from hashdata.portal.pace import Pace
from hashdata.portal.server import make_app
from hashdata.practice import Reply, Request
from hashdata.registry import find
from hashdata.tester.report import Report
from hashdata.tester.runs import examine
from hashdata.tester.session import Options
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.accounts.exchange import Exchange, values
from tests.cli.command import PATIENCE
from tests.faults.server import misbehaving
from tests.faults.test_retest import Server, Stored, standing
from tests.portal.browser import Portal, Visit
from tests.portal.conftest import Hands, in_thread

_Given = TypeVar("_Given")
LONG = PATIENCE * 1000
_FAULT_OF_OURS = "Failed to load resource: the server responded with a status of 5"


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
    """Press the button of this name."""
    page.get_by_role("button", name=name, exact=True).click()


def type_key(page: Page, given: dict[str, str]) -> None:
    """Type a key into the form and press Test Keys."""
    page.get_by_label("API Key").fill(given.get("api_key", ""))
    page.get_by_label("Secret Key").fill(given.get("secret", ""))
    press(page, "Test Keys")


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


@pytest.fixture(name="bench")
def bench_fixture(tmp_path: Path, chromium: Browser) -> Iterator[Bench]:
    with bench_in(tmp_path, chromium) as one:
        yield one


@pytest.fixture(name="shared", scope="module")
def shared_fixture(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Bench]:
    """Return a bench for tests that mend what they break."""
    with bench_in(tmp_path_factory.mktemp("shared"), chromium) as one:
        yield one
