"""What a person says about the connector to be: checked, and completed with what ccxt knows."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from hashdata.errors import UsageError
from hashdata.exchange.ccxt_facts import Facts, exchanges, facts
from hashdata.registry import names
from hashdata.tester.evidence import printable

Ask = Callable[[str], str]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_NAME = 30
# What is written into code, TOML and Markdown as it is.
_TEXT = re.compile(r"[\w][\w .&+'()/-]{0,59}")
# What ccxt calls exchanges that it, or they themselves, called otherwise before.
RENAMED = {
    "bitfinex2": "bitfinex",
    "coinbasepro": "coinbaseexchange",
    "gateio": "gate",
    "gdax": "coinbaseexchange",
    "huobi": "htx",
    "huobipro": "htx",
    "okex": "okx",
}
# How much of a name must agree before another is suggested: with less, bittrex is like bittrade and ftx like htx.
_NEAR = 0.85
# Names of this project's own packages, and one that says nothing.
_RESERVED = re.compile(r"poloniex(-.*)?|exchange")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A connector to be written: `folder` does not exist yet, and the folder around it can be written to."""

    name: str
    title: str
    author: str
    folder: Path
    facts: Facts

    @property
    def package(self) -> str:
        """The Python package."""
        return f"hashdata_{self.name.replace('-', '_')}"


def plan(  # noqa: PLR0913 - one for each option of the command
    name: str,
    *,
    ccxt: str | None = None,
    title: str | None = None,
    author: str | None = None,
    directory: str = ".",
    into: str | None = None,
    ask: Ask | None = None,
) -> Plan:
    """
    Check the answers and return what is to be written; `ask` is asked for those that are missing.

    Raises `UsageError` for a name or a text that cannot be used, a name that
    is taken, an exchange that ccxt does not have, and a folder that exists or
    cannot be made.
    """
    _check_name(name)
    folder = _free_folder(directory, into or f"hashdata-{name}")
    known = facts(_ccxt_id(name, ccxt, ask))
    if known.foreign:
        raise UsageError(
            f"a key of {known.title} has {' and '.join(known.foreign)}, which hashdata does not ask for",
            fix="Choose an exchange whose keys have an API key and a secret.",
        )
    title = title or _asked(ask, "Name that people know", re.sub(r"[^\w .&+'()/-]", "", known.title))
    author = author or _asked(ask, "Author, for the licence", f"The authors of hashdata-{name}")
    for what, text in (("title", title), ("author", author)):
        if not _TEXT.fullmatch(text):
            raise UsageError(
                f"the {what} cannot be used",
                fix="Give at most 60 letters, digits, spaces and signs of . & + ' ( ) / -, in one line.",
            )
    return Plan(name=name, title=title, author=author, folder=folder, facts=known)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise UsageError(
            "the name of a connector is lower-case words joined by hyphens, of at most 30 characters",
            fix="Give one such as kraken or kraken-futures.",
        )
    if _RESERVED.fullmatch(name):
        raise UsageError(f"the name {name} is reserved", fix="Choose another name, such as that of your exchange.")
    if name in names():
        raise UsageError(
            f"a connector called {name} is installed already",
            fix="Choose another name, or uninstall that one; `hashdata plugins list` shows its package.",
        )


def _free_folder(directory: str, into: str) -> Path:
    """Return the folder to be made; raise `UsageError` where something stands there, or nothing can be made."""
    folder = Path(directory).expanduser() / into
    if folder.exists() or folder.is_symlink():
        raise UsageError(f"{folder} exists already, and nothing is overwritten", fix="Give another one with --into.")
    if not folder.parent.is_dir():
        raise UsageError(f"there is no folder {folder.parent}", fix="Make it first, or give another --directory.")
    if not os.access(folder.parent, os.W_OK | os.X_OK):
        raise UsageError(f"the folder {folder.parent} cannot be written to", fix="Give another one with --directory.")
    return folder


def _ccxt_id(name: str, given: str | None, ask: Ask | None) -> str:
    """
    Return the ccxt exchange that is meant: the given one, that of the connector's name, or of its first word.

    Raises `UsageError` with the nearest id where ccxt has none of them.
    """
    ids = exchanges()
    guesses = list(dict.fromkeys([name.replace("-", ""), name.partition("-")[0]]))
    found = next((guess for guess in guesses if guess in ids), "")
    chosen = given or _asked(ask, "Exchange in ccxt", found)
    if chosen in ids:
        return chosen
    tried = [chosen] if chosen else guesses
    near = [match for one in tried for match in _nearest(one.lower(), ids)]
    called = " or ".join(printable(one, _LONGEST_NAME) for one in tried)
    raise UsageError(
        f"ccxt has no exchange called {called}{'' if chosen else f', as was guessed from the name {name}'}",
        fix=f"{f'Did you mean {near[0]}? ' if near else ''}Give its id with --ccxt; the page of ccxt lists them.",
    )


def _nearest(name: str, ids: Sequence[str]) -> list[str]:
    """Return the exchange that was renamed, or the one whose id is nearly the same; nothing rather than a wrong one."""
    if name in RENAMED:
        return [now for now in (RENAMED[name],) if now in ids]
    return get_close_matches(name, ids, n=1, cutoff=_NEAR)


def _asked(ask: Ask | None, question: str, default: str) -> str:
    """Ask where somebody can answer; nothing typed means the default."""
    return (ask(f"{question} [{default}]: ") if ask else "") or default
