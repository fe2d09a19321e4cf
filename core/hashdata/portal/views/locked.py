"""The vault in the page: open it where a passphrase is needed, make it where there is none, lock it."""

from __future__ import annotations

from unicodedata import normalize

from aiohttp import web

from hashdata.credentials import Secret
from hashdata.errors import HashdataError
from hashdata.portal.desk import DESK
from hashdata.portal.pages import page, see
from hashdata.vault import Vault
from hashdata.vault.means import SHORTEST_PASSPHRASE


async def opened(request: web.Request) -> Vault | web.Response:
    """
    Return the opened vault, or the page by which a person opens or makes it.

    That page sends the same request again, with the passphrase beside it, so
    that nobody has to press a button twice.
    """
    desk = request.app[DESK]
    form = await request.post()
    typed = str(form.get("passphrase", ""))
    again = {name: str(value) for name, value in form.items() if name not in {"csrf", "passphrase", "again"}}
    problem: str | None = None
    try:
        if not desk.store.has_vault():
            if desk.keeper.has_key_file:
                await desk.keeper.make(None)
            elif (problem := _unfit(typed, str(form.get("again", "")))) is None:
                await desk.keeper.make(Secret(typed))
            else:
                problem = problem if typed else None
                return _ask(request, "vault_new.html", again, problem)
        elif desk.keeper.needs_passphrase and not typed:
            return _ask(request, "unlock.html", again, None)
        return await desk.keeper.open(Secret(typed) if typed else None)
    except HashdataError as error:
        return _ask(request, "unlock.html", again, error.told)


def _unfit(passphrase: str, again: str) -> str | None:
    """Say what is wrong with a new passphrase."""
    if len(normalize("NFC", passphrase)) < SHORTEST_PASSPHRASE:
        return f"The passphrase is shorter than {SHORTEST_PASSPHRASE} characters. Take several words, for example."
    return None if passphrase == again else "The two passphrases differ. Type them again."


def _ask(request: web.Request, template: str, again: dict[str, str], problem: str | None) -> web.Response:
    """Return the page that asks for the passphrase."""
    return page(
        request,
        template,
        status=400 if problem else 200,
        action=request.path,
        again=again,
        problem=problem,
        shortest=SHORTEST_PASSPHRASE,
    )


async def lock(request: web.Request) -> web.Response:
    """Lock the vault now."""
    request.app[DESK].keeper.lock()
    return see("/")
