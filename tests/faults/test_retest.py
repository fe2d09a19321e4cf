"""A test of a stored account under every fault: the stored verdict stands, the attempt is recorded, and it recovers."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hashdata.accounts import bulk
from hashdata.accounts.account import Account, Attempt
from hashdata.accounts.adding import Place, Proven, fingerprint, submit
from hashdata.accounts.journal import Journal
from hashdata.accounts.retesting import Retest
from hashdata.accounts.store import Store
from hashdata.connector import Connector
from hashdata.exchange.door import Network
from hashdata.home import Home
from hashdata.permissions import Cause, Permission, Verdict
from hashdata.practice import PracticeExchange, Request
from hashdata.sandbox.personas import persona_of
from hashdata.tester.report import Report
from hashdata.tester.runs import examine
from hashdata.tester.session import Options
from hashdata.vault import KeyFile
from hashdata_poloniex.sandbox import PracticePoloniex

from tests.accounts.exchange import Exchange, values
from tests.faults import trial
from tests.faults.catalogue import SLOW, FaultCase, catalogue
from tests.faults.server import Log, Misbehave, Wire, misbehaving
from tests.faults.test_flips import DELETED, FULL_POWER, GATEWAY_BUSY, READ_ONLY, Changing, WriteQuestions
from tests.faults.trial import SETTINGS, Setting, authority, parts, to_loopback

TIMEOUT = 3.0
IMPATIENT = 1.0
POSITIONS = [(api, question) for api, setting in SETTINGS.items() for question in setting.positions]
# The positions take turns, so that each of them meets faults of several kinds.
MEETINGS = [(case, *POSITIONS[number % len(POSITIONS)]) for number, case in enumerate(catalogue())]
PLAIN = [meeting for meeting in MEETINGS if not meeting[0].beneath]
BENEATH = [meeting for meeting in MEETINGS if meeting[0].beneath]


@dataclass(slots=True)
class Server:
    """An exchange that misbehaves at one question by `misbehave`, as long as it is set."""

    exchange: PracticeExchange
    question: str
    misbehave: Misbehave | None = None
    port: int = 0
    log: Log = field(default_factory=Log)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> int:
        """How often the question arrived."""
        return self.log.count(self.question)

    @asynccontextmanager
    async def serving(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[None]:
        """Serve it."""
        async with misbehaving(self.exchange, self.question, self._answer, tls=tls) as (self.port, self.log):
            yield

    async def _answer(self, wire: Wire) -> None:
        if self.misbehave:
            await self.misbehave(wire)
        else:
            await wire.send(wire.honest())
            wire.keeps = True


@contextmanager
def standing(server: Server) -> Iterator[None]:
    """Serve from a thread."""
    ready, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        async with server.serving():
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


@dataclass(frozen=True, slots=True)
class Stored:
    """A home with one account in it."""

    store: Store
    means: KeyFile

    @classmethod
    def accepted(
        cls, folder: Path, connector: Connector, held: Mapping[str, str], report: Report, place: Place
    ) -> Stored:
        """Make a home, and store an accepted key in it as `accounts add` does."""
        file = folder / "vault.key"
        file.touch(mode=0o600)
        file.write_bytes(bytes(range(32)))
        made = cls(Store(Home(folder / "home"), lambda _: None), KeyFile(file))
        vault, credentials = made.store.make_vault(made.means), connector.schema.bind(held)
        report = replace(report, fingerprint=fingerprint(vault, connector, credentials))
        submit(made.store, vault, "main", Proven(connector=connector, credentials=credentials, report=report), place)
        return made

    @property
    def account(self) -> Account:
        """The account as its file has it now."""
        return self.store.stored().find("main")

    @property
    def verdicts(self) -> list[object]:
        """The verdicts of all reports that are kept, the oldest first."""
        return [kept.report["verdict"] for kept in self.store.history(self.account)]

    def retest(self, seconds: float = TIMEOUT) -> bulk.Tested:
        """Test the account as `accounts test` does."""
        vault = self.store.unlock(self.means)
        return bulk.begin(self.store, vault, [self.account], Options(timeout=seconds), _unheard).tested[0]

    async def retest_in(self, network: Network) -> bulk.Tested:
        """Test it so in a network of our own, which no command reaches."""
        vault = self.store.unlock(self.means)
        with Journal.begin(self.store.home.journal, [self.account.key]) as journal:
            progress = bulk._Progress(journal, _unheard)
            retest = Retest(vault=vault, hear=progress.note, options=Options(timeout=TIMEOUT), network=network)
            await retest.run([self.account])
        self.store.fold()
        return progress.tested[0]


def _unheard(*_: object) -> None:
    """Nobody listens; what counts is what is stored."""


def at(server: Server, setting: Setting, folder: Path) -> Stored:
    """Test the setting's key at a server that behaves, and store it."""
    connector, exchange = parts(setting)
    held = persona_of(exchange, setting.persona).credentials
    work = examine(connector, connector.schema.bind(held), Options(timeout=TIMEOUT), loopback=server.origin)
    return Stored.accepted(folder, connector, held, asyncio.run(work), Place(endpoint=server.origin))


@dataclass(frozen=True, slots=True)
class Story:
    """The account before a fault, right after it, and once the exchange is well again."""

    before: Account
    during: Account
    after: Account
    tested: bulk.Tested
    verdicts: Sequence[object]

    def check(self, cause: Cause | None) -> None:
        """Check that the fault was recorded with its cause, changed nothing else, and passed."""
        before, during, after = self.before, self.during, self.after

        assert self.tested.problem is None
        assert before.standing.verdict is Verdict.ACCEPTED
        assert during.standing == before.standing
        assert during.last == Attempt(at=during.last.at, verdict=Verdict.INCONCLUSIVE, cause=cause)
        assert (during.key, during.account_id, during.is_intact) == (before.key, before.account_id, True)
        assert not self.tested.is_drift
        assert self.verdicts == ["accepted", "inconclusive", "accepted"]
        assert (after.standing, after.standing.verdict, after.last.cause) == (after.last, Verdict.ACCEPTED, None)


def test_every_position_of_every_api_meets_a_fault() -> None:
    assert {(api, question) for _, api, question in MEETINGS} == set(POSITIONS)
    assert {case.name for case, *_ in MEETINGS} == {case.name for case in catalogue()}


@pytest.mark.parametrize(("case", "api", "question"), PLAIN, ids=[case.name for case, *_ in PLAIN])
def test_a_fault_leaves_the_stored_verdict_alone(tmp_path: Path, case: FaultCase, api: str, question: str) -> None:
    _, exchange = parts(SETTINGS[api])
    server = Server(exchange, question)
    with standing(server):
        stored = at(server, SETTINGS[api], tmp_path)
        before, server.misbehave, asked = stored.account, case.misbehave, server.asked
        tested = stored.retest(IMPATIENT if case.kind == SLOW else TIMEOUT)
        during, server.misbehave, met = stored.account, None, server.asked
        stored.retest()

    Story(before, during, stored.account, tested, stored.verdicts).check(case.cause)
    assert met > asked
    assert exchange.ledger.changes == []


@pytest.mark.parametrize(("case", "api", "question"), BENEATH, ids=[case.name for case, *_ in BENEATH])
def test_a_fault_beneath_the_answer_does_so_too(tmp_path: Path, case: FaultCase, api: str, question: str) -> None:
    setting, (connector, exchange), ours = SETTINGS[api], parts(SETTINGS[api]), authority()
    held = persona_of(exchange, setting.persona).credentials
    server = Server(exchange, question)

    async def story() -> Story:
        async with server.serving(ours.server):
            network = to_loopback(server.port, ours.client)
            stored = Stored.accepted(tmp_path, connector, held, await trial.examine(setting, network), Place())
            before, server.misbehave = stored.account, case.misbehave
            tested = await stored.retest_in(network)
            during, server.misbehave = stored.account, None
            await stored.retest_in(network)
            return Story(before, during, stored.account, tested, stored.verdicts)

    asyncio.run(story()).check(case.cause)

    assert exchange.ledger.changes == []


def test_a_key_that_gains_trading_between_two_tests_flips_and_flips_back(tmp_path: Path) -> None:
    exchange, (connector, _) = Exchange(1), parts(SETTINGS["main"])
    server = Server(exchange, "none")
    with standing(server):
        work = examine(connector, connector.schema.bind(values(1)), Options(), loopback=server.origin)
        stored = Stored.accepted(tmp_path, connector, values(1), asyncio.run(work), Place(endpoint=server.origin))
        exchange.powers[1] = frozenset({Permission.TRADE})
        gained, denied = stored.retest(), stored.account
        still = stored.retest()
        exchange.powers[1] = frozenset()
        lost, accepted = stored.retest(), stored.account

    assert (gained.is_drift, still.is_drift, lost.is_drift) == (True, False, False)
    assert (denied.standing.verdict, denied.standing.cause) == (Verdict.DENIED, Cause.TRADE_GRANTED)
    assert accepted.standing.verdict is Verdict.ACCEPTED
    assert exchange.ledger.changes == []


@dataclass
class Later:
    """Says when the owner changes the key: never, until `then` is set."""

    then: Callable[[Request], bool] | None = None

    def __call__(self, request: Request) -> bool:
        return self.then is not None and self.then(request)


CHANGES = {
    "gains power": (FULL_POWER, Verdict.DENIED, None),
    "deleted": (DELETED, Verdict.INCONCLUSIVE, Cause.UNKNOWN_KEY),
    "busy": (GATEWAY_BUSY, Verdict.INCONCLUSIVE, Cause.MAINTENANCE),
}


@pytest.mark.parametrize("first_changed", [1, 2])
@pytest.mark.parametrize("api", ["main", "v3"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_between_the_two_write_questions_of_a_test_is_never_accepted(
    tmp_path: Path, first_changed: int, api: str, change: str
) -> None:
    key, verdict, cause = CHANGES[change]
    when = Later()
    exchange = Changing(PracticePoloniex([READ_ONLY]), PracticePoloniex([key]), when)
    server = Server(exchange, "none")
    with standing(server):
        stored = at(server, SETTINGS[api], tmp_path)
        before, when.then = stored.account, WriteQuestions(first_changed=first_changed)
        tested, after = stored.retest(), stored.account

    is_drift = verdict is Verdict.DENIED
    assert before.standing.verdict is Verdict.ACCEPTED
    assert tested.is_drift is is_drift
    assert after.last.verdict is verdict
    assert after.standing == (after.last if is_drift else before.standing)
    assert is_drift or after.last.cause is cause
    assert exchange.ledger.changes == []
