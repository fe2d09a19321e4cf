"""What the practice exchange does with a well-signed request: find, check, note and answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from hashdata.permissions import Permission
from hashdata.practice import Ledger, Reply, Request

from hashdata_poloniex.practice_keys import PracticeKey
from hashdata_poloniex.recorded import reply

Check = Callable[[object], bool]


@dataclass(frozen=True)
class Endpoint:
    """
    One endpoint, `METHOD /path` where `{id}` is any one part, and the ids of its answers.

    A key without `needs` is answered `refused`, and only then a body that does
    not pass `check` is answered `invalid`: the exchange looks at the
    permission first. What `changes` something is written to the ledger.
    """

    route: str
    answer: str
    needs: Permission | None = None
    refused: str = ""
    check: Check | None = None
    invalid: str = ""
    changes: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{id\}", "[^/]+", self.route))

    def fits(self, request: Request) -> bool:
        """Whether the request is for this endpoint."""
        return self._pattern.fullmatch(f"{request.method} {request.path}") is not None

    def choose(self, request: Request, key: PracticeKey) -> tuple[str, bool]:
        """Return the id of the answer, and whether something was carried out."""
        if self.needs is not None and self.needs not in key.powers:
            return self.refused, False
        if self.check is not None and not self.check(_decoded(request.body)):
            return self.invalid, False
        return self.answer, self.changes


@dataclass(frozen=True, slots=True)
class Service:
    """The endpoints of one API, whose answers are those of `package`."""

    package: str
    endpoints: Sequence[Endpoint]
    ledger: Ledger = field(default_factory=Ledger)

    def find(self, request: Request) -> Endpoint | None:
        """Return the first endpoint that the request is for."""
        return next((endpoint for endpoint in self.endpoints if endpoint.fits(request)), None)

    def serve(self, endpoint: Endpoint, request: Request, key: PracticeKey) -> Reply:
        """Answer a request that is signed well, and note what it changed."""
        line = f"{request.method} {request.path}"
        instead = next((name for start, name in key.instead if line.startswith(start)), None)
        name, executed = (instead, False) if instead else endpoint.choose(request, key)
        if executed:
            self.ledger.write(f"{line} {request.body.decode(errors='replace')}".rstrip())
        return replace(self.reply(name, request), delay=key.delay)

    def reply(self, name: str, request: Request) -> Reply:
        """Return the answer `name`."""
        return reply(self.package, name, request.path)


def _decoded(body: bytes) -> object:
    """Return what the body says, None when it is no JSON."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value
