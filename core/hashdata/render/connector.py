"""`connectors show`: what a connector asks for, and every request that a test may send."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from hashdata.connector import Connector, Terms
from hashdata.permissions import FORBIDDEN
from hashdata.questions import Question, Stream
from hashdata.render.layout import PROOF, bullets, columns, heading
from hashdata.render.plain import plain

SCHEMA = "hashdata.connector/1"


def to_json(connector: Connector) -> dict[str, object]:
    """Return the published document `hashdata.connector/1`."""
    return {
        "schema": SCHEMA,
        "name": connector.name,
        "title": connector.info.title,
        "homepage": connector.info.homepage,
        "version": connector.version,
        "distribution": connector.distribution,
        "provability": str(connector.provability),
        "credentials": [
            {
                "name": field.name,
                "label": field.label,
                "required": field.required,
                "secret": field.secret,
                "hint": field.hint or None,
            }
            for field in connector.schema
        ],
        "apis": [_api(connector.terms(api)) for api in connector.info.apis],
    }


def _api(terms: Terms) -> dict[str, object]:
    """Return one API's part of the document."""
    api = terms.api
    return {
        "name": api.name,
        "when": api.when,
        "hosts": list(api.hosts),
        "provability": str(terms.provability),
        "ccxt": {
            "class": api.ccxt_class,
            "proven": api.ccxt_versions,
            "installed": version("ccxt"),
            "own_code_sees_secret": ":" in api.ccxt_class,
        },
        "permissions": {
            str(p): {
                "askable": str(api.permissions[p].askable),
                "reason": api.permissions[p].reason or None,
            }
            for p in FORBIDDEN
        },
        "requests": [
            {"purpose": "clock", "name": "clock", "required": True, **_request(api.clock)},
            *(
                {
                    "purpose": "rights",
                    "name": ", ".join(probe.states),
                    "required": True,
                    "harmless": probe.harmless,
                    **_request(probe),
                }
                for probe in terms.declared
            ),
            *(_read(stream) for stream in terms.streams),
            *(
                {
                    "purpose": str(probe.permission),
                    "name": str(probe.permission),
                    "required": True,
                    "harmless": probe.harmless,
                    **_request(probe),
                }
                for probe in terms.probes
            ),
        ],
        "limits": list(api.limits),
    }


def _read(stream: Stream) -> dict[str, object]:
    """Return a stream's part of the document; only one that is no GET says why it is harmless."""
    why = {"harmless": stream.harmless} if stream.harmless else {}
    return {"purpose": "read", "name": stream.name, "required": stream.required, **why, **_request(stream)}


def _request(question: Question) -> dict[str, object]:
    """Return a request as it will be sent."""
    return {"method": question.method, "path": question.path, "parameters": dict(question.carried)}


def page(connector: Connector) -> Iterator[RenderableType]:
    """Yield the parts of the page for a person."""
    head = f"{connector.info.title} ({connector.name} {connector.version}, from {connector.distribution})"
    yield Text(plain(head), style="bold")
    yield Text(plain(connector.info.homepage))
    yield Text(f"Proof {connector.provability}: {PROOF[connector.provability]}")
    yield heading("What you are asked for")
    yield columns(
        (field.name, plain(field.label), "required" if field.required else "optional", plain(field.hint))
        for field in connector.schema
    )
    for api in connector.info.apis:
        yield from _api_page(connector.terms(api))


def _api_page(terms: Terms) -> Iterator[RenderableType]:
    """Yield one API's part of the page."""
    api = terms.api
    chosen = f", used when {api.when} is given" if api.when else ""
    yield heading(f"API {api.name} at {', '.join(api.hosts)}{chosen}")
    yield _line(f"ccxt class {api.ccxt_class}, proven with {api.ccxt_versions}, installed {version('ccxt')}")
    if ":" in api.ccxt_class:
        yield _line("The connector brings this class itself; it sees the secret while it signs.", style="yellow")
    standings = [(str(p), api.permissions[p]) for p in FORBIDDEN]
    yield columns((name, str(standing.askable), plain(standing.reason)) for name, standing in standings)
    yield _line("\nEvery request that a test may send:", style="bold")
    yield from _requests(terms)
    yield _line("\nWhat a test cannot prove:", style="bold")
    yield bullets(api.limits)


def _line(text: str, style: str = "") -> RenderableType:
    """Return a line that is set in as far as the lists are."""
    return Padding(Text(text, style=style), (0, 0, 0, 2))


def _about(stream: Stream) -> str:
    """Say what a stream is, and why asking is harmless where that is said."""
    return f"{stream.about}; harmless: {stream.harmless}" if stream.harmless else stream.about


def _requests(terms: Terms) -> Iterator[RenderableType]:
    """Yield the requests in the order in which they are sent, by when that is."""
    required = [stream for stream in terms.streams if stream.required]
    optional = [stream for stream in terms.streams if not stream.required]
    groups: tuple[tuple[str, Sequence[tuple[Question, str]]], ...] = (
        (
            "to read, always:",
            [
                (terms.api.clock, "the exchange's time"),
                *((probe, f"states {', '.join(probe.states)}; harmless: {probe.harmless}") for probe in terms.declared),
                *((stream, _about(stream)) for stream in required),
            ],
        ),
        ("to read, with --all-streams:", [(stream, _about(stream)) for stream in optional]),
        (
            "that the exchange must refuse, once reading has worked:",
            [(probe, f"{probe.permission}; harmless: {probe.harmless}") for probe in terms.probes],
        ),
    )
    widest = max(len(question.sends) for _, group in groups for question, _ in group)
    for title, group in groups:
        if group:
            yield _line(title)
            yield columns(((q.sends.ljust(widest), _purpose(q, about)) for q, about in group), indent=4)


def _purpose(question: Question, about: str) -> str:
    """Say what a request is for, and with which parameters it goes."""
    parameters = f"\n{json.dumps(dict(question.carried))}" if question.carried else ""
    return plain(about) + parameters
