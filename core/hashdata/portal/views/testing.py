"""Test Keys and Submit: how a test goes, what came of it, and storing a key that was accepted."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from hashdata.accounts.adding import check_new_key, check_same_account, rotate, submit
from hashdata.errors import HashdataError
from hashdata.portal.desk import DESK
from hashdata.portal.drafts import Draft
from hashdata.portal.gate import HEADERS
from hashdata.portal.pages import environment, page, see
from hashdata.portal.views.locked import opened


def _draft(request: web.Request) -> Draft:
    """Return the draft of a page; it is gone after ten minutes."""
    draft = request.app[DESK].drafts.get(request.match_info["id"])
    if draft is None:
        raise web.HTTPNotFound
    return draft


async def watch(request: web.Request) -> web.Response:
    """Show a test while it runs, and its report at the end."""
    return _show(request, _draft(request))


def _show(request: web.Request, draft: Draft, *, error: HashdataError | None = None, ask: bool = False) -> web.Response:
    desk = request.app[DESK]
    report = draft.report
    step = None
    if report is not None and report.cause is not None:
        api = next((a for a in draft.connector.info.apis if a.origin == report.endpoint), None)
        guide = draft.connector.guide
        variant = guide.variant_of(api.name) if api else guide.variant()
        step = variant.step_for(report.cause)
    return page(
        request,
        "test.html",
        status=400 if error else 200,
        draft=draft,
        live=draft.live,
        report=report,
        step=step,
        error=error,
        ask=ask,
        can_submit=desk.may_store(draft),
        form=f"/accounts/{draft.rotates}/rotate" if draft.rotates else f"/add/{draft.connector.name}",
        rotates=desk.row(draft.rotates).account if draft.rotates else None,
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


async def store_key(request: web.Request) -> web.Response:
    """Store the key of a draft that was accepted: whole, or not at all."""
    desk, draft = request.app[DESK], _draft(request)
    proven = draft.proven()
    if proven is None or not desk.may_store(draft):
        raise web.HTTPNotFound
    vault = await opened(request)
    if isinstance(vault, web.Response):
        return vault
    is_sure = (await request.post()).get("sure") == "yes"
    rotates = desk.row(draft.rotates).account if draft.rotates is not None else None
    try:
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
    draft.credentials = None
    return see(f"/accounts/{stored.id}")
