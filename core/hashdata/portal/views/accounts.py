"""Exchange Accounts: all of them, one of them, and testing them again."""

from __future__ import annotations

import asyncio

from aiohttp import web

from hashdata.accounts.account import Account
from hashdata.accounts.bulk import Tested
from hashdata.accounts.labels import check_label
from hashdata.errors import HashdataError, UsageError
from hashdata.portal import rounds
from hashdata.portal.desk import DESK
from hashdata.portal.pages import failed, page, see
from hashdata.portal.views.locked import opened
from hashdata.tester.report import Report
from hashdata.tester.stored import report_of

_MOST_TESTS = 30


async def index(request: web.Request) -> web.Response:
    """Show all accounts."""
    desk = request.app[DESK]
    return page(request, "accounts.html", rows=desk.rows(), going=desk.rounds.get("all"))


async def account(request: web.Request) -> web.Response:
    """Show one account with its last report and its history."""
    desk = request.app[DESK]
    row = desk.row(request.match_info["id"])
    try:
        tests = [report_of(kept.report, row.title) for kept in desk.store.history(row.account)[-_MOST_TESTS:]]
    except (HashdataError, ValueError, KeyError, TypeError):
        tests = []
    last: Report | None = tests[-1] if tests else None
    return page(request, "account.html", row=row, report=last, tests=list(reversed(tests)), problems={}, error=None)


async def test_one(request: web.Request) -> web.Response:
    """Test one account again."""
    row = request.app[DESK].row(request.match_info["id"])
    return await _test(request, [row.account], row.account.id, f"/accounts/{row.account.id}")


async def test_all(request: web.Request) -> web.Response:
    """Test all accounts again."""
    accounts = [row.account for row in request.app[DESK].rows()]
    return await _test(request, accounts, "all", "/")


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
    desk = request.app[DESK]
    name = request.match_info["name"]
    if (going := desk.rounds.get(name)) is None:
        raise web.HTTPNotFound
    drifted = [tested for tested in going.tested if tested.is_drift]
    shown = sorted(going.tested, key=_rank)
    return page(
        request,
        "round.html",
        going=going,
        drifted=drifted,
        tested=shown,
        back="/" if name == "all" else f"/accounts/{name}",
    )


def _rank(tested: Tested) -> tuple[bool, bool, str]:
    """Put drift first, then what is not accepted."""
    accepted = tested.result is not None and tested.result.attempt.verdict == "accepted"
    return not tested.is_drift, accepted, tested.before.label


async def rename(request: web.Request) -> web.Response:
    """Give an account another label."""
    desk = request.app[DESK]
    row = desk.row(request.match_info["id"])
    form = await request.post()
    try:
        label = check_label(str(form.get("label", "")))
        await asyncio.to_thread(desk.store.rename, row.account, label)
    except HashdataError as error:
        return page(
            request,
            "account.html",
            status=400,
            row=row,
            report=None,
            tests=[],
            problems={"label": error.what},
            error=error,
        )
    return see(f"/accounts/{row.account.id}")


async def ask_removal(request: web.Request) -> web.Response:
    """Ask once before an account is removed."""
    row = request.app[DESK].row(request.match_info["id"])
    return page(request, "remove.html", row=row)


async def remove(request: web.Request) -> web.Response:
    """Remove an account with its key."""
    desk = request.app[DESK]
    row = desk.row(request.match_info["id"])
    vault = await opened(request)
    if isinstance(vault, web.Response):
        return vault
    try:
        await asyncio.to_thread(desk.store.remove, vault, row.account)
    except HashdataError as error:
        return failed(request, error, f"/accounts/{row.account.id}")
    return see("/")
