"""
A complete connector, small enough to be read at once; the sandbox beside it is its practice exchange.

Its questions are those of Binance, of which nothing here was observed: names
and answers are from the exchange's documents.

* rights: developers.binance.com, Wallet, Get API Key Permission
* orders: developers.binance.com, Spot, Test new order
* codes: developers.binance.com, Spot, Error codes
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hashdata.answers import Fields, Flag, ListOf, Text
from hashdata.credentials import CredentialSchema, Field
from hashdata.guidance import Guide, Step, Variant
from hashdata.hookspecs import Api, ConnectorInfo, ExchangeConnector, hookimpl
from hashdata.permissions import FORBIDDEN, Askable, Cause, Grant, Permission, Standing
from hashdata.practice import SandboxFactory
from hashdata.questions import Answer, Clock, DeclaredProbe, Diagnosis, Probe, Stream
from hashdata.rights import Rights, by_flags

# What each flag lets a key do; None for one that harms nobody.
FLAGS = {
    "enableSpotAndMarginTrading": Permission.TRADE,
    "enableMargin": Permission.TRADE,
    "enableFutures": Permission.TRADE,
    "enableVanillaOptions": Permission.TRADE,
    "enablePortfolioMarginTrading": Permission.TRADE,
    "enableFixApiTrade": Permission.TRADE,
    "enableWithdrawals": Permission.WITHDRAW,
    "enableInternalTransfer": Permission.TRANSFER,
    "permitsUniversalTransfer": Permission.TRANSFER,
    "enableReading": None,
    "enableFixReadOnly": None,
    "ipRestrict": None,
}
# What else the statement holds: no flags, and nothing that a key may do.
NOT_FLAGS = frozenset({"createTime", "tradingAuthorityExpirationTime"})
CODES = "documented: Spot, Error codes"


def rights(value: object) -> Rights:
    """Read the flags that are not off; one that is not known keeps the key from being accepted."""
    flags = value if isinstance(value, dict) else {}
    return by_flags((name for name, held in flags.items() if held is not False and name not in NOT_FLAGS), FLAGS)


RIGHTS = DeclaredProbe(
    call="sapiGetAccountApiRestrictions",
    sends="GET /sapi/v1/account/apiRestrictions",
    states=FORBIDDEN,
    harmless="it only reads what the key may do",
    shape=Fields(dict.fromkeys(FLAGS, Flag())),
    rights=rights,
)
TRADE = Probe(
    permission=Permission.TRADE,
    call="privatePostOrderTest",
    sends="POST /api/v3/order/test",
    params={"symbol": "ZZQXAZZQXB", "side": "BUY", "type": "MARKET", "quantity": "1"},
    harmless="the exchange only checks such an order and places none, and there is no market ZZQXAZZQXB",
    answers=(
        Answer(
            code=-2015,
            message="Invalid API-key, IP, or permissions for action.",
            means=Grant.REFUSED,
            evidence=f"{CODES}; that it comes before the market is looked at is inferred",
        ),
        Answer(code=-1121, means=Grant.GRANTED, evidence=f"{CODES}: invalid symbol"),
    ),
)
SPOT = Api(
    name="spot",
    hosts=("api.binance.com",),
    ccxt_class="binance",
    ccxt_versions=">=4.5.90,<4.6",
    clock=Clock(call="publicGetTime", sends="GET /api/v3/time", at=("serverTime",), tolerance_ms=5_000),
    permissions={permission: Standing(Askable.ASKABLE) for permission in FORBIDDEN},
    rates={"light": 10.0},
    auth_parameters=frozenset({"timestamp", "recvWindow", "signature"}),
)
BALANCES = Stream(
    name="balances",
    about="what the account holds",
    call="privateGetAccount",
    sends="GET /api/v3/account",
    shape=Fields({"balances": ListOf(Fields({"asset": Text(), "free": Text()}))}),
    account_id=("uid",),
)
DIAGNOSES = (
    Diagnosis(code=-2014, cause=Cause.UNKNOWN_KEY, evidence=f"{CODES}: API-key format invalid"),
    Diagnosis(code=-1022, cause=Cause.WRONG_SECRET, evidence=f"{CODES}: invalid signature"),
    Diagnosis(code=-1021, cause=Cause.CLOCK, evidence=f"{CODES}: timestamp outside of the recvWindow"),
)
TODAY = Variant(
    name="today",
    title="API Management",
    when="Every key that is made now.",
    steps=(
        Step(title="Create a key", text="Open API Management, choose Create API and give the key a name."),
        Step(
            title="Leave only reading on",
            text="A new key can read and nothing else. Keep it so.",
            tick=("Enable Reading",),
            untick=("Enable Spot & Margin Trading", "Enable Withdrawals", "Permits Universal Transfer"),
            mends=frozenset({Cause.TRADE_GRANTED, Cause.WITHDRAW_GRANTED, Cause.TRANSFER_GRANTED}),
        ),
        Step(
            title="Copy key and secret",
            text="The secret is shown once.",
            mends=frozenset({Cause.UNKNOWN_KEY, Cause.WRONG_SECRET}),
        ),
    ),
    source="the flags of Get API Key Permission; the labels are inferred from them",
    checked=date(2026, 11, 22),
)


class Example(ExchangeConnector):
    """An exchange that says what a key may do, and that can be asked as well."""

    hashdata_api = 1

    @hookimpl
    def describe(self) -> ConnectorInfo:
        """Describe the one API."""
        return ConnectorInfo(name="example", title="Example", homepage="https://www.binance.com", apis=(SPOT,))

    @hookimpl
    def credential_schema(self) -> CredentialSchema:
        """Ask for key and secret."""
        return CredentialSchema((Field(name="api_key", label="API Key"), Field(name="secret", label="Secret Key")))

    @hookimpl
    def permission_probes(self) -> Sequence[Probe | DeclaredProbe]:
        """Ask what the key may do, and for an order that cannot be."""
        return (RIGHTS, TRADE)

    @hookimpl
    def streams(self) -> Sequence[Stream]:
        """Read the balances."""
        return (BALANCES,)

    @hookimpl
    def diagnoses(self) -> Sequence[Diagnosis]:
        """Tell wrong keys, secrets and clocks apart."""
        return DIAGNOSES

    @hookimpl
    def guide(self) -> Guide:
        """Return the guide."""
        return Guide(title="An Example key that can only read", about=("It can only read.",), variants=(TODAY,))

    @hookimpl
    def sandbox(self) -> SandboxFactory:
        """Return the practice exchange."""
        from tests.conformance.example_sandbox import PracticeExample

        return PracticeExample


connector = Example()
