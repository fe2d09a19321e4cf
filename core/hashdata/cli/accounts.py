"""`hashdata accounts`: keep keys that were accepted, and test them again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from hashdata.cli import reports, terminal
from hashdata.cli.completion import complete_connector, complete_label, complete_persona
from hashdata.cli.options import Json, KeyFile, Label
from hashdata.cli.quick import Command, Group
from hashdata.errors import ExitCode

if TYPE_CHECKING:
    from hashdata.accounts.account import Account
    from hashdata.cli.adding import Added, Given

app = typer.Typer(cls=Group, rich_markup_mode=None, invoke_without_command=True)

Credentials = Annotated[
    str | None,
    typer.Option(metavar="FILE|-", help="TOML or JSON with the key's values, or - for standard input."),
]
Persona = Annotated[
    str | None,
    typer.Option("--sandbox", metavar="PERSONA", help="Use a practice key.", autocompletion=complete_persona),
]
Timeout = Annotated[str, typer.Option(metavar="S", help="Seconds that the test of one key may take.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.callback()
def accounts(context: typer.Context) -> None:
    """Keep keys that were accepted, and test them again."""
    if context.invoked_subcommand is None:
        terminal.write(context.get_help())
        raise typer.Exit(ExitCode.USAGE)


@app.command(cls=Command)
def add(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="Your name for the account.")],
    name: Annotated[
        str,
        typer.Argument(metavar="CONNECTOR", help="Such as poloniex.", autocompletion=complete_connector),
    ],
    credentials: Credentials = None,
    sandbox: Persona = None,
    endpoint: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Test at this loopback address instead, now and later."),
    ] = None,
    timeout: Timeout = "20",
    key_file: KeyFile = None,
    json: Json = False,
) -> ExitCode:
    """
    Test a key, and store it if it is accepted.

    Exit codes: 0 accepted and stored, 1 denied, 2 usage error (also for a
    label, key or account that is stored already), 3 unusable key,
    4 inconclusive, 5 broken connector or internal error, 130 interrupted.
    Nothing is stored unless the code is 0.
    """
    from hashdata.cli import adding
    from hashdata.render.accounts import stored

    given = adding.Given(
        credentials=credentials, timeout=timeout, key_file=key_file, endpoint=endpoint, persona=sandbox
    )
    with adding.interruptible():
        added = adding.add(label, name, given)
        _tell(added, stored, json=json)
    if added.account and not json:
        _offer(added, added.account, given)
    return added.exit_code


@app.command("list", cls=Command)
def list_(json: Json = False) -> None:
    """List the stored accounts with the verdicts that stand."""
    from datetime import UTC, datetime

    from hashdata.accounts.overview import overview
    from hashdata.cli.unlocking import store_here
    from hashdata.render import accounts as rendered

    now = datetime.now(UTC)
    rows = overview(store_here().book(), now)
    if json:
        terminal.emit(rendered.to_json(rows))
    else:
        terminal.show(*rendered.table(rows, now))


@app.command(cls=Command)
def show(
    label: Label,
    report: Annotated[bool, typer.Option("--report", help="Show the last report too.")] = False,
    history: Annotated[bool, typer.Option("--history", help="Show every test that is kept.")] = False,
    json: Json = False,
) -> None:
    """Show one account, its last report, and its history."""
    from datetime import UTC, datetime

    from hashdata.accounts.overview import overview
    from hashdata.cli.unlocking import store_here
    from hashdata.render import accounts as rendered
    from hashdata.render import kept

    store, now = store_here(), datetime.now(UTC)
    book = store.book()
    account = book.find(label)
    row = next(row for row in overview(book, now) if row.account.id == account.id)
    tests = store.history(account) if report or history else []
    last = kept.last(tests, account) if report else None
    if json:
        terminal.emit(rendered.one_to_json(row, last, tests if history else None))
        return
    terminal.show(*rendered.page(row, now))
    if history:
        terminal.show(rendered.timeline(tests))
    if last:
        terminal.show("\n", *kept.page(last, row.title))


@app.command("test", cls=Command)
def retest(
    labels: Annotated[
        list[str] | None,
        typer.Argument(metavar="LABEL...", help="The accounts to test.", autocompletion=complete_label),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Test all accounts that were not tested just now.")] = False,
    connector: Annotated[
        str | None,
        typer.Option(metavar="C", help="Only accounts of this connector.", autocompletion=complete_connector),
    ] = None,
    min_age: Annotated[
        str,
        typer.Option(
            metavar="AGE", help="With --all, leave out accounts asked more recently: 90s, 30m, 2h, 1d, 0 for none."
        ),
    ] = "1h",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
    timeout: Timeout = "20",
    key_file: KeyFile = None,
    json: Json = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Print one JSON document a line for each result.")] = False,
) -> ExitCode:
    """
    Test stored accounts again, and tell drift first.

    Drift is a key that was accepted and is denied now.

    Exit codes, the worst over all accounts that are covered: 1 denied, 5
    broken connector or account, 3 unusable, 4 inconclusive or left out,
    0 all accepted. 2 usage error, 130 interrupted: --resume goes on.
    """
    from hashdata.cli import retests

    return retests.carry_out(
        retests.Wanted(
            labels=tuple(labels or ()),
            every=every,
            connector=connector,
            min_age=min_age,
            resume=resume,
            timeout=timeout,
            key_file=key_file,
        ),
        output=retests.Output.of(json=json, jsonl=jsonl),
    )


@app.command(cls=Command)
def rotate(
    label: Label,
    credentials: Credentials = None,
    sandbox: Persona = None,
    timeout: Timeout = "20",
    key_file: KeyFile = None,
    yes: Yes = False,
    json: Json = False,
) -> ExitCode:
    """
    Give an account a new key, once that is accepted.

    The old one stays until then.

    Exit codes are those of `accounts add`.
    """
    from hashdata.cli import adding
    from hashdata.render.accounts import rotated

    given = adding.Given(credentials=credentials, timeout=timeout, key_file=key_file, persona=sandbox)
    with adding.interruptible():
        added = adding.give_new_key(label, given, sure=yes)
        _tell(added, rotated, json=json)
    return added.exit_code


@app.command(cls=Command)
def rename(label: Label, new: Annotated[str, typer.Argument(metavar="NEW", help="The new label.")]) -> None:
    """Give an account another label."""
    from hashdata.accounts.labels import check_label
    from hashdata.cli.unlocking import store_here

    store = store_here()
    account, wanted = store.book().find(label), check_label(new)
    store.rename(account, wanted)
    terminal.write(f"{account.label} is now {wanted}.")


@app.command(cls=Command)
def remove(label: Label, key_file: KeyFile = None, yes: Yes = False) -> ExitCode:
    """
    Remove an account with its key and its reports.

    At a terminal it asks first.
    """
    from hashdata.cli.hidden import agrees, is_terminal
    from hashdata.cli.unlocking import store_here, unlock

    store = store_here()
    account = store.book().find(label)
    if is_terminal() and not yes and not agrees(f"Remove {account.label}, its key and all its reports?"):
        terminal.note("Nothing was removed.")
        return ExitCode.USAGE
    # Where the vault is lost, what is left of its accounts can still be removed.
    store.remove(unlock(store, key_file) if store.has_vault() else None, account)
    terminal.write(
        f"{account.label} is removed. The key itself still exists: delete it on the exchange's key page if nobody "
        "needs it."
    )
    return ExitCode.ACCEPTED


app.command("export-report", cls=Command)(reports.export_report)
app.command("verify-report", cls=Command)(reports.verify_report)


def _offer(added: Added, account: Account, given: Given) -> None:
    """Offer to add the other keys of the same customer; whatever comes of that, the account is stored."""
    from hashdata.cli import adding
    from hashdata.cli.failure import explain
    from hashdata.errors import HashdataError
    from hashdata.render.accounts import stored

    try:
        if offered := adding.offer_sisters(account, given, added.vault):
            _tell(offered, stored, json=False)
    except HashdataError as ended:
        terminal.fail(explain(ended))
        terminal.note(f"{account.label} stays stored; nothing else was.")
    except KeyboardInterrupt:
        terminal.note(f"{account.label} stays stored; `hashdata accounts list` shows whether anything else is.")


def _tell(added: Added, sentence: Callable[[Account], str], *, json: bool) -> None:
    """Print the report of a key, and what became of it."""
    from hashdata.render import report as rendered

    if added.is_declined and not json:
        terminal.note(added.otherwise)
        return
    if json:
        terminal.emit(added.report.to_json())
        for line in rendered.to_report(added.report):
            terminal.note(line)
    else:
        terminal.show(*rendered.page(added.report))
    said = sentence(added.account) if added.account else added.otherwise
    if json:
        terminal.note(said)
    else:
        terminal.write(f"\n{said}")
