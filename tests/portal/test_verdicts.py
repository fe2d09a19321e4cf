"""What Test Keys shows: progress while it runs, then a verdict that reads like no other."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.portal.browser import (
    Visiting,
    begin_test,
    chromium_fixture,
    fill,
    origin,
    page_fixture,
    portal_fixture,
    try_key,
    visiting_fixture,
)

__all__ = ["chromium_fixture", "page_fixture", "portal_fixture", "visiting_fixture"]


class Case(NamedTuple):
    """A practice key, and what its page must show."""

    persona: str
    word: str
    summary: str
    next: tuple[str, ...]
    has_step: bool


CASES = [
    Case("read-only", "accepted", "The exchange refused orders and withdrawals", ("Submit",), has_step=False),
    Case(
        "trading",
        "denied",
        "The key can place orders",
        ("Change the key: step 5", "Enter the key again"),
        has_step=True,
    ),
    Case("withdrawal", "denied", "withdraw", ("Change the key: step 6", "Enter the key again"), has_step=True),
    Case("wrong-key", "unusable", "key", ("Enter the key again",), has_step=True),
    Case("ip-locked", "unusable", "address", ("Enter the key again",), has_step=True),
    Case("maintenance", "inconclusive", "maintenance", ("Test it again", "Enter the key again"), has_step=False),
    Case("unknown-answer", "inconclusive", "", ("Test it again", "Enter the key again"), has_step=False),
]


def test_each_verdict_reads_and_looks_differently_and_only_accepted_offers_submit(page: Page) -> None:
    colours: dict[str, str] = {}
    summaries: set[str] = set()
    for case in CASES:
        outcome = try_key(page, case.persona, case.persona)
        expect(outcome).to_be_focused()
        expect(outcome.locator("h2 .verdict")).to_have_text(f"{case.word.capitalize()} (practice)")
        expect(page).to_have_title(f"{case.word.capitalize()}: {case.persona} - hashdata")
        expect(outcome.locator(".lead")).to_contain_text(case.summary)
        expect(page.get_by_role("button", name="Submit")).to_have_count(int(case.word == "accepted"))
        expect(page.locator("main .button, main form button")).to_have_text(list(case.next))
        expect(outcome.locator(".fix")).to_have_count(int(case.word != "accepted"))
        if case.has_step:
            link = outcome.get_by_role("link", name=re.compile(r"See step \d+ of the guide: "))
            title = link.inner_text().partition(": ")[2]
            link.click()
            expect(page.locator(".steps > li:target h4")).to_have_text(title)
            page.go_back()
        colours[case.word] = outcome.locator(".report").evaluate("report => getComputedStyle(report).borderLeftColor")
        summaries.add(outcome.locator(".lead").inner_text())

    assert len(set(colours.values())) == 4
    assert len(summaries) == len(CASES)


def test_the_evidence_of_a_denied_key_is_the_answer_of_the_exchange(page: Page) -> None:
    outcome = try_key(page, "trading", "bad", "poloniex-futures")
    trade = outcome.get_by_role("row").filter(has_text="Trade")

    expect(trade).to_contain_text("granted")
    expect(trade).to_contain_text("POST /v3/trade/order")
    expect(outcome.locator(".stream.readable").first).to_be_visible()


def test_progress_shows_before_the_verdict_and_without_a_new_page(visiting: Visiting) -> None:
    visit = visiting()
    page = visit.enter()
    begin_test(page, "slow", "slow")
    expect(page).to_have_url(re.compile("/tests/"))
    expect(page.locator(".progress li").filter(has_text="accounts").first).to_contain_text("asking")

    expect(page.locator(".progress .done")).to_contain_text("measured")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^1 of \d+ questions answered so far\.$"))
    expect(page.locator(".outcome")).to_have_count(0)
    tests = [path for path in visit.paths if path.startswith("/tests/")]
    assert len(tests) == 2
    assert tests[1] == f"{tests[0]}/events"


def test_what_will_be_asked_is_told_beside_the_button(page: Page) -> None:
    page.goto(f"{origin(page)}/add/poloniex")
    page.locator("summary", has_text="The exact requests").click()
    form = page.locator("form", has=page.get_by_role("button", name="Test Keys"))

    expect(form.locator(".asked")).to_contain_text("2 requests follow that the exchange must refuse")
    expect(form.locator(".asked")).to_contain_text("security log")
    expect(form).to_contain_text("/orders {")
    expect(form).to_contain_text("/wallets/withdraw {")


@pytest.mark.parametrize(
    ("persona", "variant"),
    [("classic-trading", "classic"), ("wrong-passphrase", "classic"), ("retired", "classic"), ("trading", "today")],
)
def test_the_link_leads_to_the_step_that_the_report_names(page: Page, persona: str, variant: str) -> None:
    outcome = try_key(page, persona, persona, "poloniex-futures")
    named = re.search(r"step (\d+) \(", outcome.locator(".fix").inner_text())

    assert named is not None
    outcome.get_by_role("link", name=f"See step {named[1]} of the guide").click()
    expect(page.locator(".steps > li:target")).to_have_id(f"step-{named[1]}")
    assert ("variant=" in page.url) == (variant != "today")


def test_a_form_with_a_problem_keeps_the_page_of_the_guide(page: Page) -> None:
    page.goto(f"{origin(page)}/add/poloniex-futures?variant=classic")
    shown = page.locator(".guide h3").first.inner_text()
    page.get_by_role("button", name="Test Keys").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator(".guide h3").first).to_have_text(shown)


def test_a_key_of_which_nothing_was_learned_can_be_tested_again_at_once(page: Page) -> None:
    try_key(page, "maintenance", "later")
    first = page.url
    page.get_by_role("button", name="Test it again").click()

    expect(page.locator(".outcome.inconclusive")).to_be_visible()
    assert page.url != first


def test_all_problems_are_named_at_once_with_the_focus_on_their_summary(page: Page) -> None:
    page.goto(f"{origin(page)}/add/poloniex-futures")
    page.get_by_role("textbox", name="Passphrase").fill("täglich")
    page.get_by_role("button", name="Test Keys").click()
    summary = page.get_by_role("alert")

    expect(summary).to_be_focused()
    expect(summary.get_by_role("listitem")).to_have_count(4)
    for name in ("label", "api_key", "secret", "passphrase"):
        field = page.locator(f"#field-{name}")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(re.escape(page.locator(f"#error-{name}").inner_text())))
        expect(field).to_have_value("")
        summary.locator(f"a[href='#field-{name}']").click()
        expect(field).to_be_focused()


def test_what_was_typed_as_a_label_stays_and_its_problem_stands_beside_it(page: Page) -> None:
    page.goto(f"{origin(page)}/add/poloniex")
    fill(page, "read-only", "a\u202eb")
    page.get_by_role("button", name="Test Keys").click()

    expect(page.locator("#error-label")).to_be_visible()
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(1)


def test_the_eleventh_test_within_a_minute_is_put_off_in_words(page: Page) -> None:
    for number in range(10):
        begin_test(page, "slow", f"fast-{number}")
        expect(page).to_have_url(re.compile("/tests/"))
    begin_test(page, "slow", "too-fast")

    expect(page.get_by_role("alert")).to_contain_text("too many tests")
    expect(page.get_by_role("link", name="Back")).to_be_visible()
