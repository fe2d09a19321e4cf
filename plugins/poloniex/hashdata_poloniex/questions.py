"""What is asked of a Poloniex main account: the streams of a complete read and the two probes."""

from __future__ import annotations

from hashdata.answers import Fields, ListOf, Number, Scalar, Shape, Text
from hashdata.permissions import Grant, Permission
from hashdata.questions import Answer, Clock, Probe, Stream

# Documented: a signed request is valid for one minute.
CLOCK = Clock(call="publicGetTimestamp", sends="GET /timestamp", at=("serverTime",), tolerance_ms=60_000)

# Two independent tables agree on 50 light and 10 heavy private calls a second.
RATES = {"light": 50.0, "heavy": 10.0}


# Good answers of the main host have no code; what has one is an error, whatever else stands beside it.
_ERROR = frozenset({"code"})


def _rows(**columns: Shape) -> Shape:
    """Return the shape of a list of objects with at least these columns."""
    return ListOf(Fields(columns))


STREAMS = (
    Stream(
        name="accounts",
        about="the accounts of the owner",
        call="privateGetAccounts",
        sends="GET /accounts",
        shape=_rows(accountId=Scalar(), accountType=Text()),
        account_id=(0, "accountId"),
    ),
    Stream(
        name="balances",
        about="what each account holds",
        call="privateGetAccountsBalances",
        sends="GET /accounts/balances",
        shape=_rows(
            accountId=Scalar(),
            accountType=Text(),
            balances=_rows(currency=Text(), available=Scalar()),
        ),
    ),
    Stream(
        name="trades",
        about="executed trades",
        call="privateGetTrades",
        sends="GET /trades",
        cost="heavy",
        shape=_rows(id=Scalar(), symbol=Text()),
    ),
    Stream(
        name="orders",
        about="past orders",
        call="privateGetOrdersHistory",
        sends="GET /orders/history",
        cost="heavy",
        shape=_rows(id=Scalar(), symbol=Text()),
    ),
    Stream(
        name="wallet-activity",
        about="deposits and withdrawals",
        call="privateGetWalletsActivity",
        sends="GET /wallets/activity",
        # Seconds, and both required: January 2025. An empty month is as good an answer as a full one.
        params={"start": 1735689600, "end": 1738368000},
        cost="heavy",
        shape=Fields({"deposits": ListOf(Fields({})), "withdrawals": ListOf(Fields({}))}, without=_ERROR),
    ),
    Stream(
        name="account-activity",
        about="airdrops, rebates, fees and other changes",
        call="privateGetAccountsActivity",
        sends="GET /accounts/activity",
        cost="heavy",
        shape=_rows(id=Scalar(), currency=Text()),
    ),
    Stream(
        name="fees",
        about="the fee rates of the account",
        call="privateGetFeeinfo",
        sends="GET /feeinfo",
        cost="heavy",
        shape=Fields({"makerRate": Scalar(), "takerRate": Scalar()}, without=_ERROR),
        required=False,
    ),
    Stream(
        name="open-orders",
        about="open orders",
        call="privateGetOrders",
        sends="GET /orders",
        cost="heavy",
        shape=_rows(id=Scalar(), symbol=Text()),
        required=False,
    ),
    Stream(
        name="open-smart-orders",
        about="open stop and trailing orders",
        call="privateGetSmartorders",
        sends="GET /smartorders",
        cost="heavy",
        shape=_rows(id=Scalar(), symbol=Text()),
        required=False,
    ),
    Stream(
        name="transfers",
        about="moves between the owner's own accounts",
        call="privateGetAccountsTransfer",
        sends="GET /accounts/transfer",
        cost="heavy",
        shape=_rows(id=Scalar(), currency=Text()),
        required=False,
    ),
    Stream(
        name="interest",
        about="margin interest of the last 90 days",
        call="privateGetAccountsInterestHistory",
        sends="GET /accounts/interest/history",
        shape=ListOf(Fields({})),
        required=False,
    ),
    Stream(
        name="margin",
        about="the margin account",
        call="privateGetMarginAccountMargin",
        sends="GET /margin/accountMargin",
        params={"accountType": "SPOT"},
        shape=Fields({"totalAccountValue": Scalar(), "time": Number()}, without=_ERROR),
        required=False,
    ),
    Stream(
        name="borrowings",
        about="what is borrowed on margin",
        call="privateGetMarginBorrowStatus",
        sends="GET /margin/borrowStatus",
        shape=ListOf(Fields({})),
        required=False,
    ),
    Stream(
        name="subaccounts",
        about="subaccounts; only the primary account may list them",
        call="privateGetSubaccounts",
        sends="GET /subaccounts",
        shape=_rows(accountId=Scalar(), accountName=Text()),
        required=False,
    ),
)

_ORDER_PLACED = Fields({"id": Scalar()})

TRADE = Probe(
    permission=Permission.TRADE,
    call="privatePostOrders",
    params={"symbol": "ZZQXA_ZZQXB", "side": "BUY", "type": "MARKET", "amount": "1"},
    sends="POST /orders",
    harmless="there is no market ZZQXA_ZZQXB, so there is nothing that could be bought",
    answers=(
        Answer(
            code=403,
            message="Trading operation is not allowed.",
            means=Grant.REFUSED,
            evidence="observed 2025; comes before the market is looked at",
        ),
        Answer(code=10020, means=Grant.GRANTED, evidence="documented: invalid currency"),
        Answer(code=10040, means=Grant.GRANTED, evidence="documented: invalid symbol"),
        Answer(code=10041, means=Grant.GRANTED, evidence="observed: Symbol cannot trading"),
        Answer(code=10060, means=Grant.GRANTED, evidence="documented: symbol setup error"),
        Answer(
            code=21321,
            means=Grant.GRANTED,
            evidence="observed with a key that could trade: time in force",
        ),
        Answer(
            code=21322,
            means=Grant.GRANTED,
            evidence="observed with a key that could trade: amount too small",
        ),
        Answer(
            code=21709,
            means=Grant.GRANTED,
            evidence="observed with a key that could trade: low balance",
        ),
        Answer(code=24101, means=Grant.GRANTED, evidence="documented: invalid symbol"),
        Answer(
            body=_ORDER_PLACED,
            means=Grant.GRANTED,
            executed=True,
            evidence="documented: an order was placed",
        ),
    ),
)

# Not on /v2/wallets/withdraw: whether that one looks at the permission before the coin is not known.
WITHDRAW = Probe(
    permission=Permission.WITHDRAW,
    call="privatePostWalletsWithdraw",
    params={"currency": "ZZQX", "amount": "0.00000001", "address": "x"},
    sends="POST /wallets/withdraw",
    cost="heavy",
    harmless="neither the currency ZZQX nor the address x exists",
    answers=(
        Answer(
            code=403,
            message="Permission to withdraw denied.",
            means=Grant.REFUSED,
            evidence="observed 2025; comes before balance and address are looked at",
        ),
        Answer(code=400, message="balance not enough.", means=Grant.GRANTED, evidence="observed 2023"),
        Answer(code=820181, means=Grant.GRANTED, evidence="observed 2026: amount below the fee"),
        Answer(code=820201, means=Grant.GRANTED, evidence="observed 2026: blockchain param check error"),
        Answer(
            code=830111,
            means=Grant.GRANTED,
            evidence="observed 2026: currency or network does not exist",
        ),
        Answer(
            body=Fields({"withdrawalRequestsId": Scalar()}),
            means=Grant.GRANTED,
            executed=True,
            evidence="documented: a withdrawal was requested",
        ),
    ),
)

TRANSFER_REASON = (
    "Poloniex names no permission for transfers between the owner's own accounts: "
    "a key that could withdraw and one that could do nothing were answered alike."
)

DOUBTS = (
    (
        "Keys whose orders and withdrawals were refused were seen to arm the kill switch (which cancels open orders), "
        "to change the futures position mode, to create deposit addresses, and to reach the checks of cancels "
        "and internal transfers. Read-only at Poloniex may not cover these."
    ),
    "Withdrawing is asked on /wallets/withdraw only; whether /v2/wallets/withdraw asks for the permission is unknown.",
    "The answers hold for the moment of the test. Anybody who can sign in to the account can change the key later.",
)
