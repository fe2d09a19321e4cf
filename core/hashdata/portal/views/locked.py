"""The vault in the page: open it where a passphrase is needed, make it where there is none, lock it."""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import urlencode

from aiohttp import web

from hashdata.credentials import Secret
from hashdata.errors import UsageError
from hashdata.portal.desk import DESK
from hashdata.portal.keeper import VaultChangedError
from hashdata.portal.pages import page, see
from hashdata.vault import Vault, WrongMeans
from hashdata.vault.means import SHORTEST_PASSPHRASE

# The forms that need the vault, each with the page that it stands on.
_FORMS = re.compile(r"(/tests/[\w-]+)/submit|(/accounts/[\w-]+)/(?:test|remove)|(/accounts)/test")
_KEPT = ("sure",)


async def opened(request: web.Request) -> Vault | web.Response:
    """
    Return the opened vault, or what sends a person to the page where they open or make it.

    The form on that page comes back here with the passphrase, so that nobody
    has to press a button twice. Raises `StorageError` where no passphrase helps.
    """
    desk = request.app[DESK]
    form = await request.post()
    typed = str(form.get("passphrase", ""))
    desk.store.check_not_lost()
    try:
        if not desk.store.has_vault():
            if not (typed or desk.keeper.has_key_file):
                return _elsewhere(request, {})
            await _make(request, typed, str(form.get("again", "")))
        elif desk.keeper.needs_passphrase and not typed:
            desk.keeper.check_passphrase()
            kept = {name: str(form[name]) for name in _KEPT if name in form}
            return _elsewhere(request, kept)
        return await desk.keeper.open(Secret(typed) if typed else None)
    except (_UnfitError, VaultChangedError, WrongMeans) as error:
        if desk.keeper.has_key_file:
            raise
        return _ask(request, request.path, {name: str(form[name]) for name in _KEPT if name in form}, error)


class _UnfitError(UsageError):
    """A new passphrase that will not do."""


async def _make(request: web.Request, typed: str, again: str) -> None:
    """Make the vault, by the key file if one was named and else by a passphrase; raise `_UnfitError` for none."""
    keeper = request.app[DESK].keeper
    if keeper.has_key_file:
        await keeper.make(None)
        return
    if len(normalize("NFC", typed)) < SHORTEST_PASSPHRASE:
        raise _UnfitError(
            f"the passphrase is shorter than {SHORTEST_PASSPHRASE} characters", fix="Take several words, for example."
        )
    if typed != again:
        raise _UnfitError("the two passphrases differ", fix="Type them again.")
    await keeper.make(Secret(typed))


async def form(request: web.Request) -> web.Response:
    """Ask for the passphrase, or for a new one; where the vault is open, go back to the page that wanted it."""
    desk, to = request.app[DESK], request.query.get("to", "")
    found = _FORMS.fullmatch(to)
    if found is None:
        raise web.HTTPNotFound
    desk.store.check_not_lost()
    if desk.store.has_vault() and not desk.keeper.needs_passphrase:
        return see(_page_of(to))
    return _ask(request, to, {name: request.query[name] for name in _KEPT if name in request.query}, None)


def _elsewhere(request: web.Request, kept: dict[str, str]) -> web.Response:
    """Send the browser on to the page that asks for the passphrase: a page of its own, so that going back works."""
    return see("/vault?" + urlencode({"to": request.path, **kept}))


def _page_of(path: str) -> str:
    """Return the page on which a form stands."""
    found = _FORMS.fullmatch(path)
    where = next((group for group in found.groups() if group), "/") if found else "/"
    return "/" if where == "/accounts" else where


async def of_form(request: web.Request) -> web.Response:
    """Send whoever asks for the address of a form to the page on which it stands."""
    return see(_page_of(request.path))


def _ask(request: web.Request, action: str, kept: dict[str, str], problem: UsageError | None) -> web.Response:
    """Return the page that asks for the passphrase."""
    return page(
        request,
        "unlock.html" if request.app[DESK].store.has_vault() else "vault_new.html",
        status=400 if problem else 200,
        action=action,
        kept=kept,
        problem=problem,
        back=_page_of(action),
        shortest=SHORTEST_PASSPHRASE,
    )


async def lock(request: web.Request) -> web.Response:
    """Lock the vault now."""
    request.app[DESK].keeper.lock()
    return see("/")
