"""No page in any state has a fault that axe-core finds, or scrolls sideways: light and dark, narrow and wide."""

from __future__ import annotations

from typing import Literal

from playwright.sync_api import Page, expect

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
    expect(page.get_by_role("status")).to_contain_text("done")
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
