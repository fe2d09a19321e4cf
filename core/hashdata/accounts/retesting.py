"""Test many stored keys side by side, each exchange within its own rates."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

from hashdata.accounts.account import Account
from hashdata.accounts.store import credentials_of
from hashdata.connector import Connector
from hashdata.errors import CredentialError, HashdataError, PluginError, StorageError, UsageError, VaultError
from hashdata.exchange.door import Door, Network
from hashdata.exchange.loopback import loopback_origin
from hashdata.logs import Several, redacted
from hashdata.permissions import Cause
from hashdata.registry import SwitchedOffError, find
from hashdata.registry.consent import check_allowed
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.sandbox.server import serve
from hashdata.tester.report import Report
from hashdata.tester.session import Options, Templates, run
from hashdata.tester.together import side_by_side
from hashdata.vault import Vault

# Where keys share the exchange's rates, two tests a second use them up, and more would only wait for each other.
_TOGETHER = 4
_APART = 16
# After so many keys in a row the exchange means this address and not a key.
_ENOUGH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one account: a report, or the problem that kept it from being tested."""

    account: Account
    report: Report | None = None
    problem: HashdataError | None = None


Hear = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retest:
    """
    A test of stored accounts.

    `hear` gets each outcome as soon as it is known. `network` is of tests
    only.
    """

    vault: Vault
    hear: Hear
    options: Options = field(default_factory=Options)
    network: Network | None = None
    templates: Templates = field(default_factory=Templates)
    redactors: Several = field(default_factory=Several)

    async def run(self, accounts: Sequence[Account]) -> list[Account]:
        """
        Test all of `accounts` and return those that were left out.

        Left out are the accounts of an exchange that asked to slow down
        several times in a row: who goes on then is locked out.
        """
        places: dict[tuple[str, str], list[Account]] = {}
        connectors: dict[str, Connector] = {}
        for account in accounts:
            try:
                connectors[account.connector] = connectors.get(account.connector) or _found(account.connector)
                places.setdefault((account.connector, account.place), []).append(account)
            except StorageError:
                # Nobody knows what is switched off, so nothing is tested.
                raise
            except HashdataError as problem:
                self.hear(Outcome(account=account, problem=problem))
        # One door for all exchanges, because two connectors may share a host and its rates.
        async with AsyncExitStack() as stack:
            stack.enter_context(redacted(self.redactors))
            is_real = any(not account.is_practice for account in accounts)
            real = await stack.enter_async_context(Door(network=self.network)) if is_real else None
            group = await stack.enter_async_context(side_by_side())
            tasks = [
                group.create_task(self._at(connectors[connector], those, real))
                for (connector, _), those in places.items()
            ]
        return [account for task in tasks for account in task.result()]

    async def _at(self, connector: Connector, accounts: Sequence[Account], real: Door | None) -> list[Account]:
        """Test the accounts of one connector at one place and return those that were left out."""
        queue = _Queue(accounts)
        try:
            if accounts[0].persona is None:
                check_allowed(connector)
            async with self._door(connector, accounts[0], real) as door, side_by_side() as group:
                lanes = _TOGETHER if door.shares_rates else _APART
                for _ in range(min(lanes, len(accounts))):
                    group.create_task(self._lane(queue, connector, door))
        except StorageError:
            # Raised by whoever hears the outcomes: nobody keeps them any more.
            raise
        except (UsageError, PluginError) as problem:
            # The place itself cannot be used, so nothing was tested there.
            for account in queue:
                self.hear(Outcome(account=account, problem=problem))
        return queue.left()

    async def _lane(self, queue: _Queue, connector: Connector, door: Door) -> None:
        """Test one account after the other until none is left."""
        for account in queue:
            try:
                report = await self._test(connector, account, door)
            except HashdataError as problem:
                self.hear(Outcome(account=account, problem=problem))
                continue
            queue.note(report)
            self.hear(Outcome(account=account, report=report))

    async def _test(self, connector: Connector, account: Account, door: Door) -> Report:
        """Test one account; its key is in memory only as long as that takes."""
        try:
            credentials = connector.schema.bind(credentials_of(self.vault, account))
        except CredentialError as error:
            raise VaultError(
                f"the key of {account.label} does not fit this version of the connector: {error.what}",
                fix=f"Store the key again: `hashdata accounts rotate {account.label}`.",
            ) from None
        with self.redactors.using(credentials.redactor):
            report = await run(connector, credentials, door, self.options, self.templates)
        return replace(report, fingerprint=account.fingerprint)

    @asynccontextmanager
    async def _door(self, connector: Connector, account: Account, real: Door | None) -> AsyncIterator[Door]:
        """Give the door to where an account is tested, with a practice exchange behind it for a persona."""
        if real is not None and not account.is_practice:
            yield real
        elif account.persona is not None:
            exchange = exchange_of(connector)
            persona = persona_of(exchange, account.persona)
            async with serve(exchange, skew_ms=persona.skew_ms) as origin, self._loopback(origin) as door:
                yield door
        elif account.endpoint is not None:
            # Checked again, because a person may have edited it.
            async with self._loopback(loopback_origin(account.endpoint)) as door:
                yield door

    def _loopback(self, origin: str) -> Door:
        return Door(loopback=origin, network=self.network)


def _found(name: str) -> Connector:
    """Return the connector of an account; raise `PluginError` where it is missing or broken."""
    try:
        return find(name)
    except StorageError:
        raise
    except SwitchedOffError as error:
        raise PluginError(error.what, fix=error.fix) from None
    except UsageError:
        raise PluginError(
            f"the connector {name} is not installed",
            fix=f"Install the package that provided it, such as hashdata-{name}; `hashdata doctor` lists what is "
            "missing.",
        ) from None


class _Queue:
    """The accounts of one place that are still to be tested, for several lanes at once."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._waiting = list(reversed(accounts))
        self._slowed = 0

    def __iter__(self) -> Iterator[Account]:
        """Yield accounts until none is left or the exchange has asked to slow down too often."""
        while self._waiting and self._slowed < _ENOUGH:
            yield self._waiting.pop()

    def note(self, report: Report) -> None:
        """Count how often in a row the exchange asked to slow down."""
        self._slowed = self._slowed + 1 if report.cause is Cause.RATE_LIMITED else 0

    def left(self) -> list[Account]:
        """Return the accounts that were not taken."""
        return list(reversed(self._waiting))
