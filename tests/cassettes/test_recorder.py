"""What the recorder makes of answers: values are gone, shapes are left, and nothing of a key gets into a file."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Self
from urllib.parse import quote

import pytest
import yaml
from hashdata.answers import Envelope, NotJSON, Raw, parse
from hashdata.errors import ExitCode, UsageError
from hashdata.exchange.door import Signed
from hashdata.questions import Clock
from hashdata.recording import Leak, Recorder, write
from hashdata.recording.cassette import compose
from hashdata.recording.scrubbing import Scrubber
from hashdata.recording.standins import StandIns
from hashdata.registry import find
from hypothesis import given
from hypothesis import strategies as st
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from tests.canaries import CREDENTIALS, CREDENTIALS_WITH_PASSPHRASE, KEY, PASSPHRASE, SECRET, shows

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGNATURE = base64.b64encode(bytes(range(40, 72))).decode()
ORIGIN = "https://futures-api.poloniex.com"
FUTURES = find("poloniex-futures")
SEED = b"tests"


def scrubber(seed: bytes = SEED) -> Scrubber:
    """Return the scrubber of a new recording."""
    sentences = frozenset({"Known sentence 1234567 of a@b.example."})
    return Scrubber(envelope=Envelope(), sentences=sentences, standins=StandIns(seed), now=AT.timestamp())


SCRUBBER = scrubber()


def recorded(text: str, headers: Mapping[str, str] | None = None, status: int = 200) -> str:
    """Record one answer to a signed request of a key with canaries for its values."""
    recorder = Recorder(FUTURES, FUTURES.schema.bind(CREDENTIALS_WITH_PASSPHRASE), practice=False, at=AT)
    sent = {"PF-API-KEY": KEY, "PF-API-SIGN": SIGNATURE, "PF-API-PASSPHRASE": PASSPHRASE, "Content-Type": "text/plain"}
    path = "/api/v1/account-overview"
    request = Signed("GET", f"{ORIGIN}{path}?currency=USDT&token=abcdefgh12345678", sent, None)
    recorder(request, Raw("GET", path, status, headers or {}, text, 1))
    return recorder.text()


def spelled(value: str) -> dict[str, str]:
    data = value.encode()
    return {
        "raw": value,
        "json": json.dumps(value)[1:-1],
        "url": quote(value, safe=""),
        "hex": data.hex(),
        "HEX": data.hex().upper(),
        "reversed": value[::-1],
        **{f"base64 at {n}": base64.b64encode(b"." * n + data + b"..").decode() for n in range(3)},
        "base64url": base64.urlsafe_b64encode(data).decode().rstrip("="),
        "escaped": "".join(f"\\u{ord(c):04x}" for c in value),
    }


VALUES = {
    "key": KEY,
    "secret": SECRET,
    "passphrase": PASSPHRASE,
    "signature": SIGNATURE,
    "parameter": "abcdefgh12345678",
}
DRESSED = {f"{who} {how}": text for who, value in VALUES.items() for how, text in spelled(value).items()}


# An exchange may state the API key as a value; spelled otherwise, or elsewhere, it is a leak.
AS_A_VALUE = {dress for dress in DRESSED if dress in {"key raw", "key json", "key url", "key escaped"}}


@pytest.mark.parametrize("place", ["page", "sentence", "data", "name", "header"])
@pytest.mark.parametrize("dress", DRESSED)
def test_an_answer_that_repeats_what_must_stay_secret_is_not_recorded(dress: str, place: str) -> None:
    text = DRESSED[dress]
    # The escapes are JSON's own, so they are not escaped again, and they mean nothing elsewhere.
    is_escaped = dress.endswith("escaped")
    if (is_escaped and place in {"page", "header"}) or (dress in AS_A_VALUE and place in {"sentence", "data"}):
        return
    quoted = f'"{text}"' if is_escaped else json.dumps(text)
    body = {
        "page": f"<p>{text}</p>",
        "sentence": f'{{"code": 1, "msg": {quoted}}}',
        "data": f'{{"list": [{{"a": {quoted}}}]}}',
        "name": f"{{{quoted}: 1}}",
        "header": "{}",
    }[place]

    with pytest.raises(Leak) as refused:
        recorded(body, {"web-filter": text} if place == "header" else None)

    assert refused.value.exit_code is ExitCode.BROKEN
    assert not any(value in f"{refused.value} {refused.value.fix}" for value in VALUES.values())


@pytest.mark.parametrize("dress", sorted(AS_A_VALUE))
@pytest.mark.parametrize("name", ["apiKey", "key", "a", "status", "symbol", "amount", "message", "note"])
def test_the_api_key_as_a_value_is_replaced_and_the_answer_recorded(dress: str, name: str) -> None:
    quoted = f'"{DRESSED[dress]}"'

    text = recorded(f'{{"data": [{{"{name}": {quoted}, "list": [{quoted}]}}, {{"id": {quoted}}}]}}')

    (interaction,) = yaml.safe_load(text)["interactions"]
    first, second = json.loads(interaction["response"]["body"]["string"])["data"]
    stood_in = {first[name], first["list"][0], second["id"]}
    assert len(stood_in) == 1
    assert [len(one) for one in stood_in] == [len(KEY)]
    assert not shows(text)


def test_a_key_that_looks_like_a_currency_is_replaced_too() -> None:
    key = "ABCDEFGHIJKL"
    recorder = Recorder(FUTURES, FUTURES.schema.bind({**CREDENTIALS, "api_key": key}), practice=False, at=AT)
    path = "/api/v1/account-overview"
    recorder(Signed("GET", f"{ORIGIN}{path}", {}, None), Raw("GET", path, 200, {}, f'{{"symbol": "{key}"}}', 1))

    assert key not in recorder.text()


@pytest.mark.parametrize(
    "body",
    [
        {"apiKey": f"{KEY} "},
        {"apiKey": KEY, "secret": SECRET},
        {"apiKey": KEY, "msg": f"key {KEY} expires"},
        {"apiKey": KEY, "by": {KEY: 1}},
        {"apiKey": KEY, "json": json.dumps({"apiKey": KEY})},
    ],
)
def test_beside_the_key_as_a_value_everything_else_of_it_is_still_a_leak(body: object) -> None:
    with pytest.raises(Leak):
        recorded(json.dumps(body))


def test_a_request_keeps_its_declared_parameters_and_nothing_that_signing_added() -> None:
    (interaction,) = yaml.safe_load(recorded("{}"))["interactions"]

    assert interaction["request"] == {
        "method": "GET",
        "uri": f"{ORIGIN}/api/v1/account-overview?currency=USDT",
        "body": None,
        "headers": {"Content-Type": ["text/plain"]},
    }


def post(
    body: bytes, headers: Mapping[str, str] | None = None, *, practice: bool = True
) -> dict[str, dict[str, object]]:
    """Record one answer to the question about trading, 1.5 seconds after the recorder was made."""
    main = find("poloniex")
    times = iter([7.0, 8.5])
    bound = main.schema.bind(CREDENTIALS)
    recorder = Recorder(main, bound, practice=practice, at=AT, elapsed=lambda: next(times))
    recorder(
        Signed("POST", "https://api.poloniex.com/orders", {}, body), Raw("POST", "/orders", 403, headers or {}, "{}", 1)
    )
    (interaction,) = yaml.safe_load(recorder.text())["interactions"]
    found: dict[str, dict[str, object]] = interaction
    return found


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b'{"symbol":"A","amount":"1","sign":"s3cr3t"}', '{"symbol":"A","amount":"1"}'),
        (b"symbol=A&sign=s3cr3t&amount=1", "symbol=A&amount=1"),
        (b'["s3cr3t"]', None),
    ],
)
def test_what_signing_adds_to_a_body_is_left_out(body: bytes, kept: str | None) -> None:
    assert post(body)["request"]["body"] == kept


@pytest.mark.parametrize(
    ("said", "evidence", "source"),
    [
        ({"practice-provenance": "observed", "practice-source": "a mock"}, "observed", "a mock"),
        ({"practice-provenance": "sworn"}, "inferred", "a server on the own computer"),
        ({}, "inferred", "a server on the own computer"),
    ],
)
def test_a_server_on_this_computer_says_itself_where_answers_come_from(
    said: dict[str, str], evidence: str, source: str
) -> None:
    assert post(b"{}", said)["response"]["provenance"] == {
        "evidence": evidence,
        "source": source,
        "recorded_at": "2026-11-22T12:00:01.500Z",
    }


def test_the_real_exchange_does_not_say_itself_where_answers_come_from() -> None:
    provenance = post(b"{}", {"practice-provenance": "inferred", "practice-source": "a mock"}, practice=False)[
        "response"
    ]

    assert "'observed'" in str(provenance)
    assert "a mock" not in str(provenance)


def test_an_answer_keeps_three_headers_and_says_where_and_when_it_was_taken() -> None:
    headers = {"retry-after": "9", "content-type": "a/b", "web-filter": "x", "set-cookie": "c=1", "date": "today"}

    (interaction,) = yaml.safe_load(recorded("{}", headers))["interactions"]

    response = interaction["response"]
    assert response["headers"] == {"Content-Type": ["a/b"], "Retry-After": ["9"], "Web-Filter": ["x"]}
    assert response["provenance"]["evidence"] == "observed"
    assert response["provenance"]["source"].startswith("recorded 2026-11-22 by hashdata ")
    assert response["provenance"]["recorded_at"].startswith("2026-11-22T12:00:00.")


@pytest.mark.parametrize("stamp", ["2026-11-22T12:00:00.000Z", "1795348800000000"])
def test_the_time_of_signing_is_no_secret(stamp: str) -> None:
    recorder = Recorder(FUTURES, FUTURES.schema.bind(CREDENTIALS), practice=False, at=AT, elapsed=lambda: 0.0)
    path = "/api/v1/account-overview"
    body = json.dumps({"data": {"timestamp": stamp}})
    recorder(Signed("GET", f"{ORIGIN}{path}", {"X-TIMESTAMP": stamp}, None), Raw("GET", path, 200, {}, body, 1))

    assert "2026-11-22T12:00:00.000Z" in recorder.text()


def test_a_date_to_wait_for_becomes_seconds() -> None:
    text = recorded("", {"retry-after": "Wed, 01 Jan 2020 00:00:00 GMT"}, status=429)

    assert yaml.safe_load(text)["interactions"][0]["response"]["headers"] == {"Retry-After": ["0"]}


def test_what_an_account_holds_is_replaced_and_its_shape_is_left() -> None:
    address = "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE"
    rows = [
        {"id": "300000000000000002", "amount": 12.5, "type": "DEPOSIT", "address": address},
        {"id": "300000000000000003", "amount": 99.1, "type": "DEPOSIT", "address": address},
        {"id": "", "amount": 7, "ok": True, "none": None, "BTC": "0.31", "8f14e45f8f14e45f": 1},
    ]

    text = SCRUBBER.scrub(json.dumps({"code": "400007", "data": rows, "msg": "", "owner": "Zoë"}))

    found = json.loads(text, parse_float=Decimal)
    first, second, third = found["data"]
    factor = SCRUBBER.standins.factor
    assert (found["code"], found["msg"]) == ("400007", "")
    assert (first["type"], first["amount"], second["amount"]) == (
        "DEPOSIT",
        factor * Decimal("12.5"),
        factor * Decimal("99.1"),
    )
    assert first["address"] == second["address"] != address
    assert len(first["address"]) == len(address)
    assert first["id"] != second["id"]
    assert first["id"].isdigit()
    assert [third[name] for name in ("id", "amount", "ok", "none", "BTC")] == [
        "",
        7 * factor,
        True,
        None,
        f"{31 * factor / 100:.2f}",
    ]
    assert not any(part in text for part in ("30000000", address[:8], "8f14e45f", "Zo"))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Known sentence 1234567 of a@b.example.", "Known sentence 1234567 of a@b.example."),
        ("Illegal of ip 93.184.216.34", "Illegal of ip 0-0-0-0"),
        ("Mail someone@example.com about 2d45301d-5f08-4a2b-a763-f9199778d854", "Mail x@x about x"),
        ("balance 12.5 of 1000000, limit 50", "balance 0 of 0, limit 50"),
        ("x" * 400, "x" * 300 + " [cut]"),
    ],
)
def test_a_sentence_keeps_its_words_and_loses_what_is_personal(said: str, kept: str) -> None:
    assert json.loads(SCRUBBER.scrub(json.dumps({"message": said}))) == {"message": kept}


def test_only_the_time_of_the_clock_stays() -> None:
    clock = Clock(call="publicGetTime", sends="GET /time", at=("data", "now"), tolerance_ms=1)

    kept = json.loads(SCRUBBER.scrub('{"data": {"now": 1795348800000, "id": 71234567}}', clock))
    digits = json.loads(SCRUBBER.scrub('{"data": {"now": "1795348800000"}}', clock))
    iso = json.loads(SCRUBBER.scrub('{"data": {"now": "2026-11-22T12:00:00.5Z"}}', clock))
    text = json.loads(SCRUBBER.scrub('{"data": {"now": "mine"}}', clock))
    nowhere = json.loads(SCRUBBER.scrub('[{"now": 51234567}]', clock))

    assert kept["data"]["now"] == 1795348800000
    assert kept["data"]["id"] != 71234567
    assert digits["data"]["now"] == "1795348800000"
    assert iso["data"]["now"] == "2026-11-22T12:00:00.5Z"
    assert text["data"]["now"] != "mine"
    assert nowhere[0]["now"] != 51234567


@pytest.mark.parametrize("at", [("_embedded", "ts"), ("@timestamp",), ("x" * 40, 0, "ts"), ("a1b2c3d4", "ts")])
def test_the_time_stays_below_names_that_look_like_ids(at: tuple[str | int, ...]) -> None:
    clock = Clock(call="publicGetTime", sends="GET /time", at=at, tolerance_ms=1)
    body: object = 1735689600000
    for step in reversed(at):
        body = {step: body} if isinstance(step, str) else [body]

    assert json.loads(SCRUBBER.scrub(json.dumps(body), clock)) == body


@pytest.mark.parametrize("key", ["alpha.bravo.charlie.delta.echo.0001", "AB12/cd34+EF56ghIJ78klMN90opQR"])
@pytest.mark.parametrize("name", ["code", "message", "data"])
@pytest.mark.parametrize("escaped", [False, True])
def test_no_part_of_a_key_is_left_where_an_answer_states_it(key: str, name: str, escaped: bool) -> None:  # noqa: FBT001
    recorder = Recorder(FUTURES, FUTURES.schema.bind({**CREDENTIALS, "api_key": key}), practice=False, at=AT)
    path = "/api/v1/account-overview"
    body = json.dumps({name: key})
    text = body.replace("/", "\\/") if escaped else body
    recorder(Signed("GET", f"{ORIGIN}{path}", {}, None), Raw("GET", path, 400, {}, text, 1))

    kept = recorder.text()

    assert not any(key[start : start + 6] in kept for start in range(len(key) - 5))


def test_the_time_may_stand_in_a_list() -> None:
    clock = Clock(call="publicGetTime", sends="GET /time", at=("data", 0, "ts"), tolerance_ms=1)

    kept = json.loads(SCRUBBER.scrub('{"data": [{"ts": "1735689600000"}, {"ts": "1735689600000"}]}', clock))

    assert kept["data"][0]["ts"] == "1735689600000" != kept["data"][1]["ts"]
    for other in ("[]", '{"data": []}', '{"data": {"0": 1}}', '{"data": [[]]}', "7"):
        assert json.loads(SCRUBBER.scrub(other, clock)) is not None


@pytest.mark.parametrize("text", ['{"amount": 12.5, "amount": 7}', '{"amount": NaN}', "01", '["cut off 93', "[" * 5000])
def test_broken_data_is_emptied_and_stays_broken(text: str) -> None:
    scrubbed = SCRUBBER.scrub(text)

    assert not any(digit in scrubbed for digit in "1234567")
    with pytest.raises(NotJSON):
        parse(scrubbed)


def test_a_page_is_cut() -> None:
    assert len(SCRUBBER.scrub("<html>" + "word " * 200_000)) < 1100
    assert len(SCRUBBER.scrub("<html>" + "a" * 1_000_000)) < 1100
    assert SCRUBBER.scrub(" \n") == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_scrubbing_leaves_json_json_of_the_same_type(value: object) -> None:
    once = SCRUBBER.scrub(json.dumps(value))

    assert type(parse(once)) is type(value)
    assert type(parse(SCRUBBER.scrub(once))) is type(value)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_stands_in_an_answer_vcrpy_reads_it_back(text: str) -> None:
    request: dict[str, object] = {"method": "GET", "uri": "https://api.poloniex.com/a", "body": None, "headers": {}}
    response: dict[str, object] = {
        "status": {"code": 200, "message": text},
        "headers": {"A": [text]},
        "body": {"string": text},
    }

    (asked,), (answered,) = deserialize(compose([{"request": request, "response": response}]), yamlserializer)

    assert (asked.uri, asked.body) == ("https://api.poloniex.com/a", None)
    assert answered == {**response, "body": {"string": text.encode()}}


@pytest.mark.parametrize(
    "text", ["\x00\x7f\x85\ufeff\u2028", "\U0001f600", "\\u0041'\"", "a: b # c", "x" * 200_000, "- "]
)
def test_the_traps_of_yaml_are_read_back_by_both_of_its_readers(text: str) -> None:
    composed = compose([{"request": {}, "response": {"body": {"string": text}}}])

    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        document = yaml.load(composed, loader)  # noqa: S506 - both are safe ones
        assert document["interactions"][0]["response"]["body"]["string"] == text
    assert composed.isascii()


def test_half_a_character_becomes_a_mark() -> None:
    assert yaml.safe_load(compose([{"request": {}, "response": {"a": "\udcff"}}]))["interactions"][0]["response"] == {
        "a": "\ufffd"
    }


def test_no_half_of_a_file_is_left_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.yaml"

    class Full:
        def __init__(self, *_: object) -> None: ...
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...
        def write(self, _: bytes) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("hashdata.recording.cassette.os.fdopen", Full)

    with pytest.raises(UsageError, match="No space left"):
        write(path, "text")

    assert not path.exists()


def test_a_file_that_came_into_being_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("mine", encoding="ascii")

    with pytest.raises(UsageError, match="File exists"):
        write(path, "text")

    assert path.read_text(encoding="ascii") == "mine"
