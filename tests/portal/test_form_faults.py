"""What a person meets who sends a form that is wrong or too late: the page names it, stores nothing, and goes on."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from hashdata.portal.drafts import KEEP_SECONDS
from playwright.sync_api import Page, expect

from tests.accounts.exchange import values
from tests.portal.bench import Bench, bench_fixture, press, shared_fixture, type_key
from tests.portal.browser import (
    PHRASE,
    Portal,
    add_account,
    chromium_fixture,
    page_fixture,
    portal_fixture,
    try_key,
    visiting_fixture,
)
from tests.portal.conftest import command, stored_labels

__all__ = ["bench_fixture", "chromium_fixture", "page_fixture", "portal_fixture", "shared_fixture", "visiting_fixture"]

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


def test_an_account_that_was_removed_meanwhile_is_told_by_all_that_its_open_pages_ask(bench: Bench) -> None:
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
    assert stored_labels(portal.home) == ["main"]
