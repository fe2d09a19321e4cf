"""Signatures, checked against text written out by hand and against values from another program."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hashdata.practice import Request
from hashdata_poloniex import signing
from hashdata_poloniex.signing import Signature, verify
from hashdata_poloniex_futures import classic_signing

NOW = 1_700_000_000_000
SECRET = "s3cret"


def request(
    method: str, target: str, body: bytes = b"", query: tuple[tuple[str, str], ...] = (), **headers: str
) -> Request:
    path = target.split("?", maxsplit=1)[0]
    return Request(method=method, path=path, target=target, query=query, headers=headers, body=body)


def by_hand(text: str) -> str:
    return base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()).decode()


def signed(sent: Request, text: str, stamp: int = NOW, **more: str) -> Request:
    headers = {"key": "K", "signtimestamp": str(stamp), "signature": by_hand(text), **more}
    return replace(sent, headers=headers)


ORDER = b'{"symbol":"ZZQXA_ZZQXB","side":"BUY","type":"MARKET","amount":"1"}'
SHAPES = [
    (request("GET", "/accounts"), f"GET\n/accounts\nsignTimestamp={NOW}"),
    (
        request("GET", "/wallets/activity?start=1&end=2", query=(("start", "1"), ("end", "2"))),
        f"GET\n/wallets/activity\nend=2&signTimestamp={NOW}&start=1",
    ),
    (
        # Sorted as characters are: capital letters come first.
        request("GET", "/trades?symbol=A&Zeta=1", query=(("symbol", "A"), ("Zeta", "1"))),
        f"GET\n/trades\nZeta=1&signTimestamp={NOW}&symbol=A",
    ),
    (
        request("GET", "/trades?symbol=A%2FB%20C", query=(("symbol", "A/B C"),)),
        f"GET\n/trades\nsignTimestamp={NOW}&symbol=A%2FB%20C",
    ),
    (
        # ccxt encodes a symbol twice; what is signed is what was sent.
        request("GET", "/trades?symbol=A%252FB", query=(("symbol", "A%2FB"),)),
        f"GET\n/trades\nsignTimestamp={NOW}&symbol=A%252FB",
    ),
    (
        request("POST", "/orders", ORDER),
        f"POST\n/orders\nrequestBody={ORDER.decode()}&signTimestamp={NOW}",
    ),
    (
        # The bytes count, not what they mean: blanks stay.
        request("PUT", "/orders/1", b'{ "price" : "1.0" }'),
        f'PUT\n/orders/1\nrequestBody={{ "price" : "1.0" }}&signTimestamp={NOW}',
    ),
    (request("POST", "/v3/trade/positionAll"), f"POST\n/v3/trade/positionAll\nsignTimestamp={NOW}"),
    (request("DELETE", "/orders/0"), f"DELETE\n/orders/0\nsignTimestamp={NOW}"),
    (
        request("DELETE", "/orders/cancelByIds", b'{"orderIds":["1"]}'),
        f'DELETE\n/orders/cancelByIds\nrequestBody={{"orderIds":["1"]}}&signTimestamp={NOW}',
    ),
]


@pytest.mark.parametrize(("sent", "text"), SHAPES, ids=[text.split("\n")[1] for _, text in SHAPES])
def test_a_signature_over_the_documented_text_is_good(sent: Request, text: str) -> None:
    assert verify(signed(sent, text), SECRET, NOW) is Signature.GOOD


@pytest.mark.parametrize(("sent", "text"), SHAPES, ids=[text.split("\n")[1] for _, text in SHAPES])
def test_a_signature_over_anything_else_is_wrong(sent: Request, text: str) -> None:
    good = signed(sent, text)

    assert verify(good, "another", NOW) is Signature.WRONG
    assert verify(replace(good, method="PATCH"), SECRET, NOW) is Signature.WRONG
    assert verify(replace(good, path=good.path + "/"), SECRET, NOW) is Signature.WRONG
    if sent.body:
        assert verify(replace(good, body=good.body + b" "), SECRET, NOW) is Signature.WRONG
    else:
        assert verify(replace(good, query=(*good.query, ("z", ""))), SECRET, NOW) is Signature.WRONG


# printf 'GET\n/accounts\nsignTimestamp=1700000000000' | openssl dgst -sha256 -hmac s3cret -binary | base64
OPENSSL_MAIN = "1HSqraI/rU9vCNtO5vois2YwSRfu7AZX+4iLNV0e09o="
# printf '1700000000000DELETE/api/v1/orders/0' | openssl dgst -sha256 -hmac s3cret -binary | base64
OPENSSL_CLASSIC = "dRjHIWu3Rk/0fEwYlBtNmiO9Y4YsO1dBoCxYR954sNA="


def test_signatures_are_those_of_another_program() -> None:
    assert signing.sign(request("GET", "/accounts"), SECRET, str(NOW)) == OPENSSL_MAIN
    assert classic_signing.sign(request("DELETE", "/api/v1/orders/0"), SECRET, str(NOW)) == OPENSSL_CLASSIC


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (60_000, Signature.GOOD),
        (60_001, Signature.STALE),
        (-60_000, Signature.GOOD),
        (-60_001, Signature.STALE),
    ],
)
def test_a_timestamp_is_valid_for_a_minute_either_way(offset: int, expected: Signature) -> None:
    assert verify(signed(*SHAPES[0]), SECRET, NOW + offset) is expected


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(5_000, Signature.GOOD), (5_001, Signature.LATE), (-1_000, Signature.GOOD), (-1_001, Signature.AHEAD)],
)
def test_a_window_makes_the_time_stricter(offset: int, expected: Signature) -> None:
    assert verify(signed(*SHAPES[0], recvwindow="5000"), SECRET, NOW + offset) is expected


def test_a_wrong_signature_is_wrong_however_old_it_is() -> None:
    assert verify(signed(*SHAPES[0]), "another", NOW + 600_000) is Signature.WRONG


@pytest.mark.parametrize("name", ["key", "signtimestamp", "signature"])
def test_every_header_of_a_signature_is_needed(name: str) -> None:
    good = signed(*SHAPES[0])
    headers = {header: value for header, value in good.headers.items() if header != name}

    assert verify(replace(good, headers=headers), SECRET, NOW) is Signature.MISSING
    assert verify(replace(good, headers={**headers, name: ""}), SECRET, NOW) is Signature.MISSING


@pytest.mark.parametrize("stamp", ["soon", "1700000000000.0", "-1", "²", "9" * 5000])
def test_a_timestamp_that_is_no_time_is_wrong(stamp: str) -> None:
    text = f"GET\n/accounts\nsignTimestamp={stamp}"
    headers = {"key": "K", "signtimestamp": stamp, "signature": by_hand(text)}

    assert verify(replace(request("GET", "/accounts"), headers=headers), SECRET, NOW) is Signature.WRONG


def test_a_signature_that_is_not_ascii_is_wrong() -> None:
    assert verify(signed(*SHAPES[0], signature="ü"), SECRET, NOW) is Signature.WRONG


def test_the_one_method_may_be_named_and_no_other() -> None:
    assert verify(signed(*SHAPES[0], signaturemethod="hmacSHA256"), SECRET, NOW) is Signature.GOOD
    assert verify(signed(*SHAPES[0], signaturemethod="hmacMD5"), SECRET, NOW) is Signature.WRONG


CLASSIC = {"api_key": "K", "secret": SECRET, "passphrase": "P"}


def classic(method: str, target: str, body: bytes = b"", **change: str) -> Request:
    headers = {
        "pf-api-key": "K",
        "pf-api-sign": by_hand(f"{NOW}{method}{target}{body.decode()}"),
        "pf-api-timestamp": str(NOW),
        "pf-api-passphrase": "P",
    }
    changed = {f"pf-api-{name}": value for name, value in change.items()}
    return replace(request(method, target, body), headers=headers | changed)


@pytest.mark.parametrize(
    ("sent", "held", "late", "expected"),
    [
        (classic("GET", "/api/v1/account-overview?currency=USDT"), CLASSIC, 0, "good"),
        (classic("POST", "/api/v1/orders", b'{"size":1}'), CLASSIC, 0, "good"),
        (classic("GET", "/api/v1/positions"), CLASSIC, 5_000, "good"),
        (classic("GET", "/api/v1/positions"), CLASSIC, 5_001, "stale"),
        (classic("GET", "/api/v1/positions"), CLASSIC, -5_001, "stale"),
        (classic("GET", "/api/v1/positions"), None, 0, "unknown key"),
        (classic("GET", "/api/v1/positions", passphrase="Q"), CLASSIC, 0, "wrong passphrase"),
        (classic("GET", "/api/v1/positions", sign="x"), CLASSIC, 0, "wrong"),
        (classic("GET", "/api/v1/positions", passphrase=""), CLASSIC, 0, "missing"),
        (classic("GET", "/api/v1/positions", timestamp="soon"), CLASSIC, 0, "stale"),
    ],
)
def test_classic_headers_are_looked_at_one_after_the_other(
    sent: Request, held: Mapping[str, str] | None, late: int, expected: str
) -> None:
    assert classic_signing.verify(sent, held, NOW + late) == expected


def test_a_classic_signature_holds_the_query() -> None:
    sent = classic("GET", "/api/v1/account-overview?currency=USDT")

    other = replace(sent, target="/api/v1/account-overview?currency=XBT")
    assert classic_signing.verify(other, CLASSIC, NOW) is classic_signing.Signature.WRONG
