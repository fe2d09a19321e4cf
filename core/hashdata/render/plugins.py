"""What each connector may do, as a table, as a page and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from hashdata.connector import Connector
from hashdata.questions import DeclaredProbe, Question, Stream
from hashdata.registry import Entry, State
from hashdata.registry.choices import OURS, Choices
from hashdata.render.layout import PROOF, bullets, columns, heading
from hashdata.render.plain import plain

SCHEMA = "hashdata.plugins/1"


def to_json(entries: Sequence[Entry], choices: Choices) -> dict[str, object]:
    """Return the published document `hashdata.plugins/1`."""
    return {"schema": SCHEMA, "plugins": [_entry(entry, choices) for entry in entries]}


def _entry(entry: Entry, choices: Choices) -> dict[str, object]:
    connector = entry.connector
    return {
        "name": entry.name,
        "distribution": entry.distribution,
        "version": entry.version,
        "came_with_hashdata": entry.distribution in OURS,
        "state": str(entry.state),
        "reason": entry.reason,
        "notice": entry.notice,
        "allowed": choices.allows(connector) if connector else None,
        "provability": str(connector.provability) if connector else None,
        "hosts": hosts(connector) if connector else None,
        "reads": [question.sends for question in reads(connector)] if connector else None,
        "posted_reads": [question.sends for question in posted_reads(connector)] if connector else None,
        "write_questions": [probe.sends for probe in connector.probes] if connector else None,
        "sees_secret": list(sees_secret(connector)) if connector else None,
        "ccxt_versions": sorted({api.ccxt_versions for api in connector.info.apis}) if connector else None,
    }


def hosts(connector: Connector) -> list[str]:
    """Return every host that a connector may send requests to, in the order in which it names them."""
    return list(dict.fromkeys(host for api in connector.info.apis for host in api.hosts))


def reads(connector: Connector) -> list[Question]:
    """Return the questions that read by GET."""
    return [question for question in _reading(connector) if question.method == "GET"]


def posted_reads(connector: Connector) -> list[Stream | DeclaredProbe]:
    """Return the questions of which only the connector says that they read: their method could change something."""
    asked: tuple[Stream | DeclaredProbe, ...] = (*connector.declared, *connector.streams)
    return [question for question in asked if question.method != "GET"]


def _reading(connector: Connector) -> list[Question]:
    clocks = [api.clock for api in connector.info.apis]
    return [*clocks, *connector.declared, *connector.streams]


def with_parameters(question: Question) -> str:
    """Write a question with the parameters that it carries."""
    carried = ", ".join(f"{name}={value}" for name, value in question.carried.items())
    return f"{question.sends} ({carried})" if carried else question.sends


def sees_secret(connector: Connector) -> Iterator[str]:
    """Yield the classes that a connector brings itself, which are given the secret to sign with."""
    yield from dict.fromkeys(api.ccxt_class for api in connector.info.apis if ":" in api.ccxt_class)


def table(entries: Sequence[Entry], choices: Choices) -> Iterator[RenderableType]:
    """Yield the table, and below it what is to be said of some."""
    if not entries:
        yield Text("No connector is installed. Install one, for example: pip install hashdata-poloniex")
        return
    rows = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Connector", "Distribution", "Version", "Proof", "Keys", "Hosts"):
        rows.add_column(title, overflow="fold")
    for entry in entries:
        proof = str(entry.connector.provability) if entry.connector else "-"
        where = ", ".join(hosts(entry.connector)) if entry.connector else "-"
        rows.add_row(
            plain(entry.name),
            plain(entry.distribution),
            plain(entry.version),
            proof,
            _keys(entry, choices),
            plain(where),
        )
    yield rows
    told = [f"{entry.name}: {said}" for entry in entries if (said := entry.reason or entry.notice)]
    if told:
        yield heading("To know")
        yield bullets(told)
    if any(entry.connector and not choices.allows(entry.connector) for entry in entries):
        yield Text(
            "\nA connector that did not come with hashdata gets keys once you allow it: hashdata plugins enable NAME"
        )


def _keys(entry: Entry, choices: Choices) -> Text:
    """Say whether a connector is given keys."""
    if entry.state is State.DISABLED:
        return Text("switched off", style="dim")
    if entry.connector is None:
        return Text("cannot be used", style="bold red")
    return Text("allowed", style="green") if choices.allows(entry.connector) else Text("not yet", style="yellow")


def page(connector: Connector, before: str | None = None) -> Iterator[RenderableType]:
    """Yield what a person should see before a connector is given a key; `before` is what was allowed already."""
    head = f"{connector.info.title} ({connector.name} {connector.version}, from {connector.distribution})"
    yield Text(plain(head), style="bold")
    if connector.distribution not in OURS:
        yield Text(
            "This connector did not come with hashdata. Its code runs in hashdata's own process.", style="yellow"
        )
    if before:
        yield Text(plain(f"{before} was allowed before."), style="yellow")
    yield heading("Where it may send requests")
    yield bullets(hosts(connector))
    yield heading("What it reads")
    yield bullets(question.sends for question in reads(connector))
    if posted := posted_reads(connector):
        yield heading("What it sends as POST and says that it only reads")
        yield columns((plain(with_parameters(one)), plain(f"harmless: {one.harmless}")) for one in posted)
    if asked := connector.probes:
        yield heading("What it asks that the exchange must refuse")
        yield columns((plain(probe.sends), plain(f"{probe.permission}; harmless: {probe.harmless}")) for probe in asked)
    yield heading("What sees your secret")
    own = [f"{name}, which it brings itself and which signs requests" for name in sees_secret(connector)]
    yield bullets(own or ["ccxt alone, which signs requests"])
    yield heading("What it can prove of a key")
    yield bullets([f"{connector.provability}: {PROOF[connector.provability]}"])
