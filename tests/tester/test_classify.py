"""What one answer means: every row of the table of causes, every trigger of it, on reads and on write questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hashdata.answers import Raw
from hashdata.exchange.faults import Fault
from hashdata.permissions import Cause, Grant, Witness
from hashdata.questions import Clock, Diagnosis, Probe, Stream, TimeForm
from hashdata.tester.classify import Classifier

from tests.tester.subjects import HTML, TERMS, classifier, credentials, found, probe, question, questions, raw, stream

ACCOUNTS = stream("main", "accounts")
TRADE, WITHDRAW = probe("main", "trade"), probe("main", "withdraw")
V3_TRADE, CLASSIC_TRADE = probe("v3", "trade"), probe("classic", "trade")
GOOD = [{"accountId": "123", "accountType": "SPOT"}]
NO_TRADE = {"code": 403, "message": "Trading operation is not allowed."}
NO_WITHDRAWAL = {"code": 403, "message": "Permission to withdraw denied."}
NO_V3_TRADE = {"code": 10042, "msg": "Trading operation is not allowed."}
PAGE = "<!DOCTYPE html><html><body>one moment</body></html>"
BOTH = pytest.mark.parametrize("asked", [ACCOUNTS, TRADE], ids=["read", "write"])


@BOTH
@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
@pytest.mark.parametrize("body", ["", PAGE, json.dumps(GOOD), json.dumps(NO_TRADE)])
def test_a_redirect_is_not_the_api(asked: Stream | Probe, status: int, body: str) -> None:
    assert found("main", asked, raw(asked, status, body)) == "not_the_api"


@BOTH
@pytest.mark.parametrize(
    "body", ["", PAGE, json.dumps(GOOD), json.dumps(NO_TRADE), '{"code": 10040}', '{"code": 400, "message": "x"}']
)
def test_a_429_is_the_rate_limit_whatever_its_body_says(asked: Stream | Probe, body: str) -> None:
    assert found("main", asked, raw(asked, 429, body)) == "rate_limited"


@pytest.mark.parametrize("status", [200, 400, 403, 500])
@pytest.mark.parametrize("name", ["balance", "trade", "withdraw"])
def test_the_code_429_is_the_rate_limit_too(name: str, status: int) -> None:
    asked = question("v3", name)

    assert found("v3", asked, raw(asked, status, {"code": 429, "msg": "x"})) == "rate_limited"


@pytest.mark.parametrize(("header", "wait"), [("30", 30.0), ("0", 0.0), ("", None), ("soon", None), ("-1", None)])
def test_how_long_to_wait_is_kept(header: str, wait: float | None) -> None:
    finding = classifier("main").stream(ACCOUNTS, raw(ACCOUNTS, 429, "", {"retry-after": header}))

    assert finding.wait == wait


@BOTH
@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("body", ["", PAGE, "upstream timed out", "NaN"])
def test_a_5xx_that_is_no_json_is_maintenance(asked: Stream | Probe, status: int, body: str) -> None:
    assert found("main", asked, raw(asked, status, body, HTML)) == "maintenance"


@pytest.mark.parametrize(
    ("api", "name", "code"),
    [
        ("main", "accounts", 21340),
        ("main", "trade", 21340),
        ("v3", "balance", 1002),
        ("v3", "trade", 1002),
        ("v3", "withdraw", 21340),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403, 500, 503])
def test_the_code_for_maintenance_is_maintenance(api: str, name: str, code: int, status: int) -> None:
    asked = question(api, name)

    assert found(api, asked, raw(asked, status, {"code": code, "msg": "x"})) == "maintenance"


@BOTH
@pytest.mark.parametrize("status", [200, 201, 204, 400, 401, 403, 404, 451])
@pytest.mark.parametrize("body", [PAGE, f"{PAGE}{json.dumps(NO_TRADE)}", "ok", "NaN", "\ufeff[]"])
def test_text_that_is_no_json_is_not_the_api(asked: Stream | Probe, status: int, body: str) -> None:
    assert found("main", asked, raw(asked, status, body, HTML)) == "not_the_api"


@BOTH
@pytest.mark.parametrize("status", [200, 204, 400, 403, 500, 503])
@pytest.mark.parametrize("body", ['{"a": 1, "a": 1}', json.dumps(NO_TRADE)[:-1] + ', "code": 403}', "[" * 100_000])
def test_json_that_two_readers_could_read_differently_is_not_recognised(
    asked: Stream | Probe, status: int, body: str
) -> None:
    assert found("main", asked, raw(asked, status, body, HTML)) == "unrecognised_answer"


@BOTH
@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404])
@pytest.mark.parametrize("body", ["", " ", "\r\n"])
def test_an_empty_body_is_not_recognised(asked: Stream | Probe, status: int, body: str) -> None:
    assert found("main", asked, raw(asked, status, body)) == "unrecognised_answer"


@BOTH
@pytest.mark.parametrize("status", [200, 400, 403, 500])
@pytest.mark.parametrize(
    "body",
    [
        None,
        True,
        0,
        "text",
        {},
        [1, 2, 3],
        [[]],
        [NO_TRADE],
        {"data": NO_TRADE},
        {"code": 99999, "message": "x"},
        {"code": 403},
        {"code": 403, "message": "ACCESS_DENY"},
        {"code": 500, "message": "Internal error"},
        {"message": "Trading operation is not allowed."},
    ],
)
def test_json_of_an_unknown_kind_is_not_recognised(asked: Stream | Probe, status: int, body: object) -> None:
    text = json.dumps(body)

    assert found("main", asked, raw(asked, status, text)) == "unrecognised_answer"


@pytest.mark.parametrize("cause", [Cause.TIMEOUT, Cause.NETWORK, Cause.TLS, Cause.TOO_LARGE])
def test_a_fault_proves_nothing_and_keeps_its_cause(cause: Cause) -> None:
    fault = Fault(cause, "POST", "/orders", 12)

    read, write = classifier("main").stream(ACCOUNTS, fault), classifier("main").probe(TRADE, fault)
    clock = classifier("main").clock(TERMS["main"].api.clock, fault, 0)

    assert (read.grant, write.grant) == (Grant.UNPROVEN, Grant.UNPROVEN)
    assert (read.cause, write.cause, clock.cause) == (cause, cause, cause)
    assert write.evidence.status is None


# Refusals.


@pytest.mark.parametrize(
    ("api", "name", "body"),
    [
        ("main", "trade", NO_TRADE),
        ("main", "withdraw", NO_WITHDRAWAL),
        ("v3", "trade", NO_V3_TRADE),
        ("v3", "withdraw", NO_WITHDRAWAL),
        ("classic", "trade", {"code": "400007", "msg": "Access denied"}),
    ],
)
@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404, 409, 418, 451, 500, 503])
def test_a_refusal_is_one_with_every_status_that_may_have_come_with_it(
    api: str, name: str, body: object, status: int
) -> None:
    asked = question(api, name)

    assert found(api, asked, raw(asked, status, body)) == "refused"


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        (TRADE, NO_TRADE | {"message": "Trading operation is not allowed"}),
        (TRADE, NO_TRADE | {"message": "trading operation is not allowed."}),
        (TRADE, NO_TRADE | {"message": ""}),
        (TRADE, NO_TRADE | {"message": None}),
        (TRADE, NO_TRADE | {"msg": "something else"}),
        (TRADE, NO_TRADE | {"code": "403"}),
        (TRADE, NO_TRADE | {"code": 403.0}),
        (TRADE, NO_TRADE | {"code": 401}),
        (TRADE, NO_TRADE | {"code": 10042}),
        (TRADE, NO_TRADE | {"code": 400}),
        (TRADE, NO_WITHDRAWAL),
        (TRADE, {"code": 403}),
        (WITHDRAW, NO_WITHDRAWAL | {"code": "FORBIDDEN"}),
        (WITHDRAW, NO_WITHDRAWAL | {"message": "Permission denied."}),
        (WITHDRAW, NO_TRADE),
    ],
)
def test_a_sentence_or_a_code_alone_is_no_refusal(asked: Probe, body: object) -> None:
    assert found("main", asked, raw(asked, 403, body)) == "unrecognised_answer"


@pytest.mark.parametrize(
    "body",
    [NO_TRADE, NO_V3_TRADE | {"code": "10042"}, NO_V3_TRADE | {"msg": "x"}, {"code": 403, "msg": "ACCESS_DENY"}],
)
def test_near_misses_of_the_v3_refusal_are_none(body: object) -> None:
    assert found("v3", V3_TRADE, raw(V3_TRADE, 200, body)) == "unrecognised_answer"


def test_the_classic_permission_code_as_a_number_is_no_refusal() -> None:
    assert found("classic", CLASSIC_TRADE, raw(CLASSIC_TRADE, 200, {"code": 400007})) == "unrecognised_answer"


# Grants.

GRANTS = {
    ("main", "trade"): (10020, 10040, 10041, 10060, 21321, 21322, 21709, 24101),
    ("main", "withdraw"): (830111, 820201, 820181),
    ("v3", "trade"): (10001, 11011, 21010, 21002, 250),
    ("v3", "withdraw"): (830111, 820201, 820181),
}


@pytest.mark.parametrize(("api", "name", "code"), [(a, n, c) for (a, n), codes in GRANTS.items() for c in codes])
@pytest.mark.parametrize("status", [200, 400, 403, 422, 500])
def test_a_code_of_validation_is_a_grant_whatever_the_status(api: str, name: str, code: int, status: int) -> None:
    asked = question(api, name)

    assert found(api, asked, raw(asked, status, {"code": code, "message": "x"})) == "granted"


@pytest.mark.parametrize(("api", "name"), list(GRANTS))
def test_exactly_the_listed_codes_are_grants(api: str, name: str) -> None:
    declared = {a.code for a in probe(api, name).answers if a.means is Grant.GRANTED and not (a.message or a.body)}

    assert declared == set(GRANTS[api, name])


@pytest.mark.parametrize(("api", "name", "code"), [(a, n, c) for (a, n), codes in GRANTS.items() for c in codes])
def test_a_code_of_validation_as_text_is_not_recognised(api: str, name: str, code: int) -> None:
    asked = question(api, name)

    assert found(api, asked, raw(asked, 400, {"code": str(code), "message": "x"})) == "unrecognised_answer"


def test_a_balance_that_is_not_enough_is_a_grant_and_another_400_is_not() -> None:
    enough = {"code": 400, "message": "balance not enough."}

    assert found("main", WITHDRAW, raw(WITHDRAW, 400, enough)) == "granted"
    assert found("main", WITHDRAW, raw(WITHDRAW, 400, enough | {"message": "x"})) == "unrecognised_answer"


EXECUTED = [
    ("main", "trade", {"id": "29772698821328896", "clientOrderId": ""}),
    ("main", "trade", {"id": 29772698821328896}),
    ("main", "withdraw", {"withdrawalRequestsId": 33485231}),
    ("v3", "withdraw", {"withdrawalRequestsId": 33485231}),
    ("v3", "trade", {"code": 200, "msg": "Success", "data": {"ordId": "1", "clOrdId": "x"}}),
    ("classic", "trade", {"code": "200000", "data": {"cancelledOrderIds": []}}),
]


@pytest.mark.parametrize(("api", "name", "body"), EXECUTED)
@pytest.mark.parametrize("status", [200, 201, 202])
def test_a_write_that_was_carried_out_is_the_loudest_grant(api: str, name: str, body: object, status: int) -> None:
    asked = question(api, name)

    assert found(api, asked, raw(asked, status, body)) == "executed"


@pytest.mark.parametrize(("api", "name", "body"), [row for row in EXECUTED if row[0] != "classic"])
@pytest.mark.parametrize("status", [400, 403, 500])
def test_the_body_of_a_success_with_a_status_of_failure_proves_nothing(
    api: str, name: str, body: object, status: int
) -> None:
    asked = question(api, name)

    assert found(api, asked, raw(asked, status, body)) == "unrecognised_answer"


@pytest.mark.parametrize("status", [400, 403, 500])
def test_the_code_of_a_success_is_a_grant_whatever_the_status(status: int) -> None:
    asked = question("classic", "trade")

    assert found("classic", asked, raw(asked, status, {"code": "200000", "data": None})) == "granted"


CONTRADICTORY = [
    ("main", "trade", NO_TRADE | {"id": "12345"}),
    ("main", "withdraw", NO_WITHDRAWAL | {"withdrawalRequestsId": 1}),
    ("v3", "trade", {"code": 10042, "msg": "Trading operation is not allowed.", "data": {"ordId": "1"}}),
    ("classic", "trade", {"code": "400007", "data": {"cancelledOrderIds": ["x"]}}),
]


@pytest.mark.parametrize(("api", "name", "body"), CONTRADICTORY)
def test_a_refusal_that_names_what_was_carried_out_is_the_worst_of_the_two(api: str, name: str, body: object) -> None:
    asked = question(api, name)

    assert found(api, asked, raw(asked, 200, body)) == "executed"
    assert found(api, asked, raw(asked, 403, body)) == "unrecognised_answer"


@pytest.mark.parametrize("status", [0, 100, 199, 600, 999])
def test_a_refusal_with_a_status_that_http_has_not_proves_nothing(status: int) -> None:
    asked = question("main", "trade")

    assert found("main", asked, raw(asked, status, NO_TRADE)) == "unrecognised_answer"


@pytest.mark.parametrize("status", [200, 500])
def test_data_beside_an_error_is_not_read(status: int) -> None:
    asked = question("main", "wallet-activity")
    body = {"code": 500, "message": "Internal error", "deposits": [], "withdrawals": []}

    assert found("main", asked, raw(asked, status, body)) == "unrecognised_answer"


@pytest.mark.parametrize(
    ("api", "name", "body"),
    [
        ("main", "trade", {"id": ""}),
        ("main", "trade", {"id": None}),
        ("main", "trade", [{"id": "1"}]),
        ("main", "trade", {"ok": True}),
        ("main", "withdraw", {"withdrawalRequestsId": None}),
        ("main", "withdraw", {"address": "x"}),
        ("v3", "trade", {"code": 200, "msg": "Success"}),
        ("v3", "trade", {"code": 200, "data": {}}),
        ("classic", "trade", {"code": 200000, "data": {}}),
    ],
)
def test_any_other_success_is_unproven(api: str, name: str, body: object) -> None:
    asked = question(api, name)

    assert found(api, asked, raw(asked, 200, body)) == "unrecognised_answer"


def test_an_answer_that_means_both_is_a_grant() -> None:
    both = NO_WITHDRAWAL | {"withdrawalRequestsId": 1}

    assert found("main", WITHDRAW, raw(WITHDRAW, 200, both)) == "executed"


# Reads.


@pytest.mark.parametrize(
    ("name", "body", "meaning"),
    [
        ("accounts", GOOD, "readable"),
        ("accounts", [], "readable"),
        ("accounts", [{"accountId": "1"}], "unrecognised_answer"),
        ("accounts", [*GOOD, {}], "unrecognised_answer"),
        ("accounts", {"accountId": "1", "accountType": "SPOT"}, "unrecognised_answer"),
        ("balances", [{"accountId": 1, "accountType": "SPOT", "balances": []}], "readable"),
        ("balances", [{"accountId": 1, "accountType": "SPOT", "balances": None}], "unrecognised_answer"),
        ("trades", [{"id": "1", "symbol": "BTC_USDT"}], "readable"),
        ("trades", [{"id": "1"}], "unrecognised_answer"),
        ("trades", [None], "unrecognised_answer"),
        ("wallet-activity", {"deposits": [], "withdrawals": []}, "readable"),
        ("wallet-activity", {"deposits": [], "withdrawals": None}, "unrecognised_answer"),
        ("wallet-activity", [], "unrecognised_answer"),
    ],
)
def test_a_stream_is_readable_only_in_its_shape(name: str, body: object, meaning: str) -> None:
    asked = stream("main", name)

    assert found("main", asked, raw(asked, 200, body)) == meaning


@pytest.mark.parametrize("body", [{"code": 200, "data": []}, {"code": "200", "data": {}}, {"code": 500, "data": {}}])
def test_a_v3_success_in_another_shape_is_not_readable(body: object) -> None:
    asked = stream("v3", "balance")

    assert found("v3", asked, raw(asked, 200, body)) == "unrecognised_answer"


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_a_futures_account_without_data_was_never_opened(status: int) -> None:
    asked = stream("v3", "balance")

    assert found("v3", asked, raw(asked, status, {"code": 200, "msg": ""})) == "account_not_opened"


@pytest.mark.parametrize("name", ["balance", "trade"])
def test_the_code_for_an_account_that_is_not_there_says_so_too(name: str) -> None:
    asked = question("v3", name)

    assert found("v3", asked, raw(asked, 200, {"code": 30003, "msg": "Account not exists"})) == "account_not_opened"


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_a_read_that_the_key_has_no_right_to_is_refused(status: int) -> None:
    asked = stream("classic", "positions")

    finding = classifier("classic").stream(asked, raw(asked, status, {"code": "400007", "msg": "x"}))

    assert (finding.grant, finding.cause) == (Grant.REFUSED, Cause.INCOMPLETE_READ)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([{"accountId": "123", "accountType": "SPOT"}], "123"),
        ([{"accountId": 123, "accountType": "SPOT"}], "123"),
        ([], None),
    ],
)
def test_the_account_is_named_by_the_stream_that_states_it(body: object, expected: str | None) -> None:
    assert classifier("main").stream(ACCOUNTS, raw(ACCOUNTS, 200, body)).account_id == expected


# Diagnoses, on reads and on writes.

KEY_TROUBLE: list[tuple[str, int, Mapping[str, str], object]] = [
    ("unknown_key", 400, {}, {"code": 400, "message": "Invalid Apikey or Signature"}),
    ("wrong_secret", 401, {}, {"code": 401, "message": "Invaid of signature"}),
    ("wrong_key_or_secret", 401, {"web-filter": "unauthenticated"}, ""),
    ("wrong_key_or_secret", 400, {}, {"code": "FORBIDDEN", "message": "Invalid API key/secret pair."}),
    ("address_not_allowed", 401, {}, {"code": 401, "message": "Illegal of ip"}),
]


@pytest.mark.parametrize("api", ["main", "v3"])
@pytest.mark.parametrize(("cause", "status", "headers", "body"), KEY_TROUBLE)
def test_what_is_wrong_with_a_key_is_told_on_every_question(
    api: str, cause: str, status: int, headers: Mapping[str, str], body: object
) -> None:
    assert {found(api, asked, raw(asked, status, body, headers)) for asked in questions(api)} == {cause}


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("400002", "clock"),
        ("400003", "unknown_key"),
        ("400004", "wrong_passphrase"),
        ("400005", "wrong_secret"),
        ("400006", "address_not_allowed"),
    ],
)
@pytest.mark.parametrize("name", ["positions", "trade"])
@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_the_classic_codes_say_what_is_wrong(name: str, code: str, cause: str, status: int) -> None:
    asked = question("classic", name)

    assert found("classic", asked, raw(asked, status, {"code": code, "msg": "x"})) == cause


@pytest.mark.parametrize(
    ("api", "read", "code"),
    [
        ("main", "accounts", 21351),
        ("main", "accounts", 21601),
        ("v3", "balance", 1003),
        ("classic", "positions", "411100"),
    ],
)
def test_what_is_frozen_is_the_account_when_reading_and_trading_when_writing(
    api: str, read: str, code: int | str
) -> None:
    reading, writing = question(api, read), question(api, "trade")

    assert found(api, reading, raw(reading, 200, {"code": code, "msg": "x"})) == "account_frozen"
    assert found(api, writing, raw(writing, 200, {"code": code, "msg": "x"})) == "account_restricted"


@pytest.mark.parametrize(("api", "code"), [("main", 21353), ("main", 21354), ("v3", 12004), ("v3", 21353)])
def test_a_restricted_account_is_no_missing_permission(api: str, code: int) -> None:
    asked = question(api, "trade")

    assert found(api, asked, raw(asked, 403, {"code": code, "message": "x"})) == "account_restricted"


@pytest.mark.parametrize("message", ["Invaid of signature", "Illegal of ip"])
def test_the_header_of_an_empty_401_does_not_outrank_what_a_body_says(message: str) -> None:
    answer = raw(ACCOUNTS, 401, {"code": 401, "message": message}, {"web-filter": "unauthenticated"})

    assert found("main", ACCOUNTS, answer) != "wrong_key_or_secret"


def test_an_empty_401_without_the_header_is_not_recognised() -> None:
    assert found("main", TRADE, raw(TRADE, 401, "")) == "unrecognised_answer"


def test_a_diagnosis_of_a_read_is_no_refusal_to_write() -> None:
    terms = TERMS["main"]
    declared = replace(terms, diagnoses=(Diagnosis(cause=Cause.INCOMPLETE_READ, code=777),))

    finding = Classifier(declared, credentials().redactor).probe(TRADE, raw(TRADE, 403, {"code": 777}))

    assert (finding.grant, finding.cause) == (Grant.UNPROVEN, Cause.UNRECOGNISED_ANSWER)
    assert finding.unrecognised


def test_evidence_is_the_answer_and_nothing_of_its_headers() -> None:
    answer = raw(TRADE, 403, NO_TRADE, {"content-type": "application/json", "x-trace": "header-value"})

    evidence = classifier("main").probe(TRADE, answer).evidence

    assert (evidence.method, evidence.path, evidence.status) == ("POST", "/orders", 403)
    assert (evidence.code, evidence.message) == (403, "Trading operation is not allowed.")
    assert evidence.witness is Witness.OBSERVED
    assert "header-value" not in repr(evidence)


# The clock.

NOW = 1_800_000_000_000


def clock(status: int, body: object, ms: int = 0) -> str:
    api = TERMS["main"].api
    text = body if isinstance(body, str) else json.dumps(body)
    finding = classifier("main").clock(api.clock, Raw("GET", "/timestamp", status, {}, text, ms), NOW)
    if finding.cause:
        return str(finding.cause)
    off = "off" if finding.is_off else "on"
    return "unknown" if finding.offset_ms is None else f"{off} {finding.offset_ms}"


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (0, "on 0"),
        (60_000, "on 60000"),
        (60_001, "off 60001"),
        (-60_000, "on -60000"),
        (-60_001, "off -60001"),
        (90_000, "off 90000"),
        (-90_000, "off -90000"),
    ],
)
def test_the_clock_is_off_beyond_the_tolerance_either_way(ahead: int, expected: str) -> None:
    assert clock(200, {"serverTime": NOW + ahead}) == expected


def test_the_time_of_the_answer_is_taken_from_the_middle_of_its_way() -> None:
    assert clock(200, {"serverTime": NOW - 500}, ms=1_000) == "on 0"


@pytest.mark.parametrize("body", ["", PAGE, '{"code": 404, "message": "Resources do not exist"}'])
def test_an_exchange_without_a_time_leaves_the_clock_unknown(body: str) -> None:
    assert clock(404, body) == "unknown"


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (200, "", "unrecognised_answer"),
        (200, PAGE, "not_the_api"),
        (200, "null", "unrecognised_answer"),
        (200, [], "unrecognised_answer"),
        (200, {}, "unrecognised_answer"),
        (200, {"serverTime": f"+{NOW}"}, "unrecognised_answer"),
        (200, {"serverTime": "".join(chr(0xFF10 + int(digit)) for digit in str(NOW))}, "unrecognised_answer"),
        (200, {"serverTime": "9" * 30}, "unrecognised_answer"),
        (200, {"serverTime": "soon"}, "unrecognised_answer"),
        (200, {"serverTime": [NOW]}, "unrecognised_answer"),
        (200, {"serverTime": True}, "unrecognised_answer"),
        (200, {"serverTime": None}, "unrecognised_answer"),
        (200, {"serverTime": 0}, "unrecognised_answer"),
        (200, {"serverTime": -NOW}, "unrecognised_answer"),
        (200, {"serverTime": NOW * 1_000}, "unrecognised_answer"),
        (200, '{"serverTime": 1e999}', "unrecognised_answer"),
        (200, '{"serverTime": 1' + "0" * 400 + "}", "unrecognised_answer"),
        (200, '{"serverTime": NaN}', "not_the_api"),
        (302, {"serverTime": NOW}, "not_the_api"),
        (403, PAGE, "not_the_api"),
        (400, {"serverTime": NOW}, "unrecognised_answer"),
        (400, {"code": 400, "message": "Invalid Apikey or Signature"}, "unknown_key"),
        (429, "", "rate_limited"),
        (503, PAGE, "maintenance"),
        (500, {"serverTime": NOW}, "unrecognised_answer"),
    ],
)
def test_any_other_answer_for_the_time_has_a_cause(status: int, body: object, cause: str) -> None:
    assert clock(status, body) == cause


@pytest.mark.parametrize(
    ("at", "form", "body"),
    [
        (("data", 0, "ts"), TimeForm.MILLISECONDS, {"data": [{"ts": str(NOW)}]}),
        (("data", 1), TimeForm.SECONDS, {"data": ["x", f"{NOW // 1000}.250"]}),
        ((0,), TimeForm.SECONDS, [NOW // 1000]),
        ((0, "iso"), TimeForm.ISO, [{"iso": "2027-01-15T08:00:00.250Z"}]),
    ],
)
def test_the_time_may_stand_in_a_list_and_be_written_as_text(
    at: tuple[str | int, ...], form: TimeForm, body: object
) -> None:
    asked = Clock(call="publicGetTime", sends="GET /time", at=at, tolerance_ms=1, form=form)
    answer = Raw("GET", "/time", 200, {}, json.dumps(body), 0)

    assert classifier("main").clock(asked, answer, NOW).offset_ms in {0, 250}
    for other in ("[]", "{}", '{"data": []}', '{"data": {"0": {"ts": 1800000000000}}}', "[[]]"):
        answer = Raw("GET", "/time", 200, {}, other, 0)
        assert classifier("main").clock(asked, answer, NOW).cause == "unrecognised_answer"


@pytest.mark.parametrize("at", [(), ("data", -1)])
def test_a_way_to_the_time_that_leads_nowhere_is_refused(at: tuple[str | int, ...]) -> None:
    with pytest.raises(ValueError, match="needs the way to the time"):
        Clock(call="publicGetTime", sends="GET /time", at=at, tolerance_ms=1)


def test_a_time_in_seconds_is_a_clock_that_is_off() -> None:
    assert clock(200, {"serverTime": NOW // 1_000}).startswith("off")
