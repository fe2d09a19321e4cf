"""Look up host names, and refuse addresses that no exchange has."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Found: TypeAlias = list[tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str | int, ...]]]
Lookup: TypeAlias = Callable[[str, int, socket.AddressFamily], Found]

# All that IANA has given out of IPv6; what lies outside is local, reserved or wraps an IPv4 address.
_UNICAST = ipaddress.IPv6Network("2000::/3")
# How a network without IPv4 reaches an IPv4 address: RFC 6052.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PrivateAddress(OSError):  # noqa: N818 - a state of the network, not a bug
    """A declared host leads to an address that is not a public one."""


def is_public(address: Address) -> bool:
    """Whether `address` is one that the internet routes, also in what an IPv6 address wraps."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        # Tunnels of another age, of which Python's versions think differently; no exchange is behind one.
        if address not in _UNICAST or address.sixtofour or address.teredo:
            return False
    return address.is_global and not address.is_multicast


def is_loopback(address: Address) -> bool:
    """Whether `address` is this computer."""
    return address.is_loopback


def system_lookup(host: str, port: int, family: socket.AddressFamily) -> Found:
    """Ask the system's resolver."""
    return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)  # type: ignore[return-value]  # typeshed names a wider tuple


class Resolver(AbstractResolver):
    """
    Resolve in a thread of its own, and only to addresses that `allows` lets through.

    A daemon thread, because the end of `asyncio.run` and of the interpreter
    waits for the default executor, also when a name server never answers.
    """

    def __init__(self, allows: Callable[[Address], bool], lookup: Lookup = system_lookup) -> None:
        """Let only addresses through that `allows` says yes to."""
        self._allows = allows
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; raise `PrivateAddress` if any of them is not allowed."""
        results: list[ResolveResult] = []
        for found_family, _, proto, _, sockaddr in await self._in_thread(host, port, family):
            address = str(sockaddr[0])
            if not self._allows(ipaddress.ip_address(address.partition("%")[0])):
                message = "the name leads to an address that is not public"
                raise PrivateAddress(message)
            results.append(
                ResolveResult(
                    hostname=host,
                    host=address,
                    port=int(sockaddr[1]),
                    family=found_family,
                    proto=proto,
                    flags=socket.AI_NUMERICHOST,
                )
            )
        if not results:
            message = "the name has no address"
            raise OSError(message)
        return results

    async def _in_thread(self, host: str, port: int, family: socket.AddressFamily) -> Found:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Found] = loop.create_future()

        def settle(error: OSError | None, found: Found) -> None:
            if not future.done():
                if error:
                    future.set_exception(error)
                else:
                    future.set_result(found)

        def work() -> None:
            error: OSError | None = None
            found: Found = []
            try:
                found = self._lookup(host, port, family)
            except OSError as failure:
                error = failure
            except UnicodeError:
                # A label of more than 63 characters: no name at all, says Python's IDNA codec.
                error = OSError("not a host name")
            # The loop may be gone by the time a dead name server gives up.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, error, found)

        threading.Thread(target=work, name="hashdata-resolver", daemon=True).start()
        return await future

    async def close(self) -> None:
        """Do nothing: no resource is held."""
