"""For all tests: cassettes are replayed and written with care, and no output shows a canary."""

from __future__ import annotations

import signal
from collections.abc import Generator
from typing import Any

import pytest

from tests.canaries import shows
from tests.cassettes.persister import CarefulPersister
from tests.cassettes.replaying import SETTINGS

_WITHHELD = "a canary credential shows in what this test printed, logged or raised; all of that is withheld"


def pytest_configure() -> None:
    """Let the programs that tests start be interrupted: in a background job they would inherit that nobody can."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def vcr_config() -> dict[str, Any]:
    return SETTINGS


def pytest_recording_configure(vcr: Any) -> None:  # noqa: ANN401 - vcrpy is untyped
    vcr.register_persister(CarefulPersister)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if _leaks(report):
        # What was captured and noted so far would be shown again with the report of the teardown.
        item._report_sections.clear()
        item.user_properties.clear()
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _leaks(report)
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # A test's name is printed and stored in many places, and no report can withhold it.
    if any(shows(item.nodeid) for item in items):
        message = "a canary credential stands in the name of a test; give its parameters `ids`"
        raise pytest.UsageError(message)


def _leaks(report: pytest.TestReport | pytest.CollectReport) -> bool:
    """Whether a canary shows in a report; if so, blank it and let the test fail."""
    properties = getattr(report, "user_properties", [])
    shown = [report.longreprtext, *(f"{title}\n{text}" for title, text in report.sections), str(properties)]
    if not any(shows(text) for text in shown):
        return False
    report.outcome = "failed"
    report.longrepr = _WITHHELD
    report.sections = []
    if isinstance(report, pytest.TestReport):
        report.user_properties = []
    return True
