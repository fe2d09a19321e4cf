"""
Which requests are answered: those of one browser, that came by the link, from pages of ours.

Every page on this computer and every site that a browser shows can send
requests here. So the name that was asked for, the page that asks, a cookie
and a token in each form must all be right before anything else is looked at.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

LINK_SECONDS = 120.0
_SAFE = {"GET", "HEAD"}
_FORM = "application/x-www-form-urlencoded"
# What a browser says of a request that somebody typed, or that a page of ours made.
_OURS = {"same-origin", "none"}
_OPEN = ("/login", "/static/")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Without a referrer a browser sends `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Gate:
    """
    The secrets of one run of the portal; none of them outlives it.

    `hosts` are the exact names with port that it answers to. Cookies ignore
    ports, so the cookie has a name that no other local server knows.
    """

    hosts: frozenset[str]
    clock: Callable[[], float] = time.monotonic
    cookie: str = field(default_factory=lambda: f"hashdata-{secrets.token_hex(6)}")
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _session: str | None = None
    _link: str | None = None
    _until: float = 0.0

    def new_link(self) -> str:
        """Return the path of a login link, which works once and for two minutes."""
        self._link, self._until = secrets.token_urlsafe(32), self.clock() + LINK_SECONDS
        return f"/login?token={self._link}"

    def enter(self, token: str) -> str | None:
        """
        Return the value of the session's cookie for a good link, and None for any other.

        A wrong one leaves the link as it is: nobody guesses 256 bits, and a
        link that was cut where the terminal broke the line can be tried again.
        """
        if self._link is None or self.clock() > self._until or not _is_same(self._link, token):
            return None
        self._link = None
        self._session = secrets.token_urlsafe(32)
        return self._session

    def knows(self, request: web.Request) -> bool:
        """Whether a request comes from the browser that came by the link."""
        if self._session is None:
            return False
        # A page on another local name may have planted one of the same name beside it, and of two aiohttp takes one.
        sent = [
            pair.strip().partition("=") for line in request.headers.getall("Cookie", []) for pair in line.split(";")
        ]
        return any(name == self.cookie and _is_same(self._session, value) for name, _, value in sent)

    def refuses(self, request: web.Request) -> tuple[int, str] | None:
        """Return status and reason for a request that must not be answered, None for a good one."""
        # The header first: without one aiohttp would ask the network for this computer's name. An address
        # in the request line takes the header's place, so that must be right as well.
        named = request.headers.getall("Host", [])
        if len(named) != 1 or named[0] not in self.hosts or request.host not in self.hosts:
            return 421, "This address is not the portal's. Open the link that the terminal shows."
        if request.headers.get("Sec-Fetch-Site", "none") not in _OURS:
            return 403, "Another page asked for this, not you."
        if request.method not in _SAFE and request.headers.get("Origin") != f"http://{request.host}":
            return 403, "This form was not sent by a page of the portal."
        if not request.path.startswith(_OPEN) and not self.knows(request):
            return (
                401,
                "Open the portal by the link that the terminal shows. It works once; for a new one, start again.",
            )
        return None


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogatepass"))


Tell = Callable[[web.Request, int, str], web.Response]


def middleware(gate: Gate, tell: Tell) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Return what stands before every handler; `tell` makes the page of a refusal."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if refused := gate.refuses(request):
            response: web.StreamResponse = tell(request, *refused)
        else:
            try:
                if request.method not in _SAFE and not _is_same(gate.token, await _token(request)):
                    return _with_headers(
                        tell(request, 403, "This form is not of this run of the portal. Load the page anew.")
                    )
                response = await handler(request)
            except web.HTTPException as ended:
                response = _instead_of(request, ended, tell)
            except ConnectionError:
                raise
            except Exception:  # noqa: BLE001 - aiohttp's own page has no headers, and it prints what went wrong
                response = tell(request, 500, "hashdata has a bug, so this page cannot be shown. Please report this.")
        return _with_headers(response)

    return guarded


def _instead_of(request: web.Request, ended: web.HTTPException, tell: Tell) -> web.StreamResponse:
    """Return a page of ours in place of aiohttp's, with the methods that a page takes where another one came."""
    if location := ended.headers.get("Location"):
        return web.Response(status=ended.status, headers={"Location": location})
    response = tell(request, ended.status, _REASONS.get(ended.status, ended.reason))
    if "Allow" in ended.headers:
        response.headers["Allow"] = ended.headers["Allow"]
    return response


async def _token(request: web.Request) -> str:
    """Return the token of a form; raise `web.HTTPBadRequest` for what no form of ours sends."""
    is_ours = request.content_type == _FORM and (request.charset or "utf-8").lower() == "utf-8"
    if not is_ours or "Content-Encoding" in request.headers:
        raise web.HTTPBadRequest
    try:
        form = await request.post()
    except ValueError:
        raise web.HTTPBadRequest from None
    return str(form.get("csrf", ""))


_REASONS = {
    400: "That is not a form of the portal.",
    404: "There is no such page.",
    405: "That page takes no such request.",
    413: "That is larger than any key.",
}


def _with_headers(response: web.StreamResponse) -> web.StreamResponse:
    if not response.prepared:
        response.headers.update(HEADERS)
    return response
