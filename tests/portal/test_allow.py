"""A connector that did not come with hashdata is shown and has to be allowed before there is a form for its key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.exchange import values
from tests.plugins.stranger import HOST, Computer, state
from tests.portal.browser import Visit, chromium_fixture, is_too_wide, running, violations
from tests.portal.conftest import Answer, Client
from tests.portal.conftest import running as serving

__all__ = ["chromium_fixture"]

ASKED = "May Stranger be given a key of yours?"


@pytest.fixture(name="computer")
def computer_fixture(tmp_path: Path) -> Computer:
    """Return a computer with a stranger's connector, about which nothing was decided."""
    one = Computer(tmp_path / "computer")
    one.install()
    return one


def look_for(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_it_is_shown_then_allowed_and_asked_about_again_after_an_update(computer: Computer, chromium: Browser) -> None:
    with running(computer.home, PYTHONPATH=computer.env["PYTHONPATH"]) as portal:
        # The page's own policy would keep axe-core out.
        visit = Visit(portal, chromium.new_context(bypass_csp=True))
        page = visit.enter()
        page.goto(f"{portal.origin}/add")
        page.get_by_role("link", name=re.compile("Stranger")).first.click()
        look_for(page, ASKED)
        text = page.locator("main").inner_text()
        fields = page.get_by_label("Secret Key").count()
        faults: list[str] = []
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            faults += [f"{width} px scrolls sideways"] * is_too_wide(page)
            faults += violations(page)
        before = computer.choices.exists()
        page.get_by_role("button", name="Allow it").click()
        expect(page.get_by_label("Secret Key")).to_be_visible()
        allowed = computer.choices.read_text()
        computer.install(version="2.0")
        page.goto(f"{portal.origin}/add")
        changed = page.locator("main").inner_text()
        visit.context.close()
    with running(computer.home, PYTHONPATH=computer.env["PYTHONPATH"]) as portal:
        again = Visit(portal, chromium.new_context())
        page = again.enter()
        page.goto(f"{portal.origin}/add/stranger")
        look_for(page, ASKED)
        newer = page.locator("main").inner_text()
        page.get_by_role("link", name="Leave it").click()
        look_for(page, "Add Exchange")
        again.context.close()

    asked = ("GET /accounts/balances", "POST /wallets/withdraw", "harmless: ")
    for part in (HOST, "api.poloniex.com", *asked, "ccxt alone", "What it can prove of a key", "P1: "):
        assert part in text
    assert "stranger 1.0 of the package hashdata-stranger did not come with hashdata" in text
    # The portal that runs has the code of the version before.
    assert "it was updated from 1.0 to 2.0 while this program runs. Start it again." in changed
    assert "stranger 2.0 of the package hashdata-stranger" in newer
    assert "hashdata-stranger 1.0 was allowed before" in newer
    assert (fields, faults, visit.faults + again.faults) == (0, [], [])
    assert not before
    assert 'stranger = "hashdata-stranger 1.0"' in allowed
    assert state(computer)["allowed"] is False


def test_ours_have_their_form_at_once(computer: Computer, chromium: Browser) -> None:
    with running(computer.home, PYTHONPATH=computer.env["PYTHONPATH"]) as portal:
        visit = Visit(portal, chromium.new_context())
        page = visit.enter()
        page.goto(f"{portal.origin}/add/poloniex")
        expect(page.get_by_label("Secret Key")).to_be_visible()
        visit.context.close()

    assert visit.faults == []


def test_practice_is_not_asked_about(computer: Computer, chromium: Browser) -> None:
    with running(computer.home, "--sandbox", PYTHONPATH=computer.env["PYTHONPATH"]) as portal:
        visit = Visit(portal, chromium.new_context())
        page = visit.enter()
        page.goto(f"{portal.origin}/add/stranger")
        expect(page.get_by_label("Secret Key")).to_be_visible()
        visit.context.close()

    assert visit.faults == []
    assert not computer.choices.exists()


def post_key(client: Client) -> Answer:
    return client.post("/add/stranger", {"label": "main", **values(1)})


def test_a_key_that_is_posted_unasked_is_refused_in_words_and_no_test_begins(computer: Computer) -> None:
    with serving(computer.folder, PYTHONPATH=computer.env["PYTHONPATH"]) as portal:
        client = portal.entered()
        refused = post_key(client)
        unsigned = client.post("/add/stranger/allow", {"csrf": "x"})
        still = post_key(client)
        allowed = client.post("/add/stranger/allow")
        taken = post_key(client)

    assert unsigned.status == 403
    for answer in (refused, still):
        assert "did not come with hashdata and was not allowed yet" in answer.body
        assert answer.header("Location") is None
    for value in values(1).values():
        assert value not in refused.text
    assert (allowed.status, allowed.header("Location")) == (303, "/add/stranger")
    assert taken.status == 303
    assert str(taken.header("Location")).startswith("/tests/")
