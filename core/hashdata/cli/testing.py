"""`hashdata connectors test`: from options to a report."""

from __future__ import annotations

import asyncio
import math
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hashdata import recording
from hashdata.cli import terminal
from hashdata.cli.key_input import prompt_for, read_credentials
from hashdata.cli.progress import listening
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.errors import UsageError
from hashdata.exchange.loopback import loopback_origin
from hashdata.hardening import protect_memory
from hashdata.practice import Persona, PracticeExchange
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of, persona_of
from hashdata.tester.report import Report
from hashdata.tester.runs import examine, practise
from hashdata.tester.session import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One test that is ready to run: every option was checked, and the key's values are bound."""

    connector: Connector
    credentials: Credentials
    timeout: float
    loopback: str | None = None
    practice: tuple[PracticeExchange, Persona] | None = None
    recorder: recording.Recorder | None = None


def plan(
    name: str,
    *,
    credentials: str | None,
    persona: str | None,
    endpoint: str | None,
    timeout: float,
    record: Path | None,
) -> Plan:
    """Check every option before anything is asked, and get the key's values. Raises `UsageError`."""
    if not (math.isfinite(timeout) and timeout > 0):
        raise UsageError("--timeout must be a number of seconds above zero", fix="Leave it out for 20 seconds.")
    if persona is not None and (endpoint is not None or credentials is not None):
        raise UsageError(
            "--sandbox brings its own key and address, so --credentials and --endpoint do not go with it",
            fix="Use --sandbox alone, or the other two without it.",
        )
    loopback = loopback_origin(endpoint) if endpoint is not None else None
    if record:
        recording.check_target(record)
    connector = find(name)
    practice = None
    protect_memory()
    if persona is not None:
        exchange = exchange_of(connector)
        practice = (exchange, persona_of(exchange, persona))
        bound = connector.schema.bind(practice[1].credentials)
    else:
        bound = read_credentials(connector, credentials) if credentials is not None else prompt_for(connector)
        for warning in bound.warnings:
            terminal.note(f"Note: {warning}")
    recorder = None
    if record:
        is_practice = practice is not None or loopback is not None
        recorder = recording.Recorder(connector, bound, practice=is_practice, at=datetime.now(UTC))
    return Plan(
        connector=connector,
        credentials=bound,
        timeout=timeout,
        loopback=loopback,
        practice=practice,
        recorder=recorder,
    )


def carry_out(plan: Plan, *, all_streams: bool) -> Report:
    """Run the test, telling on standard error how it goes."""
    with listening(plan.connector.info.title) as listen:
        options = Options(timeout=plan.timeout, all_streams=all_streams, listen=listen)
        if plan.practice:
            exchange, persona = plan.practice
            return asyncio.run(practise(plan.connector, exchange, persona, options, tap=plan.recorder))
        return asyncio.run(
            examine(plan.connector, plan.credentials, options, loopback=plan.loopback, tap=plan.recorder)
        )


def save_recording(plan: Plan, path: Path) -> None:
    """Show the recording, ask on a terminal, and write it."""
    recorder = plan.recorder
    if recorder is None:
        return
    if not recorder.answers:
        terminal.note("No question was answered, so there is nothing to record and no file was written.")
        return
    text = recorder.text()
    terminal.note(
        f"\nThis is the whole recording, of {recorder.answers} answers. "
        f"The key, every signature and what the account holds are left out:\n\n{text}"
    )
    if recorder.unanswered:
        terminal.note(f"Not in it, because not asked or not answered: {', '.join(recorder.unanswered)}.\n")
    if sys.stdin.isatty() and sys.stderr.isatty():
        terminal.note(f"Write it to {path}? Type yes to write it.")
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            terminal.note("Nothing was written.")
            return
    recording.write(path, text)
    terminal.note(
        f"Written to {path}, which only you can read. Look it through and search it for the end of your key;\n"
        "docs/recording.md says how, and where to send it."
    )
