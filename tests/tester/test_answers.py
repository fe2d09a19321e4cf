"""The strict reading of an answer: what is JSON, where code and sentence stand, and exact shapes."""

from __future__ import annotations

import pytest
from hashdata.answers import (
    Envelope,
    Fields,
    Is,
    ListOf,
    NotJSON,
    Number,
    Raw,
    Reading,
    Scalar,
    Shape,
    Text,
    parse,
)


def reading(text: str, envelope: Envelope | None = None) -> Reading:
    return Reading(Raw("GET", "/x", 200, {}, text, 1), envelope or Envelope())


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NaN",
        "Infinity",
        "-Infinity",
        '{"a": NaN}',
        '{"code": 403, "code": 10040}',
        '{"a": {"b": 1, "b": 1}}',
        "[" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        '\ufeff{"code": 1}',
        '{"code": 1} x',
        '{"code": 1}{"code": 2}',
        '{"code": 1},',
        "{'code': 1}",
        '{"code": 01}',
        '{"a": "line\nbreak"}',
        '{"a": tru}',
        "9" * 5_000,
        "<html></html>",
        '{"a": 1',
        "\x00",
    ],
    ids=lambda text: text[:20],
)
def test_text_that_is_not_one_strict_document_is_no_json(text: str) -> None:
    with pytest.raises(NotJSON):
        parse(text)


def test_what_is_no_json_has_neither_value_nor_code_nor_sentence() -> None:
    found = reading('{"code": 403, "code": 403, "message": "no"}')

    assert (found.is_json, found.value, found.code, found.message) == (False, None, None, None)


def test_blanks_around_a_document_do_no_harm() -> None:
    assert parse('\r\n {"code": 1} \t') == {"code": 1}


def test_bytes_that_were_no_utf8_do_not_make_a_known_sentence() -> None:
    text = b'{"code": 403, "message": "Trading operation is not allowed\xff."}'.decode("utf-8", "replace")

    assert reading(text).message == "Trading operation is not allowed\ufffd."


@pytest.mark.parametrize("value", [True, False, 403.0, None, [], [403, 403], [[403]], [True], {"code": 403}])
def test_only_whole_numbers_and_text_are_codes(value: object) -> None:
    assert Envelope().read({"code": value}) == (None, None)


def test_a_list_of_one_code_counts_as_that_code() -> None:
    assert Envelope(code=("error",)).read({"error": ["EGeneral:Permission denied"]}) == (
        "EGeneral:Permission denied",
        None,
    )


@pytest.mark.parametrize("code", [403, "403", -1, "FORBIDDEN"])
def test_a_code_keeps_its_type(code: object) -> None:
    found, _ = Envelope().read({"code": code})

    assert (type(found), found) == (type(code), code)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "a"}, "a"),
        ({"msg": "a"}, "a"),
        ({"message": "a", "msg": "a"}, "a"),
        ({"message": "a", "msg": "b"}, None),
        ({"message": "a", "msg": ""}, None),
        ({"message": "a", "msg": None}, None),
        ({"message": 5}, None),
        ({}, None),
        ([{"message": "a"}], None),
        ("a", None),
    ],
)
def test_of_two_sentences_that_disagree_neither_counts(body: object, message: str | None) -> None:
    assert Envelope().read(body)[1] == message


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": 1, "retCode": 1}, 1),
        ({"code": 1, "retCode": 2}, None),
        ({"code": 1, "retCode": "1"}, None),
        ({"code": 1, "retCode": True}, None),
        ({"retCode": 2}, 2),
    ],
)
def test_of_two_codes_that_disagree_neither_counts(body: object, code: int | None) -> None:
    assert Envelope(code=("code", "retCode")).read(body)[0] == code


def test_sentences_nested_as_deep_as_json_goes_are_no_fault() -> None:
    def nested(depth: int) -> str:
        return "[" * depth + "]" * depth

    depth = 0
    while depth < 20_000:
        depth += 50
        text = f'{{"message": {nested(depth)}, "msg": {nested(depth)}, "code": {nested(depth)}}}'
        found = reading(text)
        assert (found.code, found.message) == (None, None)
        if not found.is_json:
            break


ACCEPTING: list[tuple[Shape, list[object], list[object]]] = [
    (Text(), ["a", " "], ["", 1, None, True, [], {}]),
    (Number(), [0, -1, 1.5, 10**400], ["1", True, False, None, float("inf"), float("nan"), []]),
    (Scalar(), ["a", 0, 1.5], ["", True, None, [], {}]),
    (Is(403), [403], ["403", 403.0, True, None]),
    (Is(1), [1], [True, 1.0, "1"]),
    (Is("403"), ["403"], [403, 403.0]),
    (ListOf(Text()), [[], ["a"]], [["a", ""], [1], {}, "a", None, ("a",)]),
    (Fields({"a": Text()}), [{"a": "x"}, {"a": "x", "b": 1}], [{}, {"a": ""}, {"a": None}, [{"a": "x"}], None]),
    (Fields({}, without=frozenset({"code"})), [{}, {"a": 1}], [{"code": None}, {"code": 1, "a": 1}, []]),
]


@pytest.mark.parametrize(
    ("shape", "value"), [(shape, value) for shape, good, _ in ACCEPTING for value in good], ids=repr
)
def test_a_shape_fits_what_it_describes(shape: Shape, value: object) -> None:
    assert shape.fits(value)


@pytest.mark.parametrize(("shape", "value"), [(shape, value) for shape, _, bad in ACCEPTING for value in bad], ids=repr)
def test_a_shape_fits_nothing_else(shape: Shape, value: object) -> None:
    assert not shape.fits(value)


@pytest.mark.parametrize(("status", "success"), [(199, False), (200, True), (204, True), (299, True), (300, False)])
def test_success_is_the_200s(status: int, *, success: bool) -> None:
    assert Reading(Raw("GET", "/x", status, {}, "", 1)).is_success is success
