"""Get the values of a key: hidden at a terminal, from a file that nobody else can read, or from standard input."""

from __future__ import annotations

import getpass
import os
import stat
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from hashdata.answers import NotJSON, parse
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import UsageError

# Three values of at most 1,024 characters, and generous room for comments.
_LARGEST = 64 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


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
    values: dict[str, object] = {}
    sys.stderr.write(f"The values of the {connector.info.title} key; what you type or paste is not shown.\n")
    for field in connector.schema:
        optional = "" if field.required else " (optional)"
        hint = f" - {field.hint}" if field.hint else ""
        try:
            values[field.name] = getpass.getpass(f"{field.label}{optional}{hint}: ", stream=sys.stderr)
        except EOFError:
            raise UsageError("the input ended before all values were given", fix="Run the command again.") from None
    return connector.schema.bind({name: value for name, value in values.items() if value})


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
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(
            f"the credentials file cannot be opened: {reason}",
            fix="Check its name and permissions.",
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise UsageError("the credentials file is a folder", fix="Name the file itself.")
        if os.name == "posix" and status.st_mode & _OTHERS:
            raise UsageError(
                "the credentials file can be read by other users of this computer",
                fix="Run `chmod 600` on it. If others may have read it, make a new key.",
            )
        os.set_blocking(descriptor, True)
        return _capped(file.read(_LARGEST + 1), "the credentials file")


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
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("the credentials are not text in UTF-8", fix=fix) from None
    try:
        # A TOML file of ours starts with a name or a comment, so this tells the two apart.
        value = parse(text) if text.lstrip().startswith(("{", "[")) else tomllib.loads(text)
    except (NotJSON, tomllib.TOMLDecodeError, RecursionError):
        raise UsageError("the credentials are neither TOML nor JSON", fix=fix) from None
    if not isinstance(value, dict):
        raise UsageError("the credentials are not an object with named fields", fix=fix)
    return value
