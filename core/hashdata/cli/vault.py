"""`hashdata vault`: make, look at, and change how the vault is opened."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli import terminal
from hashdata.cli.options import Json, KeyFile
from hashdata.cli.quick import Command, Group
from hashdata.errors import ExitCode

app = typer.Typer(cls=Group, rich_markup_mode=None, invoke_without_command=True)

Slot = Annotated[str | None, typer.Option("--slot", metavar="SLOT", help="passphrase, keyfile or keyring.")]
NewKeyFile = Annotated[
    str | None,
    typer.Option("--new-key-file", metavar="FILE", help="The new key file; one that is not there is made."),
]


@app.callback()
def vault(context: typer.Context) -> None:
    """Keep the secrets of accounts, encrypted."""
    if context.invoked_subcommand is None:
        terminal.write(context.get_help())
        raise typer.Exit(ExitCode.USAGE)


@app.command(cls=Command)
def init(
    slot: Slot = None,
    key_file: Annotated[
        str | None,
        typer.Option("--key-file", metavar="FILE", help="For keyfile: a file of 32 bytes or more, made if missing."),
    ] = None,
) -> None:
    """
    Make the vault, and say how it is opened.

    passphrase: typed each time. keyfile: a file that only you can read, for
    cron and servers. keyring: the keyring of this system.
    """
    from hashdata.cli import vault_changes

    terminal.write(vault_changes.init(slot, key_file))


@app.command(cls=Command)
def status(json: Json = False) -> None:
    """
    Say where the vault is and how it is opened.

    It is not opened for that.
    """
    from hashdata.cli.unlocking import store_here
    from hashdata.render import vault as rendered

    store = store_here()
    sealed = store.sealed() if store.has_vault() else None
    if json:
        terminal.emit(rendered.to_json(store.home, sealed))
    else:
        terminal.show(*rendered.page(store.home, sealed))


@app.command("change-passphrase", cls=Command)
def change_passphrase(key_file: KeyFile = None) -> None:
    """
    Give the vault another passphrase.

    The old one opens no copy that hashdata keeps.
    """
    from hashdata.cli import vault_changes

    terminal.write(vault_changes.change_passphrase(key_file))


@app.command("change-key-file", cls=Command)
def change_key_file(new_key_file: NewKeyFile = None, key_file: KeyFile = None) -> None:
    """
    Give the vault another key file.

    The old one opens no copy that hashdata keeps.
    """
    from hashdata.cli import vault_changes

    terminal.write(vault_changes.change_key_file(new_key_file, key_file))


@app.command("add-slot", cls=Command)
def add_slot(slot: Slot = None, new_key_file: NewKeyFile = None, key_file: KeyFile = None) -> None:
    """
    Let the vault be opened in one more way.

    Such as by a key file, for cron.
    """
    from hashdata.cli import vault_changes

    terminal.write(vault_changes.add_slot(slot, new_key_file, key_file))


@app.command("remove-slot", cls=Command)
def remove_slot(slot: Slot = None, key_file: KeyFile = None) -> None:
    """Take away one way to open the vault."""
    from hashdata.cli import vault_changes

    terminal.write(vault_changes.remove_slot(slot, key_file))
