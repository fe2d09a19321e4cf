"""What a connector must return: types first, then that its parts agree with each other."""

from __future__ import annotations

from collections.abc import Sequence
from types import UnionType
from typing import TypeVar, cast

import pluggy

from hashdata.connector import Connector
from hashdata.credentials import CredentialSchema
from hashdata.guidance import Guide
from hashdata.hookspecs import Api, ConnectorInfo
from hashdata.permissions import FORBIDDEN, Askable
from hashdata.practice import SandboxFactory
from hashdata.questions import DeclaredProbe, Diagnosis, Probe, Question, Stream
from hashdata.ranges import is_range
from hashdata.registry.annotations import kind_of, misfit, named

T = TypeVar("T")


class Unfit(Exception):  # noqa: N818 - said of a connector
    """A sentence about what a connector returned."""


def read_hooks(hooks: pluggy.HookRelay, version: str, distribution: str) -> Connector:
    """Call every hook once, check the type of what it returns, and put the values together."""

    def make_sandbox() -> SandboxFactory | None:
        factory: object = hooks.sandbox() if hooks.sandbox.get_hookimpls() else None
        if factory is not None and not callable(factory):
            message = f"sandbox() is {named(factory)}, not a factory."
            raise Unfit(message)
        return factory

    probes: tuple[Probe | DeclaredProbe, ...] = _many(
        "permission_probes()", hooks.permission_probes(), Probe | DeclaredProbe
    )
    return Connector(
        info=_one("describe()", hooks.describe(), ConnectorInfo),
        schema=_one("credential_schema()", hooks.credential_schema(), CredentialSchema),
        probes=tuple(probe for probe in probes if isinstance(probe, Probe)),
        declared=tuple(probe for probe in probes if isinstance(probe, DeclaredProbe)),
        streams=_many("streams()", hooks.streams(), Stream),
        diagnoses=_many("diagnoses()", hooks.diagnoses(), Diagnosis),
        guide=_one("guide()", hooks.guide(), Guide),
        version=version,
        distribution=distribution,
        make_sandbox=make_sandbox,
    )


def _one(where: str, value: object, kind: type[T] | UnionType) -> T:
    """Return `value` if it and everything in it is of the types that the hook promises."""
    if wrong := misfit(where, value, kind):
        raise Unfit(wrong)
    return cast("T", value)


def _many(where: str, value: object, kind: type[T] | UnionType) -> tuple[T, ...]:
    """Return `value` as a tuple if it is a sequence of what the hook promises."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        message = f"{where} is {named(value)}, not a list of {kind_of(kind)}."
        raise Unfit(message)
    return tuple(_one(f"{where}[{position}]", item, kind) for position, item in enumerate(value))


def check_connector(connector: Connector, name: str) -> None:
    """Check that the parts of a connector agree; raise `Unfit` with the first thing that does not."""
    if connector.name != name:
        message = f"its entry point is called {name}, but it describes itself as {connector.name}."
        raise Unfit(message)
    given = {field.name for field in connector.schema}
    apis = {api.name for api in connector.info.apis}
    questions: tuple[Question, ...] = (*connector.streams, *connector.declared, *connector.probes)
    for api_name in (*(q.api for q in questions), *(d.api for d in connector.diagnoses)):
        if api_name is not None and api_name not in apis:
            message = f"something belongs to an API {api_name}, which it does not describe."
            raise Unfit(message)
    for api_name, _ in connector.guide.variant_for:
        if api_name not in apis:
            message = f"its guide has a variant for an API {api_name}, which it does not describe."
            raise Unfit(message)
    for api in connector.info.apis:
        if api.when is not None and api.when not in given:
            message = f"the API {api.name} is chosen by {api.when}, which nobody is asked for."
            raise Unfit(message)
        _check_api(connector, api)


def _check_api(connector: Connector, api: Api) -> None:
    """Check one API: something required is read, every askable permission is asked, every cost has a rate."""
    if not is_range(api.ccxt_versions):
        message = (
            f"the API {api.name} was proven with ccxt {api.ccxt_versions!r}, which is no range such as '>=4.5,<4.6'."
        )
        raise Unfit(message)
    terms = connector.terms(api)
    if not any(stream.required for stream in terms.streams):
        message = f"the API {api.name} has no stream that is required, so nothing shows that reading works."
        raise Unfit(message)
    names = [stream.name for stream in terms.streams]
    if len(set(names)) != len(names):
        message = f"two streams of the API {api.name} have the same name."
        raise Unfit(message)
    asked = {probe.permission for probe in terms.probes} | {p for probe in terms.declared for p in probe.states}
    for permission in FORBIDDEN:
        askable = api.permissions[permission].askable
        if (askable is Askable.ASKABLE) != (permission in asked):
            message = f"the API {api.name} calls {permission} {askable}, which its probes contradict."
            raise Unfit(message)
    if missing := {question.cost for question in terms.questions} - set(api.rates):
        message = f"the API {api.name} has no rate for {', '.join(sorted(missing))}."
        raise Unfit(message)
    if api.clock.method != "GET":
        message = f"the API {api.name} asks for the time with a {api.clock.method}, which is no harmless question."
        raise Unfit(message)
