"""The faults of plain HTTP, met by the installed command: one document or one clear sentence, in time, and no trace."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hashdata.permissions import MEANINGS, Cause
from hashdata.sandbox.personas import persona_of

from tests.cli.command import HASHDATA, environment
from tests.cli.test_schemas import check
from tests.faults.catalogue import SLOW, FaultCase, catalogue
from tests.faults.server import Log, misbehaving
from tests.faults.trial import SETTINGS, Setting, parts

TIMEOUT = 3.0
IMPATIENT = 0.5
AT_ONCE = 2
ENDS = {"accepted": 0, "denied": 1, "unusable": 3, "inconclusive": 4}


@dataclass(frozen=True, slots=True)
class Meeting:
    """One fault at one question of one API."""

    case: FaultCase
    setting: Setting
    question: str

    @property
    def name(self) -> str:
        return f"{self.case.name} at {self.question}"

    @property
    def timeout(self) -> float:
        return IMPATIENT if self.case.kind == SLOW else TIMEOUT


@dataclass(frozen=True, slots=True)
class Ended:
    """How the command ended; `took` are the seconds since its first question arrived, so that its start is left out."""

    code: int | None
    out: str
    err: str
    took: float
    log: Log
    changes: Sequence[str]


def meetings() -> list[Meeting]:
    """Give every fault one question, so that the questions and APIs take turns."""
    places = [(setting, question) for setting in SETTINGS.values() for question in setting.positions]
    cases = [case for case in catalogue() if not case.beneath]
    return [Meeting(case, *places[number % len(places)]) for number, case in enumerate(cases)]


def kinds() -> list[str]:
    return list(dict.fromkeys(meeting.case.kind for meeting in meetings()))


async def command(meeting: Meeting, key: Path, *options: str) -> Ended:
    """Run the command against a server that misbehaves."""
    _, exchange = parts(meeting.setting)
    async with misbehaving(exchange, meeting.question, meeting.case.misbehave) as (port, log):
        process = await asyncio.create_subprocess_exec(
            *(HASHDATA, "connectors", "test", meeting.setting.connector, "--credentials", str(key)),
            *("--endpoint", f"http://127.0.0.1:{port}", "--timeout", str(meeting.timeout), *options),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(COLUMNS="120"),
        )
        out, err = await process.communicate()
        took = time.monotonic() - (log.begin or 0)
    return Ended(process.returncode, out.decode(), err.decode(), took, log, exchange.ledger.changes)


def all_at(kind: str, folder: Path, *options: str) -> list[tuple[Meeting, Ended]]:
    """Meet every fault of a kind, a few at a time."""
    found: list[tuple[Meeting, Ended]] = []

    async def meet(meeting: Meeting, turn: asyncio.Semaphore) -> None:
        async with turn:
            found.append((meeting, await command(meeting, _key(meeting.setting, folder), *options)))

    async def run() -> None:
        turn = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(meet(meeting, turn) for meeting in meetings() if meeting.case.kind == kind))

    asyncio.run(run())
    return found


def _values(setting: Setting) -> dict[str, str]:
    return dict(persona_of(parts(setting)[1], setting.persona).credentials)


def _key(setting: Setting, folder: Path) -> Path:
    """Write the practice key of an API to a file that only we can read."""
    path = folder / f"{setting.connector}-{setting.persona}.json"
    path.touch(0o600)
    path.write_text(json.dumps(_values(setting)), encoding="utf-8")
    return path


def check_end(meeting: Meeting, ended: Ended) -> None:
    """Check what holds for every run, whatever it prints."""
    everything = ended.out + ended.err

    assert ended.code == 4, meeting.name
    assert ended.took < meeting.timeout + 1, meeting.name
    assert "Traceback" not in everything, meeting.name
    assert [name for name, value in _values(meeting.setting).items() if value in everything] == [], meeting.name
    assert ended.changes == [], meeting.name
    again = meeting.question.startswith("GET") and meeting.case.is_asked_again
    assert ended.log.count(meeting.question) == (2 if again else 1), meeting.name


def test_every_question_of_every_api_gets_a_fault() -> None:
    every = {(setting.persona, question) for setting in SETTINGS.values() for question in setting.positions}

    assert {(meeting.setting.persona, meeting.question) for meeting in meetings()} == every


@pytest.mark.parametrize("kind", kinds())
def test_a_fault_leaves_exactly_one_document_as_it_is_published(kind: str, tmp_path: Path) -> None:
    for meeting, ended in all_at(kind, tmp_path, "--json"):
        check_end(meeting, ended)
        report: Any = json.loads(ended.out)
        check(report, "report")

        assert (report["verdict"], report["cause"]) == ("inconclusive", meeting.case.cause), meeting.name
        assert ended.code == ENDS[report["verdict"]]


@pytest.mark.parametrize("kind", kinds())
def test_a_fault_leaves_one_clear_sentence_and_what_to_do(kind: str, tmp_path: Path) -> None:
    for meeting, ended in all_at(kind, tmp_path):
        check_end(meeting, ended)
        meaning = MEANINGS[meeting.case.cause or Cause.UNRECOGNISED_ANSWER]
        text = " ".join(ended.out.split())
        sentence = meaning.what[0].upper() + meaning.what[1:] + "."

        assert text.count("INCONCLUSIVE (practice)") == 1, meeting.name
        assert "ACCEPTED" not in text, meeting.name
        assert text.count(sentence) == 1, meeting.name
        other = ("The exchange asks to wait 3600 s", "Check that a server listens at the endpoint")
        assert meaning.fix in text or any(words in text for words in other), meeting.name
