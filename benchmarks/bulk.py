# ruff: noqa: INP001, T201, S603 - a script, whose output is its purpose; the programs are our own
"""
Measure `hashdata accounts test --all` at 100, 1,000 and 10,000 accounts, beside a plain loop over ccxt.

The practice exchange runs in a process of its own and knows as many keys as
there are accounts. The loop does what most programs do: one synchronous ccxt
object a key, one key after the other, the same questions, ccxt's own throttle
as it comes. It is measured over a sample of keys, because its rate does not
depend on how many there are. Aims: 15 times the loop's rate, memory flat in
the number of accounts, `accounts list` of 10,000 in less than 1 s, and no
documented rate of the exchange exceeded.

Limits are counted per key here, because a loopback address is no exchange's.
With --per-address all keys share the exchange's rates, as they do when live.

Run it with `python benchmarks/bulk.py` from the root of the checkout.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from hashdata.accounts.account import Account, Attempt
from hashdata.accounts.adding import fingerprint
from hashdata.accounts.book import Book
from hashdata.accounts.book_file import write_book
from hashdata.accounts.retesting import Retest
from hashdata.accounts.store import Store, new_id, sealed_content
from hashdata.exchange.door import Network
from hashdata.home import Home, write_new
from hashdata.permissions import Verdict
from hashdata.registry import find
from hashdata.vault import KeyFile, Vault
from hashdata.vault.vault import Vault as OpenVault

from tests.accounts.exchange import values

SIZES = (100, 1_000, 10_000)
SAMPLE = 30
AIM = 15.0
HASHDATA = Path(sys.executable).with_name("hashdata")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds by the clock, seconds of the processor, and the most memory in MB."""

    wall: float
    cpu: float
    memory: float


def timed(command: list[str], env: dict[str, str]) -> Cost:
    """Run a program to its end; it must end with 0."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command[1:])} ended with {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@contextmanager
def sandbox(count: int) -> Iterator[tuple[str, dict[str, int]]]:
    """Serve keys 1 to `count` in a process; yield its origin and, once this has ended, what it counted."""
    command = [sys.executable, "-m", "tests.accounts.exchange", str(count)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin  # noqa: S101 - for the type checker
        assert process.stdout  # noqa: S101 - as above
        counted: dict[str, int] = {}
        yield process.stdout.readline().strip(), counted
        process.stdin.close()
        counted.update(json.loads(process.stdout.readline()))


def fill(home: Home, key_file: Path, count: int, origin: str) -> OpenVault:
    """Store `count` accepted accounts at once, which one by one would take hours."""
    home.make()
    write_new(key_file, bytes(range(32)))
    vault = Vault.create(KeyFile(key_file))
    connector = find("poloniex")
    long_ago = Attempt(at=datetime.now(UTC).replace(microsecond=0) - timedelta(days=1), verdict=Verdict.ACCEPTED)
    contents, accounts = {}, {}
    for number in range(1, count + 1):
        credentials = connector.schema.bind(values(number))
        account = Account(
            id=new_id(),
            label=f"client-{number:05d}",
            connector="poloniex",
            key=new_id(),
            fingerprint=fingerprint(vault, connector, credentials),
            since=long_ago.at,
            standing=long_ago,
            last=long_ago,
            last4=credentials.last4,
            account_id=str(10**17 + number),
            endpoint=origin,
            asked=long_ago.at,
        )
        accounts[account.label] = account
        contents[account.key] = sealed_content(account, credentials)
    vault = vault.put_all(contents)
    vault.save(home.vault)
    write_book(home.accounts, Book(accounts), print)
    return vault


LOOP = """
import json, sys, time
import ccxt
from hashdata.registry import find
from tests.accounts.exchange import values
origin, count = sys.argv[1], int(sys.argv[2])
connector = find("poloniex")
terms = connector.terms(connector.info.apis[0])
questions = [terms.api.clock, *(s for s in terms.streams if s.required), *terms.probes]
begin = time.perf_counter()
for number in range(1, count + 1):
    one = values(number)
    exchange = ccxt.poloniex({"apiKey": one["api_key"], "secret": one["secret"]})
    exchange.urls["api"] = dict.fromkeys(exchange.urls["api"], origin)
    for question in questions:
        try:
            getattr(exchange, question.call)(dict(question.params))
        except ccxt.BaseError:
            pass
print(json.dumps(time.perf_counter() - begin))
"""


def plain_loop(origin: str, count: int) -> tuple[float, float]:
    """Return keys a second of the plain loop, and its seconds of the processor per key."""
    root = Path(__file__).parents[1]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", LOOP, origin, str(count)], cwd=root, capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return count / float(done.stdout), cpu / count


def together(home: Home, vault: OpenVault) -> float:
    """Return keys a second where all keys share the exchange's rates."""
    accounts = list(Store(home, print).stored().accounts.values())
    network = Network(shares_rates=True)
    begin = time.perf_counter()
    asyncio.run(Retest(vault=vault, hear=lambda _: None, network=network).run(accounts))
    return len(accounts) / (time.perf_counter() - begin)


def measure(count: int, sample: int, *, per_address: bool) -> None:
    """Measure one size and print its line."""
    with tempfile.TemporaryDirectory() as folder, sandbox(count) as (origin, counted):
        home, key_file = Home(Path(folder, "home")), Path(folder, "vault.key")
        vault = fill(home, key_file, count, origin)
        if per_address:
            print(f"{count:>6} accounts, rates shared by all keys: {together(home, vault):.2f} keys/s")
        else:
            loop_rate, loop_cpu = plain_loop(origin, min(sample, count))
            env = {**os.environ, "HASHDATA_HOME": str(home.path), "HASHDATA_KEY_FILE": str(key_file)}
            listed = timed([str(HASHDATA), "accounts", "list"], env)
            cost = timed([str(HASHDATA), "accounts", "test", "--all", "--min-age", "0"], env)
            rate = count / cost.wall
            print(
                f"{count:>6} accounts: {rate:6.1f} keys/s, {cost.cpu / count * 1000:5.1f} ms CPU per key, "
                f"{cost.memory:5.0f} MB; plain loop {loop_rate:4.2f} keys/s, {loop_cpu * 1000:.0f} ms CPU per key; "
                f"ratio {rate / loop_rate:.1f} (aim {AIM:.0f}); list {listed.wall:.2f} s, {listed.memory:.0f} MB"
            )
    print(f"        the exchange counted {json.dumps(counted)}")


def main() -> None:
    """Measure all sizes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0].strip())
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many accounts (default: %(default)s)")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="keys of the plain loop (default: %(default)s)")
    parser.add_argument("--per-address", action="store_true", help="let all keys share the exchange's rates")
    given = parser.parse_args()
    for count in given.sizes:
        measure(count, given.sample, per_address=given.per_address)


if __name__ == "__main__":
    main()
