"""Read a report back from its published format."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hashdata.permissions import Askable, Cause, Grant, Permission, Provability, Verdict, Witness
from hashdata.tester.evidence import Evidence
from hashdata.tester.report import SCHEMA, PermissionReport, Report


def report_of(document: Mapping[str, Any], title: str) -> Report:
    """
    Return the report that `document` describes; `title` is the connector's, which the format leaves out.

    Raises ValueError, KeyError or TypeError for what is no report of this version.
    """
    if document["schema"] != SCHEMA:
        message = f"not a {SCHEMA}"
        raise ValueError(message)
    key, connector = document["key"], document["connector"]
    return Report(
        connector=connector["name"],
        connector_version=connector["version"],
        provability=Provability(connector["provability"]),
        title=title,
        hashdata_version=document["versions"]["hashdata"],
        ccxt_version=document["versions"]["ccxt"],
        tested_at=_time(document["tested_at"]),
        endpoint=document["endpoint"],
        practice=document["practice"],
        last4=key["last4"],
        account_id=document["account_id"],
        verdict=Verdict(document["verdict"]),
        cause=Cause(document["cause"]) if document["cause"] else None,
        summary=document["summary"],
        fix=document["fix"],
        permissions={Permission(name): _permission(value) for name, value in document["permissions"].items()},
        streams=document["streams"],
        clock_offset_ms=document["clock_offset_ms"],
        limits=tuple(document["limits"]),
        fingerprint=key["fingerprint"],
        expires_at=_time(key["expires_at"]) if "expires_at" in key else None,
        allowed_addresses=key.get("allowed_addresses"),
    )


def _permission(value: Mapping[str, Any]) -> PermissionReport:
    return PermissionReport(
        grant=Grant(value["grant"]),
        askable=Askable(value["askable"]),
        note=value.get("note"),
        evidence=tuple(Evidence(**{**item, "witness": Witness(item["witness"])}) for item in value["evidence"]),
    )


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
