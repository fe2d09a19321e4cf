"""Declared questions and patterns: what is refused when it is declared, and what a pattern matches."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hashdata.answers import Envelope, Raw, Reading, Text
from hashdata.permissions import Askable as Can
from hashdata.permissions import Cause, Grant, Permission, Standing
from hashdata.questions import Answer, DeclaredProbe, Diagnosis, Pattern, Probe, Question, Stream
from hashdata.rights import Rights

REFUSED = Answer(code=403, message="no", means=Grant.REFUSED)
GRANTED = Answer(code=10, means=Grant.GRANTED)


def reading(body: str, status: int = 200, **headers: str) -> Reading:
    return Reading(Raw("POST", "/x", status, headers, body, 1), Envelope())


def probe(**changes: object) -> Probe:
    values: dict[str, object] = {
        "permission": Permission.TRADE,
        "call": "privatePostX",
        "sends": "POST /x",
        "harmless": "nothing exists",
        "answers": (REFUSED, GRANTED),
    }
    return Probe(**(values | changes))  # type: ignore[arg-type]  # some tests give what is refused


@pytest.mark.parametrize(
    ("code", "body", "matches"),
    [
        (403, '{"code": 403}', True),
        (403, '{"code": "403"}', False),
        (403, '{"code": 403.0}', False),
        (403, '{"code": true}', False),
        (1, '{"code": true}', False),
        ("403", '{"code": "403"}', True),
        ("403", '{"code": 403}', False),
        (403, '[{"code": 403}]', False),
        (403, "403", False),
        (403, '{"data": {"code": 403}}', False),
    ],
)
def test_a_code_is_compared_exactly(code: int | str, body: str, *, matches: bool) -> None:
    assert Pattern(code=code).matches(reading(body)) is matches


@pytest.mark.parametrize("sentence", ["No", "no ", "no.", "", "n\u043e"])
def test_a_sentence_is_compared_exactly(sentence: str) -> None:
    assert not Pattern(code=403, message="no").matches(reading(f'{{"code": 403, "message": "{sentence}"}}'))


def test_a_header_alone_is_compared_by_its_whole_value() -> None:
    pattern = Pattern(status=401, header=("web-filter", "unauthenticated"))

    assert pattern.matches(reading("", 401, **{"web-filter": "unauthenticated"}))
    assert not pattern.matches(reading("", 401, **{"web-filter": "unauthenticated, updated"}))
    assert not pattern.matches(reading("", 403, **{"web-filter": "unauthenticated"}))
    assert not pattern.matches(reading("", 401))


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Answer(code=1, means=Grant.UNPROVEN),
        lambda: Answer(status=403, means=Grant.REFUSED),
        lambda: Answer(message="no", means=Grant.REFUSED),
        lambda: Answer(header=("a", "b"), status=403, means=Grant.REFUSED),
        lambda: Answer(status=200, means=Grant.GRANTED),
        lambda: Answer(means=Grant.GRANTED),
    ],
)
def test_an_answer_that_is_not_recognised_by_code_or_shape_cannot_be_declared(declare: Callable[[], Answer]) -> None:
    with pytest.raises(ValueError, match=r"recognised|granted or refused"):
        declare()


@pytest.mark.parametrize(
    "declare",
    [
        lambda: Diagnosis(cause=Cause.CLOCK),
        lambda: Diagnosis(cause=Cause.CLOCK, status=401),
        lambda: Diagnosis(cause=Cause.CLOCK, header=("a", "b")),
        lambda: Diagnosis(cause=Cause.CLOCK, message="no"),
    ],
)
def test_a_diagnosis_that_anything_would_match_cannot_be_declared(declare: Callable[[], Diagnosis]) -> None:
    with pytest.raises(ValueError, match="needs a code"):
        declare()


@pytest.mark.parametrize(
    "cause", [Cause.TRADE_GRANTED, Cause.WITHDRAW_GRANTED, Cause.TRANSFER_GRANTED, Cause.CONTRADICTION]
)
def test_a_diagnosis_cannot_say_what_only_a_judgement_can(cause: Cause) -> None:
    with pytest.raises(ValueError, match="concluded"):
        Diagnosis(cause=cause, code=1)


@pytest.mark.parametrize(
    "sends",
    [
        "",
        "GET",
        "PATCH /x",
        "GET x",
        "GET /x?y=1",
        "GET //x",
        "GET /a/../b",
        "GET /x y",
        "get /x",
        "GET /%2e",
        "GET /ä",
    ],
)
def test_a_path_that_can_be_read_in_two_ways_cannot_be_declared(sends: str) -> None:
    with pytest.raises(ValueError, match="plain path"):
        Question(call="x", sends=sends)


@pytest.mark.parametrize("value", [True, None, 1.5, [1], {"a": 1}])
def test_a_parameter_is_text_or_a_whole_number(value: object) -> None:
    with pytest.raises(ValueError, match="strings or whole numbers"):
        Question(call="x", sends="GET /x", params={"a": value})  # type: ignore[dict-item]  # refused on purpose


@pytest.mark.parametrize("name", ["maxRetriesOnFailure", "maxRetriesOnFailureDelay"])
def test_a_question_cannot_ask_ccxt_to_send_it_again(name: str) -> None:
    with pytest.raises(ValueError, match="sent again"):
        Question(call="x", sends="GET /x", params={name: 1})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"permission": Permission.READ}, "by streams"),
        ({"harmless": "  "}, "why it is harmless"),
        ({"answers": ()}, "means granted"),
        ({"answers": (REFUSED,)}, "means granted"),
        ({"answers": (GRANTED,)}, "means granted"),
    ],
)
def test_a_probe_that_cannot_learn_or_does_not_say_why_it_is_harmless_is_refused(
    changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        probe(**changes)


@pytest.mark.parametrize(
    ("sends", "harmless", "said"),
    [
        ("DELETE /orders", "it only reads", "DELETE /orders cannot be a read"),
        ("PUT /orders", "it only reads", "PUT /orders cannot be a read"),
        ("POST /history", "", "POST /history is a POST and needs a sentence in harmless"),
        ("POST /history", " ", "POST /history is a POST and needs a sentence in harmless"),
    ],
)
def test_a_read_is_a_get_or_a_post_that_says_why_it_changes_nothing(sends: str, harmless: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Stream(name="a", about="a", call="privatePostX", sends=sends, shape=Text(), harmless=harmless)


@pytest.mark.parametrize("sends", ["DELETE /key", "PUT /key"])
def test_rights_are_read_by_get_or_post_too(sends: str) -> None:
    with pytest.raises(ValueError, match="cannot be a read"):
        DeclaredProbe(
            call="x", sends=sends, states=(Permission.TRADE,), harmless="no", shape=Text(), rights=lambda _: Rights()
        )


def test_two_questions_are_the_same_only_if_they_are_one_object() -> None:
    assert probe() != probe()


@pytest.mark.parametrize("askable", [Can.ABSENT, Can.UNASKABLE])
def test_a_permission_that_is_not_asked_about_needs_a_reason(askable: Can) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        Standing(askable)
