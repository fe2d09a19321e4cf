"""One stored account: which key it is, where it is tested, and what was found last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from hashdata.permissions import Cause, Verdict

_CHECK_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One test of an account, whatever came of it."""

    at: datetime
    verdict: Verdict
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    What is known of one account. Holds nothing secret.

    `id` stays through every change, `key` is the id of the record in the
    vault and changes with the key. `standing` is the last test that found
    out something, `last` the last one of all: an inconclusive test changes
    only that. `asked` is when write questions were last asked, `since` when
    this key was stored. `endpoint` or `persona` stand only for practice.
    `unknown` are names of the file that this version does not know.
    """

    id: str
    label: str
    connector: str
    key: str
    fingerprint: str
    since: datetime
    standing: Attempt
    last: Attempt
    last4: str | None = None
    account_id: str | None = None
    endpoint: str | None = None
    persona: str | None = None
    asked: datetime | None = None
    expires: datetime | None = None
    is_intact: bool = True
    unknown: Mapping[str, object] = field(default_factory=dict, repr=False)

    @property
    def is_practice(self) -> bool:
        """Whether this is a practice key, which proves nothing about any real one."""
        return self.endpoint is not None or self.persona is not None

    @property
    def place(self) -> str:
        """Where the key is tested: accounts of one exchange at one place share their account ids."""
        return self.endpoint or (f"sandbox {self.persona}" if self.persona is not None else "")


def check_of(facts: Mapping[str, object]) -> str:
    """
    Return the check of an account's facts, which stands in the file beside them.

    It tells damage and changes by hand from what hashdata wrote. Everybody
    can compute it: the proof that a key belongs to an account is in the vault.
    """
    text = "\n".join(f"{name}={value!s}" for name, value in sorted(facts.items()))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_CHECK_DIGITS]
