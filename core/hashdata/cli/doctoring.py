"""What `hashdata doctor` does: open the vault if it can be opened, look, and write a bundle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hashdata.accounts.book import Book
from hashdata.accounts.bundle import bundle
from hashdata.accounts.doctor import examine
from hashdata.accounts.findings import Check, Finding, Grade
from hashdata.accounts.store import Store
from hashdata.cli.hidden import is_terminal
from hashdata.cli.unlocking import key_file, store_here, unlock
from hashdata.errors import HashdataError, StorageError
from hashdata.home import write_new
from hashdata.registry import installed
from hashdata.vault import SlotKind, Vault


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found."""

    findings: Sequence[Finding]

    @property
    def needs_a_hand(self) -> bool:
        """Whether a person must do something."""
        return any(finding.grade is Grade.PROBLEM for finding in self.findings)


def examine_all(key_file_option: str | None, bundle_to: str | None) -> Examined:
    """Look at everything; write a bundle where one is asked for."""
    store, now, entries = store_here(checked=False), datetime.now(UTC), installed()
    vault, locked_out = _opened(store, key_file_option)
    findings = [*examine(store, vault, entries, now), *locked_out]
    if bundle_to is not None:
        document = bundle(findings, _book(store), entries, now)
        write_new(Path(bundle_to), json.dumps(document, indent=2).encode() + b"\n", name="the bundle")
    return Examined(findings)


def _opened(store: Store, option: str | None) -> tuple[Vault | None, list[Finding]]:
    """Open the vault where that needs nobody, or somebody sits there; what fails is a finding like others."""
    try:
        slot = store.sealed().slot
    except HashdataError:
        # That there is none, or none that can be read, is found again and told there.
        return None, []
    by_hand = slot(SlotKind.PASSPHRASE) is not None and is_terminal()
    try:
        if not (key_file(option) or slot(SlotKind.KEYRING) or by_hand):
            return None, []
        return unlock(store, option), []
    except HashdataError as error:
        return None, [Finding(check=Check.VAULT, grade=Grade.PROBLEM, what=f"{error.what}.", fix=error.fix)]


def _book(store: Store) -> Book | None:
    try:
        return store.stored()
    except StorageError:
        return None
