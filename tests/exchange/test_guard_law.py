"""The law of the guard: what passes is a declared request; however it was changed, nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from hashdata.exchange.door import Signed
from hashdata.exchange.guard import Refused
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.declared import SETTINGS, guard_of, signed

# Characters that addresses, paths, queries and JSON are made of, so that a change often gives a readable request.
_TELLING = st.sampled_from('/?&=%#@:;.\\{}[]",0123456789 \t\n+-eE') | st.characters(max_codepoint=0x2FF)
_APIS = st.sampled_from(sorted(SETTINGS))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)


def edited(data: st.DataObject, text: str) -> str:
    """Return `text` after a few characters were put in, taken out or replaced."""
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(_TELLING | st.just("")) + text[at + data.draw(st.integers(0, 2)) :]
    return text


def meaning(request: Signed) -> tuple[object, ...]:
    """Return what a server would understand, read with the standard library alone."""
    parts = urlsplit(request.url)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    body = json.loads(request.body) if request.body else None
    shown = json.dumps(body, sort_keys=True)
    return request.method, parts.scheme, parts.netloc, parts.path, query, parts.fragment, shown


def is_declared(api: str, request: Signed) -> bool:
    """Whether `request` means the same as one of the declared ones."""
    try:
        return meaning(request) in [meaning(declared) for declared in signed(api)]
    except ValueError:
        return False


def passes(api: str, request: Signed) -> bool:
    try:
        guard_of(api).check(request.method, request.url, request.body, request.headers)
    except Refused:
        return False
    return True


@given(data=st.data(), api=_APIS)
@settings(max_examples=400, deadline=None)
def test_an_edited_address_passes_only_if_it_means_the_same(data: st.DataObject, api: str) -> None:
    request = data.draw(st.sampled_from(signed(api)))

    other = replace(request, url=edited(data, request.url))

    assert passes(api, other) <= is_declared(api, other)


@given(data=st.data(), api=_APIS)
@settings(max_examples=400, deadline=None)
def test_an_edited_body_passes_only_if_it_means_the_same(data: st.DataObject, api: str) -> None:
    request = data.draw(st.sampled_from([found for found in signed(api) if found.method != "GET"]))
    body = edited(data, (request.body or b"").decode())

    other = replace(request, body=body.encode("utf-8", "surrogatepass"))

    assert passes(api, other) <= is_declared(api, other)


@given(data=st.data(), api=_APIS, params=st.dictionaries(st.text(max_size=6), _VALUES, max_size=3))
@settings(max_examples=300, deadline=None)
def test_other_parameters_pass_only_if_they_mean_the_same(
    data: st.DataObject, api: str, params: dict[str, object]
) -> None:
    request = data.draw(st.sampled_from([found for found in signed(api) if found.method != "GET"]))
    known = json.loads(request.body) if request.body else {}
    kept = {name: known[name] for name in data.draw(st.sets(st.sampled_from(sorted(known) or ["x"]))) if name in known}

    other = replace(request, body=json.dumps({**params, **kept}).encode())

    assert passes(api, other) <= is_declared(api, other)


@given(data=st.data(), api=_APIS)
@settings(max_examples=300, deadline=None)
def test_parts_of_two_declared_requests_pass_only_if_they_make_one(data: st.DataObject, api: str) -> None:
    one, two = data.draw(st.sampled_from(signed(api))), data.draw(st.sampled_from(signed(api)))

    mixed = replace(
        one,
        method=data.draw(st.sampled_from([one.method, two.method])),
        url=data.draw(st.sampled_from([one.url, two.url])),
        body=data.draw(st.sampled_from([one.body, two.body])),
    )

    assert passes(api, mixed) == is_declared(api, mixed)


@given(method=st.text(max_size=8), url=st.text(max_size=60), body=st.none() | st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_a_request_out_of_nowhere_is_refused_and_never_an_accident(method: str, url: str, body: bytes | None) -> None:
    assert not passes("main", Signed(method, url, {}, body))
    assert not passes("main", Signed(method, "https://api.poloniex.com" + url, {}, body))
