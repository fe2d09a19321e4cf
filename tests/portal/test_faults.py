"""What a person meets when an exchange goes wrong: the page says what and what to do, and goes on once it is mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from hashdata.accounts.account import Account
from hashdata.accounts.adding import Place, Proven, submit
from hashdata.permissions import Permission
from hashdata.registry import find
from hashdata.tester.session import Options
from playwright.sync_api import Browser, Route, expect

from tests.accounts import exchange as exchanges
from tests.accounts.exchange import Exchange, values
from tests.faults.catalogue import HTML, JSON, PAGE, answers, said, sends
from tests.faults.server import Misbehave, Wire
from tests.faults.test_retest import standing
from tests.portal.bench import LONG, Bench, Moody, Skewed, bench_in, press, shared_fixture, type_key
from tests.portal.browser import chromium_fixture

__all__ = ["chromium_fixture", "shared_fixture"]

# How many seconds a test of all accounts may take that one exchange leaves hanging.
HURRY = 4.0


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


async def _late(wire: Wire) -> None:
    await asyncio.sleep(0.3)
    await wire.send(wire.honest())
    wire.keeps = True


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
    # Slowly, so that the test runs when its page asks for what happens.
    shared.server.misbehave = _late
    try:
        outcome = shared.try_new_key()
        expect(outcome.locator("h2 .verdict")).to_have_text("Accepted (practice)")
        expect(shared.page.get_by_role("button", name="Submit")).to_be_visible()
    finally:
        shared.page.unroute("**/events")
        shared.server.misbehave = None
        # Chromium notes what this test itself cut.
        shared.visit.faults = [one for one in shared.visit.faults if "net::ERR_FAILED" not in one]

    assert cuts
