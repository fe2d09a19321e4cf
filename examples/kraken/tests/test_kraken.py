"""The conformance kit, and what the practice exchange answered when it was recorded."""

from __future__ import annotations

from pathlib import Path

from hashdata.testing import cassette_tests, connector_tests

CASSETTES = Path(__file__).parents[1] / "cassettes"

TestKraken = connector_tests("kraken")
TestKrakenCassettes = cassette_tests(
    "kraken",
    CASSETTES,
    {
        "accepted": None,
        "accepted-bound-to-address": None,
        "accepted-ending-soon": None,
        "denied-trade": "trade_granted",
        "denied-withdraw": "withdraw_granted",
        "denied-earn": "trade_granted",
        "denied-address-book": "withdraw_granted",
        "denied-trade-and-withdraw": "trade_granted",
        "denied-contradiction": "contradiction",
        "denied-half-history": "incomplete_read",
        "denied-incomplete-read": "incomplete_read",
        "unusable-unknown-key": "unknown_key",
        "unusable-wrong-secret": "wrong_secret",
        "inconclusive-clock": "clock",
        "inconclusive-nonce": "rate_limited",
        "inconclusive-rate-limited": "rate_limited",
        "inconclusive-maintenance": "maintenance",
        "inconclusive-unknown-right": "unrecognised_answer",
    },
)
