"""
What is asked of a Bybit account. All of it is GET.

Paths, parameters, answers and rates are those of Bybit's V5 documents
(bybit-exchange.github.io/docs/v5), where each path has a page. An error comes
with HTTP 200 too, and only its `retCode` tells it from a good answer.
"""

from __future__ import annotations

from hashdata.answers import Fields, Is, ListOf, Scalar, Shape, Text
from hashdata.permissions import FORBIDDEN
from hashdata.questions import Clock, DeclaredProbe, Parameter, Stream

from hashdata_bybit.rights import SHAPE, rights

# Page *Integration Guidance*: a request is good from recv_window (5 s, as ccxt sends it) before the server's time to
# one second after it. A clock that is fast by less than five seconds is told by the answer 10002.
CLOCK = Clock(call="publicGetV5MarketTime", sends="GET /v5/market/time", at=("time",), tolerance_ms=5_000)

# Each path has a rate of its own for each user. The page *Rate Limit Rules* has 25 a second for the slowest of those
# for orders and accounts, and lower ones for these; the last three are as in the table of ccxt 4.5.90.
RATES = {
    "light": 25.0,
    "asset/transfer/query-account-coins-balance": 5.0,
    "asset/withdraw/query-record": 300 / 60,
    "asset/deposit/query-record": 100 / 60,
    "asset/transfer/query-inter-transfer-list": 60 / 60,
    "asset/deposit/query-internal-record": 10.0,
    "asset/fundinghistory": 10.0,
    "user/query-api": 10.0,
}

KEY_INFORMATION = DeclaredProbe(
    call="privateGetV5UserQueryApi",
    sends="GET /v5/user/query-api",
    states=FORBIDDEN,
    harmless="it only reads what the key may do",
    cost="user/query-api",
    shape=SHAPE,
    rights=rights,
)


def _answer(**fields: Shape) -> Shape:
    """Return the shape of a good answer whose result has at least `fields`."""
    return Fields({"retCode": Is(0), "result": Fields(fields)})


def _rows(**columns: Shape) -> Shape:
    """Return the shape of a list of objects with at least these columns."""
    return ListOf(Fields(columns))


def _stream(  # noqa: PLR0913 - a row of the table below
    name: str,
    about: str,
    path: str,
    shape: Shape,
    params: dict[str, Parameter],
    *,
    required: bool = True,
    account_id: tuple[str, ...] = (),
) -> Stream:
    """Make a stream of `GET /v5/PATH`; ccxt names its methods by the path."""
    words = path.replace("/", "-").split("-")
    return Stream(
        name=name,
        about=about,
        call="privateGetV5" + "".join(word.capitalize() for word in words),
        sends=f"GET /v5/{path}",
        params=params,
        cost=path if path in RATES else "light",
        shape=shape,
        required=required,
        account_id=account_id,
    )


_ORDERS = _answer(list=_rows(orderId=Text(), symbol=Text()))
_TRADES = _answer(list=_rows(execId=Text(), symbol=Text()))
# The products, and whether reports need them: most accounts have no inverse contracts and no options.
_PRODUCTS = {"spot": True, "linear": True, "inverse": False, "option": False}

_ONE: dict[str, Parameter] = {"limit": 1}

STREAMS = (
    _stream(
        "balances",
        "what the unified trading account holds",
        "account/wallet-balance",
        _answer(list=_rows(accountType=Text(), coin=_rows(coin=Text(), walletBalance=Text()))),
        {"accountType": "UNIFIED"},
    ),
    _stream(
        "funding-balances",
        "what the funding account holds",
        "asset/transfer/query-account-coins-balance",
        _answer(memberId=Scalar(), accountType=Is("FUND"), balance=_rows(coin=Text(), walletBalance=Text())),
        {"accountType": "FUND"},
        account_id=("result", "memberId"),
    ),
    _stream(
        "transactions",
        "fees, funding, settlements and all other changes of the unified trading account",
        "account/transaction-log",
        _answer(list=_rows(currency=Text(), type=Text(), transactionTime=Scalar())),
        {"accountType": "UNIFIED", **_ONE},
    ),
    _stream(
        "funding-transactions",
        "all changes of the funding account",
        "asset/fundinghistory",
        _answer(list=_rows(currency=Text(), txnAmt=Text(), createTime=Scalar())),
        _ONE,
    ),
    *(
        _stream(
            f"{product}-orders",
            f"past {product} orders",
            "order/history",
            _ORDERS,
            {"category": product, **_ONE},
            required=need,
        )
        for product, need in _PRODUCTS.items()
    ),
    *(
        _stream(
            f"{product}-trades",
            f"executed {product} trades",
            "execution/list",
            _TRADES,
            {"category": product, **_ONE},
            required=need,
        )
        for product, need in _PRODUCTS.items()
    ),
    _stream(
        "deposits",
        "deposits from a blockchain",
        "asset/deposit/query-record",
        _answer(rows=_rows(coin=Text(), amount=Text())),
        _ONE,
    ),
    _stream(
        "withdrawals",
        "withdrawals to a blockchain or to another customer",
        "asset/withdraw/query-record",
        _answer(rows=_rows(withdrawId=Text(), coin=Text(), amount=Text())),
        {"withdrawType": 2, **_ONE},
    ),
    _stream(
        "internal-deposits",
        "deposits from another customer",
        "asset/deposit/query-internal-record",
        _answer(rows=_rows(coin=Text(), amount=Text())),
        _ONE,
        required=False,
    ),
    _stream(
        "transfers",
        "moves between the owner's own accounts",
        "asset/transfer/query-inter-transfer-list",
        _answer(list=_rows(transferId=Text(), coin=Text(), amount=Text())),
        _ONE,
        required=False,
    ),
)

DOUBTS = (
    (
        "What the key may do is Bybit's own statement and was not tried: Bybit's documents do not say "
        "which answer an impossible order gets from a key without the right."
    ),
    (
        "A key that may transfer can change its own rights (POST /v5/user/update-api). The documents do not say that "
        "the read-only setting keeps a key from doing so. Leave every box for transfers and withdrawals empty "
        "that reading does not need."
    ),
    "Withdrawals can be read with a key of the main account only, and subaccounts are not part of its data.",
    "The statement holds for the moment of the test. Anybody who can sign in to the account can change the key later.",
)
