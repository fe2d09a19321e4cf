"""Negative controls: answers that prove nothing, made from an honest one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from hashdata.answers import Envelope, NotJSON, Raw, parse
from hashdata.practice import Provenance, Reply

# More than a trial waits for one answer.
_TOO_LONG = 1.0
_PAGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Are you human?</body></html>"
_UNKNOWN_NUMBER, _UNKNOWN_TEXT = 98_989_898, "ZZQX98989"
_SAYS = "something that nobody knows"


@dataclass(frozen=True, slots=True)
class Negative:
    """An answer that proves nothing, and what it is in words."""

    what: str
    reply: Reply


def decoded(raw: Raw) -> object:
    """Return the JSON of an answer, None where it is none."""
    try:
        return parse(raw.text)
    except NotJSON:
        return None


def malformed(model: Raw) -> Iterator[Negative]:
    """Yield what is no answer of the kind that `model` is: cut, empty, foreign, late, or of another shape."""
    statuses = sorted({200, model.status})
    value = decoded(model)
    others: list[object] = [{}, None, "ok", 1] if isinstance(value, list) else [{}, [], None, "ok", 1]
    for status in statuses:
        for other in others:
            yield _json(f"{json.dumps(other)} with HTTP {status}", other, status)
        yield _text(f"an empty body with HTTP {status}", "", status)
    for status in sorted({403, 503, *statuses}):
        yield _text(f"a page with HTTP {status}", _PAGE, status, kind="text/html")
    if len(model.text) > 1:
        yield _text("the honest answer cut in half", model.text[: len(model.text) // 2], model.status)
    yield _json("an error in JSON with HTTP 500", {"error": "internal error"}, 500)
    yield _text("the honest answer in a redirect", model.text, 302, Location="https://example.com/")
    yield _text("the honest answer with HTTP 429", model.text, 429)
    yield _text("an answer that comes too late", model.text, model.status, delay=_TOO_LONG)


def hollow(model: Raw, envelope: Envelope) -> Iterator[Negative]:
    """Yield an answer that says that all is well and holds none of its data."""
    value = decoded(model)
    if not isinstance(value, dict):
        return
    said = {name: value[name] for name in (*envelope.code, *envelope.message) if name in value}
    if said and said != value:
        yield _json("its code and sentence alone", said, model.status)
    if said != value:
        yield _json("its data as null", dict.fromkeys(value) | said, model.status)


def bare(model: Raw) -> Iterator[Negative]:
    """Yield an answer whose lists hold objects without fields in place of records."""
    value = decoded(model)
    if (emptied := _without_fields(value)) != value:
        yield _json("records without fields", emptied, model.status)


def _without_fields(value: object) -> object:
    """Return a value in which each list of objects holds one that is empty."""
    if isinstance(value, dict):
        return {name: _without_fields(item) for name, item in value.items()}
    if isinstance(value, list):
        has_records = bool(value) and all(isinstance(item, dict) for item in value)
        return [{}] if has_records else [_without_fields(item) for item in value]
    return value


def misquoted(model: Raw, envelope: Envelope) -> Iterator[Negative]:
    """Yield answers that only look like the refusal `model`: the sentence or the code alone, or another's code."""
    value = decoded(model)
    if not isinstance(value, dict):
        return
    codes = [name for name in envelope.code if name in value]
    sentences = [name for name in envelope.message if name in value]
    changed = {name: _unknown(value[name]) for name in codes}
    retyped = {name: _retyped(value[name]) for name in codes}
    if codes:
        yield _json("an unknown code with the refusal's own sentence", value | changed, model.status)
        yield _json("the refusal's code as another type", value | retyped, model.status)
    if codes and sentences:
        alone = {name: item for name, item in value.items() if name not in codes}
        yield _json("the refusal's sentence without its code", alone, model.status)
    for code in (model.status, str(model.status)):
        # What gateways say in front of an exchange.
        envelope_of_one = {envelope.code[0]: code, envelope.message[0] if envelope.message else "message": "Forbidden"}
        yield _json(f"a gateway's own code {code!r} and 'Forbidden'", envelope_of_one, model.status)
    yield _json("the refusal in a list", [value], model.status)


def errors(envelope: Envelope) -> Iterator[Negative]:
    """Yield error envelopes with a code that nobody knows, as an exchange could send them with any status."""
    for code in (_UNKNOWN_NUMBER, _UNKNOWN_TEXT):
        said = dict.fromkeys(envelope.code[:1], code) | dict.fromkeys(envelope.message[:1], _SAYS)
        for status in (200, 400):
            yield _json(f"the unknown error {json.dumps(said)} with HTTP {status}", said, status)


def repeated(what: str, model: Raw, status: int) -> Negative:
    """Return an answer of one question as that of another."""
    return _text(f"{what} with HTTP {status}", model.text, status)


def _unknown(code: object) -> object:
    """Return a code that no exchange has, of the type of `code`."""
    if isinstance(code, list):
        return [_UNKNOWN_TEXT]
    return _UNKNOWN_NUMBER if isinstance(code, int) else _UNKNOWN_TEXT


def _retyped(code: object) -> object:
    """Return `code` as text where it is a number, and the other way round."""
    if isinstance(code, str):
        return int(code) if code.removeprefix("-").isdecimal() else 1
    return str(code)


def _json(what: str, value: object, status: int) -> Negative:
    return _text(what, json.dumps(value), status)


def _text(
    what: str, body: str, status: int, *, kind: str = "application/json", delay: float = 0.0, **headers: str
) -> Negative:
    reply = Reply(
        status=status,
        body=body,
        provenance=Provenance.INFERRED,
        source="a negative control of the conformance kit",
        headers={"Content-Type": kind, **headers},
        delay=delay,
    )
    return Negative(what, reply)
