"""The production path over TLS: only a certificate for the declared name, from an authority that is trusted."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import pytest
import trustme
from hashdata.answers import Raw
from hashdata.exchange.door import Door, Network, trust_store
from hashdata.exchange.faults import Fault
from hashdata.exchange.resolver import is_loopback
from hashdata.permissions import Cause

from tests.exchange.declared import client_of, soon, terms_of
from tests.exchange.doors import looks_up
from tests.exchange.wire import listening

HOST = "api.poloniex.com"
READ = terms_of("main").api.clock


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@cache
def trusting() -> ssl.SSLContext:
    """Return the production context, with our authority beside the world's."""
    context = trust_store()
    authority().configure_trust(context)
    return context


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def good() -> ssl.SSLContext:
    return serving(authority().issue_cert(HOST))


@dataclass(frozen=True, slots=True)
class Seen:
    outcome: Raw | Fault
    requests: int
    greetings: int

    @property
    def cause(self) -> Cause | None:
        return self.outcome.cause if isinstance(self.outcome, Fault) else None


def asked(server: ssl.SSLContext, trust: ssl.SSLContext | None) -> Seen:
    """Ask for the time at the declared name, which leads to a server on this computer."""
    greetings: list[str | None] = []
    # Called for every client that begins to speak, also for one that then turns away.
    server.sni_callback = lambda _, name, __: greetings.append(name)

    async def run() -> Seen:
        async with listening(tls=server) as wire:
            network = Network(lookup=looks_up("127.0.0.1"), allows=is_loopback, port=wire.port, trust=trust)
            async with Door(network=network) as door:
                outcome = await client_of("main", door).ask(READ, until=soon(), limit=5)
            return Seen(outcome, len(wire.seen), len(greetings))

    return asyncio.run(run())


def test_a_good_certificate_for_the_declared_name_is_accepted() -> None:
    seen = asked(good(), trusting())

    assert isinstance(seen.outcome, Raw)
    assert (seen.outcome.status, seen.requests) == (200, 1)


def wrong_name() -> trustme.LeafCert:
    return authority().issue_cert("api.example.com")


def wrong_wildcard() -> trustme.LeafCert:
    return authority().issue_cert("*.com")


def address_only() -> trustme.LeafCert:
    return authority().issue_cert("127.0.0.1")


def unknown_authority() -> trustme.LeafCert:
    return trustme.CA().issue_cert(HOST)


def expired() -> trustme.LeafCert:
    return authority().issue_cert(HOST, not_after=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "certificate",
    [wrong_name, wrong_wildcard, address_only, unknown_authority, expired],
    ids=lambda make: make.__name__,
)
def test_a_bad_certificate_is_a_tls_fault_at_once_and_nothing_is_sent(
    certificate: Callable[[], trustme.LeafCert],
) -> None:
    seen = asked(serving(certificate()), trusting())

    assert (seen.cause, seen.requests, seen.greetings) == (Cause.TLS, 0, 1)


def test_an_authority_that_the_world_does_not_know_is_not_trusted() -> None:
    assert asked(good(), None).cause == Cause.TLS


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_an_old_tls_is_not_spoken() -> None:
    server = good()
    server.minimum_version = server.maximum_version = ssl.TLSVersion.TLSv1_1

    assert asked(server, trusting()).requests == 0


def test_the_trust_store_verifies_names_and_certificates() -> None:
    context = trust_store()

    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert len(context.get_ca_certs()) > 50
