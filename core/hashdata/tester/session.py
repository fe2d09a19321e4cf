"""Ask everything about one key, in two rounds: time and reads side by side, then the write questions."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from hashdata.connector import Connector, Terms
from hashdata.credentials import Credentials
from hashdata.errors import PluginError
from hashdata.exchange.ccxt_client import Client, Template
from hashdata.exchange.door import Door
from hashdata.permissions import FORBIDDEN, Askable, Grant, Permission, Provability, Standing
from hashdata.questions import DeclaredProbe, Probe, Stream
from hashdata.ranges import is_in
from hashdata.tester import words
from hashdata.tester.classify import Classifier, ClockFinding, Finding, Statement
from hashdata.tester.events import Announced, Answered, Asked, Listener, Subject, ignore
from hashdata.tester.judge import Found, Judgement, judge, may_ask_writes
from hashdata.tester.report import PermissionReport, Report
from hashdata.tester.together import side_by_side

TIMEOUT = 20.0
# There are two rounds of questions, so one answer may take half of the time.
_ROUNDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """
    How to test.

    `timeout` bounds the whole test, in seconds. `now` gives the time in
    seconds since 1970, against which the exchange's clock is measured.
    """

    timeout: float = TIMEOUT
    all_streams: bool = False
    listen: Listener = ignore
    now: Callable[[], float] = time.time


class Templates:
    """The APIs that were prepared for keys so far, each once for all keys of a process."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Template] = {}

    def of(self, connector: str, terms: Terms) -> Template:
        """Return the template for an API of a connector; raise `PluginError` when it cannot be made."""
        name = (connector, terms.api.name)
        if name not in self._made:
            self._made[name] = Template(terms)
        return self._made[name]


async def run(
    connector: Connector,
    credentials: Credentials,
    door: Door,
    options: Options,
    templates: Templates | None = None,
) -> Report:
    """
    Test one key through an open `door` and return the report.

    Whoever tests many keys gives the same `templates` to all of them.

    Every fault of the network or the exchange becomes a verdict. Raises
    `PluginError` when the connector asks for something that it did not
    declare or that the installed ccxt does not have.
    """
    terms = connector.terms(connector.api_for(credentials))
    if terms.provability is Provability.P0:
        message = f"nothing can be proven about keys of {connector.info.title}, so none is accepted"
        raise PluginError(message, fix="Use a connector that declares questions about trading or withdrawing.")
    client = (templates or Templates()).of(connector.name, terms).client(credentials, door)
    test = _Test(connector, terms, client, credentials, options)
    tested_at = datetime.fromtimestamp(options.now(), UTC)
    found = await test.read()
    if terms.probes and may_ask_writes(found.clock, found.reads):
        options.listen(Announced(announcement(terms), practice=door.loopback is not None))
        found = replace(found, probes=await test.probe())
    judgement, clock = judge(terms, found), found.clock
    return Report(
        connector=connector.name,
        connector_version=connector.version,
        provability=terms.provability,
        title=connector.info.title,
        hashdata_version=_version("hashdata"),
        ccxt_version=_version("ccxt"),
        tested_at=tested_at,
        endpoint=door.loopback or terms.api.origin,
        practice=door.loopback is not None,
        last4=credentials.last4,
        account_id=test.account_id,
        expires_at=test.expires,
        verdict=judgement.verdict,
        cause=judgement.cause,
        summary=words.summary(terms, clock, judgement),
        fix=words.fix(connector, terms, judgement, practice=door.loopback is not None),
        allowed_addresses=test.addresses,
        permissions=_permissions(terms, judgement, found),
        streams={stream.name: _word(finding) for stream, finding in found.reads.items()},
        clock_offset_ms=clock.offset_ms,
        limits=tuple(_limits(terms, clock)),
        # One answer may leave several permissions unproven.
        unrecognised=tuple(dict.fromkeys(f.unrecognised for f in judgement.decisive if f.unrecognised)),
    )


@cache
def _version(distribution: str) -> str:
    """Return the version of a distribution, reading its metadata once."""
    return version(distribution)


def announcement(terms: Terms) -> tuple[str, ...]:
    """Return every write question of a test as the exact request that will leave."""
    return tuple(f"{probe.method} {terms.api.origin}{probe.path}{_body(probe)}" for probe in terms.probes)


def _body(probe: Probe) -> str:
    """Return the body of a probe as it is sent, with a blank before it; nothing where there is none."""
    return " " + json.dumps(dict(probe.carried), separators=(",", ":")) if probe.carried else ""


class _Test:
    """The questions of one test and what was learned on the way."""

    def __init__(
        self,
        connector: Connector,
        terms: Terms,
        client: Client,
        credentials: Credentials,
        options: Options,
    ) -> None:
        self._connector = connector
        self._terms = terms
        self._client = client
        self._redactor = credentials.redactor
        self._classifier = Classifier(terms, credentials.redactor)
        self._options = options
        self._until = asyncio.get_running_loop().time() + options.timeout
        self._limit = options.timeout / _ROUNDS
        self.account_id: str | None = None
        self.expires: datetime | None = None
        self.addresses: int | None = None

    async def read(self) -> Found:
        """Ask for the time, the key's rights and every stream at once: then write questions find warm connections."""
        streams = [s for s in self._terms.streams if s.required or self._options.all_streams]
        async with side_by_side() as group:
            clock = group.create_task(self._clock())
            statements = {probe: group.create_task(self._statement(probe)) for probe in self._terms.declared}
            reads = {stream: group.create_task(self._stream(stream)) for stream in streams}
        found = Found(
            clock=clock.result(),
            reads={stream: task.result() for stream, task in reads.items()},
            statements={probe: task.result() for probe, task in statements.items()},
        )
        # In the order in which they are declared, whichever answer came first.
        told = [*(one.finding for one in found.statements.values()), *found.reads.values()]
        self.account_id = next((finding.account_id for finding in told if finding.account_id), None)
        return found

    async def probe(self) -> Mapping[Probe, Finding]:
        """Ask every write question once, side by side."""
        async with side_by_side() as group:
            tasks = {probe: group.create_task(self._probe(probe)) for probe in self._terms.probes}
        return {probe: task.result() for probe, task in tasks.items()}

    async def _clock(self) -> ClockFinding:
        self._options.listen(Asked(Subject.CLOCK, "clock"))
        clock = self._terms.api.clock
        outcome = await self._client.ask(clock, until=self._until, limit=self._limit)
        finding = self._classifier.clock(clock, outcome, self._options.now() * 1000)
        self._options.listen(Answered(Subject.CLOCK, "clock", finding.cause or _measured(finding)))
        return finding

    async def _stream(self, stream: Stream) -> Finding:
        self._options.listen(Asked(Subject.STREAM, stream.name))
        outcome = await self._client.ask(stream, until=self._until, limit=self._limit)
        finding = self._classifier.stream(stream, outcome)
        self.expires = self.expires or finding.expires
        self._options.listen(Answered(Subject.STREAM, stream.name, finding.cause or "readable"))
        return finding

    async def _statement(self, probe: DeclaredProbe) -> Statement:
        for permission in probe.states:
            self._options.listen(Asked(Subject.STATED, permission))
        outcome = await self._client.ask(probe, until=self._until, limit=self._limit)
        statement = self._classifier.statement(probe, outcome)
        if rights := statement.rights:
            self.expires = rights.expires_at or self.expires
            self.addresses = len(rights.addresses) if rights.addresses is not None else None
        for permission in probe.states:
            finding = statement.of(permission)
            unproven = finding.cause if finding.grant is Grant.UNPROVEN else None
            self._options.listen(Answered(Subject.STATED, permission, unproven or finding.grant))
        return statement

    async def _probe(self, probe: Probe) -> Finding:
        self._options.listen(Asked(Subject.PERMISSION, probe.permission))
        outcome = await self._client.ask(probe, until=self._until, limit=self._limit)
        finding = self._classifier.probe(probe, outcome)
        self._options.listen(Answered(Subject.PERMISSION, probe.permission, finding.cause or finding.grant))
        return finding


def _measured(clock: ClockFinding) -> str:
    """Say whether the exchange told its time."""
    return "unknown" if clock.offset_ms is None else "measured"


def _word(finding: Finding) -> str:
    """Say in the report's words whether a stream is readable."""
    return "readable" if finding.grant is Grant.GRANTED else str(finding.grant)


def _permissions(
    terms: Terms,
    judgement: Judgement,
    found: Found,
) -> dict[Permission, PermissionReport]:
    """Return what is known about every permission, with the answers it is known from."""
    reads = [finding for stream, finding in found.reads.items() if stream.required]
    # What was read says nothing of why something else was not.
    failed = [finding for finding in reads if finding.grant is not Grant.GRANTED]
    evidence = {Permission.READ: [finding.evidence for finding in failed or reads]}
    for permission in FORBIDDEN:
        evidence[permission] = [finding.evidence for finding in found.of(permission)]
    standings = {Permission.READ: Standing(Askable.ASKABLE), **terms.api.permissions}
    return {
        permission: PermissionReport(
            grant=judgement.grants[permission],
            askable=standings[permission].askable,
            note=standings[permission].reason or None,
            evidence=tuple(evidence[permission]),
        )
        for permission in Permission
    }


def _limits(terms: Terms, clock: ClockFinding) -> Iterator[str]:
    """Yield what this test cannot prove."""
    if clock.offset_ms is None and clock.failed is None:
        yield "The exchange has no page for its time where one was expected, so the clocks could not be compared."
    if terms.provability is Provability.P1:
        yield words.OBSERVED_ONLY
    if not is_in(_version("ccxt"), terms.api.ccxt_versions):
        yield f"The connector was proven with ccxt {terms.api.ccxt_versions}, and {_version('ccxt')} is installed."
    yield from terms.api.limits
    for permission in FORBIDDEN:
        standing = terms.api.permissions[permission]
        if standing.askable is not Askable.ASKABLE:
            yield f"{permission.capitalize()} was not asked about: {standing.reason}"
