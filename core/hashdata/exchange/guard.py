"""
What may leave: a request that a connector declared, to a host that it declared, and nothing else.

The guard sees the signed request as ccxt made it. It compares method, path
and every parameter with the declaration, so a bug in ccxt, in a connector or
in hashdata itself cannot place an order.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Never
from urllib.parse import parse_qsl

import yarl

from hashdata.answers import NotJSON, parse
from hashdata.errors import PluginError
from hashdata.questions import Parameter, Question

# What every reader of addresses reads alike: no port, user or fragment, and no escape in host or path.
_ADDRESS = re.compile(r"https://([a-z0-9.-]+)(/[A-Za-z0-9._/-]*)(?:\?([!\"$-~]*))?")
# Headers that can make a server see another request than the one that was checked.
_REWRITING = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "host",
        "transfer-encoding",
        "upgrade",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x-original-url",
        "x-rewrite-url",
    }
)


class Refused(PluginError):  # noqa: N818 - the guard's word for it
    """The guard said no, and nothing was sent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One request that may leave; `params` are those that travel in the query or the body, not in the path."""

    method: str
    path: str
    params: Mapping[str, Parameter]

    @classmethod
    def of(cls, question: Question) -> Rule:
        """Make the rule for `question`."""
        return cls(question.method, question.path, question.carried)


class Guard:
    """Lets out what its rules describe, to its hosts, over https on port 443."""

    def __init__(self, hosts: Iterable[str], rules: Iterable[Rule], auth_parameters: frozenset[str]) -> None:
        """Allow `rules` at `hosts`; `auth_parameters` are the names that signing may add."""
        self._hosts = frozenset(hosts)
        self._rules = tuple(rules)
        self._auth = auth_parameters

    def check(self, method: str, url: str, body: bytes | None, headers: Iterable[str] = ()) -> yarl.URL:
        """
        Return the parsed address of a request that may leave; raise `Refused` for every other.

        Of `headers` only the names count: signing adds what it needs, but none that changes what the request is.
        """
        parts = _ADDRESS.fullmatch(url)
        if not parts:
            _refuse("an address that is not plain https, or that can be read in two ways")
        host, path, query = parts.groups("")
        if host not in self._hosts:
            _refuse("a request to a host that the connector does not declare")
        if ".." in path or "//" in path:
            _refuse("a path that can be read in two ways")
        if rewriting := _REWRITING.intersection(name.lower() for name in headers):
            _refuse(f"{method} {path} with the header {min(rewriting)}")
        sent = self._sent(method, path, query, body)
        if not any((rule.method, rule.path) == (method, path) and sent.fits(rule.params) for rule in self._rules):
            _refuse(f"{method} {path}, which is not a declared request")
        return yarl.URL(url, encoded=True)

    def _sent(self, method: str, path: str, query: str, body: bytes | None) -> _Sent:
        """Return the parameters of a request, from the one place where its method may have them."""
        fields = self._fields(query)
        if method == "GET":
            if body:
                _refuse(f"GET {path} with a body")
            return _Sent(fields)
        if fields:
            _refuse(f"{method} {path} with a query")
        return self._body(method, body) if body else _Sent({})

    def _body(self, method: str, body: bytes) -> _Sent:
        """Return the parameters in a body of JSON or form fields, less those of signing."""
        if not body.isascii():
            _refuse("a body that is not plain ASCII")
        text = body.decode("ascii")
        try:
            value = parse(text)
        except NotJSON:
            return _Sent(self._fields(text))
        if not isinstance(value, dict):
            _refuse("a body that is not an object")
        if not value and method != "POST":
            # At Poloniex DELETE with an empty object cancels every order, and without a body is asked about one.
            _refuse("an empty object for a body")
        return _Sent({name: _scalar(item) for name, item in value.items() if name not in self._auth}, typed=True)

    def _fields(self, text: str) -> dict[str, Parameter]:
        """Return the fields of a query or form, less those of signing."""
        if not text:
            return {}
        pairs: list[tuple[str, str]] | None = None
        # Refused outside of `except`: what parse_qsl raises quotes what may be a key or a signature.
        with contextlib.suppress(ValueError):
            pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
        if pairs is None:
            _refuse("a query or form that cannot be read")
        if len({name for name, _ in pairs}) != len(pairs):
            _refuse("a query or form in which a name stands twice")
        return {name: value for name, value in pairs if name not in self._auth}


@dataclass(frozen=True, slots=True)
class _Sent:
    """The parameters of a request; `typed` where numbers and text can be told apart."""

    params: Mapping[str, Parameter]
    typed: bool = False

    def fits(self, declared: Mapping[str, Parameter]) -> bool:
        """Whether these are the declared ones, all of them and no other."""
        # A query and a form know only text; JSON knows more, and there 1 is not "1".
        return self.params == (declared if self.typed else {name: str(value) for name, value in declared.items()})


def _scalar(item: object) -> Parameter:
    """Return a value of a JSON body; only strings and whole numbers can have been declared."""
    if isinstance(item, bool) or not isinstance(item, str | int):
        _refuse("a body with a value that is neither text nor a whole number")
    return item


def _refuse(what: str) -> Never:
    """Stop a request before a byte of it leaves."""
    message = f"the guard stopped {what}; nothing was sent"
    raise Refused(
        message,
        fix="Please report this: a connector or hashdata asked for something it did not declare.",
    )
