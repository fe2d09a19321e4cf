"""The pictures show what the program prints today."""

import re

import pytest

from docs.make_screenshots import IMAGES, PICTURES, Picture, drawn, printed, words
from tests.docs.documents import named


@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: p.name)
def test_a_picture_shows_the_words_that_the_program_prints(picture: Picture) -> None:
    recorded = words(picture.path.read_text(encoding="utf-8"))

    assert picture.name.upper() in recorded
    assert recorded == words(drawn(picture, printed(picture)))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: p.name)
def test_a_picture_loads_nothing_from_elsewhere(picture: Picture) -> None:
    svg = picture.path.read_text(encoding="utf-8")

    assert re.findall(r"(?:url\(|href=)[\"']?https?:|@import|@font-face", svg) == []


def test_the_readme_shows_every_picture_and_none_is_left_over() -> None:
    shown = {target for target in named("README.md").links if target.endswith(".svg")}

    assert shown == {f"docs/images/{picture.name}.svg" for picture in PICTURES}
    assert set(IMAGES.glob("*.svg")) == {picture.path for picture in PICTURES}
