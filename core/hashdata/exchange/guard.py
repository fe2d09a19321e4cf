"""
What may leave: a request that a connector declared, to a host that it declared, and nothing else.

The guard sees the signed request as ccxt made it. It compares method, path
and every parameter with the declaration, so a bug in ccxt, in a connector or
in hashdata itself cannot place an order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Never
from urllib.parse import parse_qsl

import yarl

from hashdata.answers import NotJSON, parse
from hashdata.errors import PluginError
from hashdata.questions import Parameter, Question

_HTTPS = 443


class Refused(PluginError):  # noqa: N818 - the guard's word for it
    """The guard said no, and nothing was sent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One request that may leave; `params` are those that travel in the query or the body, not in the path."""

    method: str
    path: str
    params: Mapping[str, Parameter]

    @classmethod
    def of(cls, question: Question, template: str) -> Rule:
        """Make the rule for `question`, whose ccxt method fills the path `template`."""
        params = {name: value for name, value in question.params.items() if f"{{{name}}}" not in template}
        return cls(question.method, question.path, params)


class Guard:
    """Lets out what its rules describe, to its hosts, over https on port 443."""

    def __init__(self, hosts: Iterable[str], rules: Iterable[Rule], auth_parameters: frozenset[str]) -> None:
        """Allow `rules` at `hosts`; `auth_parameters` are the names that signing may add."""
        self._hosts = frozenset(hosts)
        self._rules = tuple(rules)
        self._auth = auth_parameters

    def check(self, method: str, url: str, body: bytes | None) -> yarl.URL:
        """Return the parsed address of a request that may leave; raise `Refused` for every other."""
        try:
            address = yarl.URL(url, encoded=True)
            port = address.port
        except ValueError:
            _refuse("an address that cannot be read")
        if address.scheme != "https" or port != _HTTPS or address.host not in self._hosts:
            _refuse("a request to a host that the connector does not declare")
        if address.user or address.password or address.fragment:
            _refuse("an address with credentials or a fragment in it")
        path = address.raw_path
        if ".." in path or "//" in path or "%" in path:
            _refuse("a path that can be read in two ways")
        query = self._fields(address.raw_query_string)
        if method == "GET":
            if body:
                _refuse(f"GET {path} with a body")
            sent: Mapping[str, Parameter] | None = query
        else:
            if query:
                _refuse(f"{method} {path} with a query")
            sent = self._body(body)
        if not any(self._fits(rule, method, path, sent) for rule in self._rules):
            _refuse(f"{method} {path}, which is not a declared request")
        return address

    @staticmethod
    def _fits(rule: Rule, method: str, path: str, sent: Mapping[str, Parameter] | None) -> bool:
        """Whether a request with the parameters `sent` (None for no body at all) is the one that `rule` describes."""
        if (rule.method, rule.path) != (method, path):
            return False
        if not rule.params:
            return not sent
        # JSON knows types, a query does not; either way 1 is not "1" where the difference can be seen.
        return sent is not None and (sent == _typed(rule.params) or sent == {k: str(v) for k, v in rule.params.items()})

    def _body(self, body: bytes | None) -> dict[str, Parameter] | None:
        """Return the parameters in a body of JSON or form fields, less those of signing; None for no body."""
        if not body:
            return None
        try:
            text = body.decode("ascii")
        except UnicodeDecodeError:
            _refuse("a body that is not plain ASCII")
        try:
            value = parse(text)
        except NotJSON:
            return self._fields(text)
        if not isinstance(value, dict):
            _refuse("a body that is not an object")
        left = {name: item for name, item in value.items() if name not in self._auth}
        if not left and not self._auth.intersection(value):
            # At Poloniex an empty object cancels every order where no body is asked about one.
            _refuse("an empty object for a body")
        return {name: _scalar(item) for name, item in left.items()}

    def _fields(self, text: str) -> dict[str, Parameter]:
        """Return the fields of a query or form, less those of signing."""
        if not text:
            return {}
        try:
            pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
        except ValueError:
            _refuse("a query or form that cannot be read")
        if len({name for name, _ in pairs}) != len(pairs):
            _refuse("a query or form in which a name stands twice")
        return {name: value for name, value in pairs if name not in self._auth}


def _typed(params: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Return `params` as they look after a round through JSON."""
    back: dict[str, Parameter] = json.loads(json.dumps(dict(params)))
    return back


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
