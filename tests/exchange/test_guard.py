"""What leaves: the declared requests, exactly; whatever differs in anything stays."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hashdata.exchange.door import Door, Signed
from hashdata.exchange.guard import Guard, Refused, Rule

from tests.exchange.declared import SETTINGS, guard_of, questions_of, signed, soon
from tests.exchange.wire import listening

Params = dict[str, object]


@pytest.mark.parametrize("api", SETTINGS)
def test_every_declared_request_passes_as_ccxt_signs_it(api: str) -> None:
    lines = []
    for request in signed(api):
        address = guard_of(api).check(request.method, request.url, request.body, request.headers)
        lines.append(f"{request.method} {address.raw_path}")

    assert lines == [question.sends for question in questions_of(api)]


@pytest.mark.parametrize("api", SETTINGS)
def test_a_declared_request_carries_the_declared_parameters_and_no_other(api: str) -> None:
    for question, request in zip(questions_of(api), signed(api), strict=True):
        in_path = {name for name, value in question.params.items() if str(value) in question.path.split("/")}
        declared = {name: value for name, value in question.params.items() if name not in in_path}

        assert params_of(request) == ({n: str(v) for n, v in declared.items()} if is_read(request) else declared)


def is_read(request: Signed) -> bool:
    return request.method == "GET"


def params_of(request: Signed) -> Params:
    if is_read(request):
        return dict(parse_qsl(urlsplit(request.url).query))
    found: Params = json.loads(request.body) if request.body else {}
    return found


def with_params(request: Signed, params: Params) -> Signed:
    """Return `request` with other parameters, in the place where its method has them."""
    if is_read(request):
        bare = request.url.partition("?")[0]
        return replace(request, url=f"{bare}?{urlencode(params)}" if params else bare)
    return replace(request, body=json.dumps(params).encode() if params else None)


def with_url(request: Signed, change: Callable[[str], str]) -> Signed:
    return replace(request, url=change(request.url))


def with_path(request: Signed, change: Callable[[str], str]) -> Signed:
    path = urlsplit(request.url).path
    return with_url(request, lambda url: url.replace(path, change(path), 1))


def with_host(request: Signed, change: Callable[[str], str]) -> Signed:
    host = urlsplit(request.url).netloc
    return with_url(request, lambda url: url.replace(host, change(host), 1))


def on_host(request: Signed, host: str) -> Signed:
    return with_host(request, lambda _: host)


def one_key_more(request: Signed) -> Iterator[Signed]:
    yield with_params(request, {**params_of(request), "recvWindow": "5000"})
    yield with_params(request, {**params_of(request), "": ""})


def one_key_less(request: Signed) -> Iterator[Signed]:
    params = params_of(request)
    for name in params:
        yield with_params(request, {other: value for other, value in params.items() if other != name})


def another_value(request: Signed) -> Iterator[Signed]:
    params = params_of(request)
    for name, value in params.items():
        for other in (f"{value}0", f" {value}", str(value).lower() + "_", "", None):
            yield with_params(request, {**params, name: other})


def another_type(request: Signed) -> Iterator[Signed]:
    params = params_of(request)
    if is_read(request):
        return
    for name, value in params.items():
        for other in (1, 1.0, True, None, [value], {"": value}):
            yield with_params(request, {**params, name: other})


def another_spelling_of_a_name(request: Signed) -> Iterator[Signed]:
    params = params_of(request)
    for name, value in params.items():
        rest = {other: kept for other, kept in params.items() if other != name}
        yield with_params(request, {**rest, name.upper() + "_": value})
        yield with_params(request, {**rest, name + " ": value})


def another_path(request: Signed) -> Iterator[Signed]:
    yield with_path(request, lambda path: path + "/")
    yield with_path(request, lambda path: path + "s")
    yield with_path(request, lambda path: path[:-1])
    yield with_path(request, str.upper)
    yield with_path(request, lambda _: "/")
    yield with_path(request, lambda _: "")


def a_path_that_can_be_read_in_two_ways(request: Signed) -> Iterator[Signed]:
    yield with_path(request, lambda path: "/." + path)
    yield with_path(request, lambda path: "/x/.." + path)
    yield with_path(request, lambda path: "/%2e%2e" + path)
    yield with_path(request, lambda path: "/%2E" + path)
    yield with_path(request, lambda path: "/" + path)
    yield with_path(request, lambda path: path[0] + f"%{ord(path[1]):02x}" + path[2:])
    yield with_path(request, lambda path: path + ";x=1")
    yield with_path(request, lambda path: path + "\\")
    yield with_path(request, lambda path: path + "%00")


def another_method(request: Signed) -> Iterator[Signed]:
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "get", ""} - {request.method}:
        yield replace(request, method=method)
    yield replace(request, method=request.method.lower())
    yield replace(request, method=request.method + " ")


def parameters_in_the_other_place(request: Signed) -> Iterator[Signed]:
    params = params_of(request) or {"x": "1"}
    bare = request.url.partition("?")[0]
    if is_read(request):
        yield replace(request, body=b"{}")
        yield replace(request, body=b'{"x":"1"}')
        yield replace(request, body=urlencode(params).encode())
        yield replace(request, url=bare, body=json.dumps(params).encode())
    else:
        yield replace(request, url=f"{bare}?{urlencode(params)}")
        yield replace(request, url=f"{bare}?{urlencode(params)}", body=None)
        yield replace(request, url=f"{bare}?x")


def duplicate_keys(request: Signed) -> Iterator[Signed]:
    params = params_of(request) or {"x": "1"}
    name, value = next(iter(params.items()))
    if is_read(request):
        bare = request.url.partition("?")[0]
        yield replace(request, url=f"{bare}?{urlencode([*params.items(), (name, value)])}")
    else:
        text = json.dumps(params)[1:-1]
        yield replace(request, body=f'{{{text},"{name}":{json.dumps(value)}}}'.encode())
        yield replace(request, body=f'{{"{name}":0,{text}}}'.encode())


def a_body_of_another_kind(request: Signed) -> Iterator[Signed]:
    if is_read(request):
        return
    whole = request.body or b"{}"
    yield from (replace(request, body=b"[" + whole + b"]"), replace(request, body=whole + whole))
    for body in (b"{}", b"[]", b"null", b"NaN", b'""', b"0", b" ", b"\x00", b"&", b"=", b"[" * 100_000, b'{"x":NaN}'):
        yield replace(request, body=body)
    if request.body:
        yield replace(request, body=None)
        yield replace(request, body=b"")
        yield replace(request, body=b"\xef\xbb\xbf" + whole)
        yield replace(request, body=whole.decode().encode("utf-16"))


def another_host(request: Signed) -> Iterator[Signed]:
    yield with_host(request, lambda host: host + ".")
    yield with_host(request, lambda host: host + ".evil.example")
    yield with_host(request, lambda host: "evil." + host)
    yield with_host(request, lambda host: host.replace("api", "ap\u0131"))
    yield with_host(request, lambda host: host.replace("api", "\uff41pi"))
    yield with_host(request, lambda host: host.replace(".", "\u3002", 1))
    yield with_host(request, lambda _: "")
    for address in ("127.0.0.1", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
        yield on_host(request, address)


def another_port_or_scheme(request: Signed) -> Iterator[Signed]:
    host = urlsplit(request.url).netloc
    for port in ("80", "8443", "0", "99999", "443443", "x"):
        yield on_host(request, f"{host}:{port}")
    for scheme in ("http", "ws", "wss", "ftp", "file", ""):
        yield replace(request, url=request.url.replace("https", scheme, 1))
    yield with_url(request, lambda url: url.removeprefix("https:"))


def user_fragment_or_backslash(request: Signed) -> Iterator[Signed]:
    yield with_host(request, lambda host: f"me:pass@{host}")
    yield with_host(request, lambda host: f"me@{host}")
    yield with_host(request, lambda host: f"@{host}")
    yield with_host(request, lambda host: f"evil.example\\@{host}")
    yield with_host(request, lambda host: f"{host}\\@evil.example")
    yield with_host(request, lambda host: f"{host}\\")
    yield with_url(request, lambda url: url + "#")
    yield with_url(request, lambda url: url + "#x")
    yield with_url(request, lambda url: " " + url)
    yield with_url(request, lambda url: url + "\n")
    yield with_url(request, lambda url: url.replace("//", "//\t", 1))
    yield with_url(request, lambda url: url + "\udcff")


def a_header_that_changes_the_request(request: Signed) -> Iterator[Signed]:
    for name in ("Host", "X-HTTP-Method-Override", "content-length", "Transfer-Encoding"):
        yield replace(request, headers={**request.headers, name: "DELETE"})


MUTATIONS = (
    one_key_more,
    one_key_less,
    another_value,
    another_type,
    another_spelling_of_a_name,
    another_path,
    a_path_that_can_be_read_in_two_ways,
    another_method,
    parameters_in_the_other_place,
    duplicate_keys,
    a_body_of_another_kind,
    another_host,
    another_port_or_scheme,
    user_fragment_or_backslash,
    a_header_that_changes_the_request,
)


def passed(guard: Guard, requests: list[Signed]) -> tuple[list[Signed], int]:
    """Send `requests` through a door; return those that the guard let out, and how many arrived."""

    async def run() -> tuple[list[Signed], int]:
        out = []
        async with listening() as wire, Door(loopback=wire.origin) as door:
            for request in requests:
                try:
                    await door.send(guard, request, soon())
                except Refused:
                    continue
                out.append(request)
            return out, wire.connections + len(wire.seen)

    return asyncio.run(run())


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
@pytest.mark.parametrize("api", SETTINGS)
def test_a_request_that_differs_is_refused_before_a_byte_leaves(
    api: str, mutate: Callable[[Signed], Iterator[Signed]]
) -> None:
    mutated = [other for request in signed(api) for other in mutate(request)]

    # The classic API's only write question has all of its parameters in the path.
    assert mutated or api == "classic"
    assert passed(guard_of(api), mutated) == ([], 0)


MADE_UP = Guard(
    ["api.example.com"],
    [
        Rule("GET", "/orders", {"limit": 1}),
        Rule("POST", "/orders", {"symbol": "ZZQX", "amount": 1}),
        Rule("DELETE", "/orders", {}),
        Rule("POST", "/permissions", {}),
    ],
    frozenset({"nonce", "timestamp", "signature"}),
)
ORDERS = "https://api.example.com/orders"


def is_let_out(method: str, url: str = ORDERS, body: bytes | None = None) -> bool:
    try:
        MADE_UP.check(method, url, body)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("GET", "?limit=1&timestamp=17&signature=abc", None),
        ("GET", "?signature=abc&limit=1", None),
        ("POST", "", b'{"symbol":"ZZQX","amount":1,"nonce":17,"signature":"abc"}'),
        ("POST", "", b'{"nonce":{"deep":[1.5]},"amount":1,"symbol":"ZZQX"}'),
        ("POST", "", b"symbol=ZZQX&amount=1&nonce=17"),
        ("POST", "?timestamp=17&signature=abc", b'{"symbol":"ZZQX","amount":1}'),
        ("DELETE", "?timestamp=17&signature=abc", None),
        ("DELETE", "", b'{"nonce":17}'),
        ("DELETE", "", b"nonce=17&signature=abc"),
    ],
)
def test_what_signing_adds_is_left_out_of_the_comparison(method: str, query: str, body: bytes | None) -> None:
    assert is_let_out(method, ORDERS + query, body)


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("GET", "?limit=1&timestamp=17&timestamp=18", None),
        ("GET", "?limit=1&timestamp", None),
        ("GET", "?limit=1&signatur=abc", None),
        ("GET", "?timestamp=17", None),
        ("POST", "", b'{"symbol":"ZZQX","amount":1,"nonce":17,"nonce":18}'),
        ("POST", "", b'{"symbol":"ZZQX","amount":1,"Nonce":17}'),
        ("POST", "", b'{"nonce":17}'),
        ("POST", "?timestamp=17&side=BUY", b'{"symbol":"ZZQX","amount":1}'),
        ("POST", "?timestamp=17&symbol=ZZQX&amount=1", None),
        ("POST", "", b"symbol=ZZQX&amount=1&nonce=17&nonce=18"),
        ("DELETE", "", b'{"nonce":17,"id":1}'),
        ("DELETE", "", b"{}"),
    ],
)
def test_beside_what_signing_adds_nothing_else_may_stand(method: str, query: str, body: bytes | None) -> None:
    assert not is_let_out(method, ORDERS + query, body)


@pytest.mark.parametrize("body", [None, b"", b"{}", b'{"nonce":17}'])
def test_a_post_that_is_declared_without_parameters_may_send_an_empty_object(body: bytes | None) -> None:
    assert is_let_out("POST", "https://api.example.com/permissions", body)
    assert not is_let_out("POST", ORDERS, body)


@pytest.mark.parametrize("amount", [b'"1"', b"1.0", b"true", b"1e0", b"10", b"null"])
def test_a_declared_number_is_no_text_in_json(amount: bytes) -> None:
    assert not is_let_out("POST", body=b'{"symbol":"ZZQX","amount":' + amount + b"}")


def test_neither_order_nor_blanks_of_json_matter() -> None:
    assert is_let_out("POST", body=b' {"amount": 1,\n "symbol": "ZZ\\u0051X"} ')
