"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from hashdata.cli.completion import complete_label

Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document, also for an error.")]
KeyFile = Annotated[
    str | None,
    typer.Option("--key-file", metavar="FILE", help="The file that opens the vault; also HASHDATA_KEY_FILE."),
]
Label = Annotated[
    str, typer.Argument(metavar="LABEL", help="Your name for the account.", autocompletion=complete_label)
]
