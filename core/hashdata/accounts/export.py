"""Reports for somebody who keeps them: with a checksum, against damage and not against people."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from hashdata.accounts.account import Account
from hashdata.accounts.store import Store
from hashdata.errors import StorageError, UsageError
from hashdata.home import write_new

SCHEMA = "hashdata.export/1"
# A thousand times a long report.
_LARGEST = 16 * 1024 * 1024
_OF = "SHA-256 of `label` and `report` as JSON of ASCII with sorted names and without blanks"


@dataclass(frozen=True, slots=True)
class Exported:
    """An exported report whose checksum fits."""

    label: str
    title: str
    report: Mapping[str, object]


def export(store: Store, account: Account, path: Path) -> None:
    """
    Write the last report of an account to a new file.

    Raises `StorageError` when the file is there already or cannot be
    written, and `UsageError` when no report is kept.
    """
    tests = store.history(account)
    if not tests:
        raise UsageError(
            f"no report of {account.label} is kept", fix=f"Test it first: `hashdata accounts test {account.label}`."
        )
    document = _document(account.label, tests[-1].report)
    write_new(path, json.dumps(document, indent=2, ensure_ascii=True).encode() + b"\n", name="the report")


def checksum(label: str, report: Mapping[str, object]) -> str:
    """Return the checksum of a report and whose it is, which does not depend on how the JSON is laid out."""
    text = json.dumps({"label": label, "report": report}, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def verified(path: Path) -> Exported:
    """Return an exported report; raise `StorageError` when it is none, or was changed since."""
    content = _read(path)
    try:
        document = json.loads(content)
        label, report = str(document["label"]), document["report"]
        connector = str(report["connector"]["name"])
        whole = _document(label, report)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StorageError(
            "this is not a report that hashdata exported, or it is damaged", fix="Ask for the file again."
        ) from None
    if document != whole:
        raise StorageError(
            "the report is damaged or was changed: its checksum does not fit", fix="Ask for the file again."
        )
    return Exported(label, connector, report)


def _read(path: Path) -> bytes:
    """Return what a file holds, whoever may own or change it: such a report comes from others."""
    name_one = "Name a file that `hashdata accounts export-report` wrote."
    try:
        # Without waiting: a pipe that nobody writes to would never open.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
            content = _up_to_the_cap(descriptor) if is_file else b""
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise StorageError("the report is not there", fix=name_one) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(f"the report cannot be read: {reason}", fix="Check its permissions.") from None
    if not is_file:
        raise StorageError("the report is no file", fix=name_one)
    if len(content) > _LARGEST:
        raise StorageError("the report is larger than any that hashdata exports", fix="Ask for the file again.")
    return content


def _up_to_the_cap(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read(_LARGEST + 1)


def _document(label: str, report: Mapping[str, object]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "label": label,
        "report": report,
        "checksum": {"sha256": checksum(label, report), "of": _OF},
    }
