"""What came of testing stored accounts: as a page, as one document, and as a line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from hashdata.accounts.account import Account
from hashdata.accounts.bulk import WORST_FIRST, Run, Tested
from hashdata.accounts.overview import WARN_DAYS, days_left
from hashdata.errors import ExitCode
from hashdata.permissions import Verdict
from hashdata.render import kept
from hashdata.render.accounts import ending
from hashdata.render.layout import bullets, heading
from hashdata.render.plain import plain
from hashdata.render.report import STYLES

SCHEMA = "hashdata.tests/1"
LINE_SCHEMA = "hashdata.result/1"
LEFT_SCHEMA = "hashdata.left-out/1"
# Why an account was left out.
SLOW_DOWN, RECENT = "slow_down", "recent"
_MOST_SHOWN = 100


def result(tested: Tested, report: Mapping[str, object] | None) -> dict[str, object]:
    """Return the published document `hashdata.result/1` of one account."""
    return {"schema": LINE_SCHEMA, **_entry(tested, report)}


def left(account: Account, reason: str) -> dict[str, object]:
    """Return the published document `hashdata.left-out/1` of an account that was not tested: its verdict stands."""
    return {
        "schema": LEFT_SCHEMA,
        "label": account.label,
        "connector": account.connector,
        "practice": account.is_practice,
        "verdict": str(account.standing.verdict) if account.is_intact else None,
        "cause": str(account.standing.cause) if account.is_intact and account.standing.cause else None,
        "reason": reason,
    }


def _entry(tested: Tested, report: Mapping[str, object] | None) -> dict[str, object]:
    account, found, problem = tested.before, tested.result, tested.problem
    attempt = found.attempt if found else None
    return {
        "label": account.label,
        "connector": account.connector,
        "practice": account.is_practice,
        "before": str(account.standing.verdict) if account.is_intact else None,
        "verdict": str(attempt.verdict) if attempt else None,
        "cause": str(attempt.cause) if attempt and attempt.cause else None,
        "drift": tested.is_drift,
        "summary": tested.summary or None,
        "fix": tested.fix or (problem.fix if problem else None),
        "error": problem.what if problem else None,
        "expires_in_days": _days_left(tested),
        "report": report,
    }


def to_json(
    run: Run,
    reports: Mapping[str, Mapping[str, object] | None],
    recent: Sequence[Account],
    code: ExitCode,
) -> dict[str, object]:
    """Return the published document `hashdata.tests/1`, drift first; `reports` are by the ids of accounts."""
    left = [(account, SLOW_DOWN) for account in run.slowed] + [(account, RECENT) for account in recent]
    return {
        "schema": SCHEMA,
        "results": [_entry(tested, reports.get(tested.before.id)) for tested in _worst_first(run.tested)],
        "left_out": [
            {"label": one.label, "reason": reason, "verdict": str(one.standing.verdict) if one.is_intact else None}
            for one, reason in left
        ],
        "exit_code": int(code),
    }


def _worst_first(tested: Sequence[Tested]) -> list[Tested]:
    """Put drift first, then the other results from bad to good."""
    return sorted(
        tested, key=lambda one: (not one.is_drift, WORST_FIRST.index(one.exit_code), one.before.label.casefold())
    )


def page(
    run: Run, recent: Sequence[Account], report: Mapping[str, object] | None, title: str
) -> Iterator[RenderableType]:
    """
    Yield the page: drift, then a row for each account that is not simply accepted, then how many there were.

    Where a single account was tested, its `report` stands in the place of the
    rows; `title` is what its connector calls the exchange.
    """
    drifted = [tested for tested in run.tested if tested.is_drift]
    if drifted:
        yield Text("DRIFT: accepted before, denied now", style="bold red")
        yield bullets(_sentences(drifted))
        yield Text()
    if report is not None and run.tested:
        yield from kept.page_of(report, title)
        yield Text()
    else:
        yield from _rows(run.tested)
    yield Text(_summary(run, recent))
    if ending_ones := [tested for tested in run.tested if _ends_soon(tested)]:
        yield heading("Keys that end soon")
        yield bullets(_warnings(ending_ones))


def _sentences(drifted: Sequence[Tested]) -> Iterator[str]:
    for tested in drifted[:_MOST_SHOWN]:
        yield f"{tested.before.label} ({tested.before.connector}): {tested.summary} {tested.fix or ''}"
    if (more := len(drifted) - _MOST_SHOWN) > 0:
        yield f"and {more} more: see `hashdata accounts list`"


def _rows(tested: Sequence[Tested]) -> Iterator[RenderableType]:
    """Yield a table of results, only of those that are not accepted where there are many."""
    shown = _worst_first(tested)
    if len(shown) > _MOST_SHOWN:
        shown = [one for one in shown if one.exit_code is not ExitCode.ACCEPTED][:_MOST_SHOWN]
    if not shown:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Label", "Connector", "Verdict", "What was found"):
        table.add_column(title, overflow="fold")
    for one in shown:
        verdict = one.result.attempt.verdict if one.result else None
        style = STYLES[verdict] if verdict else "bold red"
        practice = " (practice)" if one.before.is_practice else ""
        table.add_row(
            plain(one.before.label),
            plain(one.before.connector) + practice,
            Text(str(verdict) if verdict else "not tested", style=style),
            plain(f"{one.problem.what}. {one.problem.fix}" if one.problem else one.summary),
        )
    yield table
    yield Text()


def _summary(run: Run, recent: Sequence[Account]) -> str:
    counted = Counter(str(one.result.attempt.verdict) if one.result else "not tested" for one in run.tested)
    if run.slowed or recent:
        counted["left out"] = len(run.slowed) + len(recent)
    total = sum(counted.values())
    parts = ", ".join(f"{count} {word}" for word, count in counted.most_common())
    return f"{total} {'account' if total == 1 else 'accounts'}: {parts}"


def left_out(slowed: Sequence[Account], recent: Sequence[Account]) -> Iterator[str]:
    """Yield a sentence for each reason why accounts were left out."""
    if slowed:
        yield (
            f"Left out, because their exchange asks to slow down: {_labels(slowed)}. Test them again in a while, "
            "with `hashdata accounts test --all`."
        )
    if bad := [account for account in recent if account.standing.verdict is not Verdict.ACCEPTED]:
        yield f"Not tested again, and not accepted when they were: {_labels(bad)}. See `hashdata accounts list`."
    if recent:
        yield (
            f"Left out, because their write questions were asked a short while ago: {_labels(recent)}. "
            "To test one now, name it; --min-age sets how long a while is."
        )


def _labels(accounts: Sequence[Account]) -> str:
    names = [plain(account.label) for account in accounts[:10]]
    more = len(accounts) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _days_left(tested: Tested) -> int | None:
    expires = (tested.result.expires if tested.result else None) or tested.before.expires
    return days_left(expires, datetime.now(UTC))


def _ends_soon(tested: Tested) -> bool:
    days = _days_left(tested)
    return days is not None and days <= WARN_DAYS


def _warnings(tested: Sequence[Tested]) -> Iterator[str]:
    for one in tested[:_MOST_SHOWN]:
        yield ending(one.before.label, _days_left(one) or 0)
    if (more := len(tested) - _MOST_SHOWN) > 0:
        yield f"and {more} more: see `hashdata accounts list`"
