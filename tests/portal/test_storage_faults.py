"""What a person meets when a file, the disk or the portal itself goes wrong: nothing is lost, and the page says why."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.exchange import values
from tests.portal.bench import Bench, Witness, press, shared_fixture, type_key
from tests.portal.browser import Portal, add_account, chromium_fixture, fill, portal_fixture, running, try_key
from tests.portal.conftest import on_path, stored_labels

__all__ = ["chromium_fixture", "portal_fixture", "shared_fixture"]


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
def test_a_vault_that_is_gone_is_told_and_no_other_takes_its_place(shared: Bench, *, is_open: bool) -> None:
    if is_open:
        shared.test_again()
    else:
        shared.desk.keeper.lock()
    elsewhere = shared.vault.rename(shared.vault.with_name("elsewhere"))
    press(shared.account(), "Test again")
    expect(shared.page.locator("main")).to_contain_text(re.compile("vault.*(gone|no vault|missing|removed)"))
    assert not shared.vault.exists()
    elsewhere.rename(shared.vault)

    expect(shared.test_again().locator(".results li")).to_contain_text("main Accepted")


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


def test_an_account_of_a_connector_that_is_gone_stays_and_says_why_it_is_not_tested(shared: Bench) -> None:
    text = shared.accounts.read_text()
    shared.accounts.write_text(text.replace('connector = "poloniex"', 'connector = "gone"'))
    notes = shared.open().locator(".card .notes")
    expect(notes).to_contain_text("the connector gone is missing or broken", ignore_case=True)
    result = shared.test_again().locator(".results li")
    expect(result).to_contain_text("the connector gone is not installed", ignore_case=True)
    expect(result).to_contain_text("Install the package that provided it")
    shared.accounts.write_text(text)

    expect(shared.test_again().locator(".results li")).to_contain_text("main Accepted")


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

        assert stored_labels(portal.home) == ["main", "second"]


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
    assert stored_labels(portal.home) == []


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
        notes = page.locator(".card .notes")
        expect(notes).to_contain_text("the connector poloniex-futures is missing or broken", ignore_case=True)
        press(page, "Test main again")
        expect(page.locator(".results li")).to_contain_text("it raised ImportError: no build")
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Add Exchange").click()
        card = page.locator(".card").filter(has_text="poloniex-futures 0")
        expect(card).to_contain_text("Cannot be used: it raised ImportError: no build. Update it, or tell its author.")
        expect(card.get_by_role("link")).to_have_count(0)
        expect(page.get_by_role("link", name="Connect Poloniex", exact=True)).to_be_visible()
