"""Which address a person may name instead of the exchange's own."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import pytest
from hashdata.errors import UsageError
from hashdata.exchange.loopback import loopback_origin
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://LOCALHOST", "https://localhost"),
        ("HTTP://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:65535", "http://[::1]:65535"),
    ],
)
def test_this_computer_may_be_named(url: str, origin: str) -> None:
    assert loopback_origin(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1",
        "//127.0.0.1",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "http://",
        "http://127.1",
        "http://0x7f000001",
        "http://2130706433",
        "http://017700000001",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "http://192.168.1.1",
        "http://169.254.169.254",
        "http://api.poloniex.com",
        "http://localhost.evil.example",
        "http://localhost.",
        "http://127.0.0.1.nip.io",
        "http://127.0.0.1@evil.example",
        "http://evil.example@127.0.0.1",
        "http://evil.example\\@127.0.0.1",
        "http://127.0.0.1\\.evil.example",
        "http://127.0.0.1:80:80",
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:x",
        "http://127.0.0.1:8080/path",
        "http://127.0.0.1:8080//",
        "http://127.0.0.1?x",
        "http://127.0.0.1#x",
        "http://127.0.0.1\n",
        " http://127.0.0.1",
        "http://[::]",
        "http://[fe80::1]",
        "http://[::ffff:10.0.0.1]",
        "http://[::1",
        "http://[::1%25lo]",
        "http://localho\u017ft",
        "http://\u066127.0.0.1",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        loopback_origin(url)


@given(host=st.text("127.0:[]lhost@/\\#?%x", max_size=20), port=st.none() | st.integers(-1, 70000))
def test_what_passes_leads_to_loopback_for_every_reader(host: str, port: int | None) -> None:
    try:
        origin = loopback_origin(f"http://{host}" + ("" if port is None else f":{port}"))
    except UsageError:
        return

    found = urlsplit(origin).hostname or ""
    assert found == "localhost" or ipaddress.ip_address(found).is_loopback
