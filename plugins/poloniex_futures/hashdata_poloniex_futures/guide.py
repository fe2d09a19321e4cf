"""
How to make a key for the futures account that can only read.

Today's futures keys come from the key page of the main account, so most steps
are those of the main guide. The classic page is kept for those who still
hold one of its keys.
"""

from __future__ import annotations

from datetime import date

from hashdata.guidance import Guide, Step, Variant
from hashdata.permissions import Cause
from hashdata_poloniex import guide as main

# Documented: the exchange announced that the classic API goes offline on this day.
RETIRED = date(2024, 11, 30)

TODAY = Variant(
    name="today",
    title="Today's key page, for futures API v3",
    when="Every futures key that is made now. It has no passphrase.",
    address=main.KEY_PAGE,
    steps=(
        Step(
            title="Open the futures account, once",
            text=(
                "If you have never used futures at Poloniex, open your futures account there "
                "first. Until then there is nothing to read, and a test cannot tell anything."
            ),
            mends=frozenset({Cause.ACCOUNT_NOT_OPENED}),
        ),
        main.OPEN_PAGE,
        main.CREATE,
        main.RECORD,
        main.KEEP_READING,
        main.NO_TRADING,
        main.NO_WITHDRAWALS,
        main.ADDRESSES,
        Step(
            title="Leave the passphrase empty",
            text=(
                "A key of this page has no passphrase. With a passphrase the tool treats a key "
                "as a classic one, without it as a v3 one."
            ),
        ),
    ),
    source=main.TODAY.source,
    checked=main.CHECKED,
)

CLASSIC = Variant(
    name="classic",
    title="The classic Futures API, retired",
    when="Only keys that were made with a passphrase of your own choice.",
    until=RETIRED,
    steps=(
        Step(
            title="Make a current key instead",
            text=(
                f"Open {main.KEY_PAGE}, choose Create New Key, leave only Enable Reading ticked "
                "and test the new key without a passphrase; hashdata connectors guide "
                "poloniex-futures --variant today shows every step. If your key already comes "
                "from that page, leave its passphrase empty and test again."
            ),
            warning=(
                "The classic Futures API was announced to go offline on 2024-11-30. In March and "
                "April 2025 its host answered every signed call with Invalid Apikey or Signature. "
                "The steps below are kept for reference."
            ),
            mends=frozenset({Cause.RETIRED_KEY}),
        ),
        Step(
            title="Open the futures key page",
            text=(
                "Sign in to Poloniex. Click the profile icon at the top right, choose Profile, "
                "then API Keys, then Futures API Keys."
            ),
        ),
        Step(
            title="Give the key a name",
            text='Enter an API name that describes its use, for example "How To Guide".',
        ),
        Step(
            title="Choose a passphrase",
            text=(
                "Take one that you use nowhere else and record it: the tool asks for it again. "
                "If it is lost, no page shows it; create a new key."
            ),
            mends=frozenset({Cause.WRONG_PASSPHRASE}),
        ),
        Step(
            title="Confirm, and record the key and the secret",
            text=(
                "Enter your 2FA code. The tool's field API Key takes what the exchange calls API "
                "Key, its field Secret what the exchange calls Secret Key. Keep both, and the "
                "passphrase, in a safe place."
            ),
            warning="Once the page is refreshed, the secret is hidden for ever.",
            mends=frozenset({Cause.UNKNOWN_KEY, Cause.WRONG_SECRET, Cause.WRONG_KEY_OR_SECRET}),
        ),
        Step(
            title="Check that the API Restrictions say General",
            text="API Restrictions must say only General, which is the right to read.",
            tick=("General",),
            mends=frozenset({Cause.INCOMPLETE_READ}),
        ),
        Step(
            title="Check that the API Restrictions say nothing else",
            text=(
                "The default for a futures key is to read only. Trade must not be ticked, and neither must Transfer."
            ),
            untick=("Trade", "Transfer"),
            warning="A key with any trading function is denied.",
            mends=frozenset({Cause.TRADE_GRANTED, Cause.TRANSFER_GRANTED}),
        ),
        Step(
            title="Check the IP Limit",
            text=(
                "A hosted tool needs No Limit here. Where the tool calls from an address that is "
                "fixed and known, a whitelist with this address is safer."
            ),
            mends=frozenset({Cause.ADDRESS_NOT_ALLOWED}),
        ),
    ),
    source=(
        "HashData's user guide and the exchange's documentation of the classic API "
        "(api-docs.poloniex.com/futures/api/authentication)"
    ),
    checked=main.CHECKED,
)

GUIDE = Guide(
    title="Poloniex Futures: make a key that can only read",
    about=(
        main.BOTH_ACCOUNTS,
        (
            "Today's futures API, v3, is on the exchange's main host and takes no passphrase. "
            "Its keys come from the common key page and are of the same kind as those of the "
            "Main account, so trading must be off for spot and for futures, and withdrawals too."
        ),
        main.LABELS,
    ),
    variants=(TODAY, CLASSIC),
    afterwards=main.connect("poloniex-futures", "Poloniex Futures"),
    help=main.HELP,
    variant_for=(("classic", CLASSIC.name),),
)
