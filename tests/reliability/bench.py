"""What the tests of reliability share: homes to break, keys without an exchange, and a look at what is stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hashdata.accounts.account import Account
from hashdata.accounts.adding import Place, Proven, fingerprint, rotate, submit
from hashdata.accounts.doctor import examine
from hashdata.accounts.findings import Finding, Grade
from hashdata.accounts.journal import Entry
from hashdata.accounts.shelf import Kept
from hashdata.accounts.store import Store, credentials_of, new_id
from hashdata.connector import Connector
from hashdata.exchange.door import Door
from hashdata.home import Home
from hashdata.registry import Entry as Installed
from hashdata.registry import find, installed
from hashdata.tester.report import Report
from hashdata.tester.session import Options, run
from hashdata.vault import KeyFile, Vault

from tests.accounts.exchange import values


@cache
def connector() -> Connector:
    return find("poloniex")


@cache
def connectors() -> tuple[Installed, ...]:
    return tuple(installed())


def real_report(origin: str) -> Report:
    """Test key 1 at `origin`; the reports of all other keys are made from this one."""

    async def test() -> Report:
        async with Door(loopback=origin) as door:
            return await run(connector(), connector().schema.bind(values(1)), door, Options())

    return asyncio.run(test())


@dataclass(frozen=True, slots=True)
class Seen:
    """One account as a reader of the home finds it: the number of its key, and the hashes of that key's tests."""

    number: int
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder with a home and two key files, one of which opens its vault."""

    folder: Path
    template: Report

    @property
    def home(self) -> Home:
        return Home(self.folder / "home")

    @property
    def store(self) -> Store:
        return Store(self.home, lambda _: None)

    def key_file(self, number: int = 0) -> KeyFile:
        """Return key file `number`, made at its first use."""
        path = self.folder / f"vault-{number}.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(bytes([number + 1]) * 32)
        return KeyFile(path)

    def vault(self) -> Vault:
        """Open the vault with whichever key file does."""
        opener = self.opener()

        assert opener is not None, "there is no vault"
        return Vault.unlock(self.store.sealed(), self.key_file(opener))

    def opener(self) -> int | None:
        """Return which key file opens the vault, None where there is no vault."""
        if not self.store.has_vault():
            return None
        found = []
        for number in (0, 1):
            with_it = self.key_file(number)
            try:
                Vault.unlock(self.store.sealed(), with_it)
            except Exception as error:
                if type(error).__name__ != "WrongMeans":
                    raise
            else:
                found.append(number)

        assert len(found) == 1, f"the vault is opened by the key files {found}"
        return found[0]

    def make(self) -> Vault:
        """Make the vault."""
        return self.store.make_vault(self.key_file())

    def report(self, number: int, **changes: object) -> Report:
        return replace(self.template, account_id=str(10**17 + number), **changes)  # type: ignore[arg-type]  # any field

    def proven(self, number: int) -> Proven:
        """Return key `number` with the report that an exchange would give."""
        credentials = connector().schema.bind(values(number))
        return Proven(
            connector=connector(),
            credentials=credentials,
            report=self.report(number, last4=credentials.last4),
        )

    def add(self, vault: Vault, label: str, number: int, proven: Proven | None = None) -> Account:
        given = _marked(vault, proven or self.proven(number))
        return submit(self.store, vault, label, given, Place(endpoint=self.template.endpoint))

    def rotate(self, vault: Vault, label: str, number: int) -> Account:
        """Give an account key `number`."""
        account = self.store.stored().find(label)
        return rotate(self.store, vault, account, self.proven_as(account, number, vault))

    def proven_as(self, account: Account, number: int, vault: Vault) -> Proven:
        """Return key `number` as one of the same account of the exchange."""
        proven = self.proven(number)
        return _marked(vault, replace(proven, report=replace(proven.report, account_id=account.account_id)))

    def entry(self, label: str, **changes: object) -> Entry:
        """Return the line that a journal gets for a test of an account."""
        account = self.store.stored().find(label)
        report = replace(self.template, account_id=account.account_id, fingerprint=account.fingerprint)
        return Entry(account.key, Kept(new_id(), replace(report, **changes).to_json()))  # type: ignore[arg-type]  # any

    def seen(self) -> dict[str, Seen]:
        """Read everything as a person would; raises for what cannot be read, and for a key that is another's."""
        store = self.store
        book = store.book()
        if not book.accounts:
            return {}
        vault = self.vault()
        return {label: self._seen(store, vault, account) for label, account in book.accounts.items()}

    def _seen(self, store: Store, vault: Vault, account: Account) -> Seen:
        assert account.is_intact, f"{account.label} is not intact"
        held = credentials_of(vault, account)
        number = number_of(held)

        assert account.last4 == str(held["api_key"])[-4:]
        assert account.fingerprint == fingerprint(vault, connector(), connector().schema.bind(held))
        history = store.history(account)

        assert history, f"{account.label} has no report"
        last = datetime.strptime(str(history[-1].report["tested_at"]), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)

        assert account.last.at == last, f"{account.label} does not tell its last test"
        assert _fingerprint_of(history[-1]) == account.fingerprint, (
            f"the last report of {account.label} is of another key"
        )
        return Seen(number, tuple(mark(one.report) for one in history if _fingerprint_of(one) == account.fingerprint))

    def examine(self) -> Sequence[Finding]:
        vault = self.vault() if self.store.has_vault() else None
        return examine(self.store, vault, connectors(), datetime.now(UTC))

    def check_sound(self) -> int:
        """Let doctor look, and assert that all is well after it; return how many things it mended."""
        findings = self.examine()
        again = self.examine()

        assert [one.what for one in findings if one.grade is Grade.PROBLEM] == []
        assert [one.what for one in again if one.grade in {Grade.PROBLEM, Grade.MENDED}] == []
        if self.home.path.exists():
            assert [str(path) for path in self.home.path.rglob("*") if path.name.endswith(".tmp")] == []
        accounts = self.store.stored().accounts.values()
        if self.store.has_vault():
            assert set(self.store.sealed().records) == {account.key for account in accounts}
        assert {path.stem for path in self.home.reports.glob("*")} == {account.id for account in accounts}
        return sum(one.grade is Grade.MENDED for one in findings)


def _marked(vault: Vault, proven: Proven) -> Proven:
    """Return a key whose report names its fingerprint, as the command lets it."""
    name = fingerprint(vault, proven.connector, proven.credentials)
    return replace(proven, report=replace(proven.report, fingerprint=name))


def _fingerprint_of(kept: Kept) -> object:
    key = kept.report["key"]

    assert isinstance(key, dict)
    return key["fingerprint"]


def number_of(held: Mapping[str, object]) -> int:
    """Return the number of a key, of which every value must be as it was given."""
    number = int(str(held["api_key"])[-8:])

    assert dict(held) == values(number), f"key {number} is not as it was given"
    return number


def mark(report: Mapping[str, object]) -> str:
    """Return what stands for a report."""
    from hashlib import sha256

    return sha256(json.dumps(report, sort_keys=True).encode()).hexdigest()[:16]
