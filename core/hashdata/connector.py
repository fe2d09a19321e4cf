"""A loaded connector: what its hooks returned, checked, as typed values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hashdata.credentials import Credentials, CredentialSchema
from hashdata.guidance import Guide
from hashdata.hookspecs import Api, ConnectorInfo
from hashdata.permissions import FORBIDDEN, Askable, Permission, Provability, Witness
from hashdata.practice import SandboxFactory
from hashdata.questions import DeclaredProbe, Diagnosis, Probe, Question, Stream


@dataclass(frozen=True, slots=True)
class Terms:
    """One API of a connector and everything that belongs to it: what a test of one key needs to know."""

    api: Api
    streams: tuple[Stream, ...]
    probes: tuple[Probe, ...]
    diagnoses: tuple[Diagnosis, ...]
    declared: tuple[DeclaredProbe, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question that a test of a key may ask."""
        return (self.api.clock, *self.streams, *self.declared, *self.probes)

    @property
    def askable(self) -> tuple[Permission, ...]:
        """The forbidden permissions that can be asked about."""
        return tuple(p for p in FORBIDDEN if self.api.permissions[p].askable is Askable.ASKABLE)

    @property
    def provability(self) -> Provability:
        """How much can be proven of a key: what holds for every askable permission."""
        witnesses = [self._witnesses(permission) for permission in self.askable]
        if not witnesses or not all(witnesses):
            return Provability.P0
        common = set.intersection(*witnesses)
        if common == set(Witness):
            return Provability.P3
        return Provability.P1 if Witness.OBSERVED in common else Provability.P2

    def _witnesses(self, permission: Permission) -> set[Witness]:
        """Return by which witnesses something can be known about a permission."""
        observed = any(probe.permission is permission for probe in self.probes)
        declared = any(permission in probe.states for probe in self.declared)
        return {w for w, there in ((Witness.OBSERVED, observed), (Witness.DECLARED, declared)) if there}


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """
    A connector that is ready to be used.

    `version` and `distribution` are those of the package that brought it.
    `make_sandbox` asks the connector for its practice exchange, which may
    import what the other hooks do without.
    """

    info: ConnectorInfo
    schema: CredentialSchema
    streams: tuple[Stream, ...]
    probes: tuple[Probe, ...]
    diagnoses: tuple[Diagnosis, ...]
    guide: Guide
    version: str
    distribution: str
    make_sandbox: Callable[[], SandboxFactory | None]
    declared: tuple[DeclaredProbe, ...] = ()

    @property
    def name(self) -> str:
        """The connector's name."""
        return self.info.name

    @property
    def provability(self) -> Provability:
        """The least that any of the connector's APIs can prove."""
        return max(
            (self.terms(api).provability for api in self.info.apis),
            key=lambda p: list(Provability).index(p),
        )

    def terms(self, api: Api) -> Terms:
        """Return everything that belongs to `api`."""
        return Terms(
            api,
            tuple(s for s in self.streams if s.api in {None, api.name}),
            tuple(p for p in self.probes if p.api in {None, api.name}),
            tuple(d for d in self.diagnoses if d.api in {None, api.name}),
            tuple(p for p in self.declared if p.api in {None, api.name}),
        )

    def api_for(self, credentials: Credentials) -> Api:
        """Return the API that a key belongs to: the one whose `when` was given, else the default."""
        selected = [api for api in self.info.apis if api.when is not None and api.when in credentials]
        return selected[0] if selected else next(api for api in self.info.apis if api.when is None)
