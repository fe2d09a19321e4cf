"""Keys that were typed and are being tested: kept in memory for ten minutes, and shown to nobody."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hashdata.accounts.adding import Place, Proven
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.guidance import Variant
from hashdata.hookspecs import Api
from hashdata.portal.live import Live
from hashdata.portal.problems import no_draft
from hashdata.tester.report import Report

KEEP_SECONDS = 600.0
_MOST = 20


@dataclass(slots=True, kw_only=True)
class Draft:
    """
    One key on its way to being stored.

    `label` is the account's new label, or that of the account `rotates`, by
    id. `credentials` are dropped once the key is stored, by the id `stored`,
    and once its test has shown that it never will be.
    """

    label: str
    connector: Connector
    api: Api
    place: Place
    live: Live
    credentials: Credentials | None
    rotates: str | None = None
    stored: str | None = None
    made: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def variant(self) -> Variant:
        """The page of the guide that makes such keys."""
        return self.connector.guide.variant_of(self.api.name)

    @property
    def report(self) -> Report | None:
        """The report, once the test has ended with one."""
        return self.live.report

    def proven(self) -> Proven:
        """Return the tested key; raise `NotHereError` before its test has ended and after it was dropped."""
        if self.credentials is None or self.live.report is None:
            raise no_draft()
        return Proven(connector=self.connector, credentials=self.credentials, report=self.live.report)

    def fresh(self) -> Draft:
        """Return the same with a test that has not begun, and forget the key here."""
        draft = replace(self, live=Live(), id=secrets.token_urlsafe(16), lock=asyncio.Lock())
        self.credentials = None
        return draft


class Drafts:
    """The drafts of one run of the portal."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._drafts: dict[str, Draft] = {}

    def put(self, draft: Draft) -> None:
        """Keep a draft; the oldest goes where there are too many."""
        self.forget_old()
        draft.made = self._clock()
        self._drafts[draft.id] = draft
        while len(self._drafts) > _MOST:
            self._drop(next(iter(self._drafts)))

    def get(self, draft_id: str) -> Draft | None:
        """Return a draft that has not expired."""
        self.forget_old()
        return self._drafts.get(draft_id)

    def all(self) -> list[Draft]:
        """Return every draft that is kept."""
        return list(self._drafts.values())

    def forget_old(self) -> None:
        """Drop the drafts of more than ten minutes ago."""
        now = self._clock()
        for draft_id in [one.id for one in self._drafts.values() if now - one.made > KEEP_SECONDS]:
            self._drop(draft_id)

    def _drop(self, draft_id: str) -> None:
        self._drafts.pop(draft_id).credentials = None
