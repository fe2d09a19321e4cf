"""All that the portal knows while it runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aiohttp import web

from hashdata.accounts.account import Account
from hashdata.accounts.adding import Place
from hashdata.accounts.overview import Row, overview
from hashdata.accounts.store import Store
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import HashdataError, InternalError
from hashdata.permissions import Verdict
from hashdata.portal.drafts import Draft, Drafts
from hashdata.portal.gate import Gate
from hashdata.portal.keeper import Keeper
from hashdata.portal.live import Live
from hashdata.portal.pace import Pace
from hashdata.portal.problems import no_account
from hashdata.portal.rounds import Round
from hashdata.practice import Persona
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.tester.report import Report
from hashdata.tester.runs import examine, practise
from hashdata.tester.session import Options

Clock = Callable[[], float]
# What may still be stored, and what may be tested again without typing it anew.
_KEPT = {Verdict.ACCEPTED, Verdict.INCONCLUSIVE}


@dataclass(slots=True, kw_only=True)
class Desk:
    """
    The state of one run of the portal.

    `is_practice` is set by `--sandbox`: every key that is typed then goes to
    a practice exchange. `used` is when a request came last.
    """

    store: Store
    gate: Gate
    keeper: Keeper
    is_practice: bool = False
    clock: Clock = time.monotonic
    drafts: Drafts = field(default_factory=Drafts)
    pace: Pace = field(default_factory=Pace)
    rounds: dict[str, Round] = field(default_factory=dict)
    used: float = 0.0

    def touch(self) -> None:
        """Note that somebody is there."""
        self.used = self.clock()

    @property
    def is_busy(self) -> bool:
        """Whether a test of stored accounts runs, which may take longer than anybody looks."""
        return any(not going.is_over for going in self.rounds.values())

    def rows(self) -> list[Row]:
        """
        Return all accounts as a list shows them; with `--sandbox`, those of practice alone.

        A stored key of a real account must neither be sent to its exchange
        then, nor give way to one that was accepted in practice.
        """
        rows = overview(self.store.book(), datetime.now(UTC))
        return [row for row in rows if row.account.is_practice or not self.is_practice]

    def row(self, account_id: str) -> Row:
        """Return one account by its id; raise `NotHereError` when there is none."""
        found = next((row for row in self.rows() if row.account.id == account_id), None)
        if found is None:
            raise no_account()
        return found

    def personas(self, connector: Connector) -> list[Persona]:
        """Return the practice keys to choose from, none where keys are real."""
        return list(exchange_of(connector).personas) if self.is_practice else []

    def begin(self, draft: Draft) -> None:
        """Start the test of a draft's key."""
        self.drafts.put(draft)
        draft.live.task = asyncio.get_running_loop().create_task(self._test(draft))

    async def _test(self, draft: Draft) -> None:
        """Test a draft's key to the end; what goes wrong is told on its page, and a refused key is forgotten."""
        credentials = draft.credentials
        if credentials is None:
            return
        options = Options(listen=draft.live.listen)
        try:
            report = await self._examined(draft, credentials, options)
        except HashdataError as problem:
            draft.live.end(problem=problem)
        except Exception:  # noqa: BLE001 - a bug must not leave a page that waits for ever
            bug = InternalError("hashdata has a bug, so the test did not end", fix="Please report this.")
            draft.live.end(problem=bug)
        else:
            draft.live.end(report=report)
        if draft.report is None or draft.report.verdict not in _KEPT:
            draft.credentials = None

    async def _examined(self, draft: Draft, credentials: Credentials, options: Options) -> Report:
        place, connector = draft.place, draft.connector
        if place.persona is not None or (self.is_practice and place.endpoint is None):
            exchange = exchange_of(connector)
            values = {name: credentials[name].reveal() for name in credentials}
            known = persona_of(exchange, place.persona) if place.persona is not None else None
            persona = known or Persona(name="unknown", about="", credentials=values)
            return await practise(connector, exchange, replace(persona, credentials=values), options)
        return await examine(connector, credentials, options, loopback=place.endpoint)

    def place_for(self, connector: Connector, credentials: Credentials) -> Place:
        """Return where a typed key is tested: in practice, the persona that it belongs to."""
        if not self.is_practice:
            return Place()
        values = {name: credentials[name].reveal() for name in credentials}
        persona = next((one for one in self.personas(connector) if dict(one.credentials) == values), None)
        return Place(persona=persona.name if persona else None)

    def may_store(self, draft: Draft) -> bool:
        """Whether a draft's key was accepted; one that only practice knows may not pass for a real one."""
        report = draft.report
        accepted = report is not None and report.verdict is Verdict.ACCEPTED and draft.credentials is not None
        return accepted and not (self.is_practice and draft.place == Place())


def draft_for(
    desk: Desk, connector: Connector, credentials: Credentials, label: str, rotates: Account | None = None
) -> Draft:
    """Return a draft whose test has not begun; it goes where the account that it `rotates` is tested."""
    if rotates is not None and rotates.is_practice:
        place = Place(endpoint=rotates.endpoint, persona=rotates.persona)
    else:
        place = desk.place_for(connector, credentials)
    return Draft(
        label=label,
        connector=connector,
        api=connector.api_for(credentials),
        credentials=credentials,
        place=place,
        live=Live(),
        rotates=rotates.id if rotates else None,
    )


DESK = web.AppKey("desk", Desk)
