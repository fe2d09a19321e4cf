"""The example `kraken`: installed like a stranger's package, and tried with every practice key."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hashdata.answers import Raw, Reading
from hashdata.permissions import Grant, Permission
from hashdata.practice import Persona, Request
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of
from hashdata.tester.report import Report
from hashdata.tester.runs import practise
from hashdata.tester.session import Options

from tests.examples.installed import install
from tests.registry.plugins import Ran, hashdata

TRADE, WITHDRAW = Permission.TRADE, Permission.WITHDRAW

ENDS = {
    "read-only": "accepted",
    "bound-to-address": "accepted",
    "ending-soon": "accepted",
    "trading": "denied trade_granted",
    "withdrawal": "denied withdraw_granted",
    "earn": "denied trade_granted",
    "address-book": "denied withdraw_granted",
    "full-power": "denied trade_granted",
    "contradiction": "denied contradiction",
    "half-history": "denied incomplete_read",
    "short-read": "denied incomplete_read",
    "wrong-key": "unusable unknown_key",
    "wrong-secret": "unusable wrong_secret",
    "ip-locked": "unusable unknown_key",
    "expired": "unusable unknown_key",
    "unknown-right": "inconclusive unrecognised_answer",
    "rate-limited": "inconclusive rate_limited",
    "locked-out": "inconclusive rate_limited",
    "shared": "inconclusive rate_limited",
    "maintenance": "inconclusive maintenance",
    "skewed-clock": "inconclusive clock",
}
EXITS = {"accepted": 0, "denied": 1, "unusable": 3, "inconclusive": 4}
READS = [
    "/0/private/Balance",
    "/0/private/ClosedOrders",
    "/0/private/DepositStatus",
    "/0/private/GetApiKeyInfo",
    "/0/private/Ledgers",
    "/0/private/TradesHistory",
    "/0/private/WithdrawStatus",
    "/0/public/Time",
]
WRITES = ["/0/private/AddOrder", "/0/private/Withdraw"]

# The words of the table in Get API Key Info (docs.kraken.com), and what each makes of a key.
WORDS = {
    "query-funds": set(),
    "add-funds": {WITHDRAW},
    "withdraw-funds": {WITHDRAW},
    "earn-funds": {TRADE},
    "query-open-trades": set(),
    "query-closed-trades": set(),
    "modify-trades": {TRADE},
    "close-trades": {TRADE},
    "query-ledger": set(),
    "export-data": set(),
    "create-ws-token": set(),
    "add-withdraw-address": {WITHDRAW},
    "update-withdraw-address": {WITHDRAW},
}
# The example of the page Authentication (docs.kraken.com): what is signed, with which secret, and the signature.
SECRET = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
SIGNED = b"nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"
SIGNATURE = "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ=="


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install("kraken", tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def ended(site: Path) -> Mapping[str, Ran]:
    """Test every practice key with the command, side by side, and return how each ended."""
    switches = ("--timeout", "30", "--json")
    with ThreadPoolExecutor(max_workers=4) as pool:
        running = {
            name: pool.submit(hashdata, site, "connectors", "test", "kraken", "--sandbox", name, *switches)
            for name in ENDS
        }
        return {name: run.result() for name, run in running.items()}


@pytest.fixture
def beside(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the installed package importable here for the length of a test."""
    monkeypatch.syspath_prepend(str(site))
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "hashdata_kraken"]:
        del sys.modules[name]


@pytest.fixture
def rights(beside: None) -> Any:  # noqa: ARG001, ANN401 - a module that is there only while the test runs
    return import_module("hashdata_kraken.rights")


def stated(**fields: object) -> dict[str, object]:
    """Return an answer of GetApiKeyInfo, a reading key's unless `fields` say otherwise."""
    usual: dict[str, object] = {
        "apiKeyName": "reports",
        "permissions": ["query-funds", "query-closed-trades", "query-ledger"],
        "validUntil": "0",
        "queryFrom": "0",
        "queryTo": "0",
        "ipAllowlist": [],
    }
    return {"error": [], "result": usual | fields}


def request(path: str, body: bytes, **headers: str) -> Request:
    return Request(method="POST", path=path, target=path, query=(), headers=headers, body=body)


@pytest.mark.parametrize("persona", ENDS)
def test_the_command_ends_with_each_practice_key_as_it_should(ended: Mapping[str, Ran], persona: str) -> None:
    ran = ended[persona]
    report = ran.document

    assert f"{report['verdict']} {report['cause'] or ''}".strip() == ENDS[persona]
    assert ran.code == EXITS[str(report["verdict"])]
    assert report["practice"] is True


@pytest.mark.parametrize("persona", ENDS)
def test_no_output_shows_a_key_a_secret_or_a_signature(beside: None, ended: Mapping[str, Ran], persona: str) -> None:  # noqa: ARG001
    who = persona_of(persona)

    shown = ended[persona].out + ended[persona].err

    assert not [value for value in who.credentials.values() if value in shown]


def test_the_report_tells_when_a_key_ends_and_from_how_many_addresses_it_works(ended: Mapping[str, Ran]) -> None:
    keys: dict[str, Any] = {name: ended[name].document["key"] for name in ("read-only", "bound-to-address")}
    ending: Any = ended["ending-soon"].document

    assert keys["read-only"]["allowed_addresses"] == 0
    assert keys["bound-to-address"]["allowed_addresses"] == 2
    assert "expires_at" not in keys["read-only"]
    assert ending["key"]["expires_at"] > ending["tested_at"]


def test_a_half_hidden_history_is_named_with_its_date(ended: Mapping[str, Ran]) -> None:
    assert "nothing from before 2025-01-01 00:00 UTC" in str(ended["half-history"].document["summary"])


def test_a_nonce_that_is_not_accepted_leads_to_a_key_of_its_own(ended: Mapping[str, Ran]) -> None:
    assert "Make a key for this program alone" in str(ended["shared"].document["fix"])


def test_transfers_are_said_to_be_unproven_and_why(ended: Mapping[str, Ran]) -> None:
    report: Any = ended["read-only"].document

    assert report["permissions"]["transfer"]["grant"] == "unproven"
    assert any("WalletTransfer" in limit for limit in report["limits"])


def test_the_connector_is_listed_with_both_witnesses(site: Path) -> None:
    rows: Any = hashdata(site, "connectors", "list", "--json").document["connectors"]

    (row,) = [row for row in rows if row["name"] == "kraken"]
    assert (row["provability"], row["state"], row["distribution"]) == ("P3", "ready", "hashdata-kraken")


def test_show_prints_every_request_and_guide_names_every_box(site: Path) -> None:
    shown = hashdata(site, "connectors", "show", "kraken").out
    guide = hashdata(site, "connectors", "guide", "kraken").out

    assert [line for line in (*READS, *WRITES) if line not in shown] == []
    assert "Add withdrawal addresses" in guide
    assert "Query ledger entries" in guide


class Watched:
    """A practice exchange that keeps the path of every request."""

    def __init__(self) -> None:
        self.inner = exchange_of(find("kraken"))
        self.paths: list[str] = []
        self.personas, self.ledger = self.inner.personas, self.inner.ledger

    def answer(self, asked: Request, now_ms: int) -> Any:  # noqa: ANN401 - a reply, whatever it is
        self.paths.append(asked.path)
        return self.inner.answer(asked, now_ms)


def persona_of(name: str) -> Persona:
    return next(who for who in exchange_of(find("kraken")).personas if who.name == name)


def practised(persona: str) -> tuple[Report, Watched]:
    exchange = Watched()
    options = Options(timeout=20.0, all_streams=True)
    return asyncio.run(practise(find("kraken"), exchange, persona_of(persona), options)), exchange


@pytest.mark.parametrize("persona", ENDS)
def test_a_test_asks_what_is_declared_once_and_changes_nothing(beside: None, persona: str) -> None:  # noqa: ARG001
    _, exchange = practised(persona)

    reads = sorted([*READS, "/0/private/OpenOrders"])
    assert sorted(exchange.paths) in (reads, sorted([*reads, *WRITES]))
    assert exchange.ledger.changes == []


class Slow(Watched):
    """A practice exchange that takes its time, and keeps what was asked before the last answer had left."""

    def __init__(self) -> None:
        super().__init__()
        self.until = 0.0
        self.early: list[str] = []

    def answer(self, asked: Request, now_ms: int) -> Any:  # noqa: ANN401 - as above
        if "api-key" in asked.headers:
            self.early += [asked.path] if time.monotonic() < self.until else []
            self.until = time.monotonic() + 0.02
        return replace(super().answer(asked, now_ms), delay=0.03)


@pytest.mark.usefixtures("beside")
def test_a_signed_question_waits_for_the_answer_to_the_one_before() -> None:
    exchange = Slow()

    asyncio.run(practise(find("kraken"), exchange, persona_of("read-only"), Options(timeout=20.0)))

    assert exchange.early == []


def test_every_persona_has_an_expected_end(beside: None) -> None:  # noqa: ARG001
    assert {who.name for who in exchange_of(find("kraken")).personas} == set(ENDS)


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize(
    ("persona", "call", "body"),
    [
        ("trading", "AddOrder", "pair=XBTUSD&type=buy&ordertype=market&volume=1"),
        ("trading", "CancelAll", ""),
        ("withdrawal", "Withdraw", "asset=XBT&key=practice-wallet&amount=0.1"),
        ("earn", "Earn/Allocate", "amount=1&strategy_id=x"),
        # As documented, the right to query funds is enough for this one.
        ("read-only", "WalletTransfer", "asset=XBT&from=Spot Wallet&to=Futures Wallet&amount=0.1"),
    ],
)
def test_the_ledger_shows_what_a_real_request_would_do(persona: str, call: str, body: str) -> None:
    exchange, given = exchange_of(find("kraken")), persona_of(persona).credentials
    path, sent = f"/0/private/{call}", f"nonce=1&{body}".rstrip("&").encode()
    digest = path.encode() + hashlib.sha256(b"1" + sent).digest()
    signature = base64.b64encode(hmac.digest(base64.b64decode(given["secret"]), digest, "sha512")).decode()

    exchange.answer(request(path, sent, **{"api-key": given["api_key"], "api-sign": signature}), 0)

    assert len(exchange.ledger.changes) == 1


@pytest.mark.usefixtures("beside")
def test_the_signature_is_that_of_the_documents_example() -> None:
    signing: Any = import_module("hashdata_kraken.signing")

    asked = request("/0/private/AddOrder", SIGNED)

    assert signing.sign(asked, SECRET, "1616492376594") == SIGNATURE


@pytest.mark.parametrize("word", WORDS)
def test_a_documented_right_gives_what_it_gives_and_no_more(rights: Any, word: str) -> None:  # noqa: ANN401
    read = rights.rights(stated(permissions=[word]))

    assert {p for p in (TRADE, WITHDRAW) if read.of(p) is Grant.GRANTED} == WORDS[word]
    assert {p for p in (TRADE, WITHDRAW) if read.of(p) is Grant.REFUSED} == {TRADE, WITHDRAW} - WORDS[word]


def test_every_documented_right_is_known_and_no_other(rights: Any) -> None:  # noqa: ANN401
    assert set(rights.KNOWN) == set(WORDS)


@pytest.mark.parametrize("word", ["new-right", "Query-Funds", "query-funds ", "modify_trades"])
def test_a_right_of_another_name_leaves_everything_unproven(rights: Any, word: str) -> None:  # noqa: ANN401
    read = rights.rights(stated(permissions=["query-funds", word]))

    assert {read.of(TRADE), read.of(WITHDRAW)} == {Grant.UNPROVEN}
    assert read.unknown == (word,)


def test_an_unknown_right_does_not_hide_a_known_one(rights: Any) -> None:  # noqa: ANN401
    read = rights.rights(stated(permissions=["new-right", "withdraw-funds"]))

    assert (read.of(TRADE), read.of(WITHDRAW)) == (Grant.UNPROVEN, Grant.GRANTED)


@pytest.mark.parametrize(
    ("fields", "gaps"),
    [
        ({}, ()),
        ({"queryFrom": "1735689600"}, ("The key can read nothing from before 2025-01-01 00:00 UTC.",)),
        ({"queryTo": "1735689600"}, ("The key can read nothing from after 2025-01-01 00:00 UTC.",)),
    ],
)
def test_a_limit_of_the_history_is_a_gap(rights: Any, fields: dict[str, object], gaps: tuple[str, ...]) -> None:  # noqa: ANN401
    assert rights.rights(stated(**fields)).gaps == gaps


@pytest.mark.parametrize("field", ["validUntil", "queryFrom", "queryTo"])
@pytest.mark.parametrize("value", ["-1", "1e9", "soon", "²", " 0", "9" * 40])
def test_a_time_that_cannot_be_read_states_nothing(rights: Any, field: str, value: str) -> None:  # noqa: ANN401
    with pytest.raises((ValueError, OverflowError)):
        rights.rights(stated(**{field: value}))


@pytest.mark.parametrize(
    "value",
    [
        {"error": ["EGeneral:Permission denied"], "result": stated()["result"]},
        {"error": ["WGeneral:Something"], "result": stated()["result"]},
        {"result": stated()["result"]},
        {"error": []},
        stated(permissions="query-funds"),
        stated(permissions=[1]),
        stated(queryFrom=0),
        stated(ipAllowlist=None),
    ],
)
def test_an_answer_of_another_shape_is_not_read(rights: Any, value: object) -> None:  # noqa: ANN401
    assert not rights.SHAPE.fits(value)
    assert rights.SHAPE.fits(stated())


@pytest.mark.usefixtures("beside")
def test_no_error_counts_as_a_readable_stream() -> None:
    connector = find("kraken")
    errors = sorted({str(d.code) for d in connector.diagnoses})

    for stream in connector.streams:
        for error in errors:
            for value in ({"error": [error]}, {"error": [error], "result": {}}, {"error": [error], "result": []}):
                assert not stream.shape.fits(value)


@pytest.mark.usefixtures("beside")
def test_two_errors_at_once_are_no_refusal() -> None:
    connector = find("kraken")
    text = '{"error": ["EGeneral:Permission denied", "EAPI:Invalid nonce"]}'
    raw = Raw(method="POST", path="/0/private/AddOrder", status=200, headers={}, text=text, ms=1)
    reading = Reading(raw, connector.info.apis[0].envelope)

    assert not any(answer.matches(reading) for probe in connector.probes for answer in probe.answers)


def test_a_secret_that_is_not_base64_is_named_and_nothing_is_sent(site: Path, tmp_path: Path) -> None:
    assert hashdata(site, "plugins", "enable", "kraken").code == 0
    file = tmp_path / "key.toml"
    file.touch(mode=0o600)
    file.write_text('api_key = "0123456789abcdef"\nsecret = "not base64, but 24 signs"\n')
    ran = hashdata(
        site, "connectors", "test", "kraken", "--credentials", str(file), "--endpoint", "http://127.0.0.1:9", "--json"
    )

    assert ran.code == 2
    assert ran.document["error"] == "the secret is not base64, so nothing can be signed with it"
    assert "24 signs" not in ran.out + ran.err
