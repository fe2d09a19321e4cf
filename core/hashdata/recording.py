"""
Write down a test's requests and answers, so that they can be given away and replayed.

The file is a cassette as vcrpy reads it, in the JSON that is also YAML. What
goes in is chosen by allow-lists. Before a byte is written the whole text is
searched for every credential and signature, in every spelling; one find and
there is no file.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from hashdata.answers import NotJSON, Raw, parse
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import HashdataError, UsageError
from hashdata.exchange.door import Signed
from hashdata.practice import Provenance
from hashdata.redaction import Redactor

KEPT_HEADERS = {
    "content-type": "Content-Type",
    "retry-after": "Retry-After",
    "web-filter": "Web-Filter",
}
_PROVENANCE, _SOURCE = "practice-provenance", "practice-source"
# Shorter header values are numbers and names, and would be found by chance.
_SECRET_LENGTH = 16
_LONG_NUMBER = re.compile(r"\d{6,}")
_SYMBOL = re.compile(r"[A-Z][A-Z0-9_]{0,24}")


class Leak(HashdataError):  # noqa: N818 - a thing found
    """A recording held a credential, so it was not written."""


class Recorder:
    """
    Takes every request and answer of one test. Give it to the door as its tap.

    `practice` says that the answers come from a server on this computer; a
    sandbox then says of each answer itself where it comes from.
    """

    def __init__(self, connector: Connector, credentials: Credentials, *, practice: bool, at: datetime) -> None:
        self._connector = connector
        self._credentials = credentials
        self._practice = practice
        self._at = at
        self._taken: list[tuple[Signed, Raw]] = []
        self._headers: set[str] = set()

    def __call__(self, sent: Signed, raw: Raw) -> None:
        """Take one request and its answer."""
        self._taken.append((sent, raw))
        self._headers.update(v for v in sent.headers.values() if len(v) >= _SECRET_LENGTH)

    def text(self) -> str:
        """
        Return the scrubbed recording.

        Raises `Leak` when a credential or signature stands in it all the same.
        """
        order = sorted(self._taken, key=lambda pair: (pair[0].method, pair[0].url))
        document = {
            "interactions": [self._interaction(sent, raw) for sent, raw in order],
            "version": 1,
        }
        text = json.dumps(document, indent=1, ensure_ascii=True) + "\n"
        if Redactor(self._headers - {"application/json"}).finds(text) or self._credentials.redactor.finds(text):
            raise Leak(
                "an answer repeats a part of the key, so the recording was not written",
                fix="Please report that the exchange repeats credentials in its answers, without the answer itself.",
            )
        return text

    def _interaction(self, sent: Signed, raw: Raw) -> dict[str, object]:
        """Return one request and its answer in vcrpy's format."""
        clock = {api.clock.path for api in self._connector.info.apis}
        body = raw.text if raw.path in clock else scrubbed(raw.text)
        phrase = HTTPStatus(raw.status).phrase if raw.status in set(HTTPStatus) else ""
        return {
            "request": {
                "method": sent.method,
                "uri": sent.url,
                "body": sent.body.decode() if sent.body else None,
                "headers": {"Content-Type": ["application/json"]} if sent.body else {},
            },
            "response": {
                "status": {"code": raw.status, "message": phrase},
                "headers": {KEPT_HEADERS[n]: [v] for n, v in sorted(raw.headers.items()) if n in KEPT_HEADERS},
                "body": {"string": body},
                "provenance": self._provenance(raw.headers),
            },
        }

    def _provenance(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Say where an answer comes from."""
        if self._practice:
            evidence = headers.get(_PROVENANCE, Provenance.INFERRED)
            return {
                "evidence": str(evidence),
                "source": headers.get(_SOURCE, "a server on the own computer"),
            }
        source = f"recorded {self._at:%Y-%m-%d} by hashdata from {self._connector.info.title}"
        return {"evidence": str(Provenance.OBSERVED), "source": source}


def scrubbed(text: str) -> str:
    """
    Return the body of an answer without what the owner has.

    Error codes and sentences stay, less their long numbers. Of data, every
    list keeps its first item, digits become zeros and letters become x, so
    that shapes still hold. What is no JSON is somebody's page and stays.
    """
    try:
        value = parse(text)
    except NotJSON:
        return _zeroed(text)
    return json.dumps(_without_values(value), ensure_ascii=True)


def _without_values(value: object, name: str = "") -> object:
    """Replace values by others of the same shape, all but codes and the sentences that go with them."""
    if isinstance(value, dict):
        return {key: _without_values(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_values(item) for item in value[:1]]
    if name in {"code", "message", "msg"}:
        return _zeroed(value) if isinstance(value, str) else value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return type(value)(0)
    text = str(value)
    return text if _SYMBOL.fullmatch(text) else re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "0", text))


def _zeroed(text: str) -> str:
    """Replace the digits of long numbers, which may be somebody's ids."""
    return _LONG_NUMBER.sub(lambda found: "0" * len(found[0]), text)


def check_target(path: Path) -> None:
    """Raise `UsageError` when a recording could not be written to `path`, before anything is asked."""
    if path.exists():
        raise UsageError("the file to record to exists already", fix="Name a new file; nothing is overwritten.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError(
            "the file to record to cannot be made there",
            fix="Name a file in a folder you can write to.",
        )


def write(path: Path, text: str) -> None:
    """Write a recording to a new file that only its owner can read."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"the recording could not be written: {reason}", fix="Name another file.") from None
