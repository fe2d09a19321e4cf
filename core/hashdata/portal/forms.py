"""The form for a key: read what was typed, and name everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hashdata.accounts.account import Account
from hashdata.accounts.adding import check_new_key, check_new_label
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import CredentialError, UsageError
from hashdata.portal.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """
    A form that was sent.

    `problems` has a sentence for each field that is wrong, and under `key`
    one about the key as a whole. `credentials` are there when all values are
    good; nothing of them may be shown again.
    """

    label: str
    credentials: Credentials | None = field(default=None, repr=False)
    problems: Mapping[str, str] = field(default_factory=dict)


def read(desk: Desk, connector: Connector, form: Mapping[str, object], rotates: Account | None) -> Typed:
    """
    Read the form for a new account, or for the new key of the account that it `rotates`.

    Whether the key is stored already can be told while the vault is open;
    while it is locked, Submit finds out.
    """
    book, problems = desk.store.book(), dict[str, str]()
    credentials: Credentials | None = None
    try:
        values = {one.name: str(form.get(one.name, "")) for one in connector.schema}
        credentials = connector.schema.bind({name: value for name, value in values.items() if value})
    except CredentialError as error:
        # The name in a file of credentials, which follows the label in brackets, means nothing on a page.
        problems |= {name: what.replace(f" ({name})", "") for name, what in error.problems.items()}
    label = rotates.label if rotates else str(form.get("label", "")).strip()
    if rotates is None:
        try:
            label = check_new_label(book, label, credentials)
        except UsageError as error:
            problems = {"label": error.told, **problems}
            if credentials is not None and credentials.redactor.suspects(label):
                label = ""
    vault = desk.keeper.vault
    if not problems and credentials is not None and vault is not None:
        try:
            check_new_key(desk.store, vault, connector, credentials, rotates)
        except UsageError as error:
            problems = {"key": error.told}
    return Typed(label=label, credentials=credentials, problems=problems)
