"""
How to make a Kraken key that can only read.

Nobody here has seen the live page: the names of the boxes are those of the
table in *Get API Key Info* (docs.kraken.com), and the way to the page is that
of *How to create an API key on Kraken Pro* (support.kraken.com).
"""

from __future__ import annotations

from datetime import date

from hashdata.guidance import Guide, Step, Variant
from hashdata.permissions import Cause

OPEN_PAGE = Step(
    title="Open the key page",
    text="Sign in to Kraken Pro, open Settings, then API, and choose Create API key.",
)
OWN_KEY = Step(
    title="Make a key for this program alone",
    text=(
        "Give it a name that says what it is for. Kraken takes only numbers (nonces) that grow with each request of a "
        "key, so two programs that share one key disturb each other. "
        "Where Kraken answers with EAPI:Invalid nonce, make a new key and use it nowhere else."
    ),
    mends=frozenset({Cause.RATE_LIMITED}),
)
READING = Step(
    title="Tick what reads",
    text=(
        "All of these only read, and a complete read needs them. Set neither a start nor an end of what the key may "
        "query: with either, a part of the history is missing."
    ),
    tick=(
        "Funds permissions - Query",
        "Orders and trades - Query open orders & trades",
        "Orders and trades - Query closed orders & trades",
        "Data - Query ledger entries",
    ),
    mends=frozenset({Cause.INCOMPLETE_READ}),
)
NO_TRADING = Step(
    title="Leave out what trades",
    text="Earn is among them: it ties up what the account holds in a product.",
    untick=(
        "Orders and trades - Create & modify orders",
        "Orders and trades - Cancel & close orders",
        "Funds permissions - Earn",
    ),
    warning="A key with any of these is denied.",
    mends=frozenset({Cause.TRADE_GRANTED}),
)
NO_WITHDRAWALS = Step(
    title="Leave out what withdraws",
    text="A right to add or change withdrawal addresses decides where the next withdrawal goes, so it counts as one.",
    untick=(
        "Funds permissions - Withdraw",
        "Funds permissions - Deposit",
        "Add withdrawal addresses",
        "Update withdrawal addresses",
    ),
    warning="A key with any of these is denied.",
    mends=frozenset({Cause.WITHDRAW_GRANTED}),
)
BOUNDS = Step(
    title="Decide how long and from where it works",
    text=(
        "A date on which the key ends is fine, and shows in the report. "
        "So is a list of IP addresses, where this computer calls from an address that is fixed."
    ),
    mends=frozenset({Cause.EXPIRED_KEY, Cause.ADDRESS_NOT_ALLOWED}),
)
RECORD = Step(
    title="Record both values",
    text=(
        "Kraken shows the private key once. Copy the API key and the private key whole, and keep them in a safe place, "
        "such as a password manager. A key whose date has passed, and one that is used from an address that is not "
        "in its list, may look like an unknown key."
    ),
    warning="Send neither of them by e-mail or chat, to nobody.",
    mends=frozenset({Cause.UNKNOWN_KEY, Cause.WRONG_SECRET}),
)

GUIDE = Guide(
    title="Kraken: make a key that can only read",
    about=(
        "This is a key for Kraken's spot account. Kraken Futures has keys of its own, which this connector cannot use.",
        (
            "The labels are as documented; nobody has compared them with the live page. "
            "Go by what a box allows, even where it has another name."
        ),
    ),
    variants=(
        Variant(
            name="today",
            title="Kraken Pro, Settings, API",
            when="Always.",
            steps=(OPEN_PAGE, OWN_KEY, READING, NO_TRADING, NO_WITHDRAWALS, BOUNDS, RECORD),
            source="Get API Key Info (docs.kraken.com) and How to create an API key on Kraken Pro (support.kraken.com)",
            checked=date(2026, 11, 22),
        ),
    ),
    afterwards=("On the command line, hashdata connectors test kraken tests the key.",),
    help="https://support.kraken.com",
)
