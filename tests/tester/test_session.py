"""A whole test over HTTP: what is asked, in which order, once each, and how it ends."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace

import pytest
from hashdata.errors import PluginError
from hashdata.hookspecs import Api
from hashdata.permissions import FORBIDDEN, Askable, Standing
from hashdata.tester.events import Announced, Answered, Asked, Event, Subject
from hashdata.tester.report import Report
from hashdata.tester.runs import examine
from hashdata.tester.session import Options, announcement

from tests.tester.exchange import NO_TRADE, Reply, Script, Seen, declared, good, instead, run
from tests.tester.subjects import SPOT, TERMS, credentials

APIS = pytest.mark.parametrize("api", ["main", "v3", "classic"])
CLOCKS = {"main": "GET /timestamp", "v3": "GET /timestamp", "classic": "GET /api/v1/timestamp"}
READS = {
    "main": "GET /accounts/balances",
    "v3": "GET /v3/account/bills",
    "classic": "GET /api/v1/positions",
}


def ended(report: Report) -> str:
    return f"{report.verdict} {report.cause}" if report.cause else str(report.verdict)


def slowly(script: Script, seconds: float) -> Script:
    return lambda seen: replace(script(seen), delay=seconds)


def overlap(seen: list[Seen]) -> bool:
    """Whether all of `seen` were in the exchange's hands at one moment."""
    return max(one.begin for one in seen) < min(one.end for one in seen)


@APIS
@pytest.mark.parametrize("all_streams", [False, True])
def test_a_good_key_is_asked_exactly_the_declared_requests_once_each(api: str, *, all_streams: bool) -> None:
    seen: list[Seen] = []

    report = run(good, api, Options(all_streams=all_streams), seen)

    assert ended(report) == "accepted"
    assert sorted(one.line for one in seen) == declared(api, all_streams=all_streams)


@APIS
def test_the_time_and_all_reads_go_out_together_and_the_write_questions_together_after_them(api: str) -> None:
    seen: list[Seen] = []

    run(slowly(good, 0.3), api, Options(all_streams=True), seen)

    writes = [one for one in seen if not one.line.startswith("GET")]
    reads = [one for one in seen if one.line.startswith("GET")]
    assert overlap(reads)
    assert overlap(writes)
    assert min(one.begin for one in writes) > max(one.end for one in reads)


@APIS
def test_what_is_announced_is_what_arrives(api: str) -> None:
    seen: list[Seen] = []

    run(good, api, seen=seen)

    host = TERMS[api].api.hosts[0]
    arrived = [
        f"{one.line.replace(' ', f' https://{host}', 1)} {one.body}".rstrip()
        for one in seen
        if not one.line.startswith("GET")
    ]
    assert sorted(arrived) == sorted(announcement(TERMS[api]))


BAD = {
    "an error": Reply({"code": 99999, "message": "x"}, 400),
    "nothing": Reply(""),
    "a page": Reply("<html></html>"),
    "a redirect": Reply("", 302, {"Location": "http://127.0.0.1:9/"}),
    "an outage": Reply("<html></html>", 503),
    "a rate limit": Reply("", 429),
    "another key's trouble": Reply({"code": 401, "message": "Illegal of ip"}, 401),
    "a null": Reply("null"),
}


@APIS
@pytest.mark.parametrize("bad", BAD)
def test_no_write_question_follows_a_read_that_failed(api: str, bad: str) -> None:
    seen: list[Seen] = []

    report = run(instead({READS[api]: BAD[bad]}), api, seen=seen)

    assert report.verdict == "inconclusive"
    assert [one.line for one in seen if not one.line.startswith("GET")] == []


@APIS
@pytest.mark.parametrize("bad", BAD)
def test_no_write_question_follows_a_time_that_failed(api: str, bad: str) -> None:
    seen: list[Seen] = []

    report = run(instead({CLOCKS[api]: BAD[bad]}), api, seen=seen)

    assert report.verdict == "inconclusive"
    assert [one.line for one in seen if not one.line.startswith("GET")] == []


@pytest.mark.parametrize("skew", [90, -90])
@pytest.mark.parametrize("read", [None, Reply({"code": 401, "message": "Invaid of signature"}, 401), Reply("", 408)])
def test_a_clock_that_is_off_ends_in_its_cause_before_any_write_question(skew: int, read: Reply | None) -> None:
    seen: list[Seen] = []
    script = instead({"GET /accounts": read} if read else {})

    report = run(script, options=Options(now=lambda: time.time() + skew), seen=seen)

    assert ended(report) == "inconclusive clock"
    assert abs(abs(report.clock_offset_ms or 0) - 90_000) < 2_000
    assert [one.line for one in seen if not one.line.startswith("GET")] == []


def test_the_way_the_clock_is_off_is_told_in_words() -> None:
    behind = run(good, options=Options(now=lambda: time.time() - 90))
    ahead = run(good, options=Options(now=lambda: time.time() + 90))

    assert "90 s behind the exchange's" in behind.summary
    assert "90 s ahead of the exchange's" in ahead.summary


@APIS
@pytest.mark.parametrize("body", ["", "<html></html>", {"code": 404, "message": "Resources do not exist"}])
def test_an_exchange_without_a_time_can_be_tested(api: str, body: object) -> None:
    report = run(instead({CLOCKS[api]: Reply(body, 404)}), api)

    assert ended(report) == "accepted"
    assert report.clock_offset_ms is None


def test_a_retired_service_that_answers_everything_alike_makes_the_key_unusable() -> None:
    seen: list[Seen] = []
    retired = Reply({"code": 400, "message": "Invalid Apikey or Signature"}, 400)

    report = run(lambda _: retired, "classic", seen=seen)

    assert ended(report) == "unusable retired_key"
    assert sorted(one.line for one in seen) == sorted({one.line for one in seen})


@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_a_key_that_is_not_known_is_unusable_whatever_the_status(status: int) -> None:
    unknown = Reply({"code": 400, "message": "Invalid Apikey or Signature"}, status)

    report = run(instead({"GET /timestamp": good_time()}, lambda _: unknown))

    assert ended(report) == "unusable unknown_key"


def good_time() -> Reply:
    return Reply({"serverTime": int(time.time() * 1000)})


def test_one_stream_that_is_readable_beside_a_wrong_key_is_inconclusive() -> None:
    wrong = Reply({"code": 401, "message": "Invaid of signature"}, 401)

    report = run(instead({"GET /trades": wrong}))

    assert ended(report) == "inconclusive wrong_secret"
    assert report.streams["accounts"] == "readable"


@pytest.mark.parametrize("where", ["GET /timestamp", "GET /accounts", "GET /trades", "POST /orders", "POST /wallets"])
def test_an_answer_that_never_comes_ends_the_whole_test_in_time(where: str) -> None:
    begin = time.monotonic()

    report = run(instead({where: Reply("", delay=30)}), options=Options(timeout=0.4))

    assert time.monotonic() - begin < 2.4
    assert ended(report) == "inconclusive timeout"


def test_time_that_runs_out_between_the_rounds_is_a_timeout_too() -> None:
    report = run(slowly(good, 0.3), options=Options(timeout=0.45))

    assert ended(report) == "inconclusive timeout"


def test_a_write_question_that_was_dropped_is_not_asked_again() -> None:
    seen: list[Seen] = []

    report = run(instead({"POST /orders": Reply("", drop=True)}), seen=seen)

    assert ended(report) == "inconclusive network"
    assert [one.line for one in seen].count("POST /orders") == 1


def test_a_read_that_was_dropped_is_asked_once_more() -> None:
    seen: list[Seen] = []

    report = run(instead({"GET /trades": Reply("", drop=True)}), seen=seen)

    assert ended(report) == "inconclusive network"
    assert [one.line for one in seen].count("GET /trades") == 2


def test_a_rate_limit_that_names_a_short_wait_is_waited_for_by_reads_and_not_by_writes() -> None:
    seen: list[Seen] = []
    asked: set[str] = set()

    def once(one: Seen) -> Reply:
        if one.line in {"GET /trades", "POST /orders"} and one.line not in asked:
            asked.add(one.line)
            return Reply("", 429, {"Retry-After": "0"})
        return good(one)

    report = run(once, seen=seen)

    lines = [one.line for one in seen]
    assert ended(report) == "inconclusive rate_limited"
    assert (lines.count("GET /trades"), lines.count("POST /orders")) == (2, 1)


def test_a_long_wait_is_told_and_not_waited_for() -> None:
    report = run(lambda _: Reply("", 429, {"Retry-After": "3600"}))

    assert ended(report) == "inconclusive rate_limited"
    assert "3600 s" in (report.fix or "")


@APIS
def test_events_come_in_order_each_question_asked_then_answered(api: str) -> None:
    heard: list[Event] = []

    run(good, api, Options(listen=heard.append))

    announced = next(n for n, event in enumerate(heard) if isinstance(event, Announced))
    before, after = heard[:announced], heard[announced + 1 :]
    terms = TERMS[api]
    required = sorted(s.name for s in terms.streams if s.required)
    assert sorted(e.name for e in before if isinstance(e, Asked)) == sorted(["clock", *required])
    assert sorted(e.name for e in before if isinstance(e, Answered)) == sorted(["clock", *required])
    assert sorted(e.name for e in after if isinstance(e, Asked)) == sorted(str(p.permission) for p in terms.probes)
    assert [e.finding for e in after if isinstance(e, Answered)] == ["refused"] * len(terms.probes)
    for event in heard:
        if isinstance(event, Answered):
            assert heard.index(Asked(event.subject, event.name)) < heard.index(event)


def test_nothing_is_announced_when_nothing_will_be_asked() -> None:
    heard: list[Event] = []

    run(instead({"GET /trades": Reply("")}), options=Options(listen=heard.append))

    assert not any(isinstance(event, Announced) for event in heard)
    assert Answered(Subject.STREAM, "trades", "unrecognised_answer") in heard


def test_a_clock_that_is_not_there_is_told_as_unknown() -> None:
    heard: list[Event] = []

    run(instead({"GET /timestamp": Reply("", 404)}), options=Options(listen=heard.append))

    assert Answered(Subject.CLOCK, "clock", "unknown") in heard


def test_a_connector_that_can_prove_nothing_is_a_broken_plugin_and_asks_nothing() -> None:
    seen: list[Seen] = []
    none = {p: Standing(Askable.ABSENT, "no key has it") for p in FORBIDDEN}
    api: Api = replace(SPOT.info.apis[0], permissions=none)
    unproving = replace(SPOT, info=replace(SPOT.info, apis=(api,)), probes=())

    async def attempt() -> None:
        await examine(unproving, credentials(), Options(), loopback="http://127.0.0.1:9")

    with pytest.raises(PluginError, match="nothing can be proven"):
        asyncio.run(attempt())
    assert seen == []


def test_an_executed_order_is_denied_loudly() -> None:
    report = run(instead({"POST /orders": Reply({"id": "1", "clientOrderId": ""})}))

    assert ended(report) == "denied trade_granted"
    assert report.summary.startswith("DANGER")
    assert "POST /orders" in report.summary
    assert "Look at the account's orders" in (report.fix or "")


def test_an_answer_that_nobody_knows_is_described_for_a_report() -> None:
    report = run(instead({"POST /orders": Reply({"code": 77, "message": "new", "data": {"secret": "x"}}, 400)}))

    assert ended(report) == "inconclusive unrecognised_answer"
    assert [json.loads(block.split("body: ")[1]) for block in report.unrecognised] == [
        {"code": 77, "message": "new", "data": {"secret": "<str>"}}
    ]


def test_a_time_that_nobody_knows_is_described_and_quoted_too() -> None:
    report = run(instead({"GET /timestamp": Reply({"code": 78, "message": "no time"})}))

    assert ended(report) == "inconclusive unrecognised_answer"
    assert "GET /timestamp" in report.unrecognised[0]
    assert 'code 78, "no time"' in report.summary


def test_the_summary_quotes_the_exchange() -> None:
    report = run(instead({"POST /orders": Reply(NO_TRADE | {"message": "Something else."}, 403)}))

    assert 'POST /orders was answered with HTTP 403, code 403, "Something else."' in report.summary
