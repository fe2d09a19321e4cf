"""Test again: one account or all of them, and how that goes."""

from __future__ import annotations

import asyncio

from aiohttp import web

from hashdata.accounts.account import Account
from hashdata.accounts.bulk import Tested
from hashdata.errors import UsageError
from hashdata.portal import rounds
from hashdata.portal.desk import DESK
from hashdata.portal.pages import page, see
from hashdata.portal.problems import no_account
from hashdata.portal.views.locked import opened


async def test_one(request: web.Request) -> web.Response:
    """Test one account again."""
    row = await asyncio.to_thread(request.app[DESK].row, request.match_info["id"])
    return await _test(request, [row.account], row.account.id, f"/accounts/{row.account.id}")


async def test_all(request: web.Request) -> web.Response:
    """Test all accounts again."""
    rows = await asyncio.to_thread(request.app[DESK].rows)
    return await _test(request, [row.account for row in rows], "all", "/")


async def _test(request: web.Request, accounts: list[Account], name: str, back: str) -> web.Response:
    """Begin a round of tests, and show how it goes."""
    desk = request.app[DESK]
    vault = await opened(request)
    if isinstance(vault, web.Response):
        return vault
    going = desk.rounds.get(name)
    if going is None or going.is_over:
        if wait := desk.pace.wait():
            return too_fast(request, wait, back)
        desk.rounds[name] = rounds.start(desk.store, vault, accounts)
    return see(f"/rounds/{name}")


def too_fast(request: web.Request, wait: int, back: str) -> web.Response:
    """Ask somebody to slow down."""
    response = page(
        request,
        "message.html",
        status=429,
        title="Too many tests",
        error=UsageError(
            "that were too many tests within a minute",
            fix=f"Wait {wait} seconds: an exchange may take many tests for an attack.",
        ),
        back=back,
    )
    response.headers["Retry-After"] = str(wait)
    return response


async def watch_round(request: web.Request) -> web.Response:
    """Show how a round of tests goes."""
    desk, name = request.app[DESK], request.match_info["name"]
    going = desk.rounds.get(name)
    if going is None:
        raise no_account()
    row = None if name == "all" else await asyncio.to_thread(desk.row, name)
    return page(
        request,
        "round.html",
        going=going,
        said=_said(going),
        drifted=[tested for tested in going.tested if tested.is_drift],
        tested=sorted(going.tested, key=_rank),
        back=f"/accounts/{row.account.id}" if row else "/",
        where=row.account.label if row else "Exchange Accounts",
    )


def _said(going: rounds.Round) -> str:
    """Say how far a round is."""
    accounts = "account" if going.total == 1 else "accounts"
    if not going.is_over:
        return f"{len(going.tested)} of {going.total} {accounts} tested so far."
    ended = "Ended" if going.problem else "Done"
    return f"{ended}: {len(going.tested)} of {going.total} {accounts} tested."


def _rank(tested: Tested) -> tuple[bool, bool, str]:
    """Put drift first, then what is not accepted."""
    accepted = tested.result is not None and tested.result.attempt.verdict == "accepted"
    return not tested.is_drift, accepted, tested.before.label
