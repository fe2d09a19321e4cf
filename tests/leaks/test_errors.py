"""What leaves the exchange package, the reading of a key and the binding of one is clean, with all that hangs on it."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Never

import pytest
from hashdata.answers import NotJSON, parse
from hashdata.cli import key_input
from hashdata.errors import HashdataError, PluginError
from hashdata.exchange.ccxt_client import Template
from hashdata.exchange.door import Door, Signed
from hashdata.exchange.faults import Faulted
from hashdata.exchange.guard import Guard, Refused, Rule
from hashdata.registry import find
from hashdata.tester.runs import examine
from hashdata.tester.session import Options

from tests.canaries import CREDENTIALS_WITH_PASSPHRASE, KEY, PASSPHRASE, SECRET
from tests.leaks.echo import TARGETS, standing
from tests.leaks.search import assert_error_clean

GUARD = Guard({"a.example"}, [Rule("GET", "/a", {}), Rule("POST", "/a", {})], frozenset({"signature"}))
ALL = f"{KEY} {SECRET} {PASSPHRASE}"


REFUSED = [
    ("GET", f"http://a.example/a?signature={KEY}", None),
    ("GET", f"https://{KEY}:{SECRET}@a.example/a", None),
    ("GET", f"https://{KEY.lower()}.example/a", None),
    ("GET", f"https://a.example/a?{KEY}", None),
    ("GET", f"https://a.example/a?{KEY}={SECRET}&{KEY}={SECRET}", None),
    ("GET", f"https://a.example/a?x={KEY}", None),
    ("GET", "https://a.example/a", ALL.encode()),
    ("POST", f"https://a.example/a?x={KEY}", None),
    ("POST", "https://a.example/a", f"\u201d{ALL}".encode()),
    ("POST", "https://a.example/a", b"\xff" + ALL.encode()),
    ("POST", "https://a.example/a", ALL.encode()),
    ("POST", "https://a.example/a", json.dumps([ALL]).encode()),
    ("POST", "https://a.example/a", json.dumps({KEY: SECRET}).encode()),
    ("POST", "https://a.example/a", json.dumps({"x": [SECRET]}).encode()),
    ("POST", "https://a.example/a", f'{{"x": "{KEY}"'.encode()),
    ("POST", "https://a.example/a", f'{{"{KEY}": 1, "{KEY}": 1}}'.encode()),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_the_guard_refuses_is_not_in_its_error(number: int) -> None:
    method, url, body = REFUSED[number]

    with pytest.raises(Refused) as raised:
        GUARD.check(method, url, body)

    assert_error_clean(raised.value)


@pytest.mark.parametrize(
    "text", [f'{{"a": "{SECRET}"', f'["{KEY}" "{SECRET}"]', "[" * 9999 + KEY, f'{{"{KEY}":1,"{KEY}":2}}'], ids="abcd"
)
def test_text_that_is_no_json_is_not_in_the_error(text: str) -> None:
    with pytest.raises(NotJSON) as raised:
        parse(text)

    assert_error_clean(raised.value)


def test_a_request_shows_neither_address_nor_headers_nor_body() -> None:
    signed = Signed("GET", f"https://a.example/a?signature={KEY}", {"key": KEY}, SECRET.encode())

    assert repr(signed) == "Signed(method='GET')"


@pytest.mark.parametrize("api", TARGETS)
@pytest.mark.parametrize("raised", [ValueError, KeyError, TypeError, RecursionError, "AuthenticationError"], ids=str)
def test_an_error_while_signing_leaves_without_what_it_held(
    api: str, raised: str | type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    import ccxt

    kind: type[Exception] = getattr(ccxt, raised) if isinstance(raised, str) else raised
    error = sign_badly(api, lambda *_: _raise(kind(ALL)), monkeypatch)

    assert isinstance(error, PluginError)
    assert_error_clean(error)


def test_a_request_that_signing_spoils_is_refused_without_a_word_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(exchange: SimpleNamespace, path: str, *_: object) -> dict[str, object]:
        url = f"https://api.poloniex.com/{path}?apiKey={exchange.apiKey}&signature={exchange.secret}"
        return {"url": url, "method": "GET", "body": None, "headers": {}}

    error = sign_badly("main", spoilt, monkeypatch)

    assert isinstance(error, Refused)
    assert_error_clean(error)


def _raise(error: Exception) -> Never:
    raise error


def sign_badly(api: str, sign: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> BaseException:
    """Test the canaries while ccxt's `sign` is replaced; return what leaves `examine`."""
    target = TARGETS[api]
    connector = find(target.connector)
    bound = connector.schema.bind(target.values)
    template = Template(connector.terms(connector.api_for(bound)))
    monkeypatch.setattr(type(template._ccxt).__mro__[1], "sign", sign)
    with pytest.raises(HashdataError) as raised:
        asyncio.run(examine(connector, bound, Options(timeout=5), loopback="http://127.0.0.1:1"), debug=True)
    return raised.value


@pytest.mark.parametrize("api", TARGETS)
def test_a_fault_of_the_network_carries_nothing_out_of_the_door(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[BaseException] = []
    send = Door.send

    async def watched(door: Door, guard: Guard, request: Signed, until: float) -> object:
        try:
            return await send(door, guard, request, until)
        except Faulted as faulted:
            seen.append(faulted)
            raise

    monkeypatch.setattr(Door, "send", watched)
    target = TARGETS[api]
    connector = find(target.connector)
    with standing(target.exchange("accepted"), lambda *_: b"no HTTP at all") as (origin, _):
        asyncio.run(examine(connector, connector.schema.bind(target.values), Options(timeout=5), loopback=origin))

    assert seen
    for error in seen[:2]:
        assert_error_clean(error)
        assert error.__context__ is None


FORMS: dict[str, Callable[[str], str]] = {
    "a line break": lambda value: f"{value[:9]}\n{value[9:]}",
    "a typographic quote": lambda value: f"\u201c{value}\u201d",
    "a NUL": lambda value: f"{value}\0{value}",
    "too long": lambda value: value * 80,
    "an escape": lambda value: f"\x1b[31m{value}",
    "half a surrogate pair": lambda value: f"{value}\ud800",
    "a soft hyphen inside": lambda value: f"{value[:9]}\u00ad{value[9:]}",
}


def bad_keys() -> Mapping[str, Mapping[str, str]]:
    """Return keys with each bad form in each field."""
    good = CREDENTIALS_WITH_PASSPHRASE
    return {f"{form} in {name}": {**good, name: make(good[name])} for form, make in FORMS.items() for name in good}


@pytest.mark.parametrize("bad", bad_keys())
def test_a_key_that_cannot_be_used_is_not_in_the_error(bad: str) -> None:
    with pytest.raises(HashdataError) as raised:
        find("poloniex-futures").schema.bind(bad_keys()[bad])

    assert_error_clean(raised.value)


@pytest.mark.parametrize(
    "make",
    [
        ALL.encode,
        lambda: ALL.encode("utf-16"),
        lambda: b"\xff" + ALL.encode(),
        (f'api_key = "{KEY}"\nsecret = {SECRET}').encode,
        (f'api_key = "{KEY}"\n{SECRET} = 1\n{SECRET} = 1').encode,
        (f'{{"api_key": "{KEY}", "secret": {SECRET}}}').encode,
        json.dumps([CREDENTIALS_WITH_PASSPHRASE]).encode,
        json.dumps({KEY: SECRET, SECRET: PASSPHRASE}).encode,
        json.dumps({"poloniex": CREDENTIALS_WITH_PASSPHRASE}).encode,
        lambda: ALL.encode() * 1000,
    ],
)
def test_a_pipe_that_brings_no_key_is_not_in_the_error(
    make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(make())))
    with pytest.raises(HashdataError) as raised:
        key_input.read_credentials(find("poloniex-futures"), "-")

    assert_error_clean(raised.value)


def test_what_is_typed_in_another_encoding_is_not_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("getpass.getpass", lambda _: (b"\xff" + ALL.encode()).decode())
    with pytest.raises(HashdataError) as raised:
        key_input.prompt_for(find("poloniex"))

    assert_error_clean(raised.value)


def test_a_key_in_the_place_of_a_file_is_not_in_the_error() -> None:
    with pytest.raises(HashdataError) as raised:
        key_input.read_credentials(find("poloniex"), json.dumps(CREDENTIALS_WITH_PASSPHRASE))

    assert_error_clean(raised.value)
