"""`hashdata accounts add` and `rotate`: from options to a stored key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from hashdata.accounts.account import Account
from hashdata.accounts.adding import (
    Place,
    Proven,
    check_new_key,
    check_new_label,
    check_same_account,
    rotate,
    submit,
)
from hashdata.accounts.sisters import Missing
from hashdata.cli import terminal, testing
from hashdata.cli.consent import ensure_allowed
from hashdata.cli.failure import Interrupted
from hashdata.cli.hidden import agrees, ask_openly, is_terminal
from hashdata.cli.unlocking import store_here, unlock, unlock_or_make
from hashdata.connector import Connector
from hashdata.errors import ExitCode, UsageError
from hashdata.exchange.loopback import loopback_origin
from hashdata.permissions import Verdict
from hashdata.registry import find
from hashdata.tester.report import Report
from hashdata.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """
    What came of a key: its report, and the account if it was accepted and stored.

    `otherwise` is said where it was not, `is_declined` whether a person
    answered no. `vault` is the opened one, for the next key.
    """

    report: Report
    account: Account | None = None
    otherwise: str = "Nothing was stored."
    is_declined: bool = False
    vault: Vault | None = field(default=None, repr=False)

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the command."""
        return ExitCode.USAGE if self.is_declined else self.report.verdict.exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options by which a key is given and tested."""

    credentials: str | None
    timeout: str
    key_file: str | None
    endpoint: str | None = None
    persona: str | None = None


@contextmanager
def interruptible() -> Iterator[None]:
    """Say of Ctrl-C that a key may be stored by then."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(
            "interrupted", fix="Look at `hashdata accounts list` to see what is stored, then run the command again."
        ) from None


def add(label: str, name: str, given: Given, vault: Vault | None = None) -> Added:
    """
    Test a key and store it if it is accepted, in `vault` if one is open already.

    Everything that can be wrong is found before the exchange is asked.
    """
    store = store_here()
    # Before a person types passphrase and key for nothing.
    book = store.book()
    check_new_label(book, label)
    connector = find(name)
    if given.persona is None:
        # Before a passphrase is typed for nothing.
        ensure_allowed(connector)
    origin = loopback_origin(given.endpoint) if given.endpoint is not None else None
    plan = _unasked(connector.name, given)
    vault = vault.reread(store.home.vault) if vault else unlock_or_make(store, given.key_file)
    plan = plan or _plan(connector.name, given)
    label = check_new_label(book, label, plan.credentials)
    mark = check_new_key(store, vault, connector, plan.credentials)
    report = replace(testing.carry_out(plan, all_streams=False), fingerprint=mark)
    if report.verdict is not Verdict.ACCEPTED:
        return Added(report=report)
    place = Place(endpoint=origin, persona=plan.practice[1].name if plan.practice else None)
    proven = Proven(connector=connector, credentials=plan.credentials, report=report)
    return Added(report=report, account=submit(store, vault, label, proven, place), vault=vault)


def _unasked(name: str, given: Given) -> testing.Plan | None:
    """Check the options, and return the plan where nobody needs to be asked for the key."""
    testing.seconds_of(given.timeout)
    if given.credentials is None and given.persona is None:
        return None
    return _plan(name, given)


def _plan(name: str, given: Given) -> testing.Plan:
    return testing.plan(
        name,
        credentials=given.credentials,
        persona=given.persona,
        endpoint=given.endpoint,
        timeout=given.timeout,
        record=None,
    )


def give_new_key(label: str, given: Given, *, sure: bool) -> Added:
    """Test a new key of an account and let it take the place of the old one if it is accepted."""
    store = store_here()
    account = store.book().find(label)
    connector = find(account.connector)
    if given.persona is not None and account.persona is None:
        raise UsageError(
            f"{account.label} is not tested in the sandbox, so --sandbox cannot give it a key",
            fix="Give the new key with --credentials, or leave both out to be asked for it.",
        )
    if account.account_id is None and not sure and not is_terminal():
        raise UsageError(f"{_untold(account)}; the old key stays", fix="If you know that it does, add --yes.")
    vault = unlock(store, given.key_file)
    plan = _plan_for(account, connector, given)
    mark = check_new_key(store, vault, connector, plan.credentials, account)
    report = replace(testing.carry_out(plan, all_streams=False), fingerprint=mark)
    if report.verdict is not Verdict.ACCEPTED:
        return Added(report=report, otherwise=f"The old key of {account.label} stays.")
    if not (check_same_account(account, report) or sure or _is_confirmed(account)):
        return Added(report=report, otherwise="The old key stays.", is_declined=True)
    persona = plan.practice[1].name if plan.practice else None
    proven = Proven(connector=connector, credentials=plan.credentials, report=report)
    return Added(report=report, account=rotate(store, vault, replace(account, persona=persona), proven))


def _plan_for(account: Account, connector: Connector, given: Given) -> testing.Plan:
    """Return the plan for testing a new key where the old one was tested."""
    if account.persona is None:
        return _plan(connector.name, replace(given, endpoint=account.endpoint))
    return _plan(connector.name, given) if given.persona is not None else _in_sandbox(account, connector, given)


def _in_sandbox(account: Account, connector: Connector, given: Given) -> testing.Plan:
    """Return the plan for a new key of an account that is tested in the sandbox."""
    from hashdata.sandbox.personas import exchange_of, persona_of

    plan = _plan(connector.name, given)
    exchange = exchange_of(connector)
    persona = persona_of(exchange, account.persona or "")
    own = {name: plan.credentials[name].reveal() for name in plan.credentials}
    return replace(plan, practice=(exchange, replace(persona, credentials=own)))


def _untold(account: Account) -> str:
    return f"the exchange does not tell whether the new key belongs to the same account as the key of {account.label}"


def _is_confirmed(account: Account) -> bool:
    """Ask whether the new key belongs to the same account, because the exchange does not tell."""
    what = _untold(account)
    if not is_terminal():
        # Of the old key it told: only this test shows that it does not any more.
        raise UsageError(f"{what}; the old key stays", fix="If you know that it does, add --yes.")
    terminal.note(f"\n{what[0].upper()}{what[1:]}.")
    return agrees("Let it take the place of the old one?")


def offer_sisters(account: Account, given: Given, vault: Vault | None) -> Added | None:
    """Say which other keys the same customer has, and on a terminal offer to add one at once."""
    from hashdata.accounts.overview import connectors_of
    from hashdata.accounts.sisters import missing_sisters

    book = store_here().book()
    missing = missing_sisters(book, connectors_of([account])).get(account.label, ())
    for sister in missing:
        terminal.note(f"\n{sister.title} needs a key of its own. {sister.why}")
        label = f"{account.label}-{sister.connector.rpartition('-')[2]}"
        if not is_terminal() or given.credentials is not None:
            terminal.note(f"Add it: {_command(label, sister, account, given)}")
            continue
        typed = ask_openly(f"To add it now, type a label for it such as {label}; Enter alone leaves it: ")
        if typed:
            return add(typed, sister.connector, given, vault)
    return None


def _command(label: str, sister: Missing, account: Account, given: Given) -> str:
    """Return the command that adds a sister where the account itself was tested."""
    from shlex import join

    words = ["hashdata", "accounts", "add", label, sister.connector]
    words += ["--sandbox", account.persona] if account.persona is not None else []
    words += ["--endpoint", account.endpoint] if account.endpoint is not None else []
    words += ["--key-file", given.key_file] if given.key_file is not None else []
    return join(words)
