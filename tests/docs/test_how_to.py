"""The code in docs/how-to.md is that of the example, and reads rights as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hashdata.permissions import FORBIDDEN, Grant

from tests.docs.documents import named

BLOCKS = [block.text for block in named("docs/how-to.md").blocks if block.info == "python"]
EXAMPLE = Path(__file__).parents[1] / "conformance" / "example.py"
GRANTED, REFUSED, UNPROVEN = Grant.GRANTED, Grant.REFUSED, Grant.UNPROVEN


def of(name: str) -> dict[str, Any]:
    """Run the one block that defines `name`."""
    (source,) = (text for text in BLOCKS if f"\n{name}" in text)
    found: dict[str, Any] = {}
    exec(source, found)  # noqa: S102 - the document's own code
    return found


@pytest.mark.parametrize(
    ("perm", "grants"),
    [
        ("read_only", [REFUSED, REFUSED, REFUSED]),
        ("", [UNPROVEN, UNPROVEN, UNPROVEN]),
        ("read_only, trade", [GRANTED, REFUSED, GRANTED]),
        ("read_only,withdraw,trade", [GRANTED, GRANTED, GRANTED]),
        ("read_only,loan", [UNPROVEN, UNPROVEN, UNPROVEN]),
        ("withdraw,loan", [UNPROVEN, GRANTED, UNPROVEN]),
    ],
)
def test_rights_in_words_are_read_as_the_page_says(perm: str, grants: list[Grant]) -> None:
    rights = of("KNOWN")["rights"]({"code": "0", "data": [{"perm": perm}]})

    assert [rights.of(permission) for permission in FORBIDDEN] == grants


@pytest.mark.parametrize("value", [{}, [], None, {"code": "0", "data": []}, {"code": "1", "data": [{"perm": ""}]}])
def test_another_answer_states_nothing(value: object) -> None:
    rights = of("KNOWN")["rights"](value)

    assert [rights.of(permission) for permission in FORBIDDEN] == [UNPROVEN] * 3


def test_the_second_witness_is_that_of_the_example() -> None:
    (source,) = (text for text in BLOCKS if "TRADE = Probe(" in text)
    probe = source[source.index("TRADE = Probe(") :].strip()

    assert probe in EXAMPLE.read_text("utf-8")
    assert of("TRADE")["TRADE"].permission == "trade"
