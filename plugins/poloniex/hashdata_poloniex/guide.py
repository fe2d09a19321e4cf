"""
How to make a key for the main account that can only read.

Nobody here has seen the live page: labels are as the exchange's documents and
HashData's user guide give them. Steps that the futures guide shares are public.
"""

from __future__ import annotations

from datetime import date

from hashdata.guidance import Guide, Step, Variant
from hashdata.permissions import Cause

# The official SDK's README gives this address.
KEY_PAGE = "https://poloniex.com/apiKeys"
CHECKED = date(2026, 11, 22)

BOTH_ACCOUNTS = (
    "Poloniex separates the Main account (spot and margin) from the Futures account: "
    "each needs one key of its own. If you use both, connect both, here as poloniex "
    "and as poloniex-futures, or your data is incomplete."
)
LABELS = (
    "The labels below are as documented; nobody has compared them with the live page. "
    "Go by what a box allows, even where it has another name."
)
HELP = "Questions: Support@HashData.co"

OPEN_PAGE = Step(
    title="Sign in and open the key page",
    text=(
        "Sign in to Poloniex. Click the profile icon at the top right, choose Profile, "
        f"then API Keys. The address of that page is {KEY_PAGE}"
    ),
)
CREATE = Step(
    title="Create a new key",
    text=(
        "Choose Create New Key and enter your 2FA code. Poloniex then sends you an e-mail: "
        "confirm it within 15 minutes. If that time has passed, create the key again."
    ),
)
RECORD = Step(
    title="Record the key and the secret",
    text=(
        "The tool's field API Key takes what the exchange calls API Key, its field Secret "
        "what the exchange calls Secret Key. Copy both whole and keep them in a safe place, "
        "such as a password manager. The secret can be shown again later on this page."
    ),
    warning="Send neither of them by e-mail or chat, to nobody.",
    mends=frozenset({Cause.UNKNOWN_KEY, Cause.WRONG_SECRET, Cause.WRONG_KEY_OR_SECRET}),
)
KEEP_READING = Step(
    title="Leave reading on",
    text=(
        "Open the restrictions of the new key. By today's documentation a new key starts "
        "with only Enable Reading, and that is all it needs here."
    ),
    tick=("Enable Reading",),
    mends=frozenset({Cause.INCOMPLETE_READ}),
)
NO_TRADING = Step(
    title="Check that trading is off",
    text=(
        "By today's documentation trading, spot and futures, is off until you switch it on "
        "in the restrictions; the older page ticked Enable Trading by default on a new key. "
        "So check, whatever the default, and empty every box that lets the key trade."
    ),
    untick=("Enable Trading", "futures trading"),
    warning="A key with any trading function is denied.",
    mends=frozenset({Cause.TRADE_GRANTED}),
)
NO_WITHDRAWALS = Step(
    title="Leave withdrawals off",
    text="No report needs to withdraw, and a key that can withdraw is denied.",
    untick=("Enable Withdrawals",),
    mends=frozenset({Cause.WITHDRAW_GRANTED}),
)
ADDRESSES = Step(
    title="Decide which addresses may use the key",
    text=(
        "A key can have a whitelist of IP addresses. Where the tool calls from an address "
        "that is fixed and known, such as that of your own server, a whitelist with this "
        "address is safer. A hosted tool needs no limit, because it calls from addresses "
        "that you do not know."
    ),
    mends=frozenset({Cause.ADDRESS_NOT_ALLOWED}),
)


def connect(name: str, title: str) -> tuple[str, ...]:
    """Say how the recorded values get into the tool, which lists connector `name` as `title`."""
    return (
        (
            f"In the tool: open Exchange Accounts > Add Exchange, choose {title}, enter the "
            "values and press Test Keys. When no error is shown, press Submit."
        ),
        f"On the command line, hashdata connectors test {name} runs the same test.",
        (
            "An error most often means that the key can edit something: check its permissions "
            "again, then repeat the test."
        ),
    )


TODAY = Variant(
    name="today",
    title="Today's key page",
    when="A new key starts with only Enable Reading.",
    address=KEY_PAGE,
    steps=(OPEN_PAGE, CREATE, RECORD, KEEP_READING, NO_TRADING, NO_WITHDRAWALS, ADDRESSES),
    source=(
        "the exchange's API documentation (api-docs.poloniex.com) and the README of its "
        "official SDK; how to find the page, confirm a key and see its secret again is from "
        "HashData's user guide"
    ),
    checked=CHECKED,
)
OLDER = Variant(
    name="older",
    title="The older key page",
    when="Enable Trading is already ticked on a new key.",
    address=KEY_PAGE,
    steps=(
        OPEN_PAGE,
        CREATE,
        RECORD,
        Step(
            title="Untick Enable Trading",
            text="Poloniex ticks this box by default on a new key.",
            untick=("Enable Trading",),
            warning="A key with any trading function is denied.",
            mends=frozenset({Cause.TRADE_GRANTED}),
        ),
        NO_WITHDRAWALS,
        ADDRESSES,
    ),
    source="HashData's user guide and the article API Key Security on support.poloniex.com",
    checked=CHECKED,
)

GUIDE = Guide(
    title="Poloniex: make a key that can only read",
    about=(BOTH_ACCOUNTS, LABELS),
    variants=(TODAY, OLDER),
    afterwards=connect("poloniex", "Poloniex"),
    help=HELP,
)
