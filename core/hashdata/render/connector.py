"""`connectors show`: what a connector asks for, and every request that a test may send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from hashdata.connector import Connector, Terms
from hashdata.permissions import FORBIDDEN
from hashdata.questions import Question
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
            *({"purpose": "read", "name": s.name, "required": s.required, **_request(s)} for s in terms.streams),
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


def _request(question: Question) -> dict[str, object]:
    """Return a request as it will be sent."""
    return {"method": question.method, "path": question.path, "parameters": dict(question.params)}


def page(connector: Connector) -> Iterator[RenderableType]:
    """Yield the parts of the page for a person."""
    head = f"{connector.info.title} ({connector.name} {connector.version}, from {connector.distribution})"
    yield Text(plain(head), style="bold")
    yield Text(f"Proof {connector.provability}. {plain(connector.info.homepage)}")
    yield Text("\nWhat you are asked for", style="bold")
    fields = Table(box=None, pad_edge=False, show_header=False)
    for field in connector.schema:
        need = "required" if field.required else "optional"
        fields.add_row(f"  {field.name}", plain(field.label), need, plain(field.hint))
    yield fields
    for api in connector.info.apis:
        yield from _api_page(connector.terms(api))


def _api_page(terms: Terms) -> Iterator[RenderableType]:
    """Yield one API's part of the page."""
    api = terms.api
    chosen = f", used when {api.when} is given" if api.when else ""
    yield Text(f"\nAPI {api.name} at {', '.join(api.hosts)}{chosen}", style="bold")
    yield Text(f"  ccxt class {api.ccxt_class}, proven with {api.ccxt_versions}, installed {version('ccxt')}")
    if ":" in api.ccxt_class:
        yield Text(
            "  The connector brings this class itself; it sees the secret while it signs.",
            style="yellow",
        )
    rows = Table(box=None, pad_edge=False, show_header=False)
    for permission in FORBIDDEN:
        standing = api.permissions[permission]
        rows.add_row(f"  {permission}", str(standing.askable), plain(standing.reason))
    yield rows
    yield Text("  Every request that a test may send:")
    yield _requests(terms)


def _requests(terms: Terms) -> Table:
    """One row a request, in the order in which they are sent."""
    rows = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("    Request", "Parameters", "For"):
        rows.add_column(heading, overflow="fold")
    questions: tuple[tuple[Question, str], ...] = (
        (terms.api.clock, "the exchange's time"),
        *((s, s.about if s.required else f"{s.about} (with --all-streams)") for s in terms.streams),
        *((probe, f"{probe.permission}; harmless: {probe.harmless}") for probe in terms.probes),
    )
    for question, purpose in questions:
        params = json.dumps(dict(question.params)) if question.params else ""
        rows.add_row(f"    {question.sends}", plain(params), plain(purpose))
    return rows
