"""No page in any state has a fault that axe-core finds, or scrolls sideways: light and dark, narrow and wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hashdata.accounts.adding import Place, Proven, submit
from hashdata.permissions import Permission
from hashdata.portal.drafts import KEEP_SECONDS
from hashdata.registry import find
from playwright.sync_api import Browser, Page, expect

from tests.accounts.exchange import values
from tests.portal.bench import Bench, bench_in, press, type_key
from tests.portal.browser import (
    PHRASE,
    Visiting,
    add_account,
    begin_test,
    chromium_fixture,
    is_too_wide,
    make_vault,
    portal_fixture,
    try_key,
    violations,
    visiting_fixture,
)
from tests.registry.plugins import Plugin

__all__ = ["chromium_fixture", "portal_fixture", "visiting_fixture"]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CHECKED, LOOKED_AT = (360, 1280), (768, 1920)


class Checker:
    """Collects the faults of pages, as sentences."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.states = 0

    def look(self, state: str) -> None:
        """Check the page as it is now."""
        self.states += 1
        for width in (*CHECKED, *LOOKED_AT):
            self.page.set_viewport_size({"width": width, "height": 900})
            if is_too_wide(self.page):
                self.faults.append(f"{state} scrolls sideways at {width} px")
            for scheme in SCHEMES if width in CHECKED else ():
                self.page.emulate_media(color_scheme=scheme)
                self.faults += [f"{state}, {width} px, {scheme}: {fault}" for fault in violations(self.page)]

    def go(self, path: str) -> None:
        """Load another page of the portal and check it."""
        self.page.goto("/".join(self.page.url.split("/")[:3]) + path)
        self.look(path)


def test_pages_without_an_account_are_accessible(visiting: Visiting) -> None:
    # The page's own policy would keep axe-core out.
    visit = visiting(bypass_csp=True)
    page = visit.enter()
    checker = Checker(page)
    checker.look("no account")
    for path in ("/add", "/add/poloniex", "/add/poloniex-futures", "/add/poloniex-futures?variant=classic", "/none"):
        checker.go(path)
    checker.go(visit.portal.link.removeprefix(visit.portal.origin))
    checker.go("/add/poloniex-futures")
    page.get_by_role("button", name="Test Keys").click()
    expect(page.get_by_role("alert")).to_be_visible()
    checker.look("problems")

    assert checker.faults == []
    assert checker.states == 9


def test_pages_of_a_test_are_accessible(visiting: Visiting) -> None:
    page = visiting(bypass_csp=True).enter()
    checker = Checker(page)
    begin_test(page, "slow", "slow")
    expect(page.locator(".progress li").nth(1)).to_be_visible()
    checker.look("progress")
    for name in ("trading", "wrong-key", "maintenance", "unknown-answer", "read-only"):
        try_key(page, name, name)
        page.locator("summary").first.click()
        checker.look(name)
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_title("Make the vault - hashdata")
    checker.look("vault")
    make_vault(page, "short")
    # The browser itself refuses a short one; nothing was sent.
    expect(page).to_have_title("Make the vault - hashdata")
    page.get_by_label("Passphrase").fill(PHRASE)
    page.get_by_label("The same again").fill("other")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    checker.look("vault with a problem")

    assert checker.faults == []
    assert checker.states == 8


def test_pages_of_an_account_are_accessible(visiting: Visiting) -> None:
    page = visiting(bypass_csp=True).enter()
    checker = Checker(page)
    add_account(page, "m" * 64)
    account = "/" + page.url.split("/", 3)[3]
    checker.look("account")
    page.get_by_role("button", name="Test again").click()
    expect(page.get_by_role("status")).to_contain_text("Done")
    checker.look("round")
    for path in ("/", account, f"{account}/rotate", f"{account}/remove"):
        checker.go(path)
    page.goto(page.url.removesuffix("/remove"))
    page.locator("summary", has_text="Rename").click()
    page.get_by_label("New label").fill("a\u202eb")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_label("New label")).to_have_attribute("aria-invalid", "true")
    checker.look("label with a problem")
    page.get_by_role("button", name="Lock the vault").click()
    page.get_by_role("button", name="Test all again").click()
    expect(page).to_have_title("Open the vault - hashdata")
    checker.look("unlock")
    page.get_by_label("Passphrase").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    checker.look("unlock with a problem")

    assert checker.faults == []
    assert checker.states == 9


@pytest.fixture
def bench(tmp_path: Path, chromium: Browser) -> Iterator[Bench]:
    with bench_in(tmp_path, chromium, bypass_csp=True) as one:
        yield one


def _add(bench: Bench, number: int, label: str, days: int | None = None) -> str:
    """Store another account, whose key ends in so many days, and return its page."""
    connector, store = find("poloniex"), bench.stored.store
    ends = None if days is None else datetime.now(UTC) + timedelta(days=days, hours=1)
    report = replace(bench.report, account_id=str(10**17 + number), expires_at=ends)
    proven = Proven(connector=connector, credentials=connector.schema.bind(values(number)), report=report)
    account = submit(store, store.unlock(bench.stored.means), label, proven, Place(endpoint=bench.server.origin))
    return f"/accounts/{account.id}"


def test_pages_of_keys_that_need_somebody_are_accessible(bench: Bench) -> None:
    page, checker = bench.page, Checker(bench.page)
    _add(bench, 2, "ends soon", days=3)
    changed = _add(bench, 3, "changed")
    text = bench.accounts.read_text()
    bench.accounts.write_text(text.replace('last4 = "0003"', 'last4 = "0033"'))
    bench.server.practice.powers[1] = frozenset({Permission.TRADE})
    bench.test_again()
    expect(page.get_by_role("alert")).to_contain_text("denied now")
    checker.look("drift: round")
    expect(bench.account().locator(".timeline li")).to_have_count(2)
    checker.look("drift: account")
    bench.open()
    expect(page.get_by_text("The key ends in 3 days.")).to_be_visible()
    expect(page.locator(".notes").filter(has_text=re.compile("changed by hand", re.IGNORECASE))).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("1 key is denied")
    checker.look("list of a denied key, a changed account and a key that ends soon")
    checker.go(changed)
    type_key(bench.account("/rotate"), {})
    expect(page.get_by_role("alert")).to_be_visible()
    checker.look("new key with problems")

    assert checker.faults == []
    assert checker.states == 5


def test_pages_of_what_went_wrong_are_accessible(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Plugin(name="broken", source='raise ImportError("no build")', alone=True).install(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    page, checker = bench.page, Checker(bench.page)
    bench.open("/add")
    expect(page.get_by_text("Cannot be used: it raised ImportError: no build.")).to_be_visible()
    checker.look("broken connector")
    bench.account()
    while not bench.desk.pace.wait():
        pass
    press(page, "Test again")
    expect(page.get_by_role("alert")).to_contain_text("too many tests")
    checker.look("too many tests")
    bench.try_new_key()
    draft = page.url.removeprefix(bench.visit.portal.origin)
    bench.test_again()
    vault, accounts = bench.vault.read_bytes(), bench.accounts.read_bytes()
    bench.vault.write_bytes(b"{")
    press(bench.account(), "Test again")
    expect(page.get_by_role("alert")).to_be_visible()
    checker.look("round that could not begin")
    press(bench.open(draft), "Submit")
    expect(page.get_by_role("alert")).to_contain_text("vault.json is damaged")
    checker.look("submit that failed")
    bench.vault.write_bytes(vault)
    bench.accounts.write_bytes(b"nonsense")
    bench.open()
    expect(page.get_by_role("alert")).to_contain_text("accounts.toml is not TOML")
    checker.look("damaged accounts")
    bench.accounts.write_bytes(accounts)
    bench.clock.turn(KEEP_SECONDS)
    checker.go(draft)
    bench.visit.context.clear_cookies()
    checker.go("/")
    expect(page.locator("main")).to_contain_text("Open the portal by the link")

    assert checker.faults == []
    assert checker.states == 7
