"""
Today's futures API: v3, on the main host, with main keys and the main signing.

A v3 key is the same kind of key as one for the main account, so the
withdrawal question of the main account is asked as well.
"""

from __future__ import annotations

from dataclasses import replace

from hashdata.answers import Fields, Is, ListOf, Scalar, Shape, Text
from hashdata.hookspecs import Api
from hashdata.permissions import Askable, Cause, Grant, Permission, Standing
from hashdata.questions import Answer, Diagnosis, Probe, Stream
from hashdata_poloniex.connector import CCXT_VERSIONS, HOST
from hashdata_poloniex.diagnoses import ACCOUNT, GATEWAY
from hashdata_poloniex.questions import CLOCK, DOUBTS, RATES, TRANSFER_REASON, WITHDRAW

NAME = "v3"


def _data(shape: Shape) -> Shape:
    """Return the shape of a good v3 answer whose data has `shape`; v3 errors come with HTTP 200 too."""
    return Fields({"code": Is(200), "data": shape})


def _rows(**columns: Shape) -> Shape:
    """Return the shape of a good v3 answer that is a list."""
    return _data(ListOf(Fields(columns)))


V3 = Api(
    name=NAME,
    hosts=(HOST,),
    ccxt_class="poloniex",
    ccxt_versions=CCXT_VERSIONS,
    clock=CLOCK,
    rates=RATES,
    permissions={
        Permission.TRADE: Standing(Askable.ASKABLE),
        Permission.WITHDRAW: Standing(Askable.ASKABLE),
        Permission.TRANSFER: Standing(Askable.UNASKABLE, TRANSFER_REASON),
    },
    limits=(
        *DOUBTS,
        (
            "Orders are asked on the futures side only. The same kind of key reaches the main account; "
            "the exchange's page has boxes for both, and both must be unticked."
        ),
    ),
)

STREAMS = (
    Stream(
        name="balance",
        about="what the futures account holds",
        call="swapPrivateGetV3AccountBalance",
        sends="GET /v3/account/balance",
        shape=_data(Fields({"eq": Scalar(), "details": ListOf(Fields({"ccy": Text()}))})),
        # Observed from an account that was never opened: {"code": 200, "msg": ""}
        unopened=Fields({"code": Is(200)}, without=frozenset({"data"})),
        api=NAME,
    ),
    Stream(
        name="bills",
        about="fees, profits, funding and transfers",
        call="swapPrivateGetV3AccountBills",
        sends="GET /v3/account/bills",
        cost="heavy",
        shape=_rows(id=Scalar(), ccy=Text()),
        api=NAME,
    ),
    Stream(
        name="orders",
        about="past orders",
        call="swapPrivateGetV3TradeOrderHistory",
        sends="GET /v3/trade/order/history",
        cost="heavy",
        shape=_rows(ordId=Scalar(), symbol=Text()),
        api=NAME,
    ),
    Stream(
        name="trades",
        about="executed trades",
        call="swapPrivateGetV3TradeOrderTrades",
        sends="GET /v3/trade/order/trades",
        cost="heavy",
        shape=_rows(trdId=Scalar(), symbol=Text()),
        api=NAME,
    ),
    Stream(
        name="positions",
        about="open positions",
        call="swapPrivateGetV3TradePositionOpens",
        sends="GET /v3/trade/position/opens",
        cost="heavy",
        shape=_rows(symbol=Text()),
        api=NAME,
    ),
    Stream(
        name="open-orders",
        about="open orders",
        call="swapPrivateGetV3TradeOrderOpens",
        sends="GET /v3/trade/order/opens",
        cost="heavy",
        shape=_rows(ordId=Scalar(), symbol=Text()),
        required=False,
        api=NAME,
    ),
    Stream(
        name="past-positions",
        about="closed positions",
        call="swapPrivateGetV3TradePositionHistory",
        sends="GET /v3/trade/position/history",
        cost="heavy",
        shape=_rows(symbol=Text()),
        required=False,
        api=NAME,
    ),
)

TRADE = Probe(
    permission=Permission.TRADE,
    call="swapPrivatePostV3TradeOrder",
    params={
        "symbol": "ZZQXA_USDT_PERP",
        "side": "BUY",
        "mgnMode": "CROSS",
        "posSide": "BOTH",
        "type": "MARKET",
        "sz": "1",
    },
    sends="POST /v3/trade/order",
    harmless="there is no contract ZZQXA_USDT_PERP, so there is nothing that could be bought",
    answers=(
        Answer(
            code=10042,
            message="Trading operation is not allowed.",
            means=Grant.REFUSED,
            evidence="observed 2025, also for symbols that do not exist",
        ),
        Answer(code=10001, means=Grant.GRANTED, evidence="documented: symbol does not exist"),
        Answer(
            code=11011,
            means=Grant.GRANTED,
            evidence="observed: position mode and posSide do not match",
        ),
        Answer(code=21010, means=Grant.GRANTED, evidence="documented"),
        Answer(code=21002, means=Grant.GRANTED, evidence="documented"),
        Answer(code=250, means=Grant.GRANTED, evidence="observed: client order id already exists"),
        Answer(
            body=Fields({"data": Fields({"ordId": Scalar()})}),
            means=Grant.GRANTED,
            executed=True,
            evidence="documented: an order was placed",
        ),
    ),
    api=NAME,
)

# The same question and the same answers as on the main account, asked with futures keys.
WITHDRAWAL = replace(WITHDRAW, api=NAME)

_SHARED = tuple(replace(diagnosis, api=NAME) for diagnosis in (*GATEWAY, *ACCOUNT))

DIAGNOSES = (
    *_SHARED,
    Diagnosis(
        cause=Cause.ACCOUNT_NOT_OPENED,
        code=30003,
        evidence="observed: Account not exists",
        api=NAME,
    ),
    Diagnosis(cause=Cause.ACCOUNT_FROZEN, code=1003, evidence="documented: user is frozen", api=NAME),
    Diagnosis(cause=Cause.ACCOUNT_RESTRICTED, code=12004, evidence="documented: not verified", api=NAME),
    Diagnosis(cause=Cause.MAINTENANCE, code=1002, evidence="documented: system maintenance", api=NAME),
)
