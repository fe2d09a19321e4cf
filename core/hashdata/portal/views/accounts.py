"""Exchange Accounts: all of them, one of them, its label, and taking one out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from aiohttp import web

from hashdata.accounts.labels import check_label
from hashdata.accounts.overview import Row
from hashdata.errors import HashdataError, UsageError
from hashdata.portal import showing
from hashdata.portal.desk import DESK
from hashdata.portal.pages import failed, page, see
from hashdata.portal.problems import no_account
from hashdata.portal.views.locked import opened
from hashdata.tester.report import Report
from hashdata.tester.stored import report_of

_MOST_TESTS = 30


async def index(request: web.Request) -> web.Response:
    """Show all accounts."""
    desk = request.app[DESK]
    rows = await asyncio.to_thread(desk.rows)
    return page(
        request,
        "accounts.html",
        cards=showing.cards(rows, datetime.now(UTC)),
        denied=showing.denied(rows),
        going=next((going for going in [desk.rounds.get("all")] if going and not going.is_over), None),
    )


async def account(request: web.Request) -> web.Response:
    """Show one account with its last report and its history."""
    row = await asyncio.to_thread(request.app[DESK].row, request.match_info["id"])
    return await _account(request, row)


async def by_label(request: web.Request) -> web.Response:
    """Send the browser on to the account of a label, or to the form for its new key."""
    book = await asyncio.to_thread(request.app[DESK].store.book)
    try:
        found = book.find(request.match_info["label"])
    except UsageError:
        raise no_account() from None
    return see(f"/accounts/{found.id}{request.match_info.get('form', '')}")


async def _account(
    request: web.Request, row: Row, *, label: str | None = None, problem: HashdataError | None = None
) -> web.Response:
    """Return the page of an account; `problem` is what is wrong with the new `label`."""
    tests, unread = await asyncio.to_thread(_tests, request, row)
    return page(
        request,
        "account.html",
        status=400 if problem else 200,
        row=row,
        attempt=showing.attempt(row, datetime.now(UTC)),
        shown=showing.shown(tests[-1] if tests else None),
        history=showing.history(tests),
        unread=unread,
        label=row.account.label if label is None else label,
        problem=problem,
    )


def _tests(request: web.Request, row: Row) -> tuple[list[Report], HashdataError | None]:
    """Return the last tests of an account, oldest first, and why there are fewer than there should be."""
    try:
        kept = request.app[DESK].store.history(row.account)[-_MOST_TESTS:]
    except HashdataError as error:
        return [], error
    tests = []
    for one in kept:
        try:
            tests.append(report_of(one.report, row.title))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    lost = len(kept) - len(tests)
    problem = UsageError(
        f"{lost} of the last {len(kept)} reports cannot be read", fix="They may be of another version of hashdata."
    )
    return tests, problem if lost else None


async def rename(request: web.Request) -> web.Response:
    """Give an account another label."""
    desk = request.app[DESK]
    row = await asyncio.to_thread(desk.row, request.match_info["id"])
    typed = str((await request.post()).get("label", "")).strip()
    try:
        await asyncio.to_thread(desk.store.rename, row.account, check_label(typed))
    except HashdataError as error:
        return await _account(request, row, label=typed, problem=error)
    return see(f"/accounts/{row.account.id}")


async def ask_removal(request: web.Request) -> web.Response:
    """Ask once before an account is removed."""
    return page(request, "remove.html", row=await asyncio.to_thread(request.app[DESK].row, request.match_info["id"]))


async def remove(request: web.Request) -> web.Response:
    """Remove an account with its key."""
    desk = request.app[DESK]
    row = await asyncio.to_thread(desk.row, request.match_info["id"])
    vault = await opened(request)
    if isinstance(vault, web.Response):
        return vault
    try:
        await asyncio.to_thread(desk.store.remove, vault, row.account)
    except HashdataError as error:
        return failed(request, error, f"/accounts/{row.account.id}")
    desk.rounds.pop(row.account.id, None)
    return see("/")
