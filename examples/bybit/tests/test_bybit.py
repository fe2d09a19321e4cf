"""The conformance kit, and what the practice exchange answered when it was recorded."""

from __future__ import annotations

from pathlib import Path

from hashdata.testing import cassette_tests, connector_tests

CASSETTES = Path(__file__).parents[1] / "cassettes"

TestBybit = connector_tests("bybit")
TestBybitCassettes = cassette_tests(
    "bybit",
    CASSETTES,
    {
        "accepted": None,
        "accepted-bound-to-address": None,
        "accepted-ending-soon": None,
        "denied-trade": "trade_granted",
        "denied-withdraw": "withdraw_granted",
        "denied-transfer": "transfer_granted",
        "denied-trade-withdraw-and-transfer": "trade_granted",
        "denied-incomplete-read": "incomplete_read",
        "unusable-unknown-key": "unknown_key",
        "unusable-wrong-secret": "wrong_secret",
        "unusable-address-not-allowed": "address_not_allowed",
        "unusable-expired-key": "expired_key",
        "unusable-account-frozen": "account_frozen",
        "inconclusive-clock": "clock",
        "inconclusive-rate-limited": "rate_limited",
        "inconclusive-maintenance": "maintenance",
        "inconclusive-account-not-opened": "account_not_opened",
        "inconclusive-unknown-right": "unrecognised_answer",
    },
)
