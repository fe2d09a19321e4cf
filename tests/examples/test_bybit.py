"""The example `bybit`: installed like a stranger's package, and tried with every practice key."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hashdata.connector import Connector
from hashdata.permissions import FORBIDDEN, Cause
from hashdata.practice import PracticeExchange, Request
from hashdata.sandbox.personas import exchange_of
from hashdata.tester.report import Report
from hashdata.tester.runs import practise
from hashdata.tester.session import Options

from tests.examples.installed import install, loaded
from tests.registry.plugins import Ran, hashdata

ENDS = {
    "read-only": "accepted",
    "bound-to-address": "accepted",
    "ending-soon": "accepted",
    "trading": "denied trade_granted",
    "withdrawal": "denied withdraw_granted",
    "transfer": "denied transfer_granted",
    "full-power": "denied trade_granted",
    "read-only-but-unknown-right": "inconclusive unrecognised_answer",
    "wrong-key": "unusable unknown_key",
    "wrong-secret": "unusable wrong_secret",
    "ip-locked": "unusable address_not_allowed",
    "expired": "unusable expired_key",
    "skewed-clock": "inconclusive clock",
    "rate-limited": "inconclusive rate_limited",
}
# These are tried in this process only, because each command takes its time.
ENDS_TOO = {
    "read-only-with-withdrawal": "inconclusive unrecognised_answer",
    "third-mode": "inconclusive unrecognised_answer",
    "derivatives-only": "denied incomplete_read",
    "no-wallet": "denied incomplete_read",
    "banned": "unusable account_frozen",
    "classic-account": "inconclusive account_not_opened",
    "fast-clock": "inconclusive clock",
    "out-of-order": "inconclusive maintenance",
}
ALL_ENDS = ENDS | ENDS_TOO
EXITS = {"accepted": 0, "denied": 1, "unusable": 3, "inconclusive": 4}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install("bybit", tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def ended(site: Path) -> Mapping[str, Ran]:
    """Test every practice key with the command, some side by side, and return how each ended."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        running = {
            name: pool.submit(
                hashdata, site, "connectors", "test", "bybit", "--sandbox", name, "--timeout", "40", "--json"
            )
            for name in ENDS
        }
        return {name: each.result() for name, each in running.items()}


@pytest.fixture(scope="module")
def connector(site: Path) -> Iterator[Connector]:
    with loaded("bybit", site) as connector:
        yield connector


def examined(connector: Connector, persona: str) -> tuple[Report, PracticeExchange]:
    """Test a practice key in this process, with every question there is, and keep the exchange to look into."""
    exchange = exchange_of(connector)
    who = next(each for each in exchange.personas if each.name == persona)
    return asyncio.run(practise(connector, exchange, who, Options(all_streams=True, timeout=20.0))), exchange


def test_the_installed_connector_is_listed_as_ready(site: Path) -> None:
    rows = hashdata(site, "connectors", "list", "--json").document["connectors"]

    assert isinstance(rows, list)
    (row,) = [row for row in rows if row["name"] == "bybit"]
    assert (row["state"], row["provability"], row["distribution"]) == ("ready", "P2", "hashdata-bybit")


def test_a_test_of_a_key_may_send_nothing_but_get(site: Path, connector: Connector) -> None:
    shown = hashdata(site, "connectors", "show", "bybit")

    assert shown.code == 0
    assert "    GET /v5/user/query-api " in shown.out
    assert "    POST " not in shown.out
    assert {question.method for question in connector.terms(connector.info.apis[0]).questions} == {"GET"}


def test_the_guide_names_the_box_that_counts_and_mends_every_denial(site: Path, connector: Connector) -> None:
    told = hashdata(site, "connectors", "guide", "bybit")

    mended = frozenset[Cause]().union(*(step.mends for step in connector.guide.variants[0].steps))
    assert told.code == 0
    assert "Read-Only" in told.out
    assert mended >= {*map(Cause.granted, FORBIDDEN), Cause.INCOMPLETE_READ, Cause.ADDRESS_NOT_ALLOWED}


@pytest.mark.parametrize("persona", ENDS)
def test_the_command_ends_as_the_practice_key_deserves(ended: Mapping[str, Ran], persona: str) -> None:
    ran = ended[persona]

    assert f"{ran.document['verdict']} {ran.document['cause'] or ''}".strip() == ENDS[persona], ran.err
    assert ran.code == EXITS[ENDS[persona].split(maxsplit=1)[0]]


def test_a_report_says_when_the_key_ends_and_to_how_many_addresses_it_is_bound(ended: Mapping[str, Ran]) -> None:
    bound, ending = (ended[name].document["key"] for name in ("bound-to-address", "ending-soon"))

    assert isinstance(bound, dict)
    assert isinstance(ending, dict)
    assert bound["allowed_addresses"] == 2
    assert "expires_at" not in bound
    assert ending["allowed_addresses"] == 0
    left = datetime.fromisoformat(ending["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=4, hours=23) < left <= timedelta(days=5)


@pytest.mark.parametrize("persona", ALL_ENDS)
def test_a_test_changes_nothing_at_the_exchange(connector: Connector, persona: str) -> None:
    report, exchange = examined(connector, persona)

    assert f"{report.verdict} {report.cause or ''}".strip() == ALL_ENDS[persona]
    assert exchange.ledger.changes == []


def test_a_read_only_key_reads_every_stream_and_names_its_account(connector: Connector) -> None:
    report, _ = examined(connector, "read-only")

    assert set(report.streams.values()) == {"readable"}
    assert len(report.streams) == len(connector.streams)
    assert report.account_id == "53888001"


def test_every_practice_key_has_an_expected_end(connector: Connector) -> None:
    assert {persona.name for persona in exchange_of(connector).personas} == set(ALL_ENDS)


@pytest.mark.parametrize(
    ("persona", "line", "body", "code"),
    [
        ("trading", "/v5/order/create", {"category": "spot", "symbol": "BTCUSDT", "qty": "1"}, 0),
        ("trading", "/v5/order/create", {"category": "spot", "symbol": "ZZQXUSDT", "qty": "1"}, 10001),
        ("withdrawal", "/v5/asset/withdraw/create", {"coin": "BTC", "amount": "1", "address": "x"}, 0),
        ("transfer", "/v5/asset/transfer/inter-transfer", {"coin": "BTC", "amount": "1"}, 0),
        ("read-only", "/v5/order/create", {"category": "spot", "symbol": "BTCUSDT", "qty": "1"}, 10005),
        ("read-only", "/v5/asset/transfer/inter-transfer", {"coin": "BTC", "amount": "1"}, 10005),
        ("read-only", "/v5/user/update-api", {"readOnly": 0}, 10005),
        ("wrong-secret", "/v5/order/create", {"category": "spot", "symbol": "BTCUSDT", "qty": "1"}, 10004),
    ],
)
def test_the_practice_exchange_carries_out_what_a_real_one_would(
    connector: Connector, persona: str, line: str, body: Mapping[str, object], code: int
) -> None:
    exchange = exchange_of(connector)
    who = next(each for each in exchange.personas if each.name == persona)

    reply = json.loads(exchange.answer(signed(who.credentials, line, body, stamp=1_000_000), 1_000_500).body)

    assert reply["retCode"] == code
    assert [change.split()[1] for change in exchange.ledger.changes] == ([line] if code == 0 else [])


@pytest.mark.parametrize(("late_ms", "code"), [(5_000, 10017), (5_001, 10002), (-999, 10017), (-1_000, 10002)])
def test_a_signature_is_good_from_five_seconds_before_the_servers_time_to_one_after(
    connector: Connector, late_ms: int, code: int
) -> None:
    exchange = exchange_of(connector)

    request = signed(exchange.personas[0].credentials, "/v5/nothing", {}, stamp=1_000_000)

    assert json.loads(exchange.answer(request, 1_000_000 + late_ms).body)["retCode"] == code


def test_a_body_that_was_changed_after_signing_is_not_taken(connector: Connector) -> None:
    exchange = exchange_of(connector)
    who = next(each for each in exchange.personas if each.name == "trading")

    request = signed(who.credentials, "/v5/order/create", {"category": "spot", "symbol": "ZZQXUSDT"}, stamp=1_000_000)
    forged = replace(request, body=request.body.replace(b"ZZQX", b"BTC"))

    assert json.loads(exchange.answer(forged, 1_000_000).body)["retCode"] == 10004
    assert exchange.ledger.changes == []


def signed(credentials: Mapping[str, str], path: str, body: Mapping[str, object], stamp: int) -> Request:
    """Sign a POST by hand, as the page Integration Guidance says."""
    text = json.dumps(body)
    what = f"{stamp}{credentials['api_key']}5000{text}"
    sign = hmac.new(credentials["secret"].encode(), what.encode(), hashlib.sha256).hexdigest()
    headers = {
        "x-bapi-api-key": credentials["api_key"],
        "x-bapi-timestamp": str(stamp),
        "x-bapi-recv-window": "5000",
        "x-bapi-sign": sign,
    }
    return Request(method="POST", path=path, target=path, query=(), headers=headers, body=text.encode())


def test_an_error_in_a_good_http_answer_is_no_reading(connector: Connector) -> None:
    good = json.loads(json.dumps({"retCode": 0, "result": {"list": [], "rows": []}}))

    readable = [stream.name for stream in connector.streams if stream.shape.fits(good)]
    misread = [stream.name for stream in connector.streams if stream.shape.fits(good | {"retCode": 10005})]
    assert "spot-orders" in readable
    assert misread == []
