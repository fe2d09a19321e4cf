"""
The connector `kraken`: the spot account.

Kraken states what a key may do, and it is asked to order a pair and to
withdraw an asset that do not exist, so trading and withdrawing have both
witnesses and the proof is P3. Transfers are not asked about: no key that
reads a balance can be without them, see `questions.TRANSFER_REASON`.
"""

from __future__ import annotations

from collections.abc import Sequence

from hashdata.answers import Envelope
from hashdata.credentials import CredentialSchema, Field
from hashdata.guidance import Guide
from hashdata.hookspecs import Api, ConnectorInfo, ExchangeConnector, hookimpl
from hashdata.permissions import Askable, Permission, Standing
from hashdata.practice import SandboxFactory
from hashdata.questions import DeclaredProbe, Diagnosis, Probe, Stream

from hashdata_kraken.diagnoses import DIAGNOSES
from hashdata_kraken.guide import GUIDE
from hashdata_kraken.questions import CLOCK, LIMITS, RATES, RIGHTS, STREAMS, TRADE, TRANSFER_REASON, WITHDRAW

SPOT = Api(
    name="spot",
    hosts=("api.kraken.com",),
    ccxt_class="kraken",
    ccxt_versions=">=4.5.75,<4.6",
    clock=CLOCK,
    rates=RATES,
    permissions={
        Permission.TRADE: Standing(Askable.ASKABLE),
        Permission.WITHDRAW: Standing(Askable.ASKABLE),
        Permission.TRANSFER: Standing(Askable.UNASKABLE, TRANSFER_REASON),
    },
    limits=LIMITS,
    envelope=Envelope(code=("error",), message=()),
    auth_parameters=frozenset({"nonce"}),
    # Documented in "Error messages": a nonce that is not above the last one is refused.
    one_at_a_time=True,
)


class Kraken(ExchangeConnector):
    """A spot account of Kraken. Kraken Futures has another host and other keys."""

    hashdata_api = 1

    @hookimpl
    def describe(self) -> ConnectorInfo:
        """Describe the connector and its one API."""
        return ConnectorInfo(name="kraken", title="Kraken", homepage="https://www.kraken.com", apis=(SPOT,))

    @hookimpl
    def credential_schema(self) -> CredentialSchema:
        """Ask for both values, by the names of the exchange's page."""
        return CredentialSchema(
            (
                Field(name="api_key", label="API key", hint="56 characters", format=r"[0-9A-Za-z+/=]{56}"),
                Field(
                    name="secret",
                    label="Private key",
                    hint="88 characters that end with ==",
                    format=r"[0-9A-Za-z+/]{86}==",
                ),
            )
        )

    @hookimpl
    def permission_probes(self) -> Sequence[Probe | DeclaredProbe]:
        """Ask what the key may do, then to order a pair and to withdraw an asset that do not exist."""
        return (RIGHTS, TRADE, WITHDRAW)

    @hookimpl
    def streams(self) -> Sequence[Stream]:
        """Read what reports on a spot account need."""
        return STREAMS

    @hookimpl
    def diagnoses(self) -> Sequence[Diagnosis]:
        """Tell wrong keys, secrets, rights and rates apart."""
        return DIAGNOSES

    @hookimpl
    def guide(self) -> Guide:
        """Return the guide."""
        return GUIDE

    @hookimpl
    def sandbox(self) -> SandboxFactory:
        """Return the practice exchange."""
        from hashdata_kraken.sandbox import PracticeKraken

        return PracticeKraken


connector = Kraken()
