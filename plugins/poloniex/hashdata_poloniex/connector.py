"""The connector `poloniex`: the main account, spot and margin."""

from __future__ import annotations

from collections.abc import Sequence

from hashdata.credentials import CredentialSchema, Field
from hashdata.guidance import Guide
from hashdata.hookspecs import Api, ConnectorInfo, ExchangeConnector, Sister, hookimpl
from hashdata.permissions import Askable, Permission, Standing
from hashdata.practice import SandboxFactory
from hashdata.questions import Diagnosis, Probe, Stream

from hashdata_poloniex.diagnoses import ACCOUNT, GATEWAY
from hashdata_poloniex.guide import GUIDE
from hashdata_poloniex.questions import (
    CLOCK,
    DOUBTS,
    RATES,
    STREAMS,
    TRADE,
    TRANSFER_REASON,
    WITHDRAW,
)

HOST = "api.poloniex.com"
CCXT_VERSIONS = ">=4.5.75,<4.6"

API_KEY = Field(
    name="api_key",
    label="API Key",
    hint="four groups of eight characters, joined by hyphens",
    format=r"[0-9A-Za-z]{8}(-[0-9A-Za-z]{8}){3}",
)
SECRET = Field(
    name="secret",
    label="Secret Key",
    hint="128 characters of 0-9 and a-f",
    format=r"[0-9A-Fa-f]{128}",
)

# Documented: https://api-docs.poloniex.com, where each account has its own balances, orders and history.
WHY_BOTH = (
    "Poloniex keeps spot and futures in separate accounts: whoever trades both needs both, or the data is incomplete."
)

MAIN = Api(
    name="main",
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
    limits=DOUBTS,
)


class Poloniex(ExchangeConnector):
    """Poloniex main account. A futures account needs its own key and the connector `poloniex-futures`."""

    hashdata_api = 1

    @hookimpl
    def describe(self) -> ConnectorInfo:
        """Describe the connector and its one API."""
        return ConnectorInfo(
            name="poloniex",
            title="Poloniex",
            homepage="https://poloniex.com",
            apis=(MAIN,),
            sisters=(Sister(connector="poloniex-futures", why=WHY_BOTH),),
        )

    @hookimpl
    def credential_schema(self) -> CredentialSchema:
        """Ask for key and secret, by the names of the exchange's page."""
        return CredentialSchema((API_KEY, SECRET))

    @hookimpl
    def permission_probes(self) -> Sequence[Probe]:
        """Ask to order on a market and to withdraw a currency that do not exist."""
        return (TRADE, WITHDRAW)

    @hookimpl
    def streams(self) -> Sequence[Stream]:
        """Read what reports on a main account need."""
        return STREAMS

    @hookimpl
    def diagnoses(self) -> Sequence[Diagnosis]:
        """Tell wrong keys, addresses and restricted accounts apart."""
        return (*GATEWAY, *ACCOUNT)

    @hookimpl
    def guide(self) -> Guide:
        """Return the guide for main keys."""
        return GUIDE

    @hookimpl
    def sandbox(self) -> SandboxFactory:
        """Return the practice exchange."""
        from hashdata_poloniex.sandbox import PracticePoloniex

        return PracticePoloniex


connector = Poloniex()
