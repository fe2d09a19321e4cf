"""The kit itself: what an author sees, what it needs, and what it recognises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from hashdata.permissions import Verdict
from hashdata.practice import Reply, Request
from hashdata.testing.catalogue import CHECKS
from hashdata.testing.codes import is_real
from hashdata.testing.mutations import UNKNOWN, mutations
from hashdata.testing.subject import Subject
from hashdata.testing.trial import SHORT

from tests.conformance.broken import answering, deny_list
from tests.conformance.changes import Make, params, practice, probe, stated, stream
from tests.conformance.example_sandbox import KEYS, PracticeExample
from tests.conformance.variants import GOOD
from tests.docs.documents import code, named

ROOT = Path(__file__).parents[2]
NAMES = (
    "BTC usdt BTCUSDT BTC_USDT BTC/USDT BTC/USDT:USDT XBTUSD tBTCUSD BTC-USD-SWAP XXBTZUSD BTC_USDT_PERP "
    "1000PEPEUSDT XBTUSDTM BTC-PERPETUAL cmt_btcusdt ETH-USD-260327"
)
BAD = """
from hashdata.testing import connector_tests
from tests.conformance.changes import trade

TestExample = connector_tests(trade(harmless="TODO")())
"""


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python beside the example."""
    # In CI pytest prints more.
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTEST_ADDOPTS", "CI", "BUILD_NUMBER"}}
    environment = {**kept, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)


def test_a_failure_shows_its_sentences_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "test_bad.py"
    path.write_text(BAD, "utf-8")

    out = ran("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-k", "harmless", str(path))

    shown = out.stdout.partition("= FAILURES =")[2].partition("= short test summary")[0].splitlines()
    assert shown[1].strip("_ ") == "TestExample.test_every_probe_says_why_it_is_harmless"
    assert [line for line in shown[2:] if line.strip("=")] == [
        (
            "POST /api/v3/order/test says 'TODO' for a reason why it is harmless. "
            "Write a sentence, such as 'there is no market ZZQXA_ZZQXB, so nothing can be bought'."
        )
    ]


def test_a_connector_that_does_not_load_fails_once_and_skips_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "test_absent.py"
    path.write_text(BAD.replace('trade(harmless="TODO")()', '"absent"'), "utf-8")

    out = ran("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(path))

    assert "The connector cannot be used: There is no connector of that name." in out.stdout
    assert f"1 failed, {len(CHECKS) - 1} skipped" in out.stdout


def test_without_pytest_one_sentence_says_what_to_install() -> None:
    out = ran("-c", "import sys; sys.modules['pytest'] = None\nimport hashdata.testing")

    assert out.stderr.splitlines()[-1] == (
        "ImportError: hashdata.testing needs pytest. Run: pip install 'hashdata[testing]'"
    )
    assert "During handling" not in out.stderr


def test_every_check_has_a_row_in_the_document_and_every_row_is_a_check() -> None:
    rows = named("docs/conformance.md").table("test", "what it looks at")

    assert [(code(name), about) for name, about in rows] == [(f"test_{check.name}", check.about) for check in CHECKS]


def test_the_failure_that_the_document_shows_is_a_real_one() -> None:
    check = next(check for check in CHECKS if check.name == "an_unknown_flag_proves_nothing")
    (shown,) = (block.text for block in named("docs/conformance.md").blocks if block.info == "text")

    assert shown.splitlines()[1:] == list(check.problems(Subject(stated(rights=deny_list)())))


def test_every_practice_key_is_tested_once_for_all_checks() -> None:
    made: list[object] = []

    def factory() -> PracticeExample:
        made.append(None)
        return PracticeExample()

    subject = Subject(replace(GOOD, practice=factory))
    first = subject.runs

    assert [run.persona.name for run in first] == [key.persona.name for key in KEYS]
    assert all(again is run for again, run in zip(subject.runs, first, strict=True))
    # One tells which personas there are.
    assert len(made) == 1 + len(KEYS)


class Busy(PracticeExample):
    """Keeps the machine from answering in time, once."""

    pauses: ClassVar[list[float]] = [SHORT]

    def answer(self, request: Request, now_ms: int) -> Reply:
        if self.pauses:
            time.sleep(self.pauses.pop())
        return super().answer(request, now_ms)


def test_a_machine_that_is_too_busy_gets_more_time() -> None:
    subject = Subject(practice(Busy)())

    assert subject.runs[0].report.verdict is Verdict.ACCEPTED
    assert Busy.pauses == []


@pytest.mark.parametrize(
    "name",
    NAMES.split(),
)
def test_names_that_exist_are_recognised(name: str) -> None:
    assert is_real(name)


@pytest.mark.parametrize(
    "name", ["ZZQX", "ZZQXA_ZZQXB", "ZZQXA_USDT_PERP", "ZZQXUSDT", "x", "", "1", "MARKET", "BUY", "limit", "GTC"]
)
def test_names_that_do_not_exist_and_words_of_an_order_are_not(name: str) -> None:
    assert not is_real(name)


@pytest.mark.parametrize(
    "change",
    [
        params(symbol="ZZQXAUSDT", marginCoin="USDT"),
        params(symbol="ZZQXA_USDT_PERP", network="ETH", instType="SPOT"),
        probe("privateDeleteOrder", "DELETE /api/v3/order", symbol="BTCUSDT", orderId=0),
        probe("privateDeleteOrder", "DELETE /api/v3/order", symbol="BTCUSDT", orderId="00000000-0000-0000-0000-0000"),
        probe("privateDeleteOrder", "DELETE /api/v3/order", symbol="BTCUSDT", clientOrderId="hashdata-zzqx"),
    ],
)
def test_what_cannot_be_carried_out_is_harmless_whatever_is_named_beside_it(change: Make) -> None:
    subject = Subject(change())
    harmless = [check for check in CHECKS if check.name.startswith("no_probe_")]

    assert len(harmless) == 3
    assert [problem for check in harmless for problem in check.problems(subject)] == []


@pytest.mark.parametrize(
    "sends",
    [
        "POST /0/private/WithdrawStatus",
        "POST /0/private/DepositStatus",
        "POST /0/private/ClosedOrders",
        "POST /0/private/OpenOrders",
        "POST /0/private/GetApiKeyInfo",
        "POST /0/private/TradeBalance",
        "POST /auth/r/orders",
        "POST /v2/order/complete_orders",
        "POST /v1/myorders/list",
        "POST /private/withdrawal-history",
        "POST /v5/addresses/query",
        "GET /wallets/withdrawals",
        "GET /api/v3/order",
    ],
)
def test_a_question_that_says_that_it_reads_is_no_change(sends: str) -> None:
    (read,) = (check for check in CHECKS if check.name == "no_read_asks_for_a_change")

    assert read.problems(Subject(stream(call="privatePostData", sends=sends)())) == ()


def test_what_the_author_vouches_for_is_a_read_and_no_more() -> None:
    (read,) = (check for check in CHECKS if check.name == "no_read_asks_for_a_change")
    orders = stream(call="privatePostOrders", sends="POST /orders")()
    moving = stream(call="privatePostOrders", sends="POST /orders", params={"amount": "1"})()

    (refused,) = read.problems(Subject(orders))
    assert refused.endswith("name it in known_reads of connector_tests.")
    assert read.problems(Subject(orders, {"POST /orders"})) == ()
    assert len(read.problems(Subject(moving, {"POST /orders"}))) == 1
    assert read.problems(Subject(orders, {"POST /orders", "POST /order"})) == (
        "POST /order is named as a known read, and no POST that the connector reads by. Take it out.",
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["read"], ["read", UNKNOWN]),
        ({"read": True}, {"read": True, UNKNOWN: True}),
        ({"read": False}, {"read": False, UNKNOWN: True}),
        ({"perm": "read_only"}, {"perm": f"read_only,{UNKNOWN}"}),
        ({"data": {"permissions": {"Spot": []}}}, {"data": {"permissions": {"Spot": [], UNKNOWN: []}}}),
        ({"readOnly": 1}, {"readOnly": 0}),
        ([["orders", 1, 0]], [["orders", 1, 0], [UNKNOWN, 1, 1]]),
        ({"orders": {"read": 1, "write": 0}}, {"orders": {"read": 1, "write": 0}, UNKNOWN: {"read": 1, "write": 1}}),
    ],
)
def test_an_unknown_right_is_added_in_each_way_that_exchanges_write_rights(value: object, expected: object) -> None:
    assert expected in [mutation.value for mutation in mutations(value)]


@pytest.mark.parametrize("late", ["GET /sapi/v1/account/apiRestrictions", "GET /api/v3/account"])
def test_of_two_account_ids_the_stated_one_counts_whichever_comes_first(late: str) -> None:
    def identify(reply: Reply, request: Request) -> Reply:
        if request.path == "/sapi/v1/account/apiRestrictions" and reply.status == 200:
            reply = replace(reply, body=json.dumps({**json.loads(reply.body), "createTime": 111}))
        return replace(reply, delay=0.1) if f"{request.method} {request.path}" == late else reply

    stating = replace(GOOD.stated, account_id=("createTime",))
    subject = Subject(replace(GOOD, stated=stating, practice=answering("GET", identify)))

    assert subject.accepted(subject.terms[0]).report.account_id == "111"


def test_a_request_that_is_built_otherwise_is_told_beside_the_declared_one() -> None:
    (runs,) = (check for check in CHECKS if check.name == "every_practice_key_can_be_tested")
    (problem,) = runs.problems(Subject(stream(sends="GET /api/v3/accounts")()))

    assert "stopped GET /api/v3/account, which is not a declared request" in problem
    assert "The connector declares privateGetAccount as GET /api/v3/accounts." in problem
