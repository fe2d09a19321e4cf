"""What pages show of accounts and reports, decided here, so that templates decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from hashdata.accounts.overview import Row
from hashdata.connector import Connector
from hashdata.permissions import Askable, Cause, Grant, Permission, Verdict
from hashdata.portal.drafts import Draft
from hashdata.portal.wording import guide_at
from hashdata.render import plugins
from hashdata.render.accounts import ago
from hashdata.render.layout import PROOF
from hashdata.render.report import key_facts, known_from, of_clock
from hashdata.tester.report import PermissionReport, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A sentence with the page that helps, if one does."""

    text: str
    href: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One account in the list: `attempt` is its last test where the verdict stayed, and `notes` need somebody."""

    row: Row
    attempt: str
    notes: tuple[Link, ...]


def cards(rows: Sequence[Row], now: datetime) -> list[Card]:
    """Return the list of accounts."""
    return [Card(row=row, attempt=attempt(row, now), notes=tuple(_notes(row))) for row in rows]


def denied(rows: Sequence[Row]) -> list[Row]:
    """Return the accounts whose key is denied, which come before everything else."""
    return [row for row in rows if row.verdict is Verdict.DENIED]


def attempt(row: Row, now: datetime) -> str:
    """Say what came of the last test, where it did not change the verdict that stands."""
    last = row.account.last
    if last == row.account.standing:
        return ""
    return f"{last.verdict}{f' ({worded(last.cause)})' if last.cause else ''}, {ago(last.at, now)}"


def worded(cause: Cause) -> str:
    """Write a cause as words."""
    return str(cause).replace("_", " ")


def _notes(row: Row) -> list[Link]:
    found = [Link(text=f"{row.problem[0].upper()}{row.problem[1:]}.")] if row.problem else []
    if row.ends_soon and row.days_left is not None:
        days = f"in {row.days_left} {'day' if row.days_left == 1 else 'days'}"
        text = "The key has ended." if row.days_left < 0 else f"The key ends {days}."
        found.append(Link(text=text, href=f"/accounts/{row.account.id}/rotate", label="Give it a new one"))
    for sister in row.missing:
        text = f"There is no {sister.title} account beside it. {sister.why}"
        found.append(Link(text=text, href=f"/add/{sister.connector}", label=f"Add {sister.title}"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One permission of a report; `tone` is good, bad, unsure or quiet, by what a read-only key should have."""

    name: str
    found: str
    tone: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report as a page shows it."""

    report: Report
    findings: tuple[Finding, ...]
    facts: tuple[str, ...]


def shown(report: Report | None) -> Shown | None:
    """Return what a page shows of a report, if there is one."""
    if report is None:
        return None
    clock = [] if report.clock_offset_ms is None else [of_clock(report.clock_offset_ms)]
    return Shown(
        report=report,
        findings=tuple(_finding(permission, found) for permission, found in report.permissions.items()),
        facts=(*key_facts(report), *clock),
    )


def _finding(permission: Permission, found: PermissionReport) -> Finding:
    wanted = Grant.GRANTED if permission is Permission.READ else Grant.REFUSED
    if found.askable is Askable.ASKABLE or found.grant is Grant.GRANTED:
        word, tone = str(found.grant), {wanted: "good", Grant.UNPROVEN: "unsure"}.get(found.grant, "bad")
        known = tuple(known_from(permission, found).splitlines())
    else:
        word, tone = "absent" if found.askable is Askable.ABSENT else "not asked", "quiet"
        known = (found.note or "",)
    return Finding(name=permission.capitalize(), found=word, tone=tone, known=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The kept tests of an account: all in a row as marks, oldest first, and where the answer changed, newest first."""

    summary: str
    marks: tuple[Report, ...] = ()
    changes: tuple[Report, ...] = field(default=())


def history(tests: Sequence[Report]) -> History | None:
    """Return the history of `tests`, oldest first; None where there are none."""
    if not tests:
        return None
    changed = [
        test
        for before, test in zip((None, *tests), tests, strict=False)
        if before is None or (before.verdict, before.cause) != (test.verdict, test.cause)
    ]
    counts = {verdict: sum(test.verdict is verdict for test in tests) for verdict in Verdict}
    said = [f"{verdict} {_times(count)}" for verdict, count in counts.items() if count]
    since = f"{tests[0].tested_at:%Y-%m-%d}"
    text = ", ".join(said)
    return History(
        summary=f"{len(tests)} {'test' if len(tests) == 1 else 'tests'} since {since}: {text}.",
        marks=tuple(tests),
        changes=tuple(reversed(changed)),
    )


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """What a connector may do: its hosts, its requests and why they are harmless, and what of it sees the secret."""

    hosts: tuple[str, ...]
    reads: tuple[str, ...]
    posted_reads: tuple[tuple[str, str], ...]
    write_questions: tuple[tuple[str, str], ...]
    sees_secret: tuple[str, ...]
    proof: str


def plugin(connector: Connector) -> Plugin:
    """Return what a page shows before a connector is allowed."""
    return Plugin(
        hosts=tuple(plugins.hosts(connector)),
        reads=tuple(question.sends for question in plugins.reads(connector)),
        posted_reads=tuple((plugins.with_parameters(one), one.harmless) for one in plugins.posted_reads(connector)),
        write_questions=tuple((plugins.with_parameters(probe), probe.harmless) for probe in connector.probes),
        sees_secret=tuple(plugins.sees_secret(connector)),
        proof=f"{connector.provability}: {PROOF[connector.provability]}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What to do after a test: a button that sends `action`, or links. The first is the one to press."""

    action: str = ""
    links: tuple[Link, ...] = ()


def after(draft: Draft) -> Next:
    """Say what comes after a test that was not accepted, or did not end with a report."""
    form = form_of(draft)
    again = Link(text="Enter the key again", href=form)
    report = draft.report
    if report is None or draft.credentials is not None:
        return Next(action=f"/tests/{draft.id}/again" if draft.credentials is not None else "", links=(again,))
    step = step_of(draft)
    if report.verdict is Verdict.DENIED and step is not None:
        return Next(links=(Link(text=f"Change the key: step {step[0]}", href=f"{form}#step-{step[0]}"), again))
    return Next(links=(again,))


def form_of(draft: Draft) -> str:
    """Return the address of the form for a draft's key, with the page of the guide that made it."""
    variant = "" if draft.variant is draft.connector.guide.variant() else draft.variant.name
    if draft.rotates is None:
        return guide_at(draft.connector.name, variant)
    return f"/accounts/{draft.rotates}/rotate" + (f"?variant={quote(variant)}" if variant else "")


def step_of(draft: Draft) -> tuple[int, str] | None:
    """Return number and title of the step of the guide that mends what was found."""
    report = draft.report
    step = draft.variant.step_for(report.cause) if report is not None and report.cause is not None else None
    return (step[0], step[1].title) if step else None
