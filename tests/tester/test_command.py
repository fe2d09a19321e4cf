"""The command as a person runs it, against an exchange that it has never met: verdict, cause and exit code."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tests.tester.standin import CLASSIC_KEY, KEY, Answer, StandIn

EXITS = {"accepted": 0, "denied": 1, "unusable": 3, "inconclusive": 4}
PAGE = "<!DOCTYPE html><html><body>checking your browser</body></html>"
REFUSED_IN_A_PAGE = '<html><body>{"code":403,"message":"Trading operation is not allowed."}</body></html>'
NO_TRADE = {"code": 403, "message": "Trading operation is not allowed."}
NO_WITHDRAWAL = {"code": 403, "message": "Permission to withdraw denied."}


@dataclass(frozen=True)
class Case:
    """What the exchange does, which key is used, and how the test of it must end."""

    name: str
    expected: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    connector: str = "poloniex"
    key: Mapping[str, str] = field(default_factory=lambda: KEY)
    skew_ms: int = 0
    stale: Answer = (401, {"code": 401, "message": "Invaid of signature"}, {})
    arguments: tuple[str, ...] = ()
    delay: float = 0.0


def at(line: str, status: int, body: object, **headers: str) -> dict[str, Answer]:
    return {line: (status, body, {name.replace("_", "-"): value for name, value in headers.items()})}


FUTURES = "poloniex-futures"
EVERYTHING = ""

CASES = [
    Case("read only", "accepted"),
    Case("read only with every stream", "accepted", arguments=("--all-streams",)),
    Case("refusals with status 200", "accepted", at("POST /orders", 200, NO_TRADE) | at("POST /w", 200, NO_WITHDRAWAL)),
    Case("no time", "accepted", at("GET /timestamp", 404, PAGE)),
    Case("order validated, 200", "denied trade_granted", at("POST /orders", 200, {"code": 24101, "message": "x"})),
    Case("order placed", "denied trade_granted", at("POST /orders", 200, {"id": "1", "clientOrderId": ""})),
    Case("withdrawal looked at", "denied withdraw_granted", at("POST /w", 400, {"code": 830111, "message": "x"})),
    Case(
        "balance looked at",
        "denied withdraw_granted",
        at("POST /w", 400, {"code": 400, "message": "balance not enough."}),
    ),
    Case("withdrawal placed", "denied withdraw_granted", at("POST /w", 200, {"withdrawalRequestsId": 5})),
    Case("refusal in a page", "inconclusive not_the_api", at("POST /orders", 403, REFUSED_IN_A_PAGE)),
    Case("refusal in a list", "inconclusive unrecognised_answer", at("POST /orders", 403, [NO_TRADE])),
    Case("code as text", "inconclusive unrecognised_answer", at("POST /orders", 403, NO_TRADE | {"code": "403"})),
    Case("unknown code", "inconclusive unrecognised_answer", at("POST /orders", 400, {"code": 31337, "message": "x"})),
    Case("write limited", "inconclusive rate_limited", at("POST /orders", 429, NO_TRADE)),
    Case("write frozen", "inconclusive account_restricted", at("POST /orders", 200, {"code": 21351, "message": "x"})),
    Case("write redirected", "inconclusive not_the_api", at("POST /orders", 307, "", Location="http://127.0.0.1:9/")),
    Case("empty read", "inconclusive unrecognised_answer", at("GET /trades", 200, "")),
    Case("null read", "inconclusive unrecognised_answer", at("GET /trades", 200, "null")),
    Case("captcha", "inconclusive not_the_api", at("GET /", 200, PAGE)),
    Case("outage", "inconclusive maintenance", at("GET /", 520, PAGE)),
    Case("reads limited", "inconclusive rate_limited", at("GET /accounts", 429, "", Retry_After="900")),
    Case("never an answer", "inconclusive timeout", delay=20, arguments=("--timeout", "0.5")),
    Case("unknown key", "unusable unknown_key", key=KEY | {"api_key": "00000000-00000000-00000000-00000000"}),
    Case("wrong secret", "unusable wrong_secret", key=KEY | {"secret": "cd" * 64}),
    Case(
        "old form of a wrong key",
        "unusable wrong_key_or_secret",
        {line: (401, "", {"Web-Filter": "unauthenticated"}) for line in ("GET /acc", "GET /tr", "GET /o", "GET /w")},
    ),
    Case(
        "wrong address",
        "unusable address_not_allowed",
        {
            line: (403, {"code": 401, "message": "Illegal of ip"}, {})
            for line in ("GET /acc", "GET /tr", "GET /o", "GET /w")
        },
    ),
    Case("clock ahead", "inconclusive clock", skew_ms=90_000),
    Case("clock behind", "inconclusive clock", skew_ms=-90_000),
    Case(
        "clock ahead, unknown answer",
        "inconclusive clock",
        skew_ms=90_000,
        stale=(408, {"code": 408, "message": "late"}, {}),
    ),
    Case("v3 read only", "accepted", connector=FUTURES),
    Case(
        "v3 order validated",
        "denied trade_granted",
        at("POST /v3", 200, {"code": 10001, "msg": "x"}),
        connector=FUTURES,
    ),
    Case(
        "v3 access denied",
        "inconclusive unrecognised_answer",
        at("POST /v3", 200, {"code": 403, "msg": "ACCESS_DENY"}),
        connector=FUTURES,
    ),
    Case(
        "v3 can withdraw",
        "denied withdraw_granted",
        at("POST /w", 200, {"code": 820201, "message": "x"}),
        connector=FUTURES,
    ),
    Case(
        "v3 never opened",
        "inconclusive account_not_opened",
        at("GET /v3/account/balance", 200, {"code": 200, "msg": ""}),
        connector=FUTURES,
    ),
    Case("classic read only", "accepted", connector=FUTURES, key=CLASSIC_KEY),
    Case(
        "classic cancel accepted",
        "denied trade_granted",
        at("DELETE ", 200, {"code": "200000", "data": {}}),
        connector=FUTURES,
        key=CLASSIC_KEY,
    ),
    Case(
        "classic narrow",
        "denied incomplete_read",
        at("GET /api/v1/positions", 403, {"code": "400007", "msg": "x"}),
        connector=FUTURES,
        key=CLASSIC_KEY,
    ),
    Case(
        "classic passphrase",
        "unusable wrong_passphrase",
        connector=FUTURES,
        key=CLASSIC_KEY | {"passphrase": "another one"},
    ),
    Case("classic clock", "inconclusive clock", skew_ms=-90_000, connector=FUTURES, key=CLASSIC_KEY),
    Case(
        "classic retired",
        "unusable retired_key",
        at(EVERYTHING, 400, {"code": 400, "message": "Invalid Apikey or Signature"}),
        connector=FUTURES,
        key=CLASSIC_KEY,
    ),
]


async def run(case: Case) -> tuple[int, dict[str, object], str, list[str]]:
    """Run the command against the stand-in; return exit code, document, standard error, and what arrived."""
    exchange = StandIn(answers=case.answers, skew_ms=case.skew_ms, stale=case.stale, delay=case.delay)
    async with exchange.serve() as origin:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "hashdata",
            "connectors",
            "test",
            case.connector,
            "--credentials",
            "-",
            "--endpoint",
            origin,
            "--json",
            *case.arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(json.dumps(dict(case.key)).encode())
    document: dict[str, object] = json.loads(out)
    return process.returncode or 0, document, err.decode(), exchange.lines


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_ends_as_the_answers_demand(case: Case) -> None:
    code, report, errors, lines = asyncio.run(run(case))

    verdict, _, cause = case.expected.partition(" ")
    assert (report["verdict"], report["cause"]) == (verdict, cause or None)
    assert code == EXITS[verdict]
    assert len(lines) == len(set(lines))
    said = json.dumps(report) + errors
    assert [name for name, value in case.key.items() if value in said] == []
