"""What somebody may send who asks for help: the state of everything, and nothing that says whose it is."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from hashdata.accounts.book import Book
from hashdata.accounts.findings import Finding
from hashdata.registry import Entry

SCHEMA = "hashdata.bundle/1"
_DISTRIBUTIONS = ("hashdata", "ccxt", "aiohttp", "cryptography", "filelock", "pluggy", "typer")


def bundle(
    findings: Sequence[Finding], book: Book | None, entries: Sequence[Entry], now: datetime
) -> dict[str, object]:
    """
    Return the document: accounts have numbers in the place of labels, ids and the ends of keys.

    Sentences of findings are left out, because they name labels and folders.
    """
    accounts = list(book.accounts.values()) if book else []
    numbers = {account.label: f"account {number}" for number, account in enumerate(accounts, 1)}
    return {
        "schema": SCHEMA,
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _DISTRIBUTIONS}},
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "findings": [_finding(finding, numbers) for finding in findings],
        "connectors": [
            {"name": one.name, "version": one.version, "distribution": one.distribution, "state": str(one.state)}
            for one in entries
        ],
        "accounts": [
            {
                "account": numbers[one.label],
                "connector": one.connector,
                "practice": one.is_practice,
                "intact": one.is_intact,
                "verdict": str(one.standing.verdict),
                "cause": one.standing.cause and str(one.standing.cause),
                "tested_days_ago": (now - one.standing.at).days,
                "attempt": str(one.last.verdict),
                "attempt_cause": one.last.cause and str(one.last.cause),
                "key_age_days": (now - one.since).days,
            }
            for one in accounts
        ],
    }


def _finding(finding: Finding, numbers: Mapping[str, str]) -> dict[str, object]:
    about = finding.about and numbers.get(finding.about, finding.about)
    return {"check": str(finding.check), "grade": str(finding.grade), "about": about}


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
