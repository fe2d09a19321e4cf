"""Add Exchange: choose a connector, follow its guide, type a key, and have it tested; also for a new key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

from aiohttp import web

from hashdata.accounts.account import Account
from hashdata.connector import Connector
from hashdata.errors import UsageError
from hashdata.portal import forms, showing
from hashdata.portal.desk import DESK, draft_for
from hashdata.portal.pages import page, see
from hashdata.portal.problems import NotHereError
from hashdata.portal.views.retesting import too_fast
from hashdata.registry import choices, find, installed
from hashdata.registry.consent import check_allowed, needs_consent
from hashdata.render.guide_page import lay_out
from hashdata.tester.session import announcement


async def choose(request: web.Request) -> web.Response:
    """Show exactly the connectors that `connectors list` knows, broken ones with the reason."""
    return page(request, "choose.html", entries=installed())


async def form(request: web.Request) -> web.Response:
    """Show the guide of a connector beside the form for its key."""
    connector = _connector(request.match_info["name"])
    return _allow_first(request, connector, None) or _form(request, connector, None, problems={})


async def allow(request: web.Request) -> web.Response:
    """Remember that a connector that did not come with hashdata may be given keys."""
    connector = _connector(request.match_info["name"])
    await asyncio.to_thread(choices.allow, connector)
    rotates = request.query.get("rotates")
    return see(f"/accounts/{request.app[DESK].row(rotates).account.id}/rotate" if rotates else f"/add/{connector.name}")


def _allow_first(request: web.Request, connector: Connector, rotates: Account | None) -> web.Response | None:
    """Return the page that asks whether a connector may be given keys, None where that is known."""
    if not _is_unknown(request, connector, rotates):
        return None
    return page(
        request,
        "allow.html",
        connector=connector,
        plugin=showing.plugin(connector),
        before=choices.read_choices().knows(connector),
        action=f"/add/{connector.name}/allow" + (f"?rotates={rotates.id}" if rotates else ""),
    )


def _is_unknown(request: web.Request, connector: Connector, rotates: Account | None) -> bool:
    """Whether a connector has to be allowed before it is given a key that is none of practice."""
    is_practice = rotates.persona is not None if rotates else request.app[DESK].is_practice
    return not is_practice and needs_consent(connector)


async def new_key_form(request: web.Request) -> web.Response:
    """Show the same for a new key of an account."""
    row = request.app[DESK].row(request.match_info["id"])
    connector = _connector(row.account.connector)
    asked = _allow_first(request, connector, row.account)
    return asked or _form(request, connector, row.account, problems={})


async def test(request: web.Request) -> web.Response:
    """Test a key that was typed."""
    connector = _connector(request.match_info["name"])
    return await _begin(request, connector, None)


async def test_new_key(request: web.Request) -> web.Response:
    """Test a new key of an account."""
    row = request.app[DESK].row(request.match_info["id"])
    return await _begin(request, _connector(row.account.connector), row.account)


async def _begin(request: web.Request, connector: Connector, rotates: Account | None) -> web.Response:
    """Check every field, and begin the test if nothing is wrong."""
    desk = request.app[DESK]
    if _is_unknown(request, connector, rotates):
        check_allowed(connector)
    typed = forms.read(desk, connector, await request.post(), rotates)
    if typed.problems or typed.credentials is None:
        return _form(request, connector, rotates, problems=typed.problems, label=typed.label)
    if wait := desk.pace.wait():
        return too_fast(request, wait, request.path)
    draft = draft_for(desk, connector, typed.credentials, typed.label, rotates)
    desk.begin(draft)
    return see(f"/tests/{draft.id}")


def _connector(name: str) -> Connector:
    """Return a connector that is ready; raise `NotHereError` for none, and `PluginError` for a broken one."""
    try:
        return find(name)
    except UsageError as error:
        raise NotHereError(error.what, fix=error.fix) from None


def _form(
    request: web.Request,
    connector: Connector,
    rotates: Account | None,
    *,
    problems: Mapping[str, str],
    label: str = "",
) -> web.Response:
    """Return the page with guide and form."""
    desk = request.app[DESK]
    wanted = request.query.get("variant", "")
    variants = {variant.name: variant for variant in connector.guide.variants}
    variant = variants.get(wanted, connector.guide.variant())
    api = next((one for one in connector.info.apis if one.when is None), connector.info.apis[0])
    return page(
        request,
        "add.html",
        status=400 if problems else 200,
        connector=connector,
        fields=list(connector.schema),
        labels={"label": "Label"} | {field.name: field.label for field in connector.schema},
        rotates=rotates,
        guide=lay_out(connector.guide, variant, date.today(), connector.name),  # noqa: DTZ011 - the reader's own day
        variant=variant,
        variants=list(variants.values()),
        questions=announcement(connector.terms(api)),
        personas=desk.personas(connector),
        problems=problems,
        label=label,
        # With the page of the guide that is shown, so that a form with a problem shows it again.
        action=request.path + (f"?variant={quote(variant.name)}" if variant.name == wanted else ""),
    )
