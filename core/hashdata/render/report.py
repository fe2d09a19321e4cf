"""A report for a person: the verdict, what to do, how it is known, and what it cannot prove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hashdata.permissions import Askable, Grant, Permission, Verdict
from hashdata.render.layout import bullets, heading
from hashdata.render.plain import plain
from hashdata.tester.evidence import Evidence
from hashdata.tester.report import PermissionReport, Report

STYLES = {
    Verdict.ACCEPTED: "bold green",
    Verdict.DENIED: "bold red",
    Verdict.UNUSABLE: "bold yellow",
    Verdict.INCONCLUSIVE: "bold yellow",
}
_CLOCKS_AGREE_MS = 1000


def page(report: Report) -> Iterator[RenderableType]:
    """Yield the parts of the page from the verdict down."""
    practice = " (practice)" if report.practice else ""
    yield Text(f"{report.verdict.upper()}{practice}", style=STYLES[report.verdict])
    yield Text(plain(report.summary))
    if report.fix:
        yield heading("What to do")
        yield Padding(Text(plain(report.fix)), (0, 0, 0, 2))
    yield Text()
    yield from _about(report)
    yield Text()
    yield _permissions(report)
    yield Text()
    yield _streams(report)
    if facts := key_facts(report):
        yield Text("\n" + " ".join(facts))
    if report.clock_offset_ms is not None:
        yield Text(f"\n{of_clock(report.clock_offset_ms)}")
    yield heading("What this test cannot prove")
    yield bullets(report.limits)
    if report.unrecognised:
        yield heading("To report (no credential is in it)")
        yield from (f"  {line}" for line in to_report(report))


def to_report(report: Report) -> Iterator[str]:
    """Yield the lines by which somebody can tell us of answers that nobody knows; none when all were recognised."""
    if report.unrecognised:
        yield plain(f"connector {report.connector} {report.connector_version}, ccxt {report.ccxt_version}")
    for block in report.unrecognised:
        yield from (plain(line) for line in block.splitlines())


def _about(report: Report) -> Iterator[Text]:
    """Say which key was tested where and when, and whether that was practice."""
    key = f"key ending in {plain(report.last4)}" if report.last4 else "a key"
    when = f"{report.tested_at:%Y-%m-%d %H:%M} UTC"
    if not report.practice:
        yield Text(f"{plain(report.title)}, {key}, tested {when} at {plain(report.endpoint)}", style="dim")
        return
    yield Text(f"{plain(report.title)}, {key}, tested {when}", style="dim")
    yield Text(
        f"Practice: {plain(report.endpoint)} on this computer was asked, not the exchange. This proves nothing about "
        "a key that the exchange knows.",
        style="yellow",
    )


def key_facts(report: Report) -> list[str]:
    """Return as sentences what the exchange states of the key beside its rights."""
    facts = []
    if report.expires_at is not None:
        facts.append(f"The exchange states that the key ends on {report.expires_at:%Y-%m-%d %H:%M} UTC.")
    if report.allowed_addresses == 0:
        facts.append("It states that the key works from any address.")
    elif report.allowed_addresses is not None:
        count = report.allowed_addresses
        facts.append(f"It states that the key works from {count} {'address' if count == 1 else 'addresses'} alone.")
    return facts


def of_clock(offset_ms: int) -> str:
    """Compare the exchange's clock with this computer's."""
    if abs(offset_ms) < _CLOCKS_AGREE_MS:
        return "The exchange's clock and this computer's agree within a second."
    way = "ahead of" if offset_ms > 0 else "behind"
    return f"The exchange's clock is {abs(offset_ms) / 1000:.1f} s {way} this computer's."


def _permissions(report: Report) -> Table:
    """One row a permission: what was found, and from which answers."""
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("Permission")
    rows.add_column("Found")
    rows.add_column("How that is known", overflow="fold")
    for permission, found in report.permissions.items():
        rows.add_row(str(permission), _grant(permission, found), known_from(permission, found))
    return rows


def _grant(permission: Permission, found: PermissionReport) -> Text:
    """Say a grant in words, in red or green by whether it is what a read-only key should have."""
    if found.askable is not Askable.ASKABLE and found.grant is not Grant.GRANTED:
        return Text("not asked" if found.askable is Askable.UNASKABLE else "absent", style="dim")
    wanted = Grant.GRANTED if permission is Permission.READ else Grant.REFUSED
    style = {wanted: "green", Grant.UNPROVEN: "yellow"}.get(found.grant, "bold red")
    return Text(str(found.grant), style=style)


def known_from(permission: Permission, found: PermissionReport) -> str:
    """Say from which answers a grant is known. Why something cannot be asked stands among the limits."""
    if found.askable is Askable.ABSENT and not found.evidence:
        return "no such key has it; see below"
    if found.askable is Askable.UNASKABLE and not found.evidence:
        return "cannot be asked about; see below"
    if not found.evidence:
        return "not asked, because reading did not work"
    if permission is Permission.READ and found.grant is Grant.GRANTED:
        count = len(found.evidence)
        return f"{count} required streams were read" if count > 1 else "the required stream was read"
    answers: dict[str, list[Evidence]] = {}
    for evidence in found.evidence:
        answers.setdefault(_answer(evidence), []).append(evidence)
    return "\n".join(f"{_asked(alike)}: {answer}" for answer, alike in answers.items())


def _asked(alike: Sequence[Evidence]) -> str:
    """Name the request that was answered, and how many others were answered alike."""
    more = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
    return plain(f"{alike[0].method} {alike[0].path}{more}")


def _answer(evidence: Evidence) -> str:
    """Describe one answer on one line."""
    if evidence.status is None:
        return "no complete answer"
    code = "" if evidence.code is None else f", code {evidence.code}"
    message = f', "{evidence.message}"' if evidence.message else ""
    return plain(f"HTTP {evidence.status}{code}{message}")


def _streams(report: Report) -> Table:
    """One row a stream."""
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("Stream")
    rows.add_column("Found")
    styles = {"readable": "green", "refused": "bold red"}
    for name, found in report.streams.items():
        rows.add_row(plain(name), Text(plain(found), style=styles.get(found, "yellow")))
    return rows
