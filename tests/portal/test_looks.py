"""What a browser keeps after a visit, and how pages look in both schemes, at both ends of width, and on paper."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.canaries import CREDENTIALS, PARTS, PASSPHRASE, SPELLINGS, shows
from tests.portal.browser import (
    Visit,
    add_account,
    chromium_fixture,
    executable,
    make_vault,
    origin,
    page_fixture,
    portal_fixture,
    running,
    try_key,
    visiting_fixture,
)

__all__ = ["chromium_fixture", "page_fixture", "portal_fixture", "visiting_fixture"]


def _kept_by_the_page(page: Page) -> str:
    """Return everything that a script of the page could find."""
    kept: str = page.evaluate(
        "() => JSON.stringify([location.href, history.state, {...localStorage}, {...sessionStorage}, document.cookie,"
        " document.documentElement.outerHTML, [...document.querySelectorAll('input')].map(one => one.value)])"
    )
    return kept


def _files_that_show_a_canary(folder: Path) -> list[str]:
    forms = [text.encode(code) for text in (*SPELLINGS, *PARTS) for code in ("utf-8", "utf-16-le")]
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
    return sorted(path.name for path, data in kept.items() if any(form in data for form in forms))


def test_nothing_that_was_typed_is_kept_in_the_browser_or_its_profile_on_disk(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with running(tmp_path / "home", "--sandbox") as portal, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(profile, executable_path=executable())
        visit = Visit(portal, context)
        page = visit.enter()
        page.goto(f"{portal.origin}/add/poloniex")
        page.get_by_label("Label").fill("kept-label-x7")
        page.get_by_label("API Key").fill(CREDENTIALS["api_key"])
        page.get_by_label("Secret Key").fill(CREDENTIALS["secret"])
        page.get_by_role("button", name="Test Keys").click()
        expect(page.locator(".outcome.unusable")).to_be_visible()
        kept = [_kept_by_the_page(page)]
        page.go_back()
        kept.append(_kept_by_the_page(page))
        try_key(page, "read-only", "main")
        page.get_by_role("button", name="Submit").click()
        make_vault(page, PASSPHRASE)
        expect(page.get_by_role("heading", level=1)).to_have_text("main")
        kept.append(_kept_by_the_page(page))
        page.goto(portal.origin)
        kept.append(_kept_by_the_page(page))
        urls = " ".join(visit.paths)
        context.close()
        log, stored = portal.log, [path.read_bytes() for path in portal.home.rglob("*") if path.is_file()]

    assert not any(shows(text) for text in (*kept, urls, log))
    assert _files_that_show_a_canary(profile) == []
    assert any(profile.rglob("History")), "the profile was not written at all"
    assert not any(CREDENTIALS["secret"].encode() in data or PASSPHRASE.encode() in data for data in stored)
    assert visit.faults == []


def test_a_planted_canary_in_a_profile_is_found(tmp_path: Path) -> None:
    (tmp_path / "Web Data").write_bytes(b"\0\1" + CREDENTIALS["secret"].encode("utf-16-le") + b"\2")

    assert _files_that_show_a_canary(tmp_path) == ["Web Data"]


def test_light_and_dark_differ_and_follow_the_system(page: Page) -> None:
    seen = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        seen.append(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))

    assert seen[0] != seen[1]


def test_targets_are_large_enough_for_a_finger_on_a_phone(page: Page) -> None:
    add_account(page, "main")
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/", "/add", "/add/poloniex"):
        page.goto(origin(page) + path)
        boxes = [one.bounding_box() for one in page.locator("main button:visible, main .button, main input").all()]
        assert all(box is None or box["height"] >= 36 for box in boxes)


def test_a_report_on_paper_has_no_buttons_and_shows_its_limits(page: Page) -> None:
    add_account(page, "main")
    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Test again")).to_be_hidden()
    expect(page.get_by_role("button", name="Lock the vault")).to_be_hidden()
    expect(page.locator(".report table")).to_be_visible()
    expect(page.locator(".report details li").first).to_be_visible()
