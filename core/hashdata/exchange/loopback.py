"""The only address that a person may name instead of the exchange's own: this computer."""

from __future__ import annotations

import ipaddress
import re

from hashdata.errors import UsageError

# Strict on purpose: what two URL readers could read differently is not a loopback address here.
_ORIGIN = re.compile(r"(https?)://(\[::1\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?/?", re.IGNORECASE | re.ASCII)
_FIX = "Give the address of a sandbox or recorder on this computer, such as http://127.0.0.1:8080."
_MAX_PORT = 65535


def loopback_origin(url: str) -> str:
    """
    Return the origin of `url`, such as `http://127.0.0.1:8080`.

    Raises `UsageError` for anything that is not http or https to a loopback
    address, so that nobody can be talked into sending keys elsewhere.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in {"http", "https"}:
        raise UsageError("the endpoint is not an http or https address", fix=_FIX)
    if "@" in rest:
        raise UsageError("the endpoint has credentials in it, which would end up in logs", fix=_FIX)
    if "/" in rest.removesuffix("/") or "?" in rest or "#" in rest:
        raise UsageError("the endpoint has a path or a query; only scheme, host and port are used", fix=_FIX)
    parts = _ORIGIN.fullmatch(url)
    if not parts or not _is_loopback(parts[2].lower()):
        raise UsageError("the endpoint is not a loopback address of this computer", fix=_FIX)
    if parts[3] and not 0 < int(parts[3]) <= _MAX_PORT:
        raise UsageError(f"the endpoint's port is not a number from 1 to {_MAX_PORT}", fix=_FIX)
    port = f":{int(parts[3])}" if parts[3] else ""
    return f"{parts[1]}://{parts[2]}{port}".lower()


def _is_loopback(host: str) -> bool:
    """Whether `host` is localhost or a loopback address in its usual spelling."""
    if host in {"localhost", "[::1]"}:
        return True
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False
