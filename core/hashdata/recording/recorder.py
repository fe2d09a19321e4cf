"""The recorder: takes every request and answer of a test and gives them back scrubbed, or not at all."""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import parse_qsl, urlencode, urlsplit

from hashdata.answers import NotJSON, Raw, parse
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import HashdataError
from hashdata.exchange.ccxt_client import retry_after
from hashdata.exchange.door import Signed
from hashdata.practice import Provenance
from hashdata.questions import Question
from hashdata.recording.cassette import compose
from hashdata.recording.expected import expected_of
from hashdata.recording.scrubbing import Scrubber
from hashdata.recording.standins import StandIns
from hashdata.redaction import spellings, withheld

KEPT_HEADERS = {
    "content-type": "Content-Type",
    "retry-after": "Retry-After",
    "web-filter": "Web-Filter",
}
_LONGEST_HEADER = 200
_PROVENANCE, _SOURCE = "practice-provenance", "practice-source"


class Leak(HashdataError):  # noqa: N818 - a thing found
    """A recording held a credential, so it was not written."""


class Recorder:
    """
    Takes every request and answer of one test. Give it to the door as its tap.

    `practice` says that the answers come from a server on this computer; a
    sandbox then says of each answer itself where it comes from. `at` is the
    time when the recorder is made, and `elapsed` counts the seconds from
    then: each answer is stamped, because a replay must know the time.
    What the owner has is replaced by what follows from a secret that is
    drawn for this recording alone; a `seed` in its place makes the same
    recording twice, and belongs to practice only.
    """

    def __init__(  # noqa: PLR0913 - what a recording depends on, each by its name
        self,
        connector: Connector,
        credentials: Credentials,
        *,
        practice: bool,
        at: datetime,
        elapsed: Callable[[], float] = time.monotonic,
        seed: bytes | None = None,
    ) -> None:
        self._title = connector.info.title
        self._terms = connector.terms(connector.api_for(credentials))
        self._redactor = credentials.redactor
        self._key = next((credentials[name] for name in credentials if name == "api_key"), None)
        self._practice = practice
        self._at = at
        self._elapsed = elapsed
        self._begin = elapsed()
        expected = expected_of(self._terms)
        self._scrubber = Scrubber(
            envelope=self._terms.api.envelope,
            sentences=expected.sentences,
            words=expected.words,
            standins=StandIns(seed or secrets.token_bytes(32)),
            now=at.timestamp(),
            key=self._key,
        )
        self._taken: list[tuple[Signed, Raw, datetime]] = []
        self._sent_secrets: set[str] = set()

    def __call__(self, sent: Signed, raw: Raw) -> None:
        """Take one request and its answer."""
        self._taken.append((sent, raw, self._at + timedelta(seconds=self._elapsed() - self._begin)))
        declared = self._declared(sent)
        added = (value for name, value in sent.parameters if name not in declared)
        for value in withheld(sent.headers, added, urlsplit(sent.url).path):
            # Without the signs at its end, base64 is often written too.
            self._sent_secrets |= spellings(value) | spellings(value.rstrip("="))

    @property
    def answers(self) -> int:
        """How many answers were taken."""
        return len(self._taken)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The questions of every test that have no answer here: none came, or they were not asked."""
        answered = {(raw.method, raw.path) for _, raw, _ in self._taken}
        required = [stream for stream in self._terms.streams if stream.required]
        questions: list[Question] = [self._terms.api.clock, *required, *self._terms.declared, *self._terms.probes]
        return tuple(q.sends for q in questions if (q.method, q.path) not in answered)

    def text(self) -> str:
        """
        Return the scrubbed recording.

        Raises `Leak` when a credential or signature stands in it all the
        same, or in an answer as it came: what was hidden there so that it is
        not recognised may not be recognised here either. An answer may state
        the API key as a value of its own; nothing else, and nowhere else.
        """
        # Asked side by side, so the order in which answers came means nothing.
        order = sorted(self._taken, key=lambda taken: (taken[0].method != "GET", taken[0].url))
        bodies = [self._body_of(sent, raw) for sent, raw, _ in order]
        # Only now is it known what an id is that stands inside a sentence.
        interactions = [
            self._interaction(sent, raw, at, self._scrubber.mend(body))
            for (sent, raw, at), body in zip(order, bodies, strict=True)
        ]
        text = compose(interactions)
        unquoted = "\n".join(_texts(interactions))
        if any(self._leaks(searched) for searched in (text, unquoted, *self._raw_texts())):
            raise Leak(
                "an answer repeats a part of the key or a signature, so the recording was not written",
                fix="If the passphrase is a short word that answers hold anyway, record with a key that has another. "
                "Otherwise please report that the exchange repeats credentials, without the answer itself.",
            )
        return text

    def _leaks(self, text: str) -> bool:
        """Whether a credential, or a value that was sent beside the declared ones, stands in `text`."""
        return any(spelling in text for spelling in self._sent_secrets) or self._redactor.finds(text)

    def _raw_texts(self) -> Iterator[str]:
        """Yield the answers as they came, uncut, and again with the escapes of JSON undone; less the key as a value."""
        key = self._key.reveal() if self._key else ""
        for _, raw, _ in self._taken:
            yield "\n".join(raw.headers.get(name, "") for name in (*KEPT_HEADERS, _SOURCE))
            try:
                yield "\n".join(_texts(parse(raw.text), unless=key))
                quoted = json.dumps(key)
                yield raw.text.replace(quoted, '""').replace(quoted.replace("/", "\\/"), '""')
            except (NotJSON, RecursionError):
                yield raw.text

    def _declared(self, sent: Signed) -> frozenset[str]:
        """Return the names of the parameters that the connector declares for a request."""
        line = (sent.method, urlsplit(sent.url).path)
        questions = self._terms.questions
        return frozenset(name for q in questions if (q.method, q.path) == line for name in q.params)

    def _body_of(self, sent: Signed, raw: Raw) -> str:
        """Return the scrubbed body of an answer."""
        declared = self._declared(sent)
        asked = {name: value for name, value in sent.parameters if name in declared}
        clock = self._terms.api.clock
        is_clock = (raw.method, raw.path) == (clock.method, clock.path)
        is_statement = any((raw.method, raw.path) == (probe.method, probe.path) for probe in self._terms.declared)
        scrubber = replace(self._scrubber, asked=asked, is_statement=is_statement)
        return scrubber.scrub(raw.text, clock if is_clock else None)

    def _interaction(self, sent: Signed, raw: Raw, at: datetime, body: str) -> dict[str, dict[str, object]]:
        """Return one request and its answer as vcrpy takes them."""
        phrase = HTTPStatus(raw.status).phrase if raw.status in set(HTTPStatus) else ""
        return {
            "request": self._request(sent),
            "response": {
                "status": {"code": raw.status, "message": phrase},
                "headers": _headers(raw),
                "body": {"string": body},
                "provenance": {**self._provenance(raw.headers), "recorded_at": _stamp(at)},
            },
        }

    def _request(self, sent: Signed) -> dict[str, object]:
        """Return a request with its declared parameters; those that signing added are left out."""
        declared = self._declared(sent)
        address = urlsplit(sent.url)
        fields = parse_qsl(address.query, keep_blank_values=True)
        kind = next((value for name, value in sent.headers.items() if name.lower() == "content-type"), None)
        return {
            "method": sent.method,
            "uri": address._replace(query=_encoded(fields, declared)).geturl(),
            "body": _body(sent, declared),
            "headers": {"Content-Type": [kind]} if kind else {},
        }

    def _provenance(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Say where an answer comes from."""
        if not self._practice:
            source = f"recorded {self._at:%Y-%m-%d} by hashdata {version('hashdata')} from {self._title}"
            return {"evidence": Provenance.OBSERVED.value, "source": source}
        said = headers.get(_PROVENANCE)
        evidence = Provenance(said) if said in set(Provenance) else Provenance.INFERRED
        return {"evidence": evidence.value, "source": headers.get(_SOURCE, "a server on the own computer")}


def _stamp(at: datetime) -> str:
    """Return a moment to the millisecond, in UTC."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _headers(raw: Raw) -> dict[str, object]:
    """Return the headers that are kept; a date to wait for becomes seconds, because a replay comes later."""
    kept = {name: value[:_LONGEST_HEADER] for name, value in raw.headers.items() if name in KEPT_HEADERS}
    if (wait := retry_after(raw)) is not None:
        kept["retry-after"] = str(math.ceil(wait))
    return {KEPT_HEADERS[name]: [value] for name, value in sorted(kept.items())}


def _body(sent: Signed, declared: frozenset[str]) -> str | None:
    """Return the body of a request, less the fields that signing added."""
    if not sent.body:
        return None
    text = sent.body.decode(errors="replace")
    try:
        value = parse(text)
    except NotJSON:
        return _encoded(parse_qsl(text, keep_blank_values=True), declared)
    if not isinstance(value, dict):
        return None
    return json.dumps({name: item for name, item in value.items() if name in declared}, separators=(",", ":"))


def _encoded(fields: list[tuple[str, str]], declared: frozenset[str]) -> str:
    """Return the declared ones of `fields` as a query or form."""
    return urlencode([(name, value) for name, value in fields if name in declared])


def _texts(value: object, unless: str = "") -> Iterator[str]:
    """Yield every text in `value`, names and numbers included, less values that are `unless`."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield str(name)
            yield from _texts(item, unless)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, unless)
    elif value != unless:
        yield str(value)
