"""Start the portal, tell its link, and end it when nobody uses it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from hashdata.accounts.store import Store
from hashdata.errors import HashdataError, UsageError
from hashdata.hardening import protect_memory
from hashdata.portal.desk import DESK, Desk
from hashdata.portal.gate import Gate, Handler, middleware
from hashdata.portal.keeper import Keeper
from hashdata.portal.pages import bare_page, failed
from hashdata.portal.views import accounts, adding, entrance, locked, retesting, testing
from hashdata.portal.warming import warm_up

IDLE_SECONDS = 1800.0
LARGEST_REQUEST = 16 * 1024
_LOOK_EVERY = 5.0

# Quiet unless somebody configures logging; aiohttp would print what is no HTTP, as it came.
_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())


def make_app(desk: Desk) -> web.Application:
    """Return the application: every page that there is."""
    app = web.Application(middlewares=[middleware(desk.gate, bare_page), _touching], client_max_size=LARGEST_REQUEST)
    app[DESK] = desk
    app.add_routes(
        [
            web.get("/", accounts.index),
            # Whatever looks whether a link works would use it up.
            web.get("/login", entrance.login, allow_head=False),
            web.get("/static/{name}", entrance.static),
            web.get("/add", adding.choose),
            web.get("/add/{name}", adding.form),
            web.post("/add/{name}", adding.test),
            web.post("/add/{name}/allow", adding.allow),
            web.get("/tests/{id}", testing.watch),
            web.get("/tests/{id}/events", testing.events),
            web.post("/tests/{id}/submit", testing.store_key),
            web.post("/tests/{id}/again", testing.again),
            web.get("/vault", locked.form),
            web.post("/accounts/test", retesting.test_all),
            web.get("/accounts/test", locked.of_form),
            web.get("/accounts/{id}", accounts.account),
            web.post("/accounts/{id}/test", retesting.test_one),
            web.post("/accounts/{id}/rename", accounts.rename),
            web.get("/accounts/{id}/rotate", adding.new_key_form),
            web.post("/accounts/{id}/rotate", adding.test_new_key),
            web.get("/accounts/{id}/remove", accounts.ask_removal),
            web.post("/accounts/{id}/remove", accounts.remove),
            web.get("/rounds/{name}", retesting.watch_round),
            web.get("/labels/{label}", accounts.by_label),
            web.get("/labels/{label}{form:/rotate}", accounts.by_label),
            # Somebody reloads, or goes back to, what was only sent.
            web.get("/tests/{id}/submit", locked.of_form),
            web.get("/accounts/{id}/test", locked.of_form),
            web.post("/lock", locked.lock),
        ]
    )
    app.on_cleanup.append(_stop)
    return app


async def _stop(app: web.Application) -> None:
    """End the tests that run: nobody is left to look at them, and nothing of them is stored."""
    desk = app[DESK]
    running = [*(draft.live.task for draft in desk.drafts.all()), *(going.task for going in desk.rounds.values())]
    tasks = [task for task in running if task]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@web.middleware
async def _touching(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note that somebody is there, and tell them what could not be done; what needs no session keeps nothing open."""
    desk = request.app[DESK]
    if desk.gate.knows(request):
        desk.touch()
    try:
        return await handler(request)
    except HashdataError as error:
        return failed(request, error)


async def serve(
    store: Store, *, port: int, key_file: Path | None, is_practice: bool, tell: Callable[[str], None]
) -> None:
    """
    Serve the portal on loopback until it is cancelled or nobody has used it for half an hour.

    `tell` is given the address to open, with a link that works once. Raises
    `UsageError` when the port cannot be had.
    """
    # Keys are typed long before the vault is opened.
    protect_memory()
    name = f"hd-{secrets.token_hex(6)}.localhost"
    gate = Gate(hosts=frozenset())
    desk = Desk(store=store, gate=gate, keeper=Keeper(store, key_file), is_practice=is_practice)
    desk.touch()
    runner = web.AppRunner(
        make_app(desk), access_log=None, logger=_LOG, handler_cancellation=True, shutdown_timeout=0.5
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except (OSError, OverflowError):
            raise UsageError(
                f"port {port} of 127.0.0.1 cannot be used", fix="Choose another one with --port, or leave it out."
            ) from None
        bound = runner.addresses[0][1]
        gate.hosts = frozenset({f"{name}:{bound}", f"127.0.0.1:{bound}"})
        tell(f"http://{name}:{bound}{gate.new_link()}")
        threading.Thread(target=warm_up, name="hashdata-warming", daemon=True).start()
        while desk.is_busy or desk.clock() - desk.used < IDLE_SECONDS:
            await asyncio.sleep(_LOOK_EVERY)
            desk.keeper.lock_if_idle()
            desk.drafts.forget_old()
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await runner.cleanup()
