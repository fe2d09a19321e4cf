"""A made-up API for tests of the door alone: one read and one of each write, at a host that does not exist."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping

from hashdata.answers import Raw
from hashdata.exchange.door import Door, Signed
from hashdata.exchange.faults import Faulted
from hashdata.exchange.guard import Guard, Rule
from hashdata.exchange.resolver import Found
from hashdata.permissions import Cause

from tests.exchange.declared import soon

HOST = "api.example.com"
METHODS = ("GET", "POST", "PUT", "DELETE")
GUARD = Guard([HOST], [Rule(method, "/x", {}) for method in METHODS], frozenset())


async def send(
    door: Door, method: str = "GET", *, seconds: float = 5.0, headers: Mapping[str, str] | None = None
) -> Raw:
    """Send one request of the made-up API."""
    return await door.send(GUARD, Signed(method, f"https://{HOST}/x", headers or {}, None), soon(seconds))


async def cause_of(door: Door, method: str = "GET", *, seconds: float = 5.0) -> Cause | int:
    """Send one request; return the cause why no answer came, or the status of the one that did."""
    try:
        return (await send(door, method, seconds=seconds)).status
    except Faulted as faulted:
        return faulted.fault.cause


def looks_up(*addresses: str) -> Callable[[str, int, socket.AddressFamily], Found]:
    """Return a name server that gives the same addresses for every name."""

    def lookup(_: str, port: int, __: socket.AddressFamily) -> Found:
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    return lookup
