"""Get the values of a key: hidden at a terminal, from a file that nobody else can read, or from standard input."""

from __future__ import annotations

import os
import re
import stat
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from hashdata.answers import NotJSON, parse
from hashdata.cli import terminal
from hashdata.cli.hidden import ask
from hashdata.connector import Connector
from hashdata.credentials import Credentials, Field
from hashdata.errors import UsageError

# Three values of at most 1,024 characters, and generous room for comments.
_LARGEST = 64 * 1024
# All that is safe of what tomllib says: the rest may be a part of the file.
_PLACE = re.compile(r"at line \d+, column \d+|at end of document")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Windows would end the file at a Ctrl-Z.
_BINARY = getattr(os, "O_BINARY", 0)


def read_credentials(connector: Connector, source: str) -> Credentials:
    """
    Read the values from the file `source`, or from standard input for `-`.

    Raises `UsageError` when that is not possible, and `CredentialError` with
    every problem of the values at once.
    """
    data = _from_stdin() if source == "-" else _from_file(Path(source))
    return connector.schema.bind(_decode(data, connector))


def prompt_for(connector: Connector) -> Credentials:
    """Ask for every value at the terminal, hidden; raise `UsageError` where there is none."""
    if not sys.stdin.isatty():
        raise UsageError(
            "there is no terminal to ask for the key",
            fix="Give the values with --credentials FILE, or with --credentials - on standard input.",
        )
    terminal.note(f"The values of the {connector.info.title} key; what you type or paste is not shown.")
    values = {field.name: _ask(field) for field in connector.schema}
    return connector.schema.bind({name: value for name, value in values.items() if value})


def _ask(field: Field) -> str:
    """Ask for one value, hidden or not at all."""
    optional = "" if field.required else " (optional)"
    hint = f" - {field.hint}" if field.hint else ""
    return ask(
        f"{field.label}{optional}{hint}: ",
        field.label,
        otherwise="Give the values with --credentials FILE, or with --credentials - on standard input.",
    )


def _from_stdin() -> bytes:
    """Read standard input up to the cap."""
    if sys.stdin.isatty():
        raise UsageError(
            "--credentials - reads a pipe, but standard input is a terminal",
            fix="Pipe the values in, or leave --credentials out to be asked for them.",
        )
    return _capped(sys.stdin.buffer.read(_LARGEST + 1), "standard input")


def _from_file(path: Path) -> bytes:
    """Read a file up to the cap, if nobody else can."""
    try:
        # Waits for the other side of a named pipe, as a shell would.
        descriptor = os.open(path, os.O_RDONLY | _BINARY)
        try:
            _check_private(os.fstat(descriptor).st_mode, has_modes=os.name == "posix")
            with open(descriptor, "rb", closefd=False) as file:
                return _capped(file.read(_LARGEST + 1), "the credentials file")
        finally:
            os.close(descriptor)
    except OSError as error:
        reason = error.strerror or type(error).__name__
    # Out here, because the error holds the name, and somebody may have pasted the key in its place.
    raise UsageError(f"the credentials file cannot be opened: {reason}", fix="Check its name and permissions.")


def _check_private(mode: int, *, has_modes: bool) -> None:
    """Refuse a folder, and a file that others can open; where files have no modes, say that nobody knows."""
    if stat.S_ISDIR(mode):
        raise UsageError("the credentials file is a folder", fix="Name the file itself.")
    if not has_modes:
        terminal.note("Note: this system does not tell hashdata who else can read the credentials file.")
    elif mode & _OTHERS:
        raise UsageError(
            "the credentials file can be read by other users of this computer",
            fix="Run `chmod 600` on it. If others may have read it, make a new key.",
        )


def _capped(data: bytes, what: str) -> bytes:
    """Return `data` if it is neither too large nor empty."""
    if len(data) > _LARGEST:
        raise UsageError(
            f"{what} is larger than any key: over {_LARGEST // 1024} kB",
            fix="Give the key's values alone.",
        )
    if not data.strip():
        raise UsageError(f"{what} is empty", fix="Give TOML or JSON with the key's values.")
    return data


def _decode(data: bytes, connector: Connector) -> Mapping[str, object]:
    """Return the object that TOML or JSON text holds. What was read is never repeated in an error."""
    names = ", ".join(field.name for field in connector.schema)
    fix = f'Write TOML lines such as  api_key = "..."  or a JSON object; the fields are {names}.'
    # Each error is raised outside of `except`, or its context would hold what was read.
    text, problem = "", ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = "the credentials are not text in UTF-8"
    if problem:
        raise UsageError(problem, fix=fix)
    try:
        # A TOML file of ours starts with a name or a comment, so this tells the two apart.
        value = parse(text) if text.lstrip().startswith(("{", "[")) else tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f" ({place[0]})" if place else ""
        problem = f"the credentials are neither TOML nor JSON{where}"
    except (NotJSON, RecursionError):
        problem = "the credentials are not JSON"
    if problem:
        raise UsageError(problem, fix=fix)
    if not isinstance(value, dict):
        raise UsageError("the credentials are not an object with named fields", fix=fix)
    return value
