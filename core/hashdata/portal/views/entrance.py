"""Come in by the link, and what every page loads."""

from __future__ import annotations

from aiohttp import web

from hashdata.portal.desk import DESK
from hashdata.portal.pages import FOLDER, bare_page, see

_FILES = {"portal.css": "text/css", "portal.js": "text/javascript", "icon.svg": "image/svg+xml"}


async def login(request: web.Request) -> web.Response:
    """Let the browser in that has the link, once."""
    gate = request.app[DESK].gate
    session = gate.enter(request.query.get("token", ""))
    if session is None:
        return bare_page(
            request, 401, "This link was used already, or is too old. Start the portal again for a new one."
        )
    response = see("/")
    response.set_cookie(gate.cookie, session, httponly=True, samesite="Strict", path="/")
    return response


async def static(request: web.Request) -> web.Response:
    """Return one of the few files that pages load."""
    name = request.match_info["name"]
    if name not in _FILES:
        raise web.HTTPNotFound
    return web.Response(body=(FOLDER / "static" / name).read_bytes(), content_type=_FILES[name], charset="utf-8")
