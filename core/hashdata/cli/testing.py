"""`hashdata connectors test`: from options to a report."""

from __future__ import annotations

import asyncio
import math
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hashdata.cli import terminal
from hashdata.cli.consent import ensure_allowed
from hashdata.cli.progress import listening
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import UsageError
from hashdata.exchange.loopback import loopback_origin
from hashdata.logs import redacted
from hashdata.practice import Persona, PracticeExchange
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.tester.report import Report
from hashdata.tester.runs import examine, practise
from hashdata.tester.session import Options

if TYPE_CHECKING:
    from hashdata.recording import Recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One test that is ready to run: every option was checked, and the key's values are bound."""

    connector: Connector
    credentials: Credentials
    timeout: float
    loopback: str | None = None
    practice: tuple[PracticeExchange, Persona] | None = None
    recorder: Recorder | None = None
    record_to: Path | None = None


def plan(
    name: str,
    *,
    credentials: str | None,
    persona: str | None,
    endpoint: str | None,
    timeout: str,
    record: str | None,
) -> Plan:
    """Check every option before anything is asked, and get the key's values. Raises `UsageError`."""
    seconds = seconds_of(timeout)
    if persona is not None and (endpoint is not None or credentials is not None):
        raise UsageError(
            "--sandbox brings its own key and address, so --credentials and --endpoint do not go with it",
            fix="Use --sandbox alone, or the other two without it.",
        )
    loopback = loopback_origin(endpoint) if endpoint is not None else None
    if record is not None and record.startswith("-"):
        raise UsageError("--record needs the name of a file", fix="Give it before the next option.")
    record_to = Path(record) if record is not None else None
    if record_to:
        from hashdata.recording import check_target

        check_target(record_to)
    connector = find(name)
    if persona is None:
        ensure_allowed(connector)
    practice = None
    if persona is not None:
        exchange = exchange_of(connector)
        practice = (exchange, persona_of(exchange, persona))
        bound = connector.schema.bind(practice[1].credentials)
    else:
        bound = _given(connector, credentials)
    recorder = None
    if record_to:
        from hashdata.recording import Recorder

        is_practice = practice is not None or loopback is not None
        recorder = Recorder(connector, bound, practice=is_practice, at=datetime.now(UTC))
    return Plan(
        connector=connector,
        credentials=bound,
        timeout=seconds,
        loopback=loopback,
        practice=practice,
        recorder=recorder,
        record_to=record_to,
    )


def _given(connector: Connector, source: str | None) -> Credentials:
    """Get the values of a real key, and say which of them look wrong."""
    from hashdata.cli.key_input import prompt_for, read_credentials
    from hashdata.hardening import protect_memory

    protect_memory()
    bound = prompt_for(connector) if source is None else read_credentials(connector, source)
    for warning in bound.warnings:
        terminal.note(f"Note: {warning}")
    return bound


def seconds_of(text: str) -> float:
    """Read a number of seconds; raise `UsageError` for what is none, or not above zero."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not (math.isfinite(seconds) and seconds > 0):
        raise UsageError("--timeout must be a number of seconds above zero", fix="Leave it out for 20 seconds.")
    return seconds


def carry_out(plan: Plan, *, all_streams: bool) -> Report:
    """Run the test, telling on standard error how it goes."""
    with listening(plan.connector.info.title) as listen, redacted(plan.credentials.redactor):
        options = Options(timeout=plan.timeout, all_streams=all_streams, listen=listen)
        if plan.practice:
            exchange, persona = plan.practice
            return asyncio.run(practise(plan.connector, exchange, persona, options, tap=plan.recorder))
        return asyncio.run(
            examine(plan.connector, plan.credentials, options, loopback=plan.loopback, tap=plan.recorder)
        )


def save_recording(plan: Plan) -> None:
    """Show the recording if one was asked for, ask on a terminal, and write it."""
    recorder, path = plan.recorder, plan.record_to
    if recorder is None or path is None:
        return
    from hashdata.recording import write

    if not recorder.answers:
        terminal.note("No question was answered, so there is nothing to record and no file was written.")
        return
    text = recorder.text()
    terminal.note(
        f"\nThis is the whole recording, of {recorder.answers} answers. "
        f"The key and every signature are left out, and what the account holds is replaced:\n\n{text}"
    )
    if recorder.unanswered:
        terminal.note(f"Not in it, because not asked or not answered: {', '.join(recorder.unanswered)}.\n")
    if sys.stdin.isatty() and sys.stderr.isatty():
        terminal.note(f"Write it to {path}? Type yes to write it.")
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            terminal.note("Nothing was written.")
            return
    write(path, text)
    terminal.note(
        f"Written to {path}{_readers(has_modes=os.name == 'posix')}. "
        f"Look it through with `hashdata cassettes check {path}`;\n"
        "docs/donating.md says how, and where to send it."
    )


def _readers(*, has_modes: bool) -> str:
    """Say who can read a new file; where files have no modes, nobody here knows."""
    return ", which only you can read" if has_modes else ""
