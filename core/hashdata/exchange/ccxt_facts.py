"""
What the installed ccxt knows about an exchange, for whoever starts a connector for it.

Nothing is sent. To learn which request a method makes, the class builds and
signs it with a practice key, as it does for the door, and it is kept instead.
"""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Never
from urllib.parse import parse_qsl, urlsplit

from hashdata.errors import PluginError, UsageError
from hashdata.exchange.ccxt_loading import load
from hashdata.exchange.door import Signed
from hashdata.questions import TimeForm

_OUR_NAMES = {"apiKey": "api_key", "secret": "secret", "password": "passphrase"}
# Base64, because some classes decode the secret before they sign with it.
_PRACTICE = {
    "apiKey": "PRACTICE-NOT-A-REAL-KEY-0000",
    "secret": base64.b64encode(b"practice secret".ljust(64, b".")).decode(),
    "password": "practice-passphrase",
}
_CALLED = re.compile(r"self\.([a-z]\w+)\(")
# How ccxt's source takes an answer apart, and how it reads a time there: safe_timestamp reads seconds.
_INTO = re.compile(r"(\w+) = self\.safe_(?:dict|list|value)\((\w+), (?:'(\w+)'|(\d+))")
_TIME = re.compile(
    r"(?:self\.safe_(?P<kind>integer|timestamp)(?:_2)?|parse8601\(self\.safe_string"
    r"|self\.safe_integer_(?P<scaled>product))"
    r"\((?P<holder>\w+), (?:'(?P<name>\w+)'|(?P<position>\d+))(?:, (?:'(?P<other>\w+)'|(?P<factor>1000)))?[,)]"
)
_DIGITS_OF_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    What an implicit method sends.

    `added` are the parameters that signing adds to query or body,
    `shows_key` says whether the API key stands in the request as it is, and
    `passphrase_in` is the header in which the passphrase does, if any.
    """

    call: str
    method: str
    host: str
    path: str
    added: tuple[str, ...]
    shows_key: bool
    passphrase_in: str | None

    @property
    def sends(self) -> str:
        """Method and path, as a question declares them."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTime:
    """Where ccxt reads the exchange's time in an answer, and how it seems to be written: a guess, from its source."""

    at: tuple[str | int, ...]
    form: TimeForm
    is_text: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """
    What one ccxt class says of its exchange.

    `rate` is requests per second, `needs` the values of a key by our names,
    and `foreign` those that ccxt needs and hashdata cannot ask for. `errors`
    are the exchange's codes by the name of the ccxt error that they become.
    """

    exchange: str
    title: str
    homepage: str
    hosts: tuple[str, ...]
    rate: float
    needs: tuple[str, ...]
    foreign: tuple[str, ...]
    calls: Mapping[str, str]
    errors: Mapping[str, tuple[str, ...]]
    ccxt_class: type = field(repr=False)

    def used_by(self, *unified: str) -> tuple[str, ...]:
        """
        Return the implicit methods that stand in the source of ccxt's unified methods, in their order.

        Those that a unified method leaves to other methods of the class come after its own.
        """
        found: dict[str, None] = {}
        seen: set[str] = set()
        waiting = list(unified)
        while waiting:
            method = waiting.pop(0)
            if method in seen:
                continue
            seen.add(method)
            called = _CALLED.findall(_source(self.ccxt_class, method))
            found |= dict.fromkeys(name for name in called if name in self.calls)
            waiting += [name for name in called if name.startswith("fetch_")]
        return tuple(found)

    def time_in(self, call: str) -> ReadTime | None:
        """Return where ccxt reads the exchange's time in the answer to `call`; None where it does not read it."""
        return _read_time(_source(self.ccxt_class, "fetch_time").partition(f"self.{call}(")[2])

    def request(self, call: str) -> Request | None:
        """Return the request that `call` makes without parameters, None where ccxt builds none that may be sent."""
        return asyncio.run(_built(self.ccxt_class, call))


def exchanges() -> list[str]:
    """Return the ids of all exchanges of the installed ccxt, without importing any."""
    spec = importlib.util.find_spec("ccxt")
    places = spec.submodule_search_locations or [] if spec else []
    files = (path for place in places for path in (Path(place) / "async_support").glob("*.py"))
    return sorted(path.stem for path in files if not path.stem.startswith("_"))


def facts(exchange: str) -> Facts:
    """Return what ccxt knows about `exchange`, one of `exchanges()`; raise `UsageError` where it cannot be loaded."""
    try:
        found = load(exchange)
    except PluginError:
        raise UsageError(
            f"ccxt lists {exchange} and has no class for it", fix="Install another ccxt, or choose another exchange."
        ) from None
    # A subclass, because making an object replaces the implicit methods of its class.
    described: Any = type(exchange, (found,), {})({"enableRateLimit": False})
    needed = [name for name, is_needed in described.requiredCredentials.items() if is_needed]
    hosts = (urlsplit(described.implode_hostname(url)).hostname for url in _texts(described.urls.get("api")))
    home = next((url for url in _texts(described.urls.get("www")) if url.startswith("https://")), "")
    return Facts(
        exchange=exchange,
        title=str(described.name),
        homepage=home,
        hosts=tuple(dict.fromkeys(host for host in hosts if host)),
        rate=round(1000 / max(described.rateLimit, 1), 2),
        needs=tuple(_OUR_NAMES[name] for name in needed if name in _OUR_NAMES),
        foreign=tuple(name for name in needed if name not in _OUR_NAMES),
        calls=_calls(found),
        errors=_errors(described.exceptions or {}),
        ccxt_class=found,
    )


def _calls(ccxt_class: type) -> Mapping[str, str]:
    """Return the implicit methods whose path has no place to be filled in, with their HTTP methods."""
    found: dict[str, str] = {}
    for name in dir(ccxt_class):
        entry = inspect.getattr_static(ccxt_class, name)
        method, path = getattr(entry, "method", None), getattr(entry, "path", None)
        # Each stands there twice; the guard and the documents know the spelling without underscores.
        if isinstance(method, str) and isinstance(path, str) and "{" not in path and "_" not in name:
            found[name] = method
    return found


def _errors(exceptions: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """Return the codes that ccxt compares exactly, by the name of the error that it makes of them."""
    exact = exceptions.get("exact", exceptions)
    found: dict[str, list[str]] = {}
    for code, error in exact.items():
        if isinstance(error, type):
            found.setdefault(error.__name__, []).append(str(code))
    return {name: tuple(codes) for name, codes in found.items()}


def _source(ccxt_class: type, method: str) -> str:
    """Return the source of a method of `ccxt_class` or of the exchange that it extends; nothing of ccxt's own base."""
    layers = [layer for layer in ccxt_class.__mro__ if layer.__name__ != "Exchange"]
    written = next((vars(layer)[method] for layer in layers if method in vars(layer)), None)
    try:
        return inspect.getsource(written) if inspect.isfunction(written) else ""
    except OSError:
        return ""


def _read_time(source: str) -> ReadTime | None:
    """Return what the source after a request reads from `response` as the time, None for what it does not tell."""
    found = _TIME.search(source)
    if found is None or (found["scaled"] and not found["factor"]):
        return None
    ways: dict[str, tuple[str | int, ...]] = {"response": ()}
    for name, holder, inner, position in _INTO.findall(source[: found.start()]):
        if holder in ways:
            ways[name] = (*ways[holder], inner or int(position))
    if found["holder"] not in ways:
        return None
    # Of two names ccxt takes the one that is there, and the example in its comments shows which.
    names = [name for name in (found["name"], found["other"]) if name]
    step = next((name for name in names if f'"{name}"' in source), names[0]) if names else int(found["position"])
    example = re.search(rf"""\b{step}["']?\s*:\s*(?P<quote>["']?)(?P<digits>\d*)""", source)
    is_short = example is not None and len(example["digits"]) == _DIGITS_OF_SECONDS
    if found["kind"] == "timestamp" or found["factor"] or (found["kind"] and is_short):
        form = TimeForm.SECONDS
    else:
        form = TimeForm.MILLISECONDS if found["kind"] else TimeForm.ISO
    return ReadTime(at=(*ways[found["holder"]], step), form=form, is_text=bool(example and example["quote"]))


def _texts(value: object) -> Iterable[str]:
    """Yield every text in a value that may be nested."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _is_plain(query: str) -> bool:
    """Whether the guard can read a query; some classes write `&&` where there are no parameters."""
    try:
        return not query or bool(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        return False


async def _built(ccxt_class: Any, call: str) -> Request | None:  # noqa: ANN401 - known only when it is loaded
    """Let the class build one request, and keep it."""
    kept: list[Signed] = []

    class Building(ccxt_class):  # type: ignore[misc]  # see above
        """Keeps what would be sent."""

        async def fetch(
            self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: str | None = None
        ) -> dict[str, object]:
            kept.append(Signed(method, url, headers or {}, body.encode() if body else None))
            return {}

        def open(self) -> Never:
            message = "ccxt may not open a connection"
            raise PluginError(message, fix="Please report this.")

    try:
        await getattr(Building({"enableRateLimit": False, **_PRACTICE}), call)({})
    except Exception:  # noqa: BLE001 - a hundred classes sign in their own ways, and some need more than a key
        return None
    if not kept:
        return None
    signed = kept[0]
    split = urlsplit(signed.url)
    if not _is_plain(split.query):
        return None
    shown = (signed.url, *signed.headers.values(), (signed.body or b"").decode(errors="replace"))
    return Request(
        call=call,
        method=signed.method,
        host=split.hostname or "",
        path=split.path,
        added=tuple(sorted({name for name, _ in signed.parameters})),
        shows_key=any(_PRACTICE["apiKey"] in str(text) for text in shown),
        passphrase_in=next((n.lower() for n, held in signed.headers.items() if held == _PRACTICE["password"]), None),
    )
