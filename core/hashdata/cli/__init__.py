"""
The command line. It parses, calls and prints; what it calls decides.

`main` is the entry point: it runs one command and turns whatever happens
into one clear sentence and an exit code.
"""

from __future__ import annotations

import sys

from hashdata.cli import terminal
from hashdata.errors import ExitCode


def main() -> None:
    """Run the command line on this process's arguments and exit."""
    raise SystemExit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing is raised."""
    with terminal.output(json_only="--json" in arguments):
        try:
            return _run(arguments)
        except terminal.PipeClosed:
            return terminal.PIPE_CLOSED
        except BaseException as error:  # noqa: BLE001 - the last place: every error becomes a sentence here
            return _failed(error)


def _run(arguments: list[str]) -> int:
    """Let Typer parse and call; its own handling of errors would repeat arguments, which may be secrets."""
    import typer

    from hashdata.cli.app import app

    code = typer.main.get_command(app)(args=arguments, prog_name="hashdata", standalone_mode=False)
    if code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    return int(code or 0)


def _failed(error: BaseException) -> int:
    """Print what happened and what to do; return the exit code."""
    from hashdata.cli.failure import explain

    failure = explain(error)
    try:
        terminal.fail(failure)
    except terminal.PipeClosed:
        return terminal.PIPE_CLOSED
    return failure.exit_code
