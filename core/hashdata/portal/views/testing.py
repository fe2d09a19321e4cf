"""Test Keys and Submit: how a test goes, what came of it, and storing a key that was accepted."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from hashdata.accounts.account import Account
from hashdata.accounts.adding import check_new_key, check_same_account, rotate, submit
from hashdata.errors import HashdataError
from hashdata.portal import showing
from hashdata.portal.desk import DESK
from hashdata.portal.drafts import Draft
from hashdata.portal.gate import HEADERS
from hashdata.portal.pages import environment, page, see
from hashdata.portal.problems import no_draft
from hashdata.portal.views.locked import opened
from hashdata.portal.views.retesting import too_fast


def _draft(request: web.Request) -> Draft:
    """Return the draft of a page; raise `NotHereError` ten minutes later."""
    draft = request.app[DESK].drafts.get(request.match_info["id"])
    if draft is None:
        raise no_draft()
    return draft


def _rotates(request: web.Request, draft: Draft) -> Account | None:
    """Return the account that a draft's key is for, None for a new one; raise `NotHereError` when it was removed."""
    return request.app[DESK].row(draft.rotates).account if draft.rotates is not None else None


async def watch(request: web.Request) -> web.Response:
    """Show a test while it runs, and its report at the end; what is stored is shown as an account."""
    draft = _draft(request)
    return see(f"/accounts/{draft.stored}") if draft.stored else _show(request, draft)


def _show(request: web.Request, draft: Draft, *, error: HashdataError | None = None, ask: bool = False) -> web.Response:
    """Return the page of a test; with `ask` it wants to know whether both keys belong to one account."""
    desk = request.app[DESK]
    return page(
        request,
        "test.html",
        status=400 if error else 200,
        draft=draft,
        live=draft.live,
        shown=showing.shown(draft.report),
        step=showing.step_of(draft),
        form=showing.form_of(draft),
        after=showing.after(draft),
        error=error,
        ask=ask,
        can_submit=desk.may_store(draft),
        rotates=_rotates(request, draft),
    )


async def events(request: web.Request) -> web.StreamResponse:
    """Send the state of a test after each change, as server-sent events, until it is over."""
    draft = _draft(request)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    response.headers.update(HEADERS)
    await response.prepare(request)
    async for _ in draft.live.watch():
        request.app[DESK].touch()
        text = environment().get_template("progress.html").render(live=draft.live)
        state = {"html": text, "said": draft.live.said, "over": draft.live.is_over}
        await response.write(f"data: {json.dumps(state)}\n\n".encode())
    return response


async def again(request: web.Request) -> web.Response:
    """Test a key once more whose test showed nothing, without typing it anew."""
    desk, draft = request.app[DESK], _draft(request)
    if not draft.live.is_over or draft.credentials is None:
        return see(f"/tests/{draft.id}")
    if wait := desk.pace.wait():
        return too_fast(request, wait, f"/tests/{draft.id}")
    fresh = draft.fresh()
    desk.begin(fresh)
    return see(f"/tests/{fresh.id}")


async def store_key(request: web.Request) -> web.Response:
    """Store the key of a draft that was accepted: whole, or not at all, and once however often it is asked for."""
    desk, draft = request.app[DESK], _draft(request)
    async with draft.lock:
        if draft.stored is None:
            if not desk.may_store(draft):
                raise no_draft()
            vault = await opened(request)
            if isinstance(vault, web.Response):
                return vault
            is_sure = (await request.post()).get("sure") == "yes"
            try:
                rotates = await asyncio.to_thread(_rotates, request, draft)
                proven = draft.proven()
                check_new_key(desk.store, vault, proven.connector, proven.credentials, rotates)
                if rotates is None:
                    stored = await asyncio.to_thread(submit, desk.store, vault, draft.label, proven, draft.place)
                elif check_same_account(rotates, proven.report) or is_sure:
                    stored = await asyncio.to_thread(rotate, desk.store, vault, rotates, proven)
                else:
                    return _show(request, draft, ask=True)
            except HashdataError as error:
                return _show(request, draft, error=error)
            # What is stored has one home, and that is the vault.
            draft.stored, draft.credentials = stored.id, None
    return see(f"/accounts/{draft.stored}")
