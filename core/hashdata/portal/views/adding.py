"""Add Exchange: choose a connector, follow its guide, type a key, and have it tested; also for a new key."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from hashdata.accounts.account import Account
from hashdata.accounts.labels import check_label
from hashdata.accounts.store import check_label_free
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import CredentialError, HashdataError
from hashdata.portal.desk import DESK, draft_for
from hashdata.portal.pages import page, see
from hashdata.portal.views.accounts import too_fast
from hashdata.registry import find, installed
from hashdata.render.guide_page import lay_out
from hashdata.tester.session import announcement


async def choose(request: web.Request) -> web.Response:
    """Show exactly the connectors that `connectors list` knows, broken ones with the reason."""
    return page(request, "choose.html", entries=installed())


async def form(request: web.Request) -> web.Response:
    """Show the guide of a connector beside the form for its key."""
    connector = _connector(request.match_info["name"])
    return _form(request, connector, None, problems={})


async def new_key_form(request: web.Request) -> web.Response:
    """Show the same for a new key of an account."""
    row = request.app[DESK].row(request.match_info["id"])
    return _form(request, _connector(row.account.connector), row.account, problems={})


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
    typed = await request.post()
    problems: dict[str, str] = {}
    label = rotates.label if rotates else str(typed.get("label", ""))
    if rotates is None:
        try:
            label = check_label(label.strip())
            check_label_free(desk.store.book(), label)
        except HashdataError as error:
            problems["label"] = f"{error.what[0].upper()}{error.what[1:]}. {error.fix}"
    credentials: Credentials | None = None
    try:
        values = {field.name: str(typed.get(field.name, "")) for field in connector.schema}
        credentials = connector.schema.bind({name: value for name, value in values.items() if value})
    except CredentialError as error:
        problems |= error.problems
    if problems or credentials is None:
        return _form(request, connector, rotates, problems=problems, label=label)
    if wait := desk.pace.wait():
        return too_fast(request, wait, request.path)
    draft = draft_for(desk, connector, credentials, label, rotates)
    desk.begin(draft)
    return see(f"/tests/{draft.id}")


def _connector(name: str) -> Connector:
    """Return a connector that is ready."""
    try:
        return find(name)
    except HashdataError:
        raise web.HTTPNotFound from None


def _form(
    request: web.Request,
    connector: Connector,
    rotates: Account | None,
    *,
    problems: dict[str, str],
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
        rotates=rotates,
        guide=lay_out(connector.guide, variant, date.today(), connector.name),  # noqa: DTZ011 - the reader's own day
        variant=variant,
        variants=list(variants.values()),
        questions=announcement(connector.terms(api)),
        personas=desk.personas(connector),
        problems=problems,
        label=label,
        action=request.path,
    )
