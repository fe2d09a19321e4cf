# ruff: noqa: INP001 - a script
"""
Photograph the portal as the pictures of the documents.

Runs the real portal on practice exchanges, goes through it in Chromium, and
writes `docs/images/portal-*.png`. Run it from the root of the checkout with
`python -m docs.make_portal_screenshots`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tests.portal.browser import Visit, add_account, executable, fill, origin, running, try_key

IMAGES: Final = Path(__file__).parent / "images"
LARGEST: Final = 150_000
WIDTH: Final = 1100


def photograph(page: Page, name: str, height: int) -> None:
    """Write what the window shows."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.evaluate("() => scrollTo(0, 0)")
    path = IMAGES / f"portal-{name}.png"
    page.screenshot(path=path)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST} bytes")
    sys.stdout.write(f"{path.name}: {path.stat().st_size // 1000} kB\n")


def main() -> None:
    """Take all pictures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder, "home"), "--sandbox") as portal,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable())
        page = Visit(portal, browser.new_context()).enter()
        try_key(page, "trading", "Trading desk")
        photograph(page, "denied", 800)
        add_account(page, "Main")
        add_account(page, "Main futures", "poloniex-futures")
        page.goto(origin(page))
        photograph(page, "accounts", 460)
        page.goto(f"{origin(page)}/add/poloniex")
        fill(page, "read-only", "Main")
        photograph(page, "add", 640)
        browser.close()


if __name__ == "__main__":
    main()
