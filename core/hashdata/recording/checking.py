"""Look through a recording that somebody gave away: what it shows, and what should not be in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hashdata.connector import Connector
from hashdata.errors import UsageError
from hashdata.practice import Provenance
from hashdata.recording import suspects
from hashdata.recording.expected import expected_of
from hashdata.recording.meanings import Meaning, host_of, hosts, meanings, path_of
from hashdata.recording.reading import Interaction, Unreadable, files_at, read
from hashdata.recording.recorder import KEPT_HEADERS
from hashdata.recording.suspects import Kept, Suspicion
from hashdata.tester.evidence import printable

_KEPT_OF_REQUESTS = frozenset({"content-type"})
_LONGEST_NAME = 60
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True, slots=True)
class Found:
    """Something to look at: what it seems to be, and where it stands."""

    suspicion: Suspicion
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One request and its answer: where it went, where the answer comes from, what it means, what is wrong."""

    method: str
    host: str
    path: str
    status: int
    evidence: Provenance | None
    source: str
    meanings: tuple[Meaning, ...]
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class File:
    """
    One file; `found` is what stands outside its requests and answers, such as in a comment.

    Of a file that cannot be read there is nothing but its name and why.
    """

    name: str
    interactions: tuple[Checked, ...] = ()
    found: tuple[Found, ...] = ()
    unreadable: Unreadable | None = None

    @property
    def is_fine(self) -> bool:
        """Whether it can be read, and nothing in it must be looked at."""
        return not self.unreadable and not self.found and not any(one.found for one in self.interactions)


def check(path: Path, connectors: Sequence[Connector]) -> tuple[File, ...]:
    """
    Look through a file or a folder, where an unreadable file is one of the results.

    Raises `UsageError` where `path` itself is a file that cannot be read as a
    recording, or a folder without any.
    """
    files = tuple(_file(one, path, connectors) for one in files_at(path))
    if path.is_file() and (why := files[0].unreadable):
        name = printable(path.name, _LONGEST_NAME)
        raise UsageError(f"{name} is not a recording that can be read: {why.reason}", fix=why.fix)
    return files


def _file(path: Path, root: Path, connectors: Sequence[Connector]) -> File:
    """Look through one file; in a folder it is called by its way from there."""
    name = path.relative_to(root).as_posix() if path != root else path.name
    content = read(path)
    if isinstance(content, Unreadable):
        return File(name, unreadable=content)
    text, interactions = content
    checked = tuple(_checked(one, connectors) for one in interactions)
    inside = {found.suspicion for one in checked for found in one.found}
    # The whole text once more, as it stands: comments belong to no interaction.
    outside = (Found(suspicion, "file") for suspicion in suspects.in_text(text) if suspicion not in inside)
    return File(name, checked, tuple(outside))


def _checked(one: Interaction, connectors: Sequence[Connector]) -> Checked:
    """Look at one request and its answer."""
    means = tuple(meanings(one, connectors))
    return Checked(
        method=one.method,
        host=host_of(one),
        path=path_of(one),
        status=one.status,
        evidence=Provenance(one.evidence) if one.evidence in set(Provenance) else None,
        source=one.source,
        meanings=means,
        found=tuple(dict.fromkeys(_found(one, connectors, means))),
    )


def _found(one: Interaction, connectors: Sequence[Connector], means: Sequence[Meaning]) -> Iterator[Found]:
    """Yield everything that must be looked at."""
    if host_of(one) not in hosts(connectors):
        yield Found(Suspicion.HOST, "request")
    elif not means:
        yield Found(Suspicion.REQUEST, "request")
    if not means:
        # What a connector declares is the same for everybody; anything else may hold an id.
        yield from (Found(suspicion, "request") for suspicion in suspects.in_text(f"{one.uri}\n{one.request_body}"))
    if one.evidence not in set(Provenance) or not one.source.strip() or not _MOMENT.fullmatch(one.recorded_at):
        yield Found(Suspicion.PROVENANCE, "provenance")
    yield from (Found(suspicion, "provenance") for suspicion in suspects.in_text(one.source))
    yield from _of_headers("request", one.request_headers, _KEPT_OF_REQUESTS)
    yield from _of_headers("answer", one.headers, frozenset(KEPT_HEADERS))
    is_clock = any(meaning.about == "time" for meaning in means)
    for name, suspicion in suspects.in_body(one.body, _kept(one, connectors)):
        # The time itself is kept, whatever its field is called.
        if suspicion is not Suspicion.ID or not is_clock:
            yield Found(suspicion, f"answer, field {name}" if name else "answer")


def _of_headers(place: str, headers: Sequence[tuple[str, str]], kept: frozenset[str]) -> Iterator[Found]:
    """Yield what is wrong with the headers of a request or an answer."""
    if any(name.lower() not in kept for name, _ in headers):
        yield Found(Suspicion.HEADER, f"headers of the {place}")
    for name, value in headers:
        yield from (Found(suspicion, f"header {name}") for suspicion in suspects.in_text(f"{name}: {value}"))


def _kept(one: Interaction, connectors: Sequence[Connector]) -> Kept:
    """Return what stays in the answers of a host."""
    apis = [(c, api) for c in connectors for api in c.info.apis if host_of(one) in api.hosts]
    expected = [expected_of(connector.terms(api)) for connector, api in apis]
    return Kept(
        names=frozenset(name for _, api in apis for name in (*api.envelope.code, *api.envelope.message)),
        texts=frozenset(text for each in expected for text in each.sentences | each.words),
    )
