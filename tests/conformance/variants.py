"""The good connector of the example with any part of it exchanged for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hashdata.credentials import CredentialSchema
from hashdata.guidance import Guide
from hashdata.hookspecs import ConnectorInfo, ExchangeConnector, hookimpl
from hashdata.practice import SandboxFactory
from hashdata.questions import DeclaredProbe, Diagnosis, Probe, Stream

from tests.conformance.example import RIGHTS, TRADE, connector
from tests.conformance.example_sandbox import PracticeExample


@dataclass(frozen=True, kw_only=True)
class Variant(ExchangeConnector):
    """A connector whose hooks return what its fields hold."""

    hashdata_api = 1

    info: ConnectorInfo
    schema: CredentialSchema
    stated: DeclaredProbe
    trade: Probe
    read: Sequence[Stream]
    told: Sequence[Diagnosis]
    steps: Guide
    practice: SandboxFactory | None

    @hookimpl
    def describe(self) -> ConnectorInfo:
        return self.info

    @hookimpl
    def credential_schema(self) -> CredentialSchema:
        return self.schema

    @hookimpl
    def permission_probes(self) -> Sequence[Probe | DeclaredProbe]:
        return (self.stated, self.trade)

    @hookimpl
    def streams(self) -> Sequence[Stream]:
        return self.read

    @hookimpl
    def diagnoses(self) -> Sequence[Diagnosis]:
        return self.told

    @hookimpl
    def guide(self) -> Guide:
        return self.steps

    @hookimpl
    def sandbox(self) -> SandboxFactory | None:
        return self.practice


GOOD = Variant(
    info=connector.describe(),
    schema=connector.credential_schema(),
    stated=RIGHTS,
    trade=TRADE,
    read=connector.streams(),
    told=connector.diagnoses(),
    steps=connector.guide(),
    practice=PracticeExample,
)
