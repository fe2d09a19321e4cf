"""A report for a person: the verdict, how it is known, what to do, and what it cannot prove."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hashdata.permissions import Askable, Grant, Permission, Verdict
from hashdata.render.plain import plain
from hashdata.tester.evidence import Evidence
from hashdata.tester.report import PermissionReport, Report

_STYLES = {
    Verdict.ACCEPTED: "bold green",
    Verdict.DENIED: "bold red",
    Verdict.UNUSABLE: "bold yellow",
    Verdict.INCONCLUSIVE: "bold yellow",
}


def page(report: Report) -> Iterator[RenderableType]:
    """Yield the parts of the page from the verdict down."""
    yield _heading(report)
    yield Text.assemble((str(report.verdict).upper(), _STYLES[report.verdict]), "  ", plain(report.summary))
    if report.fix:
        yield Text.assemble(("What to do: ", "bold"), plain(report.fix))
    yield Text()
    yield _permissions(report)
    yield Text()
    yield _streams(report)
    if report.clock_offset_ms is not None:
        yield Text(f"\nThe exchange's clock is {report.clock_offset_ms} ms ahead of this computer's.")
    yield Text("\nWhat this test cannot prove", style="bold")
    for limit in report.limits:
        yield Padding(Text(f"- {plain(limit)}"), (0, 0, 0, 2))
    for block in report.unrecognised:
        yield Text("\nTo report (no credential is in it):", style="bold")
        yield Text(f"  connector {report.connector} {report.connector_version}, ccxt {report.ccxt_version}")
        for line in block.splitlines():
            yield Text(f"  {plain(line)}")


def _heading(report: Report) -> RenderableType:
    """Say which key was tested where and when, and first of all whether that was practice."""
    key = f"key ending in {plain(report.last4)}" if report.last4 else "a key"
    where = f"PRACTICE on {report.endpoint}" if report.practice else report.endpoint
    return Text(f"{plain(report.title)}, {key}, {where}, {report.tested_at:%Y-%m-%d %H:%M} UTC", style="dim")


def _permissions(report: Report) -> Table:
    """One row a permission: what was found, and from which answers."""
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("Permission")
    rows.add_column("Found")
    rows.add_column("How that is known", overflow="fold")
    for permission, found in report.permissions.items():
        rows.add_row(str(permission), _grant(permission, found), _known_from(permission, found))
    return rows


def _grant(permission: Permission, found: PermissionReport) -> Text:
    """Say a grant in words, in red or green by whether it is what a read-only key should have."""
    if found.askable is not Askable.ASKABLE:
        return Text("not asked" if found.askable is Askable.UNASKABLE else "absent", style="dim")
    wanted = Grant.GRANTED if permission is Permission.READ else Grant.REFUSED
    style = {wanted: "green", Grant.UNPROVEN: "yellow"}.get(found.grant, "bold red")
    return Text(str(found.grant), style=style)


def _known_from(permission: Permission, found: PermissionReport) -> str:
    """Say from which answers a grant is known."""
    if found.note:
        return plain(found.note)
    if not found.evidence:
        return "not asked, because reading did not work"
    if permission is Permission.READ and found.grant is Grant.GRANTED:
        return f"{len(found.evidence)} required streams were answered as they should be"
    return "; ".join(dict.fromkeys(_answer(evidence) for evidence in found.evidence))


def _answer(evidence: Evidence) -> str:
    """Describe one answer on one line."""
    asked = f"{evidence.method} {evidence.path}"
    if evidence.status is None:
        return f"{asked}: no complete answer ({evidence.ms} ms)"
    code = "" if evidence.code is None else f", code {evidence.code}"
    message = f', "{evidence.message}"' if evidence.message else ""
    return plain(f"{asked}: HTTP {evidence.status}{code}{message} ({evidence.ms} ms)")


def _streams(report: Report) -> Table:
    """One row a stream."""
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("Stream")
    rows.add_column("Found")
    styles = {"readable": "green", "refused": "bold red"}
    for name, found in report.streams.items():
        rows.add_row(plain(name), Text(found, style=styles.get(found, "yellow")))
    return rows
