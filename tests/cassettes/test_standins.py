"""The laws of stand-ins: what was equal stays equal, sums and order hold, and nothing shows through."""

from __future__ import annotations

import json
import re
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from typing import Any

import pytest
import yaml
from hashdata.answers import Envelope, Raw, parse
from hashdata.connector import Terms
from hashdata.exchange.door import Signed
from hashdata.questions import Clock, DeclaredProbe, Probe, Question, Stream
from hashdata.recording import Recorder
from hashdata.recording.expected import expected_of
from hashdata.recording.numerals import moved, times
from hashdata.recording.scrubbing import Scrubber
from hashdata.recording.standins import StandIns, is_standin
from hashdata.redaction import Redactor
from hashdata.registry import find
from hashdata.tester.classify import Classifier
from hypothesis import given
from hypothesis import strategies as st

from tests.canaries import CREDENTIALS
from tests.cassettes.test_recorder import AT, scrubber
from tests.record_cassettes import FOLDER

NOW = AT.timestamp()
seeds = st.binary(min_size=1, max_size=32)
digits = st.from_regex(r"[1-9][0-9]{9,24}", fullmatch=True)
hexes = st.from_regex(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{16,64}", fullmatch=True)
mixed = st.text(string.ascii_letters + string.digits, min_size=10, max_size=60)
uuids = st.uuids().map(str)
amounts = st.decimals(min_value="-1e9", max_value="1e9", places=8, allow_nan=False)
moments = st.integers(1_262_304_000_000, int(NOW * 1000) - 600_000)


@given(seeds, st.one_of(digits, hexes, mixed, uuids))
def test_an_id_has_one_stand_in_of_its_length_and_alphabet(seed: bytes, text: str) -> None:
    standins = StandIns(seed)

    instead = standins.of(text)

    assert instead == standins.of(text) == StandIns(seed).of(text) != text
    assert len(instead) == len(text)
    assert is_standin(instead)
    assert [kind(one) for one in instead] == [kind(one) for one in text] or is_hex(text)
    assert is_hex(instead) == is_hex(text)


def kind(character: str) -> str:
    return "0" if character.isdigit() else "a" if character.islower() else "A" if character.isupper() else character


def is_hex(text: str) -> bool:
    """Whether a text is of digits and letters of hex, hyphens of a UUID included, in one case."""
    return bool(re.fullmatch(r"[0-9a-f-]+|[0-9A-F-]+", text)) and not text.isdigit() and any(map(str.isdigit, text))


@given(seeds, st.lists(st.one_of(digits, hexes, uuids), unique=True, max_size=20))
def test_two_ids_have_two_stand_ins(seed: bytes, texts: list[str]) -> None:
    standins = StandIns(seed)

    assert len({standins.of(text) for text in texts}) == len(texts)


def test_short_ids_have_different_stand_ins_as_long_as_there_are_any() -> None:
    standins = StandIns(b"x")

    assert len({standins.of(str(number)) for number in range(10_000_000, 10_004_000)}) == 4_000
    assert len({standins.of(str(number)) for number in range(20, 80)}) == 60


def test_an_id_that_was_overlooked_is_hardly_ever_taken_for_a_stand_in() -> None:
    ids = [str(number) for number in range(300_000_000_000_000_000, 300_000_000_000_020_000)]

    assert sum(map(is_standin, ids)) < 20


@given(seeds, st.lists(amounts, min_size=1, max_size=8))
def test_a_total_is_the_sum_of_its_parts_to_the_last_decimal(seed: bytes, parts: list[Decimal]) -> None:
    row = {"total": str(sum(parts)), "balances": [{"free": f"{part:f}"} for part in parts]}

    text = scrubber(seed).scrub(json.dumps(row))

    found = json.loads(text)
    scaled = [Decimal(one["free"]) for one in found["balances"]]
    assert Decimal(found["total"]) == sum(scaled)
    for part, new in zip(parts, scaled, strict=True):
        assert part.is_signed() == new.is_signed() or not part
        assert bool(part) == bool(new)
        assert part.as_tuple().exponent == new.as_tuple().exponent
        assert not part or abs(new) > abs(part)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?", fullmatch=True))
def test_a_numeral_is_scaled_exactly_and_keeps_its_form(text: str) -> None:
    scaled = times(text, 10_007)

    # By default decimals are rounded to 28 digits.
    assert Decimal(scaled) == Context(prec=100).multiply(Decimal(text), Decimal(10_007))
    assert re.sub(r"\d+(?=[.eE]|$)", "", scaled.partition(".")[0]) == re.sub(
        r"\d+(?=[.eE]|$)", "", text.partition(".")[0]
    )
    assert isinstance(json.loads(scaled), type(json.loads(text)))
    assert fraction(scaled) == fraction(text)


def fraction(text: str) -> int:
    return len(re.split("[eE]", text)[0].partition(".")[2])


@given(seeds, st.lists(moments, min_size=2, max_size=10))
def test_times_keep_their_order_and_distances(seed: bytes, found: list[int]) -> None:
    trades = [{"createTime": one, "updatedAt": str(one // 1000), "date": written(one)} for one in found]

    moved_ = json.loads(scrubber(seed).scrub(json.dumps(trades)))

    offset = moved_[0]["createTime"] - found[0]
    assert offset <= -30 * 86_400_000
    assert [one["createTime"] - offset for one in moved_] == found
    assert [int(one["updatedAt"]) * 1000 - offset for one in moved_] == [one // 1000 * 1000 for one in found]
    assert [one["date"] for one in moved_] == [written(one + offset) for one in found]


def written(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(milliseconds=milliseconds % 1000)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def test_a_time_that_would_give_the_offset_away_is_not_moved() -> None:
    assert moved(str(int(NOW * 1000) + 900), -86_400, NOW) == str(int(NOW * 1000) + 900)
    assert moved("4102444800000", -86_400, NOW) is None
    assert moved("9999-12-31T23:59:59Z", -86_400, NOW) is None
    assert moved("2025-13-41", -86_400, NOW) is None
    assert moved("2025-02-03", -86_400, NOW) == "2025-02-02"


def record(bodies: dict[str, str], seed: bytes | None = None) -> list[Any]:
    """Record answers of the main account, and return the values that stand in the file."""
    connector = find("poloniex")
    recorder = Recorder(connector, connector.schema.bind(CREDENTIALS), practice=False, at=AT, seed=seed)
    for path, body in bodies.items():
        url = f"https://api.poloniex.com{path}"
        recorder(Signed("GET", url, {}, None), Raw("GET", path, 200, {}, body, 1))
    text = recorder.text()
    found = [one["response"]["body"]["string"] for one in yaml.safe_load(text)["interactions"]]
    return [text, *map(parse, found)]


@given(
    digits,
    mixed.filter(lambda one: 3 < sum(map(str.isdigit, one)) < len(one) - 3),
    st.from_regex(r"[1-9]{6}\.[1-9]{6}", fullmatch=True),
)
def test_nothing_of_an_account_remains_anywhere_in_the_file(account: str, address: str, amount: str) -> None:
    text, accounts, trades = record(
        {
            "/accounts": json.dumps([{"accountId": account, "label": f"of {address}", "address": address}]),
            "/trades": json.dumps({"code": 7, "message": f"No order {account} at {address}", "own": {account: amount}}),
        }
    )

    assert not any(original in text for original in (account, address, amount))
    assert accounts[0]["accountId"] in trades["own"]


def test_the_same_id_has_the_same_stand_in_in_every_answer_and_another_in_every_recording() -> None:
    bodies = {
        "/accounts": '[{"accountId": "300000000000000002"}]',
        "/accounts/balances": '[{"accountId": 300000000000000002, "balances": []}]',
    }

    _, first, second = record(bodies)
    _, other, _ = record(bodies)

    assert first[0]["accountId"] == str(second[0]["accountId"])
    assert other[0]["accountId"] != first[0]["accountId"]


def test_the_secret_of_a_recording_shows_nowhere() -> None:
    standins = StandIns(b"the secret of it")

    assert "secret" not in repr(standins)
    assert StandIns(b"a").factor != StandIns(b"b").factor
    assert StandIns(b"a").offset != StandIns(b"b").offset


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"currency": "USDT", "symbol": "BTC_USDT_PERP", "ccy": "1INCH", "instId": "BTC-25DEC26"}, True),
        (
            {"side": "BUY", "state": "PARTIALLY_FILLED", "type": "SPOT", "status": "Completed", "timeInForce": "GTC"},
            True,
        ),
        ({"makerRate": "0.00145", "price": "63127.41", "leverage": 20, "isPrimary": "true", "page": 3}, True),
        ({"perm": "read_only,trade", "permissions": ["SpotTrade", "Order"], "readOnly": 1}, True),
        ({"permissions": ["query-funds", "close-trades", "wallet:read"], "scope": "view"}, True),
        ({"permission": "General,Spot,Margin,Futures,InnerTransfer,Withdrawal,FlexTransfers,LeadtradeFutures"}, True),
        ({"permission": "General, Spot", "perms": "general|spot;earn/loan"}, True),
        ({"type": "my own words"}, False),
        ({"errorCode": "ORDER_NOT_FOUND", "retCode": "no-such-order", "code": "denied"}, True),
        ({"status": "Active: Anna Mueller, Bahnhofstrasse, Zurich"}, False),
        ({"antiPhishingCode": "blue-horse"}, False),
        ({"referralCode": "anna-mueller"}, False),
        ({"accountType": "Mueller, Anna"}, False),
        ({"recordsAmount": "1500"}, False),
        ({"itemsTotal": "2750"}, False),
        ({"createdAt": "2005-05-12"}, False),
        ({"pageSize": 50, "currentPage": 1, "totalPages": 12, "total_items": "600", "page_size": 100}, True),
        ({"size": 50}, False),
        ({"ips": ["*"], "expiredAt": "1970-01-01T00:00:00Z", "until": "9999-12-31", "at": "0001-01-01T00:00:00"}, True),
        ({"ips": ["192.0.2.7"]}, False),
        ({"expiredAt": "2031-05-12T13:13:20Z"}, False),
        ({"birthday": "1984-05-12"}, False),
        ({"note": "1984-05-12"}, False),
        ({"label": "JANE"}, False),
        ({"accountName": "Primary Account"}, False),
        ({"remark": "USDT"}, False),
        ({"phone": 41791234567}, False),
        ({"whatever": "Jane Doe"}, False),
        ({"whatever": "x7Kq"}, False),
        ({"whatever": 12345}, False),
        ({"whatever": 1.5}, False),
        ({"eq": "1000", "amount": 1}, False),
        ({"email": "jane@example.com"}, False),
        ({"ip": ["192.0.2.7"]}, False),
        ({"txid": "ab" * 32}, False),
        ({"rows": [["BTC", 0.31, 1735689600000]]}, False),
        ({"jane@example.com": 0}, False),
    ],
    ids=str,
)
def test_what_is_not_known_to_be_harmless_is_replaced(row: dict[str, object], kept: bool) -> None:  # noqa: FBT001
    found = json.loads(scrubber().scrub(json.dumps(row)))

    assert (found == row) == kept


@pytest.mark.parametrize("name", ["dateOfBirth", "dob", "birthDate", "someDay", "note"])
def test_nothing_is_left_of_a_date_that_is_no_time_of_the_exchange(name: str) -> None:
    found = json.loads(scrubber().scrub(json.dumps({name: "1985-03-12"})))[name]

    assert "1985" not in found


def test_in_a_statement_of_rights_small_numbers_stay() -> None:
    statement = {"withdraw": 1, "permissions": [2, 1, 3], "days": 90, "uid": 53888001, "amount": "12.5"}
    found = json.loads(replace(scrubber(), is_statement=True).scrub(json.dumps(statement)))

    assert [found[name] for name in ("withdraw", "permissions", "days")] == [1, [2, 1, 3], 90]
    assert found["uid"] != 53888001
    assert found["amount"] != "12.5"


def test_words_that_a_connector_names_stay_alone_and_in_lists() -> None:
    naming = replace(scrubber(), words=frozenset({"spot", "cold-store"}))
    found = json.loads(naming.scrub('{"name": "spot", "user": "spot, cold-store", "label": "spot,mine2", "note": "x"}'))

    assert (found["name"], found["user"]) == ("spot", "spot, cold-store")
    assert (found["label"], found["note"]) != ("spot,mine2", "x")
    assert found["label"] != "spot,mine2"


def test_what_was_asked_and_is_repeated_shows_no_factor() -> None:
    asking = replace(scrubber(), asked={"size": "10", "amount": "25", "cursor": "7"})

    found = json.loads(asking.scrub('{"size": 10, "amount": "25", "cursor": "8", "data": {"size": "10", "qty": 10}}'))

    assert (found["size"], found["amount"], found["data"]["size"]) == (10, "25", "10")
    assert found["data"]["qty"] == 10 * asking.standins.factor
    assert found["cursor"] != "8"


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1,192.0.2.10", "192.0.2.10, 2001:db8::1", "alice@mail.example;bob@mail.example", "a0b1c2d3e4f5a6b7,x2"],
)
def test_a_list_in_one_text_keeps_its_number_of_items(text: str) -> None:
    found = json.loads(scrubber().scrub(json.dumps({"ipWhitelist": text})))["ipWhitelist"]

    assert len(found) == len(text)
    assert [len(one) for one in re.split("[,;|] ?", found)] == [len(one) for one in re.split("[,;|] ?", text)]
    assert not set(re.split("[,;|] ?", found)) & set(re.split("[,;|] ?", text))
    assert is_standin(found)


@pytest.mark.parametrize("text", ["2031-05-12T13:13:20.5Z", "2005-05-12 13:13:20+02:00", "2031-05-12"])
def test_of_a_time_far_from_now_the_year_stays_and_it_is_still_a_time(text: str) -> None:
    found = json.loads(scrubber().scrub(json.dumps({"validUntil": text})))["validUntil"]

    assert found != text
    assert len(found) == len(text)
    assert datetime.fromisoformat(found).year == int(text[:4])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("EGeneral:Unknown asset pair", "EGeneral:Unknown asset pair"),
        ("EOrder:Not enough of 12.5 for jane@mail.example", "x"),
        ("AAAA1111BBBB2222CCCC3333", "x"),
        ("Active: Anna Mueller, Zurich", "x"),
    ],
)
def test_a_code_may_be_a_kind_and_a_sentence_without_a_number(said: str, kept: str) -> None:
    by_errors = replace(scrubber(), envelope=Envelope(code=("error",)))

    assert json.loads(by_errors.scrub(json.dumps({"error": [said]}))) == {"error": [kept]}
    assert json.loads(by_errors.scrub(json.dumps({"error": said}))) == {"error": kept}


def test_how_many_entries_a_list_has_may_be_said_beside_it() -> None:
    assert json.loads(scrubber().scrub('{"total": 2, "items": [{"total": 2}, {}]}'))["total"] == 2


def terms() -> list[Any]:
    """Return the terms of every API of both connectors."""
    connectors = [find("poloniex"), find("poloniex-futures")]
    return [pytest.param(one.terms(api), id=f"{one.name}-{api.name}") for one in connectors for api in one.info.apis]


def answers() -> list[tuple[int, str]]:
    """Return status and body of every answer that the practice exchanges have, and of an account that is in use."""
    found = [(200, json.dumps(one)) for one in IN_USE]
    for path in sorted((FOLDER.parent / "plugins").glob("*/*/answers.jsonl")):
        for one in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            body = one["body"] if isinstance(one["body"], str) else json.dumps(one["body"])
            found.append((one["status"] or one["assumed_status"], body))
    return found


IN_USE: list[Any] = [
    [{"accountId": "3000000001", "accountType": "SPOT", "balances": [{"currency": "BTC", "available": "0.5"}]}],
    [{"id": "194100000000001", "symbol": "BTC_USDT", "side": "SELL", "price": "63127.41", "quantity": "0.5"}],
    {"deposits": [{"depositNumber": 7397520, "address": "131rdg5Rzn6BFufnnQaHhVa5ZtRU1J2EZR"}], "withdrawals": []},
]


@pytest.mark.parametrize("terms", terms())
def test_a_scrubbed_answer_means_what_it_meant(terms: Terms) -> None:
    expected = expected_of(terms)
    scrubs = Scrubber(
        envelope=terms.api.envelope,
        sentences=expected.sentences,
        words=expected.words,
        standins=StandIns(b"x"),
        now=NOW,
    )

    for question in terms.questions:
        clock = question if isinstance(question, Clock) else None
        for status, body in answers():
            raw = Raw(question.method, question.path, status, {}, body, 1)
            new = replace(raw, text=scrubs.scrub(body, clock))
            assert finding(terms, question, new) == finding(terms, question, raw), (question.sends, body)


def finding(terms: Terms, question: Question, raw: Raw) -> object:
    """Return what a test would conclude of an answer."""
    classifier = Classifier(terms, Redactor(()))
    match question:
        case Clock():
            found = classifier.clock(question, raw, NOW * 1000)
            return found.offset_ms, found.cause
        case Stream():
            stream = classifier.stream(question, raw)
            return stream.grant, stream.cause
        case Probe():
            probe = classifier.probe(question, raw)
            return probe.grant, probe.cause, probe.executed
        case DeclaredProbe():
            return classifier.statement(question, raw).rights
    return None
