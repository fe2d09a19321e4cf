"""The one place where errors of the network become causes."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import aiohttp

from hashdata.permissions import Cause

# Everything else that is raised while a request is out is a bug, and must look like one.
NETWORK_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Fault:
    """A question that got no complete answer, and why."""

    cause: Cause
    method: str
    path: str
    ms: int


class TooLarge(Exception):  # noqa: N818 - said of an answer
    """The body of an answer went over the cap."""


class Faulted(Exception):  # noqa: N818 - carries a fault through ccxt's frames
    """Carries a `Fault` out of the door, past ccxt."""

    def __init__(self, fault: Fault) -> None:
        """Carry `fault`."""
        super().__init__(fault.cause)
        self.fault = fault


def cause_of(error: Exception) -> Cause:
    """Return the cause that `error`, one of `NETWORK_ERRORS`, stands for."""
    if isinstance(error, aiohttp.ClientSSLError | aiohttp.ServerFingerprintMismatch | ssl.SSLError):
        return Cause.TLS
    if isinstance(error, TimeoutError):
        return Cause.TIMEOUT
    return Cause.NETWORK
