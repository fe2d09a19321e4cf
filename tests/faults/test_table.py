"""The page about faults is the one that the catalogue writes."""

from __future__ import annotations

from tests.faults.catalogue import catalogue
from tests.faults.obstacles import obstacles
from tests.faults.table import PAGE, page


def test_the_page_is_what_the_catalogue_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.faults.table`"


def test_every_case_stands_on_the_page() -> None:
    text = page()
    names = [*(case.name for case in catalogue()), *(obstacle.name for obstacle in obstacles())]

    assert [name for name in names if f"| {name} | inconclusive | `" not in text] == []
