# ruff: noqa: INP001, T201 - a script, whose output is its purpose
"""
Measure the portal: how soon somebody sees that a test runs, what pages weigh, and what the idle portal takes.

The exchange stands in this process and answers each request after 100 ms; the
portal and the browser are processes of their own. The account was stored with
the exchange's address, so the test is that of a new key for it.
Run it from the root of the checkout with `python -m benchmarks.portal`.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from hashdata.sandbox.server import serve
from playwright.sync_api import Page, sync_playwright

from tests.accounts.exchange import Exchange, values
from tests.portal.browser import Portal, Visit, executable, running

DELAY = 0.1
RUNS = 5


class Delayed(threading.Thread):
    """An exchange that answers after `DELAY`, until the program ends."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ready = threading.Event()
        self.origin = ""

    def run(self) -> None:
        """Serve."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        async with serve(Exchange(2, accounts={2: 1}), delay=DELAY) as self.origin:
            self.ready.set()
            await asyncio.Event().wait()


def store_account(folder: Path, address: str) -> dict[str, str]:
    """Store an account of the exchange; return the variables by which the portal finds it."""
    key_file, key = folder / "vault.key", folder / "key.json"
    for path, data in ((key_file, bytes(range(32))), (key, json.dumps(values(1)).encode())):
        path.touch(mode=0o600)
        path.write_bytes(data)
    variables = {"HASHDATA_HOME": str(folder / "home"), "HASHDATA_KEY_FILE": str(key_file)}
    command = ("accounts", "add", "main", "poloniex", "--credentials", str(key), "--endpoint", address)
    subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-m", "hashdata", *command], env=os.environ | variables, check=True, capture_output=True
    )
    return variables


def time_test(page: Page, form: str) -> tuple[float, float]:
    """Return the seconds from the click on Test Keys to the first line of progress, and to the verdict."""
    page.goto(form)
    page.get_by_label("API Key").fill(values(2)["api_key"])
    page.get_by_label("Secret Key").fill(values(2)["secret"])
    begin = time.perf_counter()
    page.get_by_role("button", name="Test Keys").click(no_wait_after=True)
    page.wait_for_selector(".progress li")
    line = time.perf_counter() - begin
    page.wait_for_selector(".outcome.accepted")
    return line, time.perf_counter() - begin


def resident(portal: Portal) -> float:
    """Return the resident memory of the portal in MB, where the system tells it."""
    status = Path(f"/proc/{portal.process.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def main() -> None:
    """Measure and print."""
    exchange = Delayed()
    exchange.start()
    exchange.ready.wait(10)
    with tempfile.TemporaryDirectory() as folder:
        variables = store_account(Path(folder), exchange.origin)
        home = Path(variables.pop("HASHDATA_HOME"))
        with running(home, **variables) as portal, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable())
            page = Visit(portal, browser.new_context()).enter()
            print(f"{'idle portal, before a test':34} {resident(portal):7.0f} MB")
            account = page.locator(".card h2 a").get_attribute("href") or ""
            times = [time_test(page, f"{portal.origin}{account}/rotate") for _ in range(RUNS)]
            print(f"{'first test, to the first line':34} {times[0][0]:7.2f} s")
            for number, what in enumerate(("click to the first line", "click to the verdict")):
                print(f"{what + ', median':34} {statistics.median(run[number] for run in times):7.2f} s")
            print(f"{'idle portal, after tests':34} {resident(portal):7.0f} MB")
            report = page.url.removeprefix(portal.origin)
            files = ("/static/portal.css", "/static/portal.js")
            for path in ("/", "/add", "/add/poloniex", "/add/poloniex-futures", report, account, *files):
                answer = page.goto(portal.origin + path)
                size = len(answer.body()) if answer else 0
                name = {report: "a test with its verdict", account: "an account"}.get(path, path)
                print(f"{name:34} {size / 1000:7.1f} kB")
            browser.close()


if __name__ == "__main__":
    main()
