"""One test of one practice key, over HTTP on loopback, with some questions answered otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from hashdata.answers import Raw
from hashdata.connector import Connector
from hashdata.exchange.door import Signed
from hashdata.permissions import Cause
from hashdata.practice import Ledger, Persona, PracticeExchange, Reply, Request
from hashdata.questions import Question
from hashdata.tester.events import Answered, Event
from hashdata.tester.report import Report
from hashdata.tester.runs import practise
from hashdata.tester.session import Options

# Seconds for a whole test; one answer may take half of it. A machine too busy for the first gets the second.
SHORT, LONG = 0.6, 20.0
# Questions a second; a connector's own rates would make a slow exchange's kit take minutes.
_AT_ONCE = 1_000.0


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A request as it was signed, with the exchange's own address, and the answer that came."""

    signed: Signed
    raw: Raw

    @property
    def host(self) -> str:
        """The host that was asked."""
        return urlsplit(self.signed.url).hostname or ""

    def is_about(self, question: Question) -> bool:
        """Whether this is what `question` sends."""
        return _is_about(question, self.signed.method, self.raw.path, self.signed.parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What became of one test: the report, and everything that was asked, answered and carried out."""

    persona: Persona
    api: str
    report: Report
    exchanged: tuple[Exchanged, ...]
    timed_out: bool
    replies: tuple[Reply, ...]
    failures: tuple[str, ...]
    changes: tuple[str, ...]

    def answer(self, question: Question) -> Raw | None:
        """Return the answer to `question`, None where it was not asked or got none."""
        return next((one.raw for one in reversed(self.exchanged) if one.is_about(question)), None)


@dataclass(slots=True)
class Watched:
    """A practice exchange that notes what it answers, and answers the questions in `instead` as it is told."""

    exchange: PracticeExchange
    instead: Mapping[Question, Reply]
    replies: list[Reply] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def personas(self) -> Sequence[Persona]:
        """The personas of the exchange itself."""
        return self.exchange.personas

    @property
    def ledger(self) -> Ledger:
        """The ledger of the exchange itself."""
        return self.exchange.ledger

    def answer(self, request: Request, now_ms: int) -> Reply:
        """Answer as told, or as the exchange does."""
        sent = Signed(request.method, request.target, request.headers, request.body).parameters
        told = [
            reply for question, reply in self.instead.items() if _is_about(question, request.method, request.path, sent)
        ]
        if told:
            return told[0]
        try:
            reply = self.exchange.answer(request, now_ms)
        except Exception as error:
            self.failures.append(f"{request.method} {request.path} raised {type(error).__name__}: {error}")
            raise
        self.replies.append(reply)
        return reply


def run_trial(
    connector: Connector, exchange: PracticeExchange, persona: Persona, instead: Mapping[Question, Reply]
) -> Run:
    """
    Test the key of `persona` at a fresh `exchange`, all streams included.

    Raises what the tester raises, and whatever the connector's shapes raise.
    """
    connector, watched = without_rates(connector), Watched(exchange, instead)
    run = _run(connector, watched, persona, SHORT)
    slowest = max((reply.delay for reply in (*watched.replies, *instead.values())), default=0.0)
    if slowest < SHORT / 2 and run.timed_out:
        return _run(connector, watched, persona, LONG)
    return run


def without_rates(connector: Connector) -> Connector:
    """Return the connector with rates that never make it wait: nobody but this computer is asked."""
    apis = tuple(replace(api, rates=dict.fromkeys(api.rates, _AT_ONCE)) for api in connector.info.apis)
    return replace(connector, info=replace(connector.info, apis=apis))


def _run(connector: Connector, watched: Watched, persona: Persona, timeout: float) -> Run:
    exchanged: list[Exchanged] = []
    events: list[Answered] = []

    def listen(event: Event) -> None:
        if isinstance(event, Answered):
            events.append(event)

    def tap(signed: Signed, raw: Raw) -> None:
        exchanged.append(Exchanged(signed, raw))

    options = Options(timeout=timeout, all_streams=True, listen=listen)
    report = asyncio.run(practise(connector, watched, persona, options, tap=tap))
    return Run(
        persona=persona,
        api=connector.api_for(connector.schema.bind(persona.credentials)).name,
        report=report,
        exchanged=tuple(exchanged),
        timed_out=any(event.finding == Cause.TIMEOUT for event in events),
        replies=tuple(watched.replies),
        failures=tuple(watched.failures),
        changes=tuple(watched.ledger.changes),
    )


def _is_about(question: Question, method: str, path: str, sent: Sequence[tuple[str, str]]) -> bool:
    """Whether a request is the one that `question` sends: method, path and parameters."""
    return (method, path) == (question.method, question.path) and all(
        (name, str(value)) in sent for name, value in question.carried.items()
    )
