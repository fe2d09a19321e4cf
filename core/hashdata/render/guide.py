"""A guide as text for a terminal, as Markdown, or as a web page of its own."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import assert_never

from hashdata.guidance import Guide, Variant
from hashdata.render.guide_html import to_html
from hashdata.render.guide_markdown import to_markdown
from hashdata.render.guide_page import lay_out
from hashdata.render.guide_text import WIDTH, to_text


class Format(StrEnum):
    """What a guide can be rendered as."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


def render(  # noqa: PLR0913 - the last two have a default and most callers leave them
    guide: Guide,
    variant: Variant,
    fmt: Format,
    today: date,
    *,
    connector: str = "",
    width: int = WIDTH,
) -> str:
    """
    Return `variant` of `guide` in the format `fmt`, ending with a line break.

    Everything from the guide is shown as it is written: control characters
    are dropped, and what HTML or Markdown would act on is escaped. `connector`
    completes the commands that show the other variants; `width` is that of
    the terminal and matters to text alone.
    """
    page = lay_out(guide, variant, today, connector)
    match fmt:
        case Format.TEXT:
            return to_text(page, width)
        case Format.MARKDOWN:
            return to_markdown(page)
        case Format.HTML:
            return to_html(page)
        case _:
            assert_never(fmt)
