"""An account as a table of `accounts.toml`, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from hashdata.accounts.account import Account, Attempt, check_of
from hashdata.accounts.labels import check_label
from hashdata.errors import UsageError
from hashdata.permissions import Cause, Verdict

_VAULT = "vault:"
_CONNECTOR = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HEX = re.compile(r"[0-9a-f]{8,64}")
_Word = TypeVar("_Word", bound=StrEnum)
# In the order in which they are written; all but the label, which is the table's name.
_NAMES = (
    "id",
    "connector",
    "key",
    "last4",
    "fingerprint",
    "account_id",
    "endpoint",
    "persona",
    "since",
    "expires",
    "verdict",
    "cause",
    "tested",
    "attempted",
    "attempt",
    "attempt_cause",
    "asked",
)


class Unreadable(Exception):  # noqa: N818 - becomes a sentence about the file
    """A table is no account; `name` is the name in it that is wrong, and the text says how."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(problem)
        self.name = name


def to_row(account: Account) -> dict[str, object]:
    """Return the table of an account; what is not known does not stand in it."""
    known: dict[str, object | None] = {
        "id": account.id,
        "connector": account.connector,
        "key": _VAULT + account.key,
        "last4": account.last4,
        "fingerprint": account.fingerprint,
        "account_id": account.account_id,
        "endpoint": account.endpoint,
        "persona": account.persona,
        "since": account.since,
        "expires": account.expires,
        "verdict": str(account.standing.verdict),
        "cause": account.standing.cause and str(account.standing.cause),
        "tested": account.standing.at,
        "attempted": account.last.at,
        "attempt": str(account.last.verdict),
        "attempt_cause": account.last.cause and str(account.last.cause),
        "asked": account.asked,
    }
    facts = {name: value for name, value in known.items() if value is not None}
    check = check_of({"label": account.label, **facts}) if account.is_intact else "changed"
    return {**facts, "check": check, **account.unknown}


def of_row(label: str, row: object) -> Account:
    """Read a table; raise `Unreadable` naming the first name that is wrong."""
    if not isinstance(row, Mapping):
        raise Unreadable("", "is no table")
    try:
        check_label(label)
    except UsageError as error:
        raise Unreadable("", error.what) from None
    facts = {name: row[name] for name in _NAMES if name in row}
    unknown = {name: value for name, value in row.items() if name not in facts and name != "check"}
    tested = Attempt(
        at=_time(row, "tested"), verdict=_word(row, "verdict", Verdict), cause=_optional(row, "cause", _cause)
    )
    last = Attempt(
        at=_time(row, "attempted"),
        verdict=_word(row, "attempt", Verdict),
        cause=_optional(row, "attempt_cause", _cause),
    )
    return Account(
        id=_hex(row, "id"),
        label=label,
        connector=_connector(row),
        key=_key(row),
        fingerprint=_hex(row, "fingerprint"),
        since=_time(row, "since"),
        standing=tested,
        last=last,
        last4=_optional(row, "last4", _text),
        account_id=_optional(row, "account_id", _text),
        endpoint=_optional(row, "endpoint", _text),
        persona=_optional(row, "persona", _text),
        asked=_optional(row, "asked", _time),
        expires=_optional(row, "expires", _time),
        is_intact=row.get("check") == check_of({"label": label, **facts}),
        unknown=unknown,
    )


_Value = TypeVar("_Value")


def _optional(
    row: Mapping[str, object], name: str, read: Callable[[Mapping[str, object], str], _Value]
) -> _Value | None:
    return read(row, name) if name in row else None


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable(name, "is missing" if name not in row else "is no text")
    return value


def _time(row: Mapping[str, object], name: str) -> datetime:
    value = row.get(name)
    if not isinstance(value, datetime):
        raise Unreadable(name, "is missing" if name not in row else "is no date with a time")
    # A time that was typed by hand without a zone is taken for UTC, which is what hashdata writes.
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _hex(row: Mapping[str, object], name: str) -> str:
    value = _text(row, name)
    if not _HEX.fullmatch(value):
        raise Unreadable(name, "is not an id of hashdata")
    return value


def _connector(row: Mapping[str, object]) -> str:
    value = _text(row, "connector")
    if not _CONNECTOR.fullmatch(value):
        raise Unreadable("connector", "is not the name of a connector")
    return value


def _key(row: Mapping[str, object]) -> str:
    value = _text(row, "key")
    if not value.startswith(_VAULT) or not _HEX.fullmatch(value.removeprefix(_VAULT)):
        raise Unreadable("key", f"is not {_VAULT} and the id of a record")
    return value.removeprefix(_VAULT)


def _word(row: Mapping[str, object], name: str, kind: type[_Word]) -> _Word:
    value = _text(row, name)
    try:
        return kind(value)
    except ValueError:
        raise Unreadable(name, f"is none of {', '.join(kind)}") from None


def _cause(row: Mapping[str, object], name: str) -> Cause:
    return _word(row, name, Cause)
