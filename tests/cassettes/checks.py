"""What a cassette may hold. Used by the tests of the files, and by the persister before it writes one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import yaml
from hashdata.practice import Provenance
from hashdata.recording import KEPT_HEADERS
from hashdata.recording.suspects import Suspicion, in_text
from hashdata.redaction import spellings
from hashdata.registry import find, names

from tests.canaries import CREDENTIALS_WITH_PASSPHRASE

REQUEST_HEADERS = {"content-type"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# Nobody's value in particular: a header of signing with its value, what base64 makes of 32 bytes, 64 bytes in hex.
_TRACES = frozenset({Suspicion.CREDENTIAL, Suspicion.SIGNATURE})


@cache
def forbidden() -> frozenset[str]:
    """Return every spelling of every practice key and canary; a cassette needs none of them."""
    values = set(CREDENTIALS_WITH_PASSPHRASE.values())
    for name in names():
        if factory := find(name).make_sandbox():
            values.update(value for persona in factory().personas for value in persona.credentials.values())
    return frozenset(spelling for value in values for spelling in spellings(value))


@cache
def _declared() -> frozenset[str]:
    """Return the names of all parameters that any connector declares."""
    connectors = [find(name) for name in names()]
    return frozenset(p for c in connectors for q in (*c.streams, *c.probes) for p in q.params)


def problems(text: str) -> list[str]:
    """Say everything that keeps `text` from being one of our cassettes; no value of it is repeated."""
    try:
        document = yaml.safe_load(text)
        interactions = document["interactions"]
        found = [problem for n, one in enumerate(interactions) for problem in _of_interaction(n, one)]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError):
        return ["it cannot be read as a cassette"]
    # Quotes of YAML may hide what stands in them, and what is split over lines.
    searched = "\n".join([text, *_texts(document)])
    if any(spelling in searched for spelling in forbidden()):
        found.append("it holds a credential")
    if not _TRACES.isdisjoint(in_text(searched)):
        found.append("it holds what looks like a key or a signature")
    return found


def _of_interaction(number: int, interaction: dict[str, dict[str, dict[str, str]]]) -> Iterator[str]:
    """Yield what is wrong with one interaction."""
    request, response = interaction["request"], interaction["response"]
    provenance = response.get("provenance") or {}
    if provenance.get("evidence") not in set(Provenance) or not str(provenance.get("source") or "").strip():
        yield f"interaction {number} does not say where it comes from"
    if not _MOMENT.fullmatch(str(provenance.get("recorded_at"))):
        yield f"interaction {number} does not say when it was recorded"
    if {name.lower() for name in request["headers"]} - REQUEST_HEADERS:
        yield f"interaction {number} has a request header that is not kept"
    if {name.lower() for name in response["headers"]} - set(KEPT_HEADERS):
        yield f"interaction {number} has a response header that is not kept"
    if {name for name, _ in parse_qsl(urlsplit(str(request["uri"])).query)} - _declared():
        yield f"interaction {number} has a parameter that no connector declares"


def _texts(value: object) -> Iterator[str]:
    """Yield every text in `value`."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield str(name)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    else:
        yield value.decode(errors="replace") if isinstance(value, bytes) else str(value)
