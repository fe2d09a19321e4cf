"""An exchange that asks to slow down is listened to: for reads within the deadline, for write questions at once."""

from __future__ import annotations

import time

import pytest
from hashdata.permissions import Cause, Verdict

from tests.faults.server import Misbehave, Wire
from tests.faults.trial import SETTINGS, try_fault

JSON = "Content-Type: application/json"


def once(*headers: str) -> Misbehave:
    """Return a fault that asks to slow down the first time, and from then on answers with an empty list."""

    async def misbehave(wire: Wire) -> None:
        if wire.tries == 1:
            await wire.reply("429 Too Many Requests", "{}", JSON, *headers)
        elif "/v3/" in wire.call.request.path:
            await wire.reply("200 OK", '{"code": 200, "data": [], "msg": ""}', JSON)
        elif "/api/v1/" in wire.call.request.path:
            await wire.reply("200 OK", '{"code": "200000", "data": []}', JSON)
        else:
            await wire.reply("200 OK", '{"deposits": [], "withdrawals": []}', JSON)

    return misbehave


@pytest.mark.parametrize("api", SETTINGS)
def test_a_read_waits_as_long_as_it_is_asked_to_and_asks_again(api: str) -> None:
    setting = SETTINGS[api]
    begin = time.monotonic()
    report, log, _ = try_fault(setting, setting.read, once("Retry-After: 1"))

    assert report.verdict is Verdict.ACCEPTED
    assert log.count(setting.read) == 2
    assert time.monotonic() - begin >= 1


@pytest.mark.parametrize("wait", ["3600", "Fri, 31 Dec 2066 23:59:59 GMT", "86400000000000"])
@pytest.mark.parametrize("api", SETTINGS)
def test_a_wait_beyond_the_deadline_is_named_and_not_waited_for(api: str, wait: str) -> None:
    setting = SETTINGS[api]
    begin = time.monotonic()
    report, log, _ = try_fault(setting, setting.read, once(f"Retry-After: {wait}"))

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.RATE_LIMITED)
    assert report.fix is not None
    assert "asks to wait" in report.fix
    assert log.count(setting.read) == 1
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize("wait", [(), ("Retry-After: soon",), ("Retry-After: -5",), ("Retry-After:",)])
@pytest.mark.parametrize("api", SETTINGS)
def test_without_a_wait_nothing_is_asked_again(api: str, wait: tuple[str, ...]) -> None:
    setting = SETTINGS[api]
    report, log, _ = try_fault(setting, setting.read, once(*wait))

    assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.RATE_LIMITED)
    assert log.count(setting.read) == 1
    assert {call.request.method for call in log.calls} == {"GET"}


@pytest.mark.parametrize("api", SETTINGS)
def test_a_write_question_is_never_asked_again(api: str) -> None:
    setting = SETTINGS[api]
    for probe in setting.probes:
        report, log, _ = try_fault(setting, probe, once("Retry-After: 0"))

        assert (report.verdict, report.cause) == (Verdict.INCONCLUSIVE, Cause.RATE_LIMITED)
        assert log.count(probe) == 1
