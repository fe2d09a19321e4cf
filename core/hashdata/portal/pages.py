"""Make pages from templates. A template shows what it is given, and decides nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hashdata.errors import HashdataError, StorageError, UsageError
from hashdata.portal.desk import DESK
from hashdata.portal.problems import NotHereError
from hashdata.portal.wording import parts
from hashdata.render.accounts import ago
from hashdata.render.plain import plain

FOLDER = Path(__file__).parent


@cache
def environment() -> Environment:
    """Return the templates; every value that they show is escaped, and a missing one is an error."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    made.filters["ago"] = lambda moment: ago(moment, datetime.now(UTC))
    made.filters["parts"] = parts
    made.filters["day"] = lambda moment: f"{moment.astimezone(UTC):%Y-%m-%d}"
    made.filters["stamp"] = lambda moment: f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return made


def page(request: web.Request, template: str, *, status: int = 200, **shown: object) -> web.Response:
    """Return a page that is made of `template` and what it shows."""
    desk = request.app[DESK]
    text = (
        environment()
        .get_template(template)
        .render(
            csrf=desk.gate.token,
            is_practice=desk.is_practice,
            is_open=desk.keeper.is_open,
            path=request.path,
            now=datetime.now(UTC),
            **shown,
        )
    )
    return web.Response(text=text, content_type="text/html", status=status)


def failed(request: web.Request, error: HashdataError, back: str = "/") -> web.Response:
    """Return a page that says why a request could not be carried out, and what to do."""
    if isinstance(error, NotHereError):
        status, title = 404, "Not here"
    else:
        is_theirs = isinstance(error, UsageError) and not isinstance(error, StorageError)
        status, title = 400 if is_theirs else 500, "That did not work"
    return page(
        request,
        "message.html",
        status=status,
        title=title,
        error=error,
        back=None if request.path == back and request.method == "GET" else back,
    )


def bare_page(request: web.Request, status: int, what: str) -> web.Response:
    """Return a page for whoever may see nothing else; who was let in finds the way back."""
    is_known = request.app[DESK].gate.knows(request)
    text = environment().get_template("refused.html").render(status=status, what=what, is_known=is_known)
    return web.Response(text=text, content_type="text/html", status=status)


def see(path: str) -> web.Response:
    """Send the browser on to another page, by a path that holds for every name of this computer."""
    return web.Response(status=303, headers={"Location": path})
