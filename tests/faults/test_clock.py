"""A clock that is off is measured against the public time, and named whatever the exchange's error says."""

from __future__ import annotations

import pytest
from hashdata.permissions import Cause, Verdict

from tests.faults.catalogue import FaultCase, catalogue
from tests.faults.server import Misbehave, Wire
from tests.faults.trial import SETTINGS, try_fault

SKEWS = [-90_000, 90_000]
JSON = "Content-Type: application/json"


def saying(status: str, body: str, *headers: str) -> Misbehave:
    """Return a fault that answers every private question alike."""

    async def misbehave(wire: Wire) -> None:
        await wire.reply(status, body, JSON, *headers)

    return misbehave


WORDS = {
    "wrong signature": saying("401 Unauthorized", '{"code": 401, "message": "Invaid of signature"}'),
    "unknown key": saying("400 Bad Request", '{"code": 400, "message": "Invalid Apikey or Signature"}'),
    "address": saying("401 Unauthorized", '{"code": 401, "message": "Illegal of ip"}'),
    "empty 401": saying("401 Unauthorized", "", "Web-Filter: unauthenticated"),
    "frozen": saying("400 Bad Request", '{"code": 21351, "message": "User trade freeze"}'),
    "unknown code": saying("400 Bad Request", '{"code": 77777, "message": "?"}'),
    "classic clock": saying("200 OK", '{"code": "400002", "msg": "PF-API-TIMESTAMP Invalid"}'),
}


@pytest.mark.parametrize("skew_ms", SKEWS)
@pytest.mark.parametrize("api", SETTINGS)
def test_a_clock_that_is_off_is_measured_and_named(api: str, skew_ms: int) -> None:
    report, _, _ = try_fault(SETTINGS[api], None, None, skew_ms=skew_ms)

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.CLOCK)
    assert report.clock_offset_ms is not None
    assert abs(report.clock_offset_ms - skew_ms) < 2_000


@pytest.mark.parametrize("skew_ms", SKEWS)
@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("api", SETTINGS)
def test_a_clock_that_is_off_explains_every_error(api: str, words: str, skew_ms: int) -> None:
    setting = SETTINGS[api]
    report, _, _ = try_fault(setting, setting.read, WORDS[words], skew_ms=skew_ms)

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.CLOCK)


@pytest.mark.parametrize("case", [c for c in catalogue() if c.kind != "slowness"], ids=lambda case: case.name)
@pytest.mark.parametrize("api", SETTINGS)
def test_what_cannot_be_reached_is_named_before_the_clock(api: str, case: FaultCase) -> None:
    setting = SETTINGS[api]
    report, _, _ = try_fault(setting, setting.time, case.misbehave, skew_ms=90_000)

    assert (report.verdict, report.cause, report.clock_offset_ms) == (Verdict.INCONCLUSIVE, case.cause, None)


@pytest.mark.parametrize("skew_ms", [-50_000, 50_000])
@pytest.mark.parametrize("api", ["main", "v3"])
def test_a_difference_that_the_exchange_tolerates_is_only_reported(api: str, skew_ms: int) -> None:
    report, _, _ = try_fault(SETTINGS[api], None, None, skew_ms=skew_ms)

    assert report.verdict is Verdict.ACCEPTED
    assert report.clock_offset_ms is not None
    assert abs(report.clock_offset_ms - skew_ms) < 2_000


@pytest.mark.parametrize(("skew_ms", "verdict"), [(4_000, Verdict.ACCEPTED), (7_000, Verdict.INCONCLUSIVE)])
def test_the_classic_service_tolerates_five_seconds(skew_ms: int, verdict: Verdict) -> None:
    report, _, _ = try_fault(SETTINGS["classic"], None, None, skew_ms=skew_ms)

    assert report.verdict is verdict


@pytest.mark.parametrize("api", SETTINGS)
def test_an_exchange_without_a_page_for_its_time_leaves_the_clock_unknown_and_says_so(api: str) -> None:
    setting = SETTINGS[api]
    report, _, _ = try_fault(setting, setting.time, saying("404 Not Found", '{"code": 404, "message": "no such page"}'))

    assert (report.verdict, report.clock_offset_ms) == (Verdict.ACCEPTED, None)
    assert any("clocks could not be compared" in limit for limit in report.limits)
