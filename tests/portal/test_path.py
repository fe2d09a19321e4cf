"""The whole path in a browser, from the guide to keeping an account: with script, without, and by keyboard."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hashdata.permissions import Permission
from playwright.sync_api import Browser, Page, expect

from tests.accounts.exchange import Exchange, standing, values
from tests.cli.command import execute
from tests.portal.browser import (
    PHRASE,
    Visit,
    Visiting,
    add_account,
    begin_test,
    chromium_fixture,
    fill,
    make_vault,
    origin,
    page_fixture,
    portal_fixture,
    running,
    try_key,
    visiting_fixture,
)

__all__ = ["chromium_fixture", "page_fixture", "portal_fixture", "visiting_fixture"]

FIELDS = {"poloniex": ["API Key", "Secret Key"], "poloniex-futures": ["API Key", "Secret Key", "Passphrase (optional)"]}
TITLES = {"poloniex": "Poloniex", "poloniex-futures": "Poloniex Futures"}


def _follow(page: Page, connector: str, label: str) -> None:
    """Go from the accounts to the page of a new one, as the guide for users tells it."""
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Add Exchange").click()
    page.get_by_role("link", name=f"Connect {TITLES[connector]}", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Add {TITLES[connector]}")
    fill(page, "read-only", label)
    page.get_by_role("button", name="Test Keys").click()
    page.get_by_role("button", name="Submit").click()


def test_both_accounts_are_connected_by_the_path_that_users_are_told(page: Page) -> None:
    expect(page.get_by_role("heading", level=2)).to_have_text("No account is connected yet")
    _follow(page, "poloniex", "main")
    make_vault(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("main")
    page.get_by_role("link", name="Exchange Accounts").first.click()
    # Whoever trades both must connect both.
    page.get_by_role("link", name="Add Poloniex Futures").click()
    expect(page).to_have_url(re.compile("/add/poloniex-futures$"))
    fill(page, "read-only", "main-futures")
    page.get_by_role("button", name="Test Keys").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("main-futures")
    page.get_by_role("link", name="Exchange Accounts").first.click()

    expect(page.locator(".card h2")).to_have_text(["main", "main-futures"])
    expect(page.locator(".card .verdict")).to_have_text(["Accepted", "Accepted"])
    expect(page.locator(".notes")).to_have_count(0)


@pytest.mark.parametrize("connector", FIELDS)
def test_the_form_has_the_fields_of_the_guide_beside_it(page: Page, connector: str) -> None:
    page.goto(f"{origin(page)}/add/{connector}")
    guide, form = page.locator(".guide").bounding_box(), page.locator(".key").bounding_box()

    assert page.locator(".key .field label").all_inner_texts() == ["Label", *FIELDS[connector]]
    assert guide is not None
    assert form is not None
    assert form["x"] >= guide["x"] + guide["width"]
    assert abs(form["y"] - guide["y"]) < 2
    for field in page.locator(".key .field input:not(#field-label)").all():
        expect(field).to_have_attribute("type", "password")
        expect(field).to_have_attribute("autocomplete", "new-password")


def test_the_path_can_be_gone_without_script(visiting: Visiting) -> None:
    page = visiting(java_script_enabled=False).enter()
    page.get_by_role("link", name="Add your first exchange").click()
    page.get_by_role("link", name="Connect Poloniex", exact=True).click()
    page.locator("summary", has_text="read-only:").click()
    shown = page.locator("details[open] dd code").all_inner_texts()
    for label, value in zip(["Label", "API Key", "Secret Key"], ["main", *shown], strict=True):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Test Keys").click()
    page.get_by_role("button", name="Submit").click()
    make_vault(page)
    page.get_by_role("button", name="Test again").click()
    expect(page.get_by_role("status")).to_have_text("Done: 1 of 1 account tested.")
    page.get_by_role("main").get_by_role("link", name="main").first.click()

    expect(page.locator(".history p")).to_contain_text("2 tests since")
    expect(page.locator(".marks li")).to_have_count(2)
    expect(page.locator(".timeline li")).to_have_count(1)


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until what `selector` finds has the focus."""
    wanted = page.locator(selector).first
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never comes to {selector}")


def _type_into(page: Page, **typed: str) -> None:
    for name, value in typed.items():
        _tab_to(page, f"#field-{name}")
        page.keyboard.type(value)
    page.keyboard.press("Enter")


def test_the_path_can_be_gone_by_keyboard_alone(page: Page) -> None:
    _tab_to(page, "text=Add your first exchange")
    page.keyboard.press("Enter")
    _tab_to(page, "a[aria-label='Connect Poloniex']")
    page.keyboard.press("Enter")
    _tab_to(page, "summary:has-text('read-only:')")
    page.keyboard.press("Enter")
    _tab_to(page, "[aria-label='Fill in read-only']")
    page.keyboard.press("Enter")
    expect(page.locator("#field-label")).to_be_focused()
    _type_into(page, label="main")
    expect(page.locator(".outcome")).to_be_focused()
    _tab_to(page, "button:has-text('Submit')")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Make the vault - hashdata")
    _type_into(page, passphrase=PHRASE, again=PHRASE)

    expect(page.get_by_role("heading", level=1)).to_have_text("main")


def test_two_tabs_add_two_accounts_at_once(visiting: Visiting) -> None:
    visit = visiting()
    visit.enter()
    one, two = visit.tab(), visit.tab()
    begin_test(one, "read-only", "main")
    begin_test(two, "read-only", "main-futures", "poloniex-futures")
    one.get_by_role("button", name="Submit").click()
    make_vault(one)
    expect(one.get_by_role("heading", level=1)).to_have_text("main")
    two.get_by_role("button", name="Submit").click()
    expect(two.get_by_role("heading", level=1)).to_have_text("main-futures")
    one.goto(origin(one))

    expect(one.locator(".card")).to_have_count(2)


def test_a_label_that_the_other_tab_took_meanwhile_is_refused_in_words(visiting: Visiting) -> None:
    visit = visiting()
    visit.enter()
    one, two = visit.tab(), visit.tab()
    try_key(one, "read-only", "main")
    try_key(two, "read-only", "main", "poloniex-futures")
    one.get_by_role("button", name="Submit").click()
    make_vault(one)
    expect(one.get_by_role("heading", level=1)).to_have_text("main")
    two.get_by_role("button", name="Submit").click()

    expect(two.get_by_role("alert")).to_contain_text("main")
    expect(two.get_by_role("button", name="Submit")).to_be_visible()


def test_the_vault_is_locked_and_opened_in_the_page(page: Page) -> None:
    add_account(page, "main")
    page.get_by_role("button", name="Lock the vault").click()
    expect(page.get_by_role("button", name="Lock the vault")).to_have_count(0)
    page.get_by_role("button", name="Test main again").click()
    page.get_by_label("Passphrase").fill("wrong horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Passphrase").fill(PHRASE)
    page.keyboard.press("Enter")

    # The test that was asked for goes on by itself.
    expect(page.get_by_role("status")).to_have_text("Done: 1 of 1 account tested.")
    expect(page.get_by_role("button", name="Lock the vault")).to_be_visible()


def test_a_new_passphrase_must_be_long_enough_and_typed_twice_alike(page: Page) -> None:
    try_key(page, "read-only", "main")
    page.get_by_role("button", name="Submit").click()
    page.get_by_label("Passphrase").fill(PHRASE)
    page.get_by_label("The same again").fill(f"{PHRASE}?")
    page.get_by_role("button", name="Make the vault").click()

    expect(page.get_by_role("alert")).to_contain_text("The two passphrases differ")
    expect(page.get_by_label("Passphrase")).to_have_value("")


def test_an_account_is_renamed_and_removed_after_one_question(page: Page) -> None:
    add_account(page, "main")
    page.locator("summary", has_text="Rename").click()
    page.get_by_label("New label").fill("spot")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("spot")
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove spot?")
    page.get_by_role("link", name="Keep it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("spot")
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()

    expect(page.get_by_role("heading", level=2)).to_have_text("No account is connected yet")


@pytest.fixture
def exchange(tmp_path: Path, chromium: Browser) -> Iterator[tuple[Exchange, Visit]]:
    """Return an exchange whose keys a test may change, and a visit to the portal with two accounts of it."""
    home, key_file = tmp_path / "home", tmp_path / "vault.key"
    key_file.touch(mode=0o600)
    key_file.write_bytes(bytes(range(32)))
    variables = {"HASHDATA_HOME": str(home), "HASHDATA_KEY_FILE": str(key_file)}
    practice = Exchange(3, accounts={3: 1})
    with standing(practice) as address:
        for number, label in ((1, "first"), (2, "second")):
            given = tmp_path / f"{number}.json"
            given.touch(mode=0o600)
            given.write_text(json.dumps(values(number)))
            command = ("accounts", "add", label, "poloniex", "--credentials", str(given), "--endpoint", address)
            added = execute([sys.executable, "-m", "hashdata", *command], env=variables)
            assert added.code == 0, added.all
        with running(home, HASHDATA_KEY_FILE=str(key_file)) as portal:
            visit = Visit(portal, chromium.new_context())
            yield practice, visit
            visit.context.close()

    assert visit.faults == []


def test_testing_all_again_tells_which_key_gained_a_power(exchange: tuple[Exchange, Visit]) -> None:
    practice, visit = exchange
    practice.powers[2] = frozenset({Permission.TRADE})
    page = visit.enter()
    page.get_by_role("button", name="Test all again").click()
    expect(page.get_by_role("status")).to_have_text("Done: 2 of 2 accounts tested.")
    expect(page.get_by_role("alert")).to_contain_text("Accepted before, denied now")
    page.get_by_role("main").get_by_role("link", name="Exchange Accounts").click()

    expect(page.get_by_role("alert")).to_contain_text("1 key is denied")
    expect(page.locator(".card .verdict")).to_have_text(["Accepted", "Denied"])


def test_a_new_key_takes_the_place_of_the_old_one(exchange: tuple[Exchange, Visit]) -> None:
    _, visit = exchange
    page = visit.enter()
    page.get_by_role("link", name="first").click()
    page.get_by_role("link", name="Rotate").click()
    expect(page.get_by_label("Label")).to_have_count(0)
    page.get_by_label("API Key").fill(values(3)["api_key"])
    page.get_by_label("Secret Key").fill(values(3)["secret"])
    page.get_by_role("button", name="Test Keys").click()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("first")
    expect(page.locator(".facts")).to_contain_text("ending in 0003")


def test_a_key_of_another_account_does_not_take_the_place(exchange: tuple[Exchange, Visit]) -> None:
    practice, visit = exchange
    practice.accounts[3] = 77
    page = visit.enter()
    page.get_by_role("link", name="first").click()
    page.get_by_role("link", name="Rotate").click()
    page.get_by_label("API Key").fill(values(3)["api_key"])
    page.get_by_label("Secret Key").fill(values(3)["secret"])
    page.get_by_role("button", name="Test Keys").click()
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_role("alert")).to_contain_text("account")
