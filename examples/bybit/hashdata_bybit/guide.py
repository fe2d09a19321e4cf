"""
How to make a key for Bybit that can only read.

Nobody here has seen the live page. Where it is comes from Bybit's V5
documents (*Integration Guidance*), what a key can be ticked for from *Get API
Key Information*, and the words of the boxes from guides that others published.
"""

from __future__ import annotations

from datetime import date

from hashdata.guidance import Guide, Step, Variant
from hashdata.permissions import Cause

KEY_PAGE = "https://www.bybit.com/app/user/api-management"

STEPS = (
    Step(
        title="Sign in and open the key page",
        text=(
            "Sign in to Bybit with the main account, not with a subaccount: withdrawals can be read with its key only. "
            f"Click the profile icon, choose API. The address of that page is {KEY_PAGE}"
        ),
        warning="Keys of the testnet and of demo accounts are other keys, and the exchange does not know them here.",
    ),
    Step(
        title="Create a system-generated key",
        text=(
            "Choose Create New Key, then System-generated API Keys, and API Transaction for its usage. "
            "Name it after the tool that will use it. Accounts that are not unified yet must be upgraded first."
        ),
        mends=frozenset({Cause.ACCOUNT_NOT_OPENED, Cause.EXPIRED_KEY}),
    ),
    Step(
        title="Choose Read-Only",
        text=(
            "Under API Key Permissions choose Read-Only. With that, the boxes below say what may be read; "
            "with Read-Write they say what may be done."
        ),
        tick=("Read-Only",),
        untick=("Read-Write",),
        warning="A key that can write is denied, whatever it is called.",
        mends=frozenset({Cause.TRADE_GRANTED, Cause.TRANSFER_GRANTED, Cause.WITHDRAW_GRANTED}),
    ),
    Step(
        title="Tick what is to be read",
        text=(
            "Orders and positions of contracts, options, spot trades, and the wallet, whose box for transfers between "
            "accounts opens balances, deposits and withdrawals to a read-only key."
        ),
        tick=("Contract: Orders and Positions", "USDC Contracts: Trade", "Spot: Trade", "Wallet: Account Transfer"),
        mends=frozenset({Cause.INCOMPLETE_READ}),
    ),
    Step(
        title="Leave withdrawals off",
        text="No report needs to withdraw, and a read-only key that is ticked for it is not accepted.",
        untick=("Wallet: Withdrawal",),
        mends=frozenset({Cause.WITHDRAW_GRANTED}),
    ),
    Step(
        title="Decide which addresses may use the key",
        text=(
            "A key without addresses ends after 90 days, and every key 7 days after the password is changed. "
            "Where the tool calls from an address that is fixed and known, such as that of your own server, enter it: "
            "that is safer, and the key does not end. A hosted tool calls from addresses that you do not know."
        ),
        mends=frozenset({Cause.ADDRESS_NOT_ALLOWED, Cause.EXPIRED_KEY}),
    ),
    Step(
        title="Record the key and the secret",
        text=(
            "Confirm with your 2FA code. Copy API Key and API Secret whole and keep them in a safe place, "
            "such as a password manager. The secret is shown once only."
        ),
        warning="Send neither of them by e-mail or chat, to nobody.",
        mends=frozenset({Cause.UNKNOWN_KEY, Cause.WRONG_SECRET, Cause.WRONG_KEY_OR_SECRET}),
    ),
)

TODAY = Variant(
    name="today",
    title="API management",
    when="Always.",
    address=KEY_PAGE,
    steps=STEPS,
    source=(
        "Bybit's V5 documents (pages Integration Guidance, Get API Key Information and Modify Master API Key); "
        "the words of the boxes are from guides of other tools"
    ),
    checked=date(2026, 11, 22),
)

GUIDE = Guide(
    title="Bybit: make a key that can only read",
    about=(
        (
            "The labels below are as documented; nobody has compared them with the live page. "
            "Go by what a box allows, even where it has another name."
        ),
        "Keys of Bybit's regional sites, which have hosts of their own, are not known to this connector.",
    ),
    variants=(TODAY,),
    afterwards=("On the command line, hashdata connectors test bybit proves that the key can only read.",),
    help="Questions about the page: Bybit's help center, https://www.bybit.com/en/help-center",
)
