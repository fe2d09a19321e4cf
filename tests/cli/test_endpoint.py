"""Nothing but this computer can be named in the exchange's place."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from hashdata.errors import UsageError
from hashdata.exchange.loopback import loopback_origin
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yarl import URL

from tests.cli.command import Outcome

Here = Callable[..., Outcome]

REFUSED = [
    "",
    "127.0.0.1",
    "127.0.0.1:8080",
    "//127.0.0.1",
    "http:127.0.0.1",
    "http:/127.0.0.1",
    "ftp://127.0.0.1",
    "ws://127.0.0.1",
    "file:///etc/passwd",
    "unix:///tmp/socket",
    "javascript://127.0.0.1",
    "http://",
    "http:///",
    "http://:80",
    "https://api.poloniex.com",
    "http://0.0.0.0",
    "http://0",
    "http://10.0.0.1",
    "http://192.168.1.1",
    "http://169.254.169.254",
    "http://128.0.0.1",
    "http://126.255.255.255",
    "http://127.1",
    "http://127.0.1",
    "http://127.0.0.01",
    "http://0127.0.0.1",
    "http://0x7f.0.0.1",
    "http://0x7f000001",
    "http://2130706433",
    "http://017700000001",
    "http://127.0.0.1.",
    "http://localhost.",
    "http://localhost.evil.com",
    "http://localhost.localdomain",
    "http://evil-localhost",
    "http://127.0.0.1.nip.io",
    "http://127.0.0.1.evil.com",
    "http://127-0-0-1.nip.io",
    "http://127.0.0.1@evil.com",
    "http://user:password@127.0.0.1",
    "http://127.0.0.1:80@evil.com",
    "http://@127.0.0.1",
    "http://127.0.0.1%2eevil.com",
    "http://127.0.0.1%00.evil.com",
    "http://127.0.0.1\\@evil.com",
    "http://127.0.0.1\\.evil.com",
    "http:\\\\127.0.0.1",
    "http://evil.com\\127.0.0.1",
    "http://127.0.0.1\t.evil.com",
    "http://127.0.0.1\n",
    " http://127.0.0.1",
    "http://127.0.0.1 ",
    "http://127.0.0.1\r\nHost: evil.com",
    "http://127.0.0.1\x00",
    "http://\uff11\uff12\uff17.0.0.1",
    "http://\u0661\u0662\u0667.0.0.1",
    "http://127\u30020\u30020\u30021",
    "http://127\uff0e0\uff0e0\uff0e1",
    "http://loca\u217chost",
    "http://localho\u017ft",
    "http://[::]",
    "http://[::ffff:10.0.0.1]",
    "http://[::ffff:127.0.0.1]",
    "http://[::ffff:7f00:1]",
    "http://[::1%25lo]",
    "http://[::1]evil.com",
    "http://[::1",
    "http://::1",
    "http://[0:0:0:0:0:0:0:1]",
    "http://[fe80::1]",
    "http://[127.0.0.1]",
    "http://127.0.0.1:0",
    "http://127.0.0.1:65536",
    "http://127.0.0.1:99999",
    "http://127.0.0.1:-1",
    "http://127.0.0.1:",
    "http://127.0.0.1:8o80",
    "http://127.0.0.1:\u0661",
    "http://127.0.0.1:80:80",
    "http://127.0.0.1/path",
    "http://127.0.0.1//",
    "http://127.0.0.1/?",
    "http://127.0.0.1?to=evil.com",
    "http://127.0.0.1#evil.com",
    "http://127.0.0.1/#",
    "http://127.0.0.1;evil.com",
    "http://127.0.0.1,evil.com",
]
ACCEPTED = {
    "http://127.0.0.1:1234": "http://127.0.0.1:1234",
    "http://127.0.0.1:00080": "http://127.0.0.1:80",
    "http://127.0.0.1:65535": "http://127.0.0.1:65535",
    "http://127.255.255.254:1": "http://127.255.255.254:1",
    "http://localhost:1234/": "http://localhost:1234",
    "HTTP://LocalHost:1234/": "http://localhost:1234",
    "http://[::1]:1": "http://[::1]:1",
    "https://127.0.0.1": "https://127.0.0.1",
    "https://localhost/": "https://localhost",
}


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_plainly_this_computer_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        loopback_origin(url)

    assert refused.value.exit_code == 2
    assert "http://127.0.0.1:8080" in refused.value.fix
    assert "evil" not in refused.value.what


@pytest.mark.parametrize(("url", "origin"), ACCEPTED.items())
def test_an_address_of_this_computer_is_taken_in_one_spelling(url: str, origin: str) -> None:
    assert loopback_origin(url) == origin
    assert loopback_origin(origin) == origin


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://api.poloniex.com", "not a loopback address"),
        ("http://a:b@127.0.0.1", "has credentials in it"),
        ("http://127.0.0.1/path", "has a path or a query"),
        ("127.0.0.1:80", "not an http or https address"),
        ("http://127.0.0.1:0", "port is not a number from 1 to 65535"),
    ],
)
def test_the_command_says_what_is_wrong_with_an_endpoint_and_asks_for_no_key(here: Here, url: str, what: str) -> None:
    ended = here("connectors", "test", "poloniex", "--endpoint", url)

    assert what in ended.err
    assert "Fix: Give the address of a sandbox or recorder on this computer" in ended.err
    assert (ended.code, ended.out) == (2, "")


def is_this_computer(host: str | None) -> bool:
    return host == "localhost" or ipaddress.ip_address(host or "").is_loopback


PIECES = (
    *("http", "https", "HTTP", ":", "/", "//", "\\", "@", "?", "#", "%", ".", "[", "]", "::", "::1", "localhost"),
    *("127", "0", "1", "127.0.0.1", "10.0.0.1", "evil.com", "80", "\t", "\n", " ", "\u3002", "\uff11", "\u0661"),
    *("\u017f", "\u212a", "x", "0x7f", "2130706433", "65536", "-", ";"),
)
NEAR = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
PREFIXED = st.builds(
    "{}{}{}".format,
    st.sampled_from(["http://", "https://", "hTTp://"]),
    st.sampled_from(["127.0.0.1", "localhost", "[::1]", "127.3.2.1", ""]),
    NEAR | st.text(max_size=12),
)


@settings(max_examples=600, deadline=None)
@given(NEAR | PREFIXED | st.text())
@example("http://127.0.0.1:1")
def test_whatever_passes_is_this_computer_to_every_reader_of_addresses(url: str) -> None:
    try:
        origin = loopback_origin(url)
    except UsageError:
        return

    assert is_this_computer(urlsplit(origin).hostname)
    assert is_this_computer(URL(origin).host)
    assert is_this_computer(urlsplit(url).hostname)
    assert URL(origin).host == URL(url).host
    assert URL(origin).port == URL(url).port
    assert URL(origin).path in {"", "/"}
    assert URL(origin).user is None
    assert not URL(origin).query_string
