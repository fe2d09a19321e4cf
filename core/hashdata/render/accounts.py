"""Accounts as a table, as a page each, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from shlex import quote

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from hashdata.accounts.account import Account, Attempt
from hashdata.accounts.overview import Row
from hashdata.accounts.shelf import Kept
from hashdata.accounts.sisters import Missing
from hashdata.permissions import Verdict
from hashdata.render.layout import bullets, columns, heading, marked
from hashdata.render.plain import plain
from hashdata.render.report import STYLES

SCHEMA = "hashdata.accounts/1"
ONE_SCHEMA = "hashdata.account/1"
_TITLES = ("Label", "Connector", "Key", "Verdict", "Tested", "Key age", "Last attempt")
# Laying out wrapped cells takes a millisecond a row; so many rows are read by programs, or searched.
_MOST_WRAPPED = 200
_MOST_NAMED = 5


def to_json(rows: Sequence[Row]) -> dict[str, object]:
    """Return the published document `hashdata.accounts/1`."""
    return {"schema": SCHEMA, "accounts": [entry(row) for row in rows]}


def one_to_json(row: Row, report: Kept | None, history: Sequence[Kept] | None) -> dict[str, object]:
    """Return the published document `hashdata.account/1`: an account, and its reports where they are asked for."""
    document: dict[str, object] = {"schema": ONE_SCHEMA, "account": entry(row)}
    if report is not None:
        document["report"] = report.report
    if history is not None:
        document["history"] = [kept.report for kept in history]
    return document


def entry(row: Row) -> dict[str, object]:
    """Return what documents say of one account."""
    account = row.account
    return {
        "label": account.label,
        "connector": account.connector,
        "title": row.title,
        "last4": account.last4,
        "fingerprint": account.fingerprint,
        "account_id": account.account_id,
        "practice": account.is_practice,
        "endpoint": account.endpoint,
        "persona": account.persona,
        "verdict": str(row.verdict) if row.verdict else None,
        "cause": str(account.standing.cause) if account.standing.cause else None,
        "tested_at": _stamp(account.standing.at),
        "key_since": _stamp(account.since),
        "key_age_days": row.age_days,
        "expires_at": _stamp(account.expires) if account.expires else None,
        "expires_in_days": row.days_left,
        "last_attempt": _attempt(account.last),
        "missing_sisters": [sister.connector for sister in row.missing],
        "problem": row.problem,
    }


def _attempt(attempt: Attempt) -> dict[str, object]:
    return {
        "at": _stamp(attempt.at),
        "verdict": str(attempt.verdict),
        "cause": str(attempt.cause) if attempt.cause else None,
    }


def table(rows: Sequence[Row], now: datetime) -> Iterator[RenderableType | str]:
    """Yield the table, and below it what needs attention."""
    if not rows:
        yield Text("No account is stored yet. Add one, for example: hashdata accounts add main poloniex")
        return
    if len(rows) > _MOST_WRAPPED:
        yield _unwrapped([_TITLES, *(tuple(str(cell) for cell in _cells(row, now)) for row in rows)])
    else:
        shown = Table(box=None, pad_edge=False, header_style="bold")
        for title in _TITLES:
            shown.add_column(title, overflow="fold")
        for row in rows:
            shown.add_row(*_cells(row, now))
        yield shown
    yield Text(f"\n{_summary(rows)}")
    if notices := list(_notices(rows)):
        yield heading("To look at")
        yield bullets(notices)


def _cells(row: Row, now: datetime) -> tuple[str | Text, ...]:
    account = row.account
    verdict = str(row.verdict) if row.verdict else "changed by hand"
    style = STYLES[row.verdict] if row.verdict else "bold yellow"
    return (
        plain(account.label),
        marked(plain(account.connector), practice=account.is_practice),
        f"..{plain(account.last4)}" if account.last4 else "-",
        Text(verdict, style=style),
        ago(account.standing.at, now),
        _age(row),
        _last(account, now),
    )


def _age(row: Row) -> str:
    """Say how old a key is, and how long it still works where that is known."""
    if row.days_left is None:
        return f"{row.age_days} d"
    return f"{row.age_days} d, {'ended' if row.days_left < 0 else f'{row.days_left} d left'}"


def _last(account: Account, now: datetime) -> str:
    """Say what came of the last test where that is not what the verdict stands on."""
    if account.last == account.standing:
        return "the same"
    cause = f" ({account.last.cause})" if account.last.cause else ""
    return f"{account.last.verdict}{cause}, {ago(account.last.at, now)}"


def _summary(rows: Sequence[Row]) -> str:
    """Count the verdicts."""
    counted = Counter(str(row.verdict) if row.verdict else "changed by hand" for row in rows)
    word = "account" if len(rows) == 1 else "accounts"
    return f"{len(rows)} {word}: {', '.join(f'{count} {verdict}' for verdict, count in counted.most_common())}"


def _notices(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a sentence for each thing that somebody should look at, the worst first."""
    notices = chain(_denied(rows), _others(rows))
    yield from islice(notices, _MOST_WRAPPED)
    if more := sum(1 for _ in notices):
        yield f"and {more} more: see `hashdata accounts list --json`"


def _denied(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if row.verdict is Verdict.DENIED:
            label, cause = row.account.label, row.account.standing.cause
            yield f"{label} is denied ({cause}): see `hashdata accounts show {quote(label)} --report`"


def _others(rows: Sequence[Row]) -> Iterator[str]:
    yield from (f"{row.account.label}: {row.problem}." for row in rows if row.problem)
    yield from (ending(row.account.label, row.days_left or 0) for row in rows if row.ends_soon)
    yield from _lonely(rows)


def _lonely(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a sentence for each kind of account that is missing beside others."""
    beside: dict[Missing, list[str]] = {}
    for row in rows:
        for sister in row.missing:
            beside.setdefault(sister, []).append(plain(row.account.label))
    for sister, labels in beside.items():
        if len(labels) == 1:
            yield f"{labels[0]} has no {sister.title} account beside it. {sister.why}"
        else:
            named = ", ".join(labels[:_MOST_NAMED]) + (" and others" if len(labels) > _MOST_NAMED else "")
            yield f"{len(labels)} accounts have no {sister.title} account beside them ({named}). {sister.why}"


def ending(label: str, days: int) -> str:
    """Say when the key of an account ends."""
    if days < 0:
        return f"The key of {label} has ended. Make a new one: `hashdata accounts rotate {label}`."
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"The key of {label} ends {when}. Make a new one in time: `hashdata accounts rotate {label}`."


def _unwrapped(rows: Sequence[Sequence[str]]) -> str:
    """Lay out many rows, one line each."""
    cells = [[(cell, len(cell) if cell.isascii() else cell_len(cell)) for cell in row] for row in rows]
    widths = [max(length for _, length in column) for column in zip(*cells, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - length) for (cell, length), width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )
    return "\n".join(lines)


def page(row: Row, now: datetime) -> Iterator[RenderableType]:
    """Yield what is known of one account."""
    account = row.account
    yield Text(plain(account.label), style="bold")
    where = account.endpoint or (f"persona {account.persona} of the sandbox" if account.persona else "")
    facts: list[tuple[str, str | Text]] = [
        ("Connector", marked(plain(row.title), practice=account.is_practice)),
        *([("Tested at", plain(where))] if where else []),
        ("Key", f"ending in {plain(account.last4)}" if account.last4 else "not shown"),
        *([("Account id", plain(account.account_id))] if account.account_id else []),
        ("Verdict", _standing(row, now)),
        ("Last attempt", _last(account, now)),
        ("Key stored", f"{account.since:%Y-%m-%d %H:%M} UTC, {row.age_days} days ago"),
        *([("Key ends", f"{account.expires:%Y-%m-%d %H:%M} UTC")] if account.expires else []),
    ]
    yield columns(facts)
    # The page itself says that a key is denied.
    if notices := list(_others([row])):
        yield heading("To look at")
        yield bullets(notices)


def _standing(row: Row, now: datetime) -> Text:
    standing = row.account.standing
    if row.verdict is None:
        return Text("changed by hand", style="bold yellow")
    cause = f" ({standing.cause})" if standing.cause else ""
    return Text(f"{row.verdict}{cause}, {ago(standing.at, now)}", style=STYLES[row.verdict])


def timeline(history: Sequence[Kept]) -> RenderableType:
    """Return the tests of an account, the newest first, one line each."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Tested", "Verdict", "Cause", "What was found"):
        shown.add_column(title, overflow="fold")
    for kept in reversed(history):
        report = kept.report
        verdict = str(report.get("verdict"))
        style = STYLES.get(Verdict(verdict), "") if verdict in set(Verdict) else ""
        shown.add_row(
            plain(str(report.get("tested_at"))),
            Text(plain(verdict), style=style),
            plain(str(report.get("cause") or "-")),
            plain(str(report.get("summary"))),
        )
    return shown


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago something was, as people do."""
    seconds = (now - moment).total_seconds()
    if seconds < -60:  # noqa: PLR2004 - clocks of two computers differ by less
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC (ahead of this clock)"
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit} ago"
    return "just now"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stored(account: Account) -> str:
    """Say that a key was stored."""
    practice = ", as practice" if account.is_practice else ""
    return (
        f"Stored as {account.label}{practice}. Test it again from time to time: hashdata accounts test {account.label}"
    )


def rotated(account: Account) -> str:
    """Say that a key took the place of another."""
    return (
        f"{account.label} has its new key, and the old one is gone from the vault. "
        "Delete the old key on the exchange's key page."
    )
