"""Every error that the network can raise is a cause; nothing else is."""

from __future__ import annotations

import asyncio
import socket
import ssl

import aiohttp
import pytest
from aiohttp import client_exceptions
from hashdata.exchange.faults import NETWORK_ERRORS, cause_of
from hashdata.exchange.resolver import PrivateAddress
from hashdata.permissions import Cause

AIOHTTP = {
    error
    for error in vars(client_exceptions).values()
    if isinstance(error, type) and issubclass(error, Exception) and error.__module__ == client_exceptions.__name__
}
TLS = {
    aiohttp.ClientSSLError,
    aiohttp.ClientConnectorSSLError,
    aiohttp.ClientConnectorCertificateError,
    aiohttp.ServerFingerprintMismatch,
}
TIMEOUT = {aiohttp.ServerTimeoutError, aiohttp.ConnectionTimeoutError, aiohttp.SocketTimeoutError}
NETWORK = {
    aiohttp.ClientConnectionError,
    aiohttp.ClientConnectionResetError,
    aiohttp.ClientConnectorDNSError,
    aiohttp.ClientConnectorError,
    aiohttp.ClientError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ClientOSError,
    aiohttp.ClientPayloadError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.ClientResponseError,
    aiohttp.ContentTypeError,
    aiohttp.InvalidURL,
    aiohttp.InvalidUrlClientError,
    aiohttp.InvalidUrlRedirectClientError,
    aiohttp.NonHttpUrlClientError,
    aiohttp.NonHttpUrlRedirectClientError,
    aiohttp.RedirectClientError,
    aiohttp.ServerConnectionError,
    aiohttp.ServerDisconnectedError,
    aiohttp.TooManyRedirects,
    client_exceptions.UnixClientConnectorError,
    client_exceptions.UploadAbortedError,
    aiohttp.WSServerHandshakeError,
}
# Of websockets, which the door does not speak; a TypeError is a bug and looks like one.
ELSEWHERE = {aiohttp.WSMessageTypeError}


def made(error: type[Exception]) -> Exception:
    """Return an instance without the arguments, which do not matter here."""
    return error.__new__(error)


def test_no_error_of_aiohttp_is_without_a_cause() -> None:
    assert TLS | TIMEOUT | NETWORK | ELSEWHERE == AIOHTTP


@pytest.mark.parametrize("error", sorted(AIOHTTP - ELSEWHERE, key=str))
def test_an_error_of_aiohttp_has_its_documented_cause(error: type[Exception]) -> None:
    expected = Cause.TLS if error in TLS else Cause.TIMEOUT if error in TIMEOUT else Cause.NETWORK

    assert issubclass(error, NETWORK_ERRORS)
    assert cause_of(made(error)) == expected


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ssl.SSLError, Cause.TLS),
        (ssl.SSLCertVerificationError, Cause.TLS),
        (ssl.SSLEOFError, Cause.TLS),
        (ssl.SSLZeroReturnError, Cause.TLS),
        (TimeoutError, Cause.TIMEOUT),
        (asyncio.TimeoutError, Cause.TIMEOUT),
        (OSError, Cause.NETWORK),
        (socket.gaierror, Cause.NETWORK),
        (socket.herror, Cause.NETWORK),
        (ConnectionResetError, Cause.NETWORK),
        (ConnectionRefusedError, Cause.NETWORK),
        (ConnectionAbortedError, Cause.NETWORK),
        (BrokenPipeError, Cause.NETWORK),
        (PermissionError, Cause.NETWORK),
        (InterruptedError, Cause.NETWORK),
        (PrivateAddress, Cause.NETWORK),
    ],
)
def test_an_error_of_the_system_has_its_documented_cause(error: type[Exception], cause: Cause) -> None:
    assert issubclass(error, NETWORK_ERRORS)
    assert cause_of(made(error)) == cause


@pytest.mark.parametrize(
    "error",
    [RuntimeError, ValueError, TypeError, KeyError, AssertionError, MemoryError, asyncio.CancelledError, *ELSEWHERE],
)
def test_what_is_not_the_network_s_is_no_cause(error: type[BaseException]) -> None:
    assert not issubclass(error, NETWORK_ERRORS)
