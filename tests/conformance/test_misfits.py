"""Where an answer does not have its shape is said in words, down to the first place."""

from __future__ import annotations

import pytest
from hashdata.answers import Fields, Flag, Is, ListOf, Shape, Text
from hashdata.testing.misfits import misfit

from tests.conformance.broken import Hasty, Object

ROWS = Fields({"data": ListOf(Fields({"perm": Text(), "id": Text(empty=True)}), at_least=1)})


@pytest.mark.parametrize(
    ("shape", "value", "said"),
    [
        (ROWS, {"data": [{"perm": "read", "id": ""}]}, None),
        (ROWS, {"data": [{"perm": "read", "id": ""}, {"perm": "read"}]}, "data[1].id is missing"),
        (ROWS, {"data": [{"perm": "", "id": ""}]}, 'data[0].perm is "", which does not fit Text(empty=False)'),
        (ROWS, {"data": [{"perm": None, "id": ""}]}, "data[0].perm is null, which does not fit Text(empty=False)"),
        (ROWS, {"data": []}, "data has 0 items, and 1 are asked for"),
        (ROWS, {"data": {"perm": "read"}}, "data is an object, not a list"),
        (ROWS, {"data": ["read"]}, "data[0] is text, not an object"),
        (ROWS, [], "the answer is a list, not an object"),
        (ListOf(Is("a")), ["a", "b"], "[1] is \"b\", which does not fit Is(value='a')"),
        (ListOf(Is("a")), True, "the answer is true or false, not a list"),
        (Fields({}, without=frozenset({"code"})), {"code": 1}, "the answer has code, which only errors have"),
        (Fields({"on": Flag()}), {"on": 1}, "on is 1, which does not fit Flag()"),
        (Fields({"on": Flag()}), {"on": "x" * 99}, "on is text, which does not fit Flag()"),
        (Object(), 7, "the answer is 7, which does not fit Object"),
        (Fields({"a": Hasty()}), {"a": {}}, "Hasty raises KeyError for a"),
    ],
)
def test_the_first_place_that_does_not_fit_is_named(shape: Shape, value: object, said: str | None) -> None:
    assert misfit(shape, value) == said
