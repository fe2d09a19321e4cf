"""
A standing practice exchange with as many keys as are wanted, each of an account of its own.

`Standing` serves one in a thread of this process, and lets a test change what
a key may do between two tests of it. As a program,
`python -m tests.accounts.exchange COUNT`, it serves keys 1 to COUNT until it
is ended, prints its origin, and on SIGUSR1 the most calls that any key made
within one second.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from hashdata.permissions import Permission
from hashdata.practice import Ledger, Persona, Reply, Request
from hashdata.sandbox.server import serve
from hashdata_poloniex.practice_keys import PracticeKey
from hashdata_poloniex.sandbox import PracticePoloniex

# Documented: https://api-docs.poloniex.com lists 50 light and 10 heavy private calls a second.
LIGHT = {"/accounts", "/accounts/balances", "/orders"}


def values(number: int) -> dict[str, str]:
    """Return key and secret number `number`, of the exchange's format."""
    return {"api_key": f"PRACTICE-BULKTEST-POLONIEX-{number:08d}", "secret": f"{number:08x}" * 16}


@dataclass
class Exchange:
    """
    The main host, with keys 1 to `count`.

    `powers` are what keys may do besides reading, by the number of the key,
    and `accounts` their accounts where two keys shall have the same one. `instead`
    replaces answers of a key, as `PracticeKey.instead` does. `unknown` are
    keys that were deleted. `calls` are the moments of all signed calls, by
    key and by whether they are heavy.
    """

    count: int
    powers: dict[int, frozenset[Permission]] = field(default_factory=dict)
    accounts: dict[int, int] = field(default_factory=dict)
    instead: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)
    calls: defaultdict[tuple[int, bool], list[float]] = field(default_factory=lambda: defaultdict(list))
    ledger: Ledger = field(default_factory=Ledger)
    personas: tuple[Persona, ...] = ()

    def __post_init__(self) -> None:
        self._inner = PracticePoloniex([], self.ledger)

    def answer(self, request: Request, now_ms: int) -> Reply:
        number = _number(request)
        self._inner._held = {}
        if number is None or number > self.count or number in self.unknown:
            return self._inner.answer(request, now_ms)
        self.calls[number, request.path not in LIGHT].append(time.monotonic())
        held = values(number)
        key = PracticeKey(
            persona=Persona(name="one", about="", credentials=held),
            held=held,
            powers=self.powers.get(number, frozenset()),
            instead=self.instead.get(number, ()),
        )
        self._inner._held = {held["api_key"]: (key, held["secret"])}
        reply = self._inner.answer(request, now_ms)
        if request.path != "/accounts" or reply.status != 200:
            return reply
        account = self.accounts.get(number, number)
        listed = [{**one, "accountId": str(10**17 + account)} for one in json.loads(reply.body)]
        return replace(reply, body=json.dumps(listed))

    def most_per_second(self, *, heavy: bool) -> int:
        """Return the most calls that any one key made within one second."""
        return max((_densest(moments) for (_, kind), moments in self.calls.items() if kind is heavy), default=0)

    def most_of_all_per_second(self, *, heavy: bool) -> int:
        """Return the most calls that all keys together made within one second."""
        return _densest(sorted(moment for (_, kind), those in self.calls.items() if kind is heavy for moment in those))


def _number(request: Request) -> int | None:
    key = request.headers.get("key", "")
    return int(key[-8:]) if key.startswith("PRACTICE-BULKTEST-") else None


def _densest(moments: list[float]) -> int:
    begin, most = 0, 0
    for end, moment in enumerate(moments):
        while moment - moments[begin] >= 1:
            begin += 1
        most = max(most, end - begin + 1)
    return most


@contextmanager
def standing(exchange: Exchange, port: int = 0) -> Iterator[str]:
    """Serve an exchange in a thread and yield its origin."""
    ready, origins = threading.Event(), list[str]()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def work() -> None:
        async with serve(exchange, port=port) as origin:
            origins.append(origin)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(work(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield origins[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def main() -> None:
    """Serve until the end of standard input; then print what was counted."""
    exchange = Exchange(int(sys.argv[1]))
    with standing(exchange) as origin:
        sys.stdout.write(f"{origin}\n")
        sys.stdout.flush()
        sys.stdin.read()
    counted = {
        "calls": sum(map(len, exchange.calls.values())),
        "light_per_key": exchange.most_per_second(heavy=False),
        "heavy_per_key": exchange.most_per_second(heavy=True),
        "heavy_of_all": exchange.most_of_all_per_second(heavy=True),
        "changes": len(exchange.ledger.changes),
    }
    sys.stdout.write(json.dumps(counted) + "\n")


if __name__ == "__main__":
    main()
