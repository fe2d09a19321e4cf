"""The connector `poloniex-futures`: v3 keys, and classic keys where a passphrase is given."""

from __future__ import annotations

from collections.abc import Sequence

from hashdata.credentials import CredentialSchema, Field
from hashdata.guidance import Guide
from hashdata.hookspecs import ConnectorInfo, ExchangeConnector, Sister, hookimpl
from hashdata.practice import SandboxFactory
from hashdata.questions import Diagnosis, Probe, Stream
from hashdata_poloniex.connector import API_KEY, SECRET, WHY_BOTH

from hashdata_poloniex_futures import classic_questions, v3
from hashdata_poloniex_futures.guide import GUIDE

PASSPHRASE = Field(
    name="passphrase",
    label="Passphrase",
    required=False,
    hint="only for keys of the classic Futures API; leave it empty for keys of today's page",
)


class PoloniexFutures(ExchangeConnector):
    """Poloniex futures account. The main account needs its own key and the connector `poloniex`."""

    hashdata_api = 1

    @hookimpl
    def describe(self) -> ConnectorInfo:
        """Describe the connector and its two APIs; a passphrase selects the classic one."""
        return ConnectorInfo(
            name="poloniex-futures",
            title="Poloniex Futures",
            homepage="https://poloniex.com/futures",
            apis=(v3.V3, classic_questions.CLASSIC),
            sisters=(Sister(connector="poloniex", why=WHY_BOTH),),
        )

    @hookimpl
    def credential_schema(self) -> CredentialSchema:
        """Ask for key and secret, and for the passphrase that only classic keys have."""
        return CredentialSchema((API_KEY, SECRET, PASSPHRASE))

    @hookimpl
    def permission_probes(self) -> Sequence[Probe]:
        """Ask to order and withdraw (v3), or to cancel an order that does not exist (classic)."""
        return (v3.TRADE, v3.WITHDRAWAL, classic_questions.TRADE)

    @hookimpl
    def streams(self) -> Sequence[Stream]:
        """Read what reports on a futures account need."""
        return (*v3.STREAMS, *classic_questions.STREAMS)

    @hookimpl
    def diagnoses(self) -> Sequence[Diagnosis]:
        """Tell wrong keys, retired keys, addresses and restricted accounts apart."""
        return (*v3.DIAGNOSES, *classic_questions.DIAGNOSES)

    @hookimpl
    def guide(self) -> Guide:
        """Return the guide for futures keys, with the classic page among its variants."""
        return GUIDE

    @hookimpl
    def sandbox(self) -> SandboxFactory:
        """Return the practice exchange."""
        from hashdata_poloniex_futures.sandbox import PracticeFutures

        return PracticeFutures


connector = PoloniexFutures()
