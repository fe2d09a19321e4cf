"""What is asked of a classic futures account. The service is gone; its keys get the answer that they are retired."""

from __future__ import annotations

from hashdata.answers import Fields, Is, ListOf, Number, Shape, Text
from hashdata.hookspecs import Api
from hashdata.permissions import Askable, Cause, Grant, Permission, Standing
from hashdata.questions import Answer, Clock, Diagnosis, Probe, Stream

NAME = "classic"

CLASSIC = Api(
    name=NAME,
    when="passphrase",
    hosts=("futures-api.poloniex.com",),
    ccxt_class="hashdata_poloniex_futures.classic:poloniexfutures",
    ccxt_versions=">=4.5.75,<4.6",
    # Inferred path and answer; the tolerance of 5 seconds is documented.
    clock=Clock(call="publicGetTimestamp", sends="GET /api/v1/timestamp", at=("data",), tolerance_ms=5_000),
    rates={"light": 10.0},
    permissions={
        Permission.TRADE: Standing(Askable.ASKABLE),
        Permission.WITHDRAW: Standing(Askable.ABSENT, "Classic futures keys have no permission to withdraw."),
        Permission.TRANSFER: Standing(
            Askable.UNASKABLE,
            "Classic futures keys have a permission to transfer, but no request is known that would show it.",
        ),
    },
    limits=(
        (
            "The classic futures service was announced offline for 2024-11-30; "
            "the answers of a working one are documented, not observed."
        ),
    ),
)


def _data(shape: Shape) -> Shape:
    """Return the shape of a good classic answer whose data has `shape`; the code is a string."""
    return Fields({"code": Is("200000"), "data": shape})


STREAMS = (
    Stream(
        name="account-overview",
        about="what the classic account holds",
        call="privateGetAccountOverview",
        sends="GET /api/v1/account-overview",
        params={"currency": "USDT"},
        shape=_data(Fields({"accountEquity": Number(), "currency": Text()})),
        api=NAME,
    ),
    Stream(
        name="transaction-history",
        about="deposits, withdrawals, profits and fees",
        call="privateGetTransactionHistory",
        sends="GET /api/v1/transaction-history",
        shape=_data(Fields({"dataList": ListOf(Fields({"time": Number(), "type": Text(), "amount": Number()}))})),
        api=NAME,
    ),
    Stream(
        name="positions",
        about="open positions",
        call="privateGetPositions",
        sends="GET /api/v1/positions",
        shape=_data(ListOf(Fields({"symbol": Text()}))),
        api=NAME,
    ),
    Stream(
        name="orders",
        about="open and past orders",
        call="privateGetOrders",
        sends="GET /api/v1/orders",
        shape=_data(Fields({"items": ListOf(Fields({"symbol": Text()}))})),
        required=False,
        api=NAME,
    ),
    Stream(
        name="fills",
        about="executed trades",
        call="privateGetFills",
        sends="GET /api/v1/fills",
        shape=_data(Fields({"items": ListOf(Fields({"symbol": Text()}))})),
        required=False,
        api=NAME,
    ),
)

TRADE = Probe(
    permission=Permission.TRADE,
    call="privateDeleteOrdersId",
    params={"id": "000000000000000000000000"},
    in_path=frozenset({"id"}),
    sends="DELETE /api/v1/orders/000000000000000000000000",
    harmless="no order has the id 000000000000000000000000, so there is nothing that could be cancelled",
    answers=(
        Answer(code="400007", means=Grant.REFUSED, evidence="documented: the key lacks the permission"),
        Answer(code="200000", means=Grant.GRANTED, executed=True, evidence="observed: a cancel was accepted"),
        Answer(
            body=Fields({"data": Fields({"cancelledOrderIds": ListOf(Text())})}),
            means=Grant.GRANTED,
            executed=True,
            evidence="observed: what an accepted cancel answers, whatever its code",
        ),
    ),
    api=NAME,
)

DIAGNOSES = (
    Diagnosis(
        cause=Cause.RETIRED_KEY,
        code=400,
        message="Invalid Apikey or Signature",
        evidence="observed 2025: the retired host answers every signed call like this",
        api=NAME,
    ),
    Diagnosis(cause=Cause.CLOCK, code="400002", evidence="documented: more than 5 seconds off", api=NAME),
    Diagnosis(cause=Cause.UNKNOWN_KEY, code="400003", evidence="documented", api=NAME),
    Diagnosis(cause=Cause.WRONG_PASSPHRASE, code="400004", evidence="documented", api=NAME),
    Diagnosis(cause=Cause.WRONG_SECRET, code="400005", evidence="documented", api=NAME),
    Diagnosis(cause=Cause.ADDRESS_NOT_ALLOWED, code="400006", evidence="documented", api=NAME),
    Diagnosis(
        cause=Cause.INCOMPLETE_READ,
        code="400007",
        evidence="documented: no permission for this",
        api=NAME,
    ),
    Diagnosis(cause=Cause.ACCOUNT_FROZEN, code="411100", evidence="documented: user is frozen", api=NAME),
)
