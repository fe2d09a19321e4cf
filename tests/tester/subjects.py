"""What the tests of the tester speak of: the three APIs, answers as they come, and one practice key."""

from __future__ import annotations

import json
from collections.abc import Mapping

from hashdata.answers import Raw
from hashdata.connector import Connector, Terms
from hashdata.credentials import Credentials
from hashdata.permissions import Permission
from hashdata.questions import Probe, Question, Stream
from hashdata.registry import find
from hashdata.tester.classify import Classifier

from tests import canaries

JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html"}
VALUES = canaries.CREDENTIALS
CLASSIC_VALUES = canaries.CREDENTIALS_WITH_PASSPHRASE

SPOT = find("poloniex")
FUTURES = find("poloniex-futures")


def terms(name: str) -> Terms:
    """Return the terms of `main`, `v3` or `classic`."""
    connector = SPOT if name == "main" else FUTURES
    return connector.terms(next(api for api in connector.info.apis if api.name == name))


TERMS = {name: terms(name) for name in ("main", "v3", "classic")}


def connector_of(api: str) -> Connector:
    return SPOT if api == "main" else FUTURES


def credentials(api: str = "main") -> Credentials:
    return connector_of(api).schema.bind(CLASSIC_VALUES if api == "classic" else VALUES)


def classifier(api: str) -> Classifier:
    return Classifier(TERMS[api], credentials(api).redactor)


def stream(api: str, name: str) -> Stream:
    return next(stream for stream in TERMS[api].streams if stream.name == name)


def probe(api: str, permission: Permission | str) -> Probe:
    return next(probe for probe in TERMS[api].probes if probe.permission == permission)


def question(api: str, name: str) -> Stream | Probe:
    """Return the stream or the probe of `api` that is called `name`."""
    return probe(api, name) if name in {"trade", "withdraw"} else stream(api, name)


def questions(api: str) -> tuple[Stream | Probe, ...]:
    """Return every stream and probe of `api`."""
    return (*TERMS[api].streams, *TERMS[api].probes)


def raw(asked: Question, status: int, body: object, headers: Mapping[str, str] | None = None) -> Raw:
    """Return an answer; a string is the text itself, everything else becomes JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Raw(asked.method, asked.path, status, JSON if headers is None else headers, text, 7)


def found(api: str, asked: Stream | Probe, answer: Raw) -> str:
    """Classify an answer and say in a word what it means."""
    if isinstance(asked, Probe):
        finding = classifier(api).probe(asked, answer)
        word = "executed" if finding.executed else str(finding.grant)
    else:
        finding = classifier(api).stream(asked, answer)
        word = {"granted": "readable"}.get(finding.grant, str(finding.grant))
    return str(finding.cause) if finding.cause else word
