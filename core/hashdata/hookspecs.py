"""
The hook specification that a connector implements, and the marker for its methods.

    from hashdata.hookspecs import HASHDATA_API, ExchangeConnector, hookimpl

    class Example(ExchangeConnector):
        hashdata_api = 1

        @hookimpl
        def describe(self) -> ConnectorInfo: ...

    connector = Example()

An entry point in the group `hashdata.connectors` names the instance. Every
hook returns data; none of them is given a credential, a session or a socket.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pluggy

from hashdata.answers import Envelope
from hashdata.credentials import CredentialSchema
from hashdata.guidance import Guide
from hashdata.permissions import FORBIDDEN, Permission, Standing
from hashdata.practice import SandboxFactory
from hashdata.questions import Clock, DeclaredProbe, Diagnosis, Probe, Stream

PROJECT = "hashdata"
GROUP = "hashdata.connectors"
# Raised only when a connector written for the old one can no longer work.
HASHDATA_API = 1
# Older versions that still work, each with the release of hashdata that ends it.
DEPRECATED: Mapping[int, str] = {}

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# A name, never an address: the guard's check of addresses runs when a name is looked up.
_HOST = re.compile(r"(?=.*[a-z])([a-z0-9-]+\.)+[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One interface of an exchange: where it is, how ccxt speaks it, and what its keys can have."""

    name: str
    """What questions, diagnoses and the guide call it."""
    hosts: tuple[str, ...]
    """Host names in lower case. The first is asked, and no other host ever is unless it stands here."""
    ccxt_class: str
    """
    A class of ccxt, such as `poloniex`, or `package.module:Class` for a ccxt
    subclass that the package brings. It may override only `describe` and
    `sign`.
    """
    ccxt_versions: str
    """The range of ccxt that it was proven with."""
    clock: Clock
    """The public question for the time."""
    permissions: Mapping[Permission, Standing]
    """What is known of `trade`, `withdraw` and `transfer`, each of them."""
    rates: Mapping[str, float]
    """Questions per second for each `cost` that a question names."""
    limits: tuple[str, ...] = ()
    """Sentences for every report: what a test of this API cannot prove."""
    when: str | None = None
    """The optional credential that selects this API; None is the default API."""
    envelope: Envelope = field(default_factory=Envelope)
    """Where answers hold the code and the sentence."""
    auth_parameters: frozenset[str] = frozenset()
    """The names that signing adds to a query or body, such as `signature`."""
    one_at_a_time: bool = False
    """
    Whether a question waits for the answer to the one before. It is for an
    exchange whose nonces must arrive in order, each greater than the last:
    what is asked side by side may arrive in another order than it was signed.
    """

    def __post_init__(self) -> None:
        """Refuse hosts that are not names, and a permission that nothing is said about."""
        if not self.hosts or not all(_HOST.fullmatch(host) for host in self.hosts):
            message = f"hosts must be host names in lower case, not {self.hosts!r}"
            raise ValueError(message)
        if missing := [p for p in FORBIDDEN if p not in self.permissions]:
            message = f"the API {self.name!r} says nothing about {', '.join(missing)}"
            raise ValueError(message)
        if not all(rate > 0 for rate in self.rates.values()):
            message = f"the rates of the API {self.name!r} must be above zero"
            raise ValueError(message)

    @property
    def origin(self) -> str:
        """Where requests go: the first host, over https."""
        return f"https://{self.hosts[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sister:
    """
    Another connector for the same customer of the exchange, whose key is another one.

    `accounts add` offers it, and `accounts list` says where it is missing.
    Nothing tells which accounts belong together, so those of the two
    connectors are counted.
    """

    connector: str
    """The name of the other connector, which need not be installed."""
    why: str
    """A sentence for whoever connects only one of the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorInfo:
    """What a connector is called and which APIs it speaks."""

    name: str
    """The name of the entry point."""
    title: str
    """The name that people know, such as *Poloniex Futures*."""
    homepage: str
    """The exchange's own address."""
    apis: tuple[Api, ...]
    """The interfaces; exactly one of them has no `when`."""
    sisters: tuple[Sister, ...] = ()
    """
    Other connectors whose keys the same customer has, where the exchange
    separates accounts. Without them the picture of a customer is incomplete.
    """

    def __post_init__(self) -> None:
        """Refuse a name that cannot be typed, and APIs between which nothing decides."""
        if not _NAME.fullmatch(self.name):
            message = f"a connector's name is lower-case words joined by hyphens, not {self.name!r}"
            raise ValueError(message)
        names = [api.name for api in self.apis]
        if len(set(names)) != len(names) or [api.when for api in self.apis].count(None) != 1:
            message = "a connector needs APIs of different names, exactly one of them without `when`"
            raise ValueError(message)


class ExchangeConnector(ABC):
    """
    One kind of exchange account, described as data.

    Subclass it, set `hashdata_api` to the version that you wrote for, and mark
    each method with `hookimpl`. The hooks take no arguments, are called in no
    certain order, and return the same each time. All of them but `sandbox` are
    required.
    """

    hashdata_api: int

    @hookspec(firstresult=True)
    @abstractmethod
    def describe(self) -> ConnectorInfo:
        """Say what this connector is: name, title, homepage, and its APIs with their hosts and ccxt classes."""

    @hookspec(firstresult=True)
    @abstractmethod
    def credential_schema(self) -> CredentialSchema:
        """List the values that a person must give, with the labels of the exchange's own page."""

    @hookspec(firstresult=True)
    @abstractmethod
    def permission_probes(self) -> Sequence[Probe | DeclaredProbe]:
        """
        List the harmless questions about what a key may do, at least one for each askable permission.

        A permission that is *absent* or *unaskable* has none.
        """

    @hookspec(firstresult=True)
    @abstractmethod
    def streams(self) -> Sequence[Stream]:
        """
        List the data that a complete read needs, with a cheap question and the shape of a good answer for each.

        At least one of each API is required.
        """

    @hookspec(firstresult=True)
    @abstractmethod
    def diagnoses(self) -> Sequence[Diagnosis]:
        """
        List the answers by which this exchange says why a key does not work.

        The first that matches counts.
        """

    @hookspec(firstresult=True)
    @abstractmethod
    def guide(self) -> Guide:
        """Return the steps by which a person makes a key that can only read."""

    @hookspec(firstresult=True)
    def sandbox(self) -> SandboxFactory | None:
        """
        Return what makes a fresh practice exchange, or None when there is none.

        It is called only for `--sandbox` and `hashdata sandbox`, so it may
        import what the other hooks do without.
        """
        return None
