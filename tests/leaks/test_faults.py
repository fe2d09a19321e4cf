"""Under every fault: report, logs and errors are clean, with asyncio in debug mode and everything logged."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import pickle
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hashdata.render.report import page
from hashdata.tester.report import Report
from rich.console import Console

from tests.faults.catalogue import SLOW, FaultCase, catalogue
from tests.faults.server import Log, Misbehave, misbehaving
from tests.faults.trial import SETTINGS, authority, examine, patience, to_loopback
from tests.leaks.echo import TARGETS, answering, around, signatures
from tests.leaks.search import assert_clean

# Where a fault is tried: at every question, or at the first write question alone.
PLACES = {"main": None, "v3": SETTINGS["v3"].probes[0], "classic": None}


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Yield what collects all that is logged by anybody."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def tried(api: str, question: str | None, fault: Misbehave, seconds: float) -> tuple[Report, Log, str]:
    """Test the canaries against `fault`; return the report, what arrived, and all that was logged."""
    target, ours = TARGETS[api], authority()

    async def trial() -> tuple[Report, Log]:
        async with misbehaving(target.exchange("accepted"), question, fault, tls=ours.server) as (port, log):
            network = to_loopback(port, ours.client)
            return await examine(SETTINGS[api], network, seconds=seconds, credentials=target.values), log

    with everything_logged() as logged:
        report, log = asyncio.run(trial(), debug=True)
    return report, log, logged.getvalue()


def written(report: Report) -> Iterator[str]:
    """Yield a report in every form that it has."""
    yield repr(report)
    yield str(report)
    yield json.dumps(report.to_json())
    yield pickle.dumps(report).decode("latin-1")
    console = Console(file=io.StringIO(), width=500)
    for part in page(report):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    yield console.file.getvalue()


# What is too large looks the same to every API, and takes its time.
CASES = [(case, api) for case in catalogue() for api in PLACES if case.kind != "size" or api == "v3"]


@pytest.mark.parametrize(("case", "api"), CASES, ids=lambda value: getattr(value, "name", value))
def test_a_fault_shows_nothing_of_the_key(case: FaultCase, api: str) -> None:
    for seconds in patience(0.3 if case.kind == SLOW else 5.0):
        report, log, logged = tried(api, PLACES[api], case.misbehave, seconds)
        if log.calls:
            break

    assert_clean("the report", *written(report), signatures=signatures(log))
    assert_clean("the log", logged, signatures=signatures(log))
    assert "asyncio" in logged or "selector" in logged
    assert log.calls


@pytest.mark.parametrize("api", SETTINGS)
def test_all_that_is_logged_and_kept_of_a_good_test_is_clean(api: str) -> None:
    report, log, logged = tried(api, None, answering(TARGETS[api].exchange("accepted"), around), 5.0)

    assert report.verdict == "accepted"
    assert_clean("the report", *written(report), signatures=signatures(log))
    assert_clean("the log", logged, signatures=signatures(log))
