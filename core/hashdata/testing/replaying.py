"""Replay one cassette: a practice key is tested again, by a server that knows nothing but what was recorded."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from hashdata.connector import Connector, Terms
from hashdata.hookspecs import Api
from hashdata.permissions import MEANINGS, Cause, Verdict
from hashdata.practice import Ledger, Persona, Provenance, Reply, Request
from hashdata.questions import Parameter
from hashdata.recording.checking import File, check
from hashdata.recording.meanings import carried, meanings, path_of
from hashdata.recording.reading import Interaction, Unreadable, read
from hashdata.sandbox.server import serve
from hashdata.tester.report import Report
from hashdata.tester.runs import examine
from hashdata.tester.session import Options
from hashdata.testing.subject import Problem, Subject
from hashdata.testing.trial import without_rates

# What a request is known by: method, path, and the declared parameters.
_Known = tuple[str, str, frozenset[tuple[str, str]]]


def problems_of(subject: Subject, path: Path, expected: Cause | None) -> Iterator[str]:
    """
    Yield what is wrong with a cassette: what should not be in it, or another end than the `expected` one.

    `expected` is the cause that it must give, None where the key is accepted.
    Raises `Problem` where it cannot be replayed, and `Unavailable` where the
    connector cannot be used.
    """
    connector = subject.connector
    content = read(path)
    if isinstance(content, Unreadable):
        raise Problem(f"{path.name} is not a recording that can be read: {content.reason}. {content.fix}")
    (file,) = check(path, [connector])
    yield from _suspicions(path, file)
    played = Played(connector, content[1])
    report = _replayed(connector, _persona(subject, played.api), played)
    ended = (report.verdict, report.cause)
    if played.unrecorded:
        lines = "; ".join(dict.fromkeys(played.unrecorded))
        yield f"{path.name} has no answer to what the connector asks now: {lines}. Record it again."
    elif ended != (wanted := (MEANINGS[expected].verdict if expected else Verdict.ACCEPTED, expected)):
        yield f"{path.name} ends with {_said(*ended)}, and {_said(*wanted)} is expected. {report.summary}"
    elif left := played.left:
        yield f"{path.name} holds answers that nothing asks for: {'; '.join(left)}. Record it again."


def _suspicions(path: Path, file: File) -> Iterator[str]:
    """Yield one sentence for everything that should not be in a file."""
    places = [f"{found.suspicion} ({found.place})" for found in file.found]
    for one in file.interactions:
        places += [f"{found.suspicion} ({one.method} {one.path}, {found.place})" for found in one.found]
    if places:
        yield (
            f"{path.name} may hold what nobody should see: {'; '.join(places)}. "
            "Look at it with `hashdata cassettes check`."
        )


def _said(verdict: Verdict, cause: Cause | None) -> str:
    return f"{verdict} ({cause})" if cause else str(verdict)


class Played:
    """The server: it gives each recorded answer once, in the order of the file, and notes what it had none for."""

    personas: Sequence[Persona] = ()

    def __init__(self, connector: Connector, interactions: Sequence[Interaction]) -> None:
        self.ledger = Ledger()
        self.unrecorded: list[str] = []
        self._unused = [(_known(one.method, path_of(one), one.uri, one.request_body), one) for one in interactions]
        counted = Counter(meaning.api for one in interactions for meaning in meanings(one, [connector]))
        if not counted:
            raise Problem("It holds no request that the connector sends. Record it again.")
        named = counted.most_common(1)[0][0]
        self.api: Api = next(api for api in connector.info.apis if api.name == named)
        self._terms: Terms = connector.terms(self.api)
        self.now = _moment(self._terms, interactions)

    @property
    def left(self) -> list[str]:
        """The requests whose answers nobody asked for."""
        return [f"{method} {path}" for (method, path, _), _ in self._unused]

    @property
    def has_optional_streams(self) -> bool:
        """Whether the answer of an optional stream is there."""
        asked = {known for known, _ in self._unused}
        optional = [stream for stream in self._terms.streams if not stream.required]
        return any((one.method, one.path, frozenset(_texts(one.carried))) in asked for one in optional)

    def answer(self, request: Request, now_ms: int) -> Reply:  # noqa: ARG002 - the time is in the recording
        """Answer as it was recorded."""
        asked = [q for q in self._terms.questions if (q.method, q.path) == (request.method, request.path)]
        declared = frozenset(name for question in asked for name in question.params)
        body = request.body.decode(errors="replace")
        known = _known(request.method, request.path, request.target, body, declared)
        found = next((pair for pair in self._unused if pair[0] == known), None)
        if found is None:
            self.unrecorded.append(f"{request.method} {request.path}")
            return Reply(status=500, body="", provenance=Provenance.INFERRED, source="not recorded")
        self._unused.remove(found)
        one = found[1]
        evidence = Provenance(one.evidence) if one.evidence in set(Provenance) else Provenance.INFERRED
        return Reply(
            status=one.status, body=one.body, provenance=evidence, source=one.source, headers=dict(one.headers)
        )


def _known(method: str, path: str, uri: str, body: str, declared: frozenset[str] | None = None) -> _Known:
    """Return what a request is known by: of its parameters only those that are `declared`, where that is given."""
    pairs = carried(uri, body).items()
    return (method, path, frozenset(pair for pair in pairs if declared is None or pair[0] in declared))


def _texts(parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, str]]:
    """Yield declared parameters as they travel."""
    yield from ((name, str(value)) for name, value in parameters.items())


def _moment(terms: Terms, interactions: Sequence[Interaction]) -> float:
    """Return when the answer about the time was recorded, or else the first one; in seconds since 1970."""
    asked = [one for one in interactions if path_of(one) == terms.api.clock.path] or interactions
    try:
        return datetime.fromisoformat(asked[0].recorded_at).timestamp()
    except (ValueError, OverflowError):
        raise Problem("It does not say when it was recorded. Record it again.") from None


def _persona(subject: Subject, api: Api) -> Persona:
    """Return a practice key of an API, whatever it may: the answers are recorded."""
    connector = subject.connector
    for persona in subject.personas:
        if connector.api_for(connector.schema.bind(persona.credentials)) is api:
            return persona
    raise Problem(f"No practice key of the API {api.name} is there to replay with. Add one to the practice exchange.")


def _replayed(connector: Connector, persona: Persona, played: Played) -> Report:
    """Test the key of `persona` at the time of the recording, over HTTP on this computer."""
    options = Options(now=lambda: played.now, all_streams=played.has_optional_streams)
    quick = without_rates(connector)
    credentials = quick.schema.bind(persona.credentials)

    async def test() -> Report:
        async with serve(played) as origin:
            return await examine(quick, credentials, options, loopback=origin)

    return asyncio.run(test())
