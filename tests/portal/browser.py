"""
A real portal in a process of its own, and a real Chromium that looks at it.

A test module imports the fixtures that it uses and names them in `__all__`.
Playwright keeps an event loop running in this thread, which no other test
may meet; so the browser belongs to one module, and a second costs half a
second.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

from tests.cli.command import PATIENCE, environment

PHRASE = "correct horse battery"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_DEBIAN = Path("/usr/bin/chromium")
# A page that tells of a problem has such a status, and Chromium notes that on its console.
_TOLD = "Failed to load resource: the server responded with a status of 4"


@dataclass(frozen=True, slots=True)
class Portal:
    """A running portal: its process, the link that opens it once, and where it keeps its accounts."""

    process: subprocess.Popen[str]
    link: str
    home: Path

    @property
    def origin(self) -> str:
        return self.link.partition("/login")[0]

    @property
    def host(self) -> str:
        return self.origin.removeprefix("http://")

    @property
    def log(self) -> str:
        """Everything that it wrote to standard error."""
        return self.home.with_name("portal.log").read_text()


@contextmanager
def running(home: Path, *arguments: str, **variables: str) -> Iterator[Portal]:
    """Run `hashdata portal --no-open` with its data in `home`, until the block ends."""
    home.parent.mkdir(parents=True, exist_ok=True)
    env = environment(HASHDATA_HOME=str(home), **variables)
    if "HASHDATA_KEY_FILE" not in variables:
        env.pop("HASHDATA_KEY_FILE", None)
    command = [sys.executable, "-m", "hashdata", "portal", "--no-open", *arguments]
    log = home.with_name("portal.log")
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Open http://"), f"the portal did not start: {line}{log.read_text()}"
            yield Portal(process, line.removeprefix("Open ").strip(), home)
        finally:
            process.kill()


@dataclass
class Visit:
    """A browser's context at the portal; `faults` is what no visit may have, as sentences."""

    portal: Portal
    context: BrowserContext
    faults: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.on("request", self._asked)
        self.context.on("console", self._noted)
        self.context.on("weberror", lambda error: self.faults.append(f"an error of a script: {error.error}"))

    def enter(self) -> Page:
        """Open the portal by its link in a new tab."""
        page = self.context.new_page()
        page.goto(self.portal.link)
        return page

    def tab(self, path: str = "/") -> Page:
        """Open a page of the portal in a new tab."""
        page = self.context.new_page()
        page.goto(self.portal.origin + path)
        return page

    def _asked(self, request: Request) -> None:
        self.paths.append(request.url.removeprefix(self.portal.origin))
        if not request.url.startswith(self.portal.origin + "/"):
            self.faults.append(f"loaded from elsewhere: {request.url}")

    def _noted(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_TOLD):
            self.faults.append(f"on the console: {message.text}")


def executable() -> str:
    """Return where Chromium is; a test that needs it fails where there is none."""
    found = shutil.which("chromium") or (str(_DEBIAN) if _DEBIAN.exists() else None)
    if found is None:
        pytest.fail("The tests of the portal need Chromium; run: sudo apt-get install chromium", pytrace=False)
    return found


@pytest.fixture(name="chromium", scope="module")
def chromium_fixture() -> Iterator[Browser]:
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(name="portal")
def portal_fixture(tmp_path: Path) -> Iterator[Portal]:
    with running(tmp_path / "home", "--sandbox") as portal:
        yield portal


Visiting = Callable[..., Visit]


@pytest.fixture(name="visiting")
def visiting_fixture(chromium: Browser, portal: Portal) -> Iterator[Visiting]:
    """Return what begins a visit, with options of a browser's context; at its end no visit may have faults."""
    visits: list[Visit] = []

    def begin(**options: Any) -> Visit:  # noqa: ANN401 - as Playwright types them
        visits.append(Visit(portal, chromium.new_context(**options)))
        return visits[-1]

    yield begin
    for visit in visits:
        visit.context.close()

    assert [fault for visit in visits for fault in visit.faults] == []


@pytest.fixture(name="page")
def page_fixture(visiting: Visiting) -> Page:
    """Return a tab with the accounts of a new portal."""
    return visiting().enter()


def origin(page: Page) -> str:
    """Return the portal that a page belongs to."""
    return "/".join(page.url.split("/")[:3])


def fill(page: Page, name: str, label: str | None = None) -> None:
    """Fill the form in with a practice key."""
    summary = page.locator(".personas summary", has_text=re.compile(rf"^{re.escape(name)}:"))
    summary.evaluate("summary => summary.parentElement.open = true")
    page.get_by_role("button", name=f"Fill in {name}", exact=True).click()
    if label is not None:
        page.get_by_label("Label").fill(label)


def begin_test(page: Page, name: str, label: str, connector: str = "poloniex") -> None:
    """Press Test Keys for a practice key."""
    page.goto(f"{origin(page)}/add/{connector}")
    fill(page, name, label)
    page.get_by_role("button", name="Test Keys").click()


def try_key(page: Page, name: str, label: str, connector: str = "poloniex") -> Locator:
    """Test a practice key to the end and return what came of it."""
    begin_test(page, name, label, connector)
    outcome = page.locator(".outcome")
    expect(outcome).to_be_visible(timeout=PATIENCE * 1000)
    return outcome


def make_vault(page: Page, phrase: str = PHRASE) -> None:
    """Make the vault that the page asks for."""
    page.get_by_label("Passphrase").fill(phrase)
    page.get_by_label("The same again").fill(phrase)
    page.get_by_role("button", name="Make the vault").click()


def add_account(page: Page, label: str, connector: str = "poloniex", name: str = "read-only") -> None:
    """Test and submit a practice key, and make the vault when it is asked for."""
    try_key(page, name, label, connector)
    page.get_by_role("button", name="Submit").click()
    heading = page.get_by_role("heading", level=1)
    if page.title().startswith("Make the vault"):
        make_vault(page)
    expect(heading).to_have_text(label)


@cache
def axe() -> str:
    """Return the script of axe-core."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page; its context must bypass the page's policy."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        list(RULES),
    )
    return [
        f"{one['id']}: {one['help']}: {json.dumps([node['html'][:160] for node in one['nodes']])}"
        for one in found["violations"]
    ]


def is_too_wide(page: Page) -> bool:
    """Whether a page scrolls sideways."""
    wide: bool = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
