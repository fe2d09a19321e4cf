"""The sentences of errors and reports, which name commands, for whoever has pages instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from shlex import split
from urllib.parse import quote

from hashdata.render.plain import plain


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence: text, a command (`is_code`), or the link to the page that does what a command does."""

    text: str
    is_code: bool = False
    href: str | None = None


def parts(text: str) -> list[Part]:
    """Split a sentence at its commands, which stand between backticks."""
    return list(_parts(plain(text)))


def _parts(text: str) -> Iterator[Part]:
    for number, piece in enumerate(text.split("`")):
        if number % 2:
            yield _linked(piece) or Part(piece, is_code=True)
        elif piece:
            yield Part(piece)


def _linked(command: str) -> Part | None:
    """Return the link that stands for a command, None where the portal has no such page."""
    for pattern, make in _PAGES:
        if found := pattern.fullmatch(command):
            return make(*(part or "" for part in found.groups()))
    return None


def _guide(name: str, variant: str) -> Part:
    return Part("the guide", href=guide_at(name, variant))


def guide_at(name: str, variant: str = "") -> str:
    """Return the address of a connector's guide, beside the form for its key."""
    return f"/add/{quote(name)}" + (f"?variant={quote(variant)}" if variant else "")


def _labelled(label: str) -> str:
    """Return the address of the account of that label, which may be quoted for a shell."""
    try:
        return f"/labels/{quote(' '.join(split(label)), safe='')}"
    except ValueError:
        return f"/labels/{quote(label, safe='')}"


_PAGES: tuple[tuple[re.Pattern[str], Callable[..., Part]], ...] = (
    (re.compile(r"hashdata connectors guide ([a-z0-9-]+)(?: --variant ([a-z0-9-]+))?"), _guide),
    (re.compile(r"hashdata accounts rotate (.+)"), lambda label: Part("Rotate", href=f"{_labelled(label)}/rotate")),
    (re.compile(r"hashdata accounts test (.+)"), lambda label: Part("Test again", href=_labelled(label))),
    (re.compile(r"hashdata plugins (?:show|enable) ([a-z0-9-]+)"), lambda name: Part("its page", href=guide_at(name))),
    (re.compile(r"hashdata accounts list"), lambda: Part("Exchange Accounts", href="/")),
    (re.compile(r"hashdata accounts add(?: .*)?"), lambda: Part("Add Exchange", href="/add")),
)
