"""
The command line. It parses, calls and prints; what it calls decides.

`main` is the entry point: it runs one command and turns whatever happens
into one clear sentence and an exit code.
"""

from __future__ import annotations

import _thread
import contextlib
import gc
import os
import signal
import sys
import threading
from typing import Never

from hashdata.cli import terminal
from hashdata.errors import ExitCode

_COMPLETION_OPTIONS = {"--show-completion", "--install-completion"}


# Starting makes a hundred thousand objects that stay; looking for garbage among them costs a tenth of the time.
_COLLECT_AFTER = 20_000
# By then the place where nothing can be raised is left; in seconds.
_A_MOMENT = 0.02


def main() -> Never:
    """Run the command line on this process's arguments and exit."""
    gc.set_threshold(_COLLECT_AFTER)
    terminal.open_streams()
    _hush()
    code: int = ExitCode.BROKEN
    try:
        _hear_interrupts()
        code = run(sys.argv[1:])
    except BaseException as error:  # noqa: BLE001 - by itself it would end with the 1 of a denied key
        _say_barely(error)
    terminal.retire()
    raise SystemExit(code)


def _say_barely(error: BaseException) -> None:
    """Say what went wrong while an error was told, with nothing that would have to be imported, and no values."""
    if isinstance(error, KeyboardInterrupt):
        return
    name = f": {error.name}" if isinstance(error, ModuleNotFoundError) else ""
    what, fix = ("start", "install it again") if isinstance(error, ImportError) else ("go on", "run the command again")
    said = f"Error: hashdata cannot {what} ({type(error).__name__}{name}). Fix: {fix}.\n"
    with contextlib.suppress(OSError):
        os.write(2, said.encode("ascii", "replace"))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing is raised."""
    with terminal.output(json_only="--json" in arguments, lines="--jsonl" in arguments):
        try:
            return _run(arguments)
        except terminal.PipeClosed:
            return terminal.PIPE_CLOSED
        except BaseException as error:  # noqa: BLE001 - the last place: every error becomes a sentence here
            return _failed(error, completing=_is_completion(arguments))


def _hear_interrupts() -> None:
    """Let Ctrl-C raise again: from here on it is told in words."""
    if callable(signal.getsignal(signal.SIGINT)):
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _run(arguments: list[str]) -> int:
    """Let Typer parse and call; its own handling of errors would repeat arguments, which may be secrets."""
    import typer

    from hashdata.cli.app import app

    code = typer.main.get_command(app)(args=arguments, prog_name="hashdata", standalone_mode=False)
    # Typer makes a bare number of Ctrl-C; a command that is meant to end by it says so in our own words.
    if code == ExitCode.INTERRUPTED and not isinstance(code, ExitCode):
        raise KeyboardInterrupt
    return int(code or 0)


def _is_completion(arguments: list[str]) -> bool:
    """Whether a shell or somebody who sets one up asks, so that no key is tested."""
    asked = bool(arguments) and arguments[0].partition("=")[0] in _COMPLETION_OPTIONS
    return asked or bool(os.environ.get("_HASHDATA_COMPLETE"))


def _failed(error: BaseException, *, completing: bool) -> int:
    """Print what happened and what to do; return the exit code."""
    if isinstance(error, SystemExit):
        # Typer ends the process by itself where it prints help into a closed pipe, and after every completion.
        # Anything else that ends it, a connector for example, must not choose our exit code.
        if isinstance(error.__context__, BrokenPipeError):
            terminal.discard()
            return terminal.PIPE_CLOSED
        if completing:
            return ExitCode.USAGE if error.code else ExitCode.ACCEPTED
    from hashdata.cli.failure import explain

    failure = explain(error)
    try:
        terminal.fail(failure)
    except terminal.PipeClosed:
        return terminal.PIPE_CLOSED
    except OSError:
        # Neither place can be written to, so the exit code alone must say it.
        terminal.discard()
    return failure.exit_code


def _hush() -> None:
    """Say in our words what Python would say with messages and the chain of causes, which may hold anything."""

    def say(error: BaseException | None) -> None:
        from hashdata.cli.failure import explain

        with contextlib.suppress(Exception):
            # Whatever happens beside a command, its one document on standard output is its own.
            terminal.note(f"Error: {explain(error or RuntimeError()).what}.")

    sys.excepthook = lambda _, error, __: say(error)
    # What a finalizer or another thread raises.
    sys.unraisablehook = lambda raised: None if _interrupt_again(raised.exc_value) else say(raised.exc_value)
    threading.excepthook = lambda raised: say(raised.exc_value)


def _interrupt_again(error: BaseException | None) -> bool:
    """Repeat a Ctrl-C that came where nothing can be raised, as in a finalizer during an import; say whether it did."""
    if not isinstance(error, KeyboardInterrupt):
        return False
    again = threading.Timer(_A_MOMENT, _interrupt_main)
    again.daemon = True
    with contextlib.suppress(RuntimeError):
        again.start()
    return True


def _interrupt_main() -> None:
    """Interrupt the main thread, also where it waits for something; Windows cannot wake it."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()
