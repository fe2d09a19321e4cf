"""
The connector `bybit`: the unified trading account and the funding account of one Bybit user.

What a key may do is known from one witness: Bybit's own statement at
`GET /v5/user/query-api`. There is no second one. An order for a symbol that
does not exist would be harmless, but its answer would prove nothing: the
page of error codes has 10005 for "Permission denied" and 10001 for a wrong
parameter, and no page says which of the two is looked at first. 10005 was
also seen for a wrong `category`, from keys that had the right (a comment in
gocryptotrader's `GetFeeRate`). For withdrawals and transfers it is the same.
So every permission is *declared*, the connector is P2, and it sends nothing
but GET.
"""

from __future__ import annotations

from collections.abc import Sequence

from hashdata.answers import Envelope
from hashdata.credentials import CredentialSchema, Field
from hashdata.guidance import Guide
from hashdata.hookspecs import Api, ConnectorInfo, ExchangeConnector, hookimpl
from hashdata.permissions import FORBIDDEN, Askable, Standing
from hashdata.practice import SandboxFactory
from hashdata.questions import DeclaredProbe, Diagnosis, Stream

from hashdata_bybit.diagnoses import DIAGNOSES
from hashdata_bybit.guide import GUIDE
from hashdata_bybit.questions import CLOCK, DOUBTS, KEY_INFORMATION, RATES, STREAMS

# The lengths are those of the keys in the examples of Bybit's documents and of its SDK.
API_KEY = Field(
    name="api_key",
    label="API Key",
    hint="18 letters and digits",
    format=r"[0-9A-Za-z]{18}",
)
SECRET = Field(
    name="secret",
    label="API Secret",
    hint="36 letters and digits; keys that you generated yourself (RSA) are not supported",
    format=r"[0-9A-Za-z]{36}",
)

V5 = Api(
    name="v5",
    hosts=("api.bybit.com",),
    ccxt_class="bybit",
    ccxt_versions=">=4.5.75,<4.6",
    clock=CLOCK,
    rates=RATES,
    permissions={permission: Standing(Askable.ASKABLE) for permission in FORBIDDEN},
    envelope=Envelope(code=("retCode",), message=("retMsg",)),
    limits=DOUBTS,
)


class Bybit(ExchangeConnector):
    """One Bybit user, by a system-generated key of bybit.com."""

    hashdata_api = 1

    @hookimpl
    def describe(self) -> ConnectorInfo:
        """Describe the connector and its one API."""
        return ConnectorInfo(name="bybit", title="Bybit", homepage="https://www.bybit.com", apis=(V5,))

    @hookimpl
    def credential_schema(self) -> CredentialSchema:
        """Ask for key and secret, by the names of the exchange's page."""
        return CredentialSchema((API_KEY, SECRET))

    @hookimpl
    def permission_probes(self) -> Sequence[DeclaredProbe]:
        """Ask Bybit what the key may do."""
        return (KEY_INFORMATION,)

    @hookimpl
    def streams(self) -> Sequence[Stream]:
        """Read what reports on an account need."""
        return STREAMS

    @hookimpl
    def diagnoses(self) -> Sequence[Diagnosis]:
        """Tell wrong keys, addresses, clocks and restricted accounts apart."""
        return DIAGNOSES

    @hookimpl
    def guide(self) -> Guide:
        """Return the guide for a read-only key."""
        return GUIDE

    @hookimpl
    def sandbox(self) -> SandboxFactory:
        """Return the practice exchange."""
        from hashdata_bybit.sandbox import PracticeBybit

        return PracticeBybit
