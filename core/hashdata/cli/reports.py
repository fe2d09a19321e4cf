"""`hashdata accounts export-report` and `verify-report`: reports for somebody who keeps them."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli import terminal
from hashdata.cli.options import Label


def export_report(
    label: Label,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
) -> None:
    """
    Write the last report of an account to a file.

    A checksum in it shows damage to whoever keeps it.
    """
    from pathlib import Path

    from hashdata.accounts.export import export
    from hashdata.cli.unlocking import store_here

    store = store_here()
    account = store.book().find(label)
    export(store, account, Path(file))
    terminal.write(f"Written to {file}. Whoever gets it can check it: hashdata accounts verify-report FILE")


def verify_report(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file that `export-report` wrote.")],
) -> None:
    """Check and print a report that was exported."""
    from pathlib import Path

    from hashdata.accounts.export import verified
    from hashdata.accounts.overview import title_of
    from hashdata.render import kept
    from hashdata.render.plain import plain

    exported = verified(Path(file))
    page = kept.page_of(exported.report, title_of(exported.title))
    # The file may come from anybody: whoever changes it can compute the checksum too.
    terminal.write(f"The checksum fits. The report of {plain(exported.label)}:\n")
    terminal.show(*page)
