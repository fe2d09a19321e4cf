"""
What is asked of a Kraken spot account: its rights, the streams of a complete read, and two probes.

Facts are from the Spot REST pages of docs.kraken.com; each page names the
permission that its endpoint needs. Every private endpoint is a POST, also
where it only reads.
"""

from __future__ import annotations

from hashdata.answers import Fields, ListOf, Number, Scalar, Text
from hashdata.permissions import Grant, Permission
from hashdata.questions import Answer, Clock, DeclaredProbe, Probe, Stream, TimeForm

from hashdata_kraken.rights import SHAPE, STATES, rights
from hashdata_kraken.shapes import Good, Named

# Times count for nothing in a signature, but the nonce is one, and it may never go back: a clock
# that is far ahead keeps every other program from using the key until that time has come.
CLOCK = Clock(
    call="publicGetTime",
    sends="GET /0/public/Time",
    at=("result", "unixtime"),
    form=TimeForm.SECONDS,
    tolerance_ms=300_000,
)

# Documented in "Spot REST rate limits": a counter for each key, at most 15, that falls by one in three seconds. What
# holds a history adds two to it and all else one, so a test adds ten, or eleven with every stream.
RATES = {"light": 10.0, "heavy": 5.0}

RIGHTS = DeclaredProbe(
    call="privatePostGetApiKeyInfo",
    sends="POST /0/private/GetApiKeyInfo",
    states=STATES,
    harmless="it only reads what the key may do",
    shape=SHAPE,
    rights=rights,
)

# By POST, as all that is private: docs.kraken.com has these under Account Data and Funding, with what each returns.
READS = "Kraken documents it as a read"

STREAMS = (
    Stream(
        name="balances",
        about="what the account holds",
        call="privatePostBalance",
        sends="POST /0/private/Balance",
        harmless=READS,
        shape=Good(Named(Text())),
    ),
    Stream(
        name="ledger",
        about="everything that changed a balance",
        call="privatePostLedgers",
        sends="POST /0/private/Ledgers",
        harmless=READS,
        cost="heavy",
        shape=Good(Fields({"ledger": Named(Fields({"refid": Text(), "asset": Text(), "amount": Text()}))})),
    ),
    Stream(
        name="trades",
        about="executed trades",
        call="privatePostTradesHistory",
        sends="POST /0/private/TradesHistory",
        harmless=READS,
        cost="heavy",
        shape=Good(Fields({"trades": Named(Fields({"pair": Text(), "vol": Text(), "cost": Text()}))})),
    ),
    Stream(
        name="closed-orders",
        about="past orders",
        call="privatePostClosedOrders",
        sends="POST /0/private/ClosedOrders",
        harmless=READS,
        shape=Good(Fields({"closed": Named(Fields({"status": Text(), "opentm": Number()}))})),
    ),
    Stream(
        name="deposits",
        about="recent deposits",
        call="privatePostDepositStatus",
        sends="POST /0/private/DepositStatus",
        harmless=READS,
        shape=Good(ListOf(Fields({"asset": Text(), "amount": Scalar(), "time": Number()}))),
    ),
    Stream(
        name="withdrawals",
        about="recent withdrawals",
        call="privatePostWithdrawStatus",
        sends="POST /0/private/WithdrawStatus",
        harmless=READS,
        shape=Good(ListOf(Fields({"asset": Text(), "amount": Scalar(), "time": Number()}))),
    ),
    Stream(
        name="open-orders",
        about="open orders",
        call="privatePostOpenOrders",
        sends="POST /0/private/OpenOrders",
        harmless=READS,
        shape=Good(Fields({"open": Named(Fields({"status": Text(), "opentm": Number()}))})),
        required=False,
    ),
)

ERRORS = "docs.kraken.com, Spot REST, Error messages"
SUPPORT = "support.kraken.com, API error messages"
CCXT = "ccxt 4.5.90, kraken.py, exceptions"

REFUSED = Answer(
    code="EGeneral:Permission denied",
    means=Grant.REFUSED,
    evidence=f"documented: {ERRORS}: the API key doesn't have permission to make this request",
)


def _granted(code: str, evidence: str) -> Answer:
    """Return an answer that is about what was asked, and not about whether the key may ask it."""
    return Answer(code=code, means=Grant.GRANTED, evidence=evidence)


TRADE = Probe(
    permission=Permission.TRADE,
    call="privatePostAddOrder",
    params={"pair": "ZZQXAZZQXB", "type": "buy", "ordertype": "market", "volume": "1", "validate": "true"},
    sends="POST /0/private/AddOrder",
    harmless="there is no pair ZZQXAZZQXB, and validate tells Kraken not to submit the order",
    answers=(
        REFUSED,
        _granted("EQuery:Unknown asset pair", f"documented: {SUPPORT}"),
        _granted("EQuery:Invalid asset pair", f"inferred: {CCXT}"),
        _granted("EOrder:Order minimum not met", f"documented: {ERRORS}"),
        _granted("EOrder:Insufficient funds", f"documented: {ERRORS}"),
        Answer(
            body=Good(Fields({"txid": ListOf(Text())})),
            means=Grant.GRANTED,
            executed=True,
            evidence="documented: docs.kraken.com, Add Order: an order was placed",
        ),
        Answer(
            body=Good(Fields({"descr": Fields({})})),
            means=Grant.GRANTED,
            evidence="documented: docs.kraken.com, Add Order: an order was found good and not submitted",
        ),
    ),
)

WITHDRAW = Probe(
    permission=Permission.WITHDRAW,
    call="privatePostWithdraw",
    params={"asset": "ZZQX", "key": "hashdata-no-such-address", "amount": "0.00000001"},
    sends="POST /0/private/Withdraw",
    harmless="neither the asset ZZQX nor a withdrawal address of the name hashdata-no-such-address exists",
    answers=(
        REFUSED,
        _granted("EFunding:Unknown asset", f"inferred: {CCXT}"),
        _granted("EQuery:Unknown asset", f"inferred: {CCXT}"),
        _granted("EFunding:Unknown withdraw key", f"inferred: {CCXT}"),
        _granted("EFunding:Invalid amount", f"inferred: {CCXT}"),
        Answer(
            body=Good(Fields({"refid": Text()})),
            means=Grant.GRANTED,
            executed=True,
            evidence="documented: docs.kraken.com, Withdraw Funds: a withdrawal was requested",
        ),
    ),
)

TRANSFER_REASON = (
    "by Kraken's document, moving funds from the spot wallet to the owner's own futures wallet (WalletTransfer) needs "
    "only “Funds permissions - Query”, so no key that can read a balance can be kept from it."
)

LIMITS = (
    (
        "Kraken's documents do not say whether it looks at the permission or at the pair and the asset first; "
        "if the permission came last, a key that cannot trade would be denied for a contradiction, never accepted."
    ),
    (
        "Kraken states more rights than hashdata has words for: “Earn” counts as trading here, and “Deposit” and the "
        "rights to add or update withdrawal addresses count as withdrawing."
    ),
    "The Funding API (Beta), below /funding/v1, is not asked; its documents name the same permissions.",
    "The answers hold for the moment of the test. Anybody who can sign in to the account can change the key later.",
)
