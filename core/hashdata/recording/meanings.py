"""What an answer in a recording says, by the terms of the connectors that are installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, urlsplit

from hashdata.answers import NotJSON, Raw, parse
from hashdata.connector import Connector, Terms
from hashdata.permissions import Cause, Grant, Permission
from hashdata.questions import Clock, DeclaredProbe, Probe, Question, Stream
from hashdata.recording.reading import Interaction
from hashdata.redaction import Redactor
from hashdata.tester.classify import Classifier, Finding


class Means(StrEnum):
    """What an answer comes to: a stream or a time can be read, or what is known of a permission."""

    READABLE = "readable"
    GRANTED = "granted"
    REFUSED = "refused"
    STATED = "stated"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """
    What one connector reads in an answer.

    `about` is a stream, a permission, `time` or `rights`. `cause` says why
    something is unproven. `rights` is what the exchange stated of each
    permission, where it was asked for that.
    """

    connector: str
    api: str
    about: str
    means: Means
    cause: Cause | None = None
    rights: Mapping[Permission, Grant] = field(default_factory=dict)


def meanings(one: Interaction, connectors: Iterable[Connector]) -> Iterator[Meaning]:
    """Yield what each connector that asks this very request reads in its answer."""
    for connector in connectors:
        for api in connector.info.apis:
            terms = connector.terms(api)
            if question := _question(terms, one):
                yield _meaning(connector.name, terms, question, one)


def hosts(connectors: Iterable[Connector]) -> frozenset[str]:
    """Return every host that any connector declares."""
    return frozenset(host for connector in connectors for api in connector.info.apis for host in api.hosts)


def host_of(one: Interaction) -> str:
    """Return the host that a request went to over https; empty for every other address."""
    try:
        address = urlsplit(one.uri)
        is_plain = address.scheme == "https" and address.netloc == address.hostname
    except ValueError:
        return ""
    return address.hostname or "" if is_plain else ""


def path_of(one: Interaction) -> str:
    """Return the path of a request."""
    try:
        return urlsplit(one.uri).path
    except ValueError:
        return ""


def _question(terms: Terms, one: Interaction) -> Question | None:
    """Return the question that a request asks, with exactly its parameters."""
    if host_of(one) not in terms.api.hosts:
        return None
    line, sent = (one.method, path_of(one)), carried(one.uri, one.request_body)
    asked = [question for question in terms.questions if (question.method, question.path) == line]
    return next((q for q in asked if {n: str(v) for n, v in q.carried.items()} == sent), None)


def carried(uri: str, body: str) -> dict[str, str]:
    """Return the parameters of a request, from its query and its body."""
    pairs = parse_qsl(urlsplit(uri).query, keep_blank_values=True)
    try:
        value = parse(body)
    except NotJSON:
        return dict([*pairs, *parse_qsl(body, keep_blank_values=True)])
    return dict(pairs) | ({name: str(item) for name, item in value.items()} if isinstance(value, dict) else {})


def _meaning(connector: str, terms: Terms, question: Question, one: Interaction) -> Meaning:
    """Classify an answer as a test would."""
    headers = {name.lower(): value for name, value in one.headers}
    raw = Raw(question.method, question.path, one.status, headers, one.body, 0)
    classifier = Classifier(terms, Redactor(()))
    about, rights = "", {}
    finding: Finding | None = None
    match question:
        case Clock():
            about, measured = "time", classifier.clock(question, raw, _milliseconds(one.recorded_at))
            finding = measured.failed
            means = Means.UNPROVEN if finding or measured.offset_ms is None else Means.READABLE
        case Stream():
            about, finding = question.name, classifier.stream(question, raw)
            means = Means.READABLE if finding.grant is Grant.GRANTED else Means(finding.grant)
        case Probe():
            about, finding = str(question.permission), classifier.probe(question, raw)
            means = Means(finding.grant)
        case DeclaredProbe():
            statement = classifier.statement(question, raw)
            about, finding = "rights", statement.finding
            rights = {permission: statement.of(permission).grant for permission in question.states}
            means = Means.STATED if statement.rights else Means.UNPROVEN
        case _:
            means = Means.UNPROVEN
    cause = finding.cause if finding else None
    return Meaning(connector=connector, api=terms.api.name, about=about, means=means, cause=cause, rights=rights)


def _milliseconds(moment: str) -> float:
    """Return when an answer was recorded, in milliseconds since 1970; 0 where that is not said."""
    try:
        return datetime.fromisoformat(moment).timestamp() * 1000
    except (ValueError, OverflowError):
        return 0.0
