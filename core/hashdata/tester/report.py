"""The report: what was asked, what was answered, what follows, and what a test cannot prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from hashdata.permissions import Askable, Cause, Grant, Permission, Provability, Verdict
from hashdata.tester.evidence import Evidence

SCHEMA = "hashdata.report/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionReport:
    """What is known about one permission, and the answers it is known from."""

    grant: Grant
    askable: Askable
    evidence: tuple[Evidence, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    One test of one key. Holds nothing secret; `to_json` gives the published format.

    `fingerprint` stands for the key, and only in the vault that made it.
    `allowed_addresses` is how many addresses the key is bound to, 0 where any
    will do, None where the exchange does not tell.
    `title` and `unrecognised` are for people only: the connector's title, and
    answers that nobody knows, ready to be reported.
    """

    connector: str
    connector_version: str
    provability: Provability
    title: str
    hashdata_version: str
    ccxt_version: str
    tested_at: datetime
    endpoint: str
    practice: bool
    last4: str | None
    account_id: str | None
    verdict: Verdict
    cause: Cause | None
    summary: str
    fix: str | None
    permissions: Mapping[Permission, PermissionReport]
    streams: Mapping[str, str]
    clock_offset_ms: int | None
    limits: tuple[str, ...]
    unrecognised: tuple[str, ...] = ()
    fingerprint: str | None = None
    expires_at: datetime | None = None
    allowed_addresses: int | None = None

    def to_json(self) -> dict[str, object]:
        """Return the report as the published schema describes it."""
        return {
            "schema": SCHEMA,
            "connector": {
                "name": self.connector,
                "version": self.connector_version,
                "provability": str(self.provability),
            },
            "versions": {"hashdata": self.hashdata_version, "ccxt": self.ccxt_version},
            "tested_at": _stamp(self.tested_at),
            "endpoint": self.endpoint,
            "practice": self.practice,
            "key": {"last4": self.last4, "fingerprint": self.fingerprint}
            | ({"expires_at": _stamp(self.expires_at)} if self.expires_at else {})
            | ({"allowed_addresses": self.allowed_addresses} if self.allowed_addresses is not None else {}),
            "account_id": self.account_id,
            "verdict": str(self.verdict),
            "cause": str(self.cause) if self.cause else None,
            "summary": self.summary,
            "fix": self.fix,
            "permissions": {str(p): _permission(report) for p, report in self.permissions.items()},
            "streams": dict(self.streams),
            "clock_offset_ms": self.clock_offset_ms,
            "limits": list(self.limits),
        }


def _stamp(moment: datetime) -> str:
    """Write a time in UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _permission(report: PermissionReport) -> dict[str, object]:
    """Return one permission's part of the report; the note stands only where there is one."""
    note = {"note": report.note} if report.note else {}
    evidence = [asdict(item) | {"witness": str(item.witness)} for item in report.evidence]
    return {
        "grant": str(report.grant),
        "askable": str(report.askable),
        **note,
        "evidence": evidence,
    }
