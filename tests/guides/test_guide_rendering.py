"""A guide reads the same in every format, and no guide can do more than be read."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hashdata.guidance import Guide, Step, Variant
from hashdata.permissions import Cause
from hashdata.render.guide import Format, render
from hashdata_poloniex.guide import GUIDE as MAIN
from hashdata_poloniex_futures.guide import GUIDE as FUTURES
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2026, 11, 22)
EVERY_VARIANT = [(guide, variant) for guide in (MAIN, FUTURES) for variant in guide.variants]


def shown(guide: Guide, variant: Variant, fmt: Format, today: date = TODAY) -> str:
    return render(guide, variant, fmt, today)


def unwrapped(guide: Guide, variant: Variant, today: date = TODAY) -> str:
    return " ".join(shown(guide, variant, Format.TEXT, today).split())


def a_variant(text: str = "do it", *, address: str = "", until: date | None = None) -> Variant:
    return Variant(
        name="one",
        title="a page",
        when="always",
        steps=(Step(title=text, text=text, tick=(text,), untick=(text,), warning=text),),
        source="a document",
        checked=TODAY,
        address=address,
        until=until,
    )


def a_guide(variant: Variant, text: str = "about it") -> Guide:
    return Guide(title=text, about=(text,), variants=(variant,), afterwards=(text,), help=text)


class Elements(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def controls(text: str) -> set[str]:
    return {c for c in text if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029"} - {"\n"}


@pytest.mark.parametrize("fmt", [Format.MARKDOWN, Format.HTML])
@pytest.mark.parametrize(("guide", "variant"), EVERY_VARIANT)
def test_every_format_has_every_step(guide: Guide, variant: Variant, fmt: Format) -> None:
    page = shown(guide, variant, fmt)
    text = "".join(Elements(page).texts) if fmt is Format.HTML else page

    assert [step.title for step in variant.steps if step.title not in text] == []


@pytest.mark.parametrize("fmt", Format)
@pytest.mark.parametrize(("guide", "variant"), EVERY_VARIANT)
def test_a_guide_warns_that_it_is_old_after_a_year(
    guide: Guide,
    variant: Variant,
    fmt: Format,
) -> None:
    words = "last checked more than a year ago"
    in_a_year = variant.checked + timedelta(days=365)
    fresh = " ".join(shown(guide, variant, fmt, in_a_year).split())
    stale = " ".join(shown(guide, variant, fmt, in_a_year + timedelta(days=1)).split())

    assert (words in fresh, words in stale) == (False, True)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (TODAY, "Warning: This page exists no more (since 2026-11-22)."),
        (TODAY + timedelta(days=1), "Warning: This page ends on 2026-11-23."),
    ],
)
def test_a_page_that_ends_says_when(until: date, words: str) -> None:
    variant = a_variant(until=until)

    assert words in unwrapped(a_guide(variant), variant)


def test_the_other_variants_are_named_with_their_command() -> None:
    page = render(MAIN, MAIN.variant(), Format.TEXT, TODAY, connector="poloniex")

    assert "The older key page" in page
    assert "hashdata connectors guide poloniex --variant older\n" in page
    assert "--variant today" not in page


def test_a_command_is_safe_to_paste() -> None:
    one, other = a_variant(), replace(a_variant(), name="two; reboot")
    guide = Guide(title="a guide", about=(), variants=(one, other))

    assert "--variant 'two; reboot'\n" in shown(guide, one, Format.TEXT)


def test_a_single_variant_names_no_others() -> None:
    variant = a_variant()

    assert "Other pages" not in shown(a_guide(variant), variant, Format.TEXT)


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize(("guide", "variant"), EVERY_VARIANT)
def test_text_keeps_to_the_width_of_the_terminal(guide: Guide, variant: Variant, width: int) -> None:
    lines = render(guide, variant, Format.TEXT, TODAY, width=width).splitlines()
    too_long = [line for line in lines if len(line) > width and " " in line.strip()]

    # Only a word is never broken, and a command, because it is copied whole.
    assert [line for line in too_long if "--variant" not in line] == []


def test_steps_are_numbered_as_step_for_counts_them() -> None:
    page = shown(MAIN, MAIN.variant(), Format.TEXT)
    found = MAIN.variant().step_for(Cause.TRADE_GRANTED)

    assert found
    assert f"\n {found[0]}. {found[1].title}\n" in page


HOSTILE = '</title></style><script>alert(1)</script><img src=x onerror="alert(1)">" onclick="x'


def hostile_guide() -> Guide:
    step = Step(title=HOSTILE, text=HOSTILE, tick=(HOSTILE,), untick=(HOSTILE,), warning=HOSTILE)
    one = Variant(
        name=HOSTILE,
        title=HOSTILE,
        when=HOSTILE,
        steps=(step,),
        source=HOSTILE,
        checked=TODAY,
        address=f"https://example.invalid/{HOSTILE.replace(' ', '/')}",
    )
    other = replace(one, name=f"other {HOSTILE}", address="javascript:alert(1)")
    texts = (HOSTILE,)
    return Guide(title=HOSTILE, about=texts, variants=(one, other), afterwards=texts, help=HOSTILE)


@pytest.mark.parametrize("number", [0, 1])
def test_html_shows_a_hostile_guide_as_text(number: int) -> None:
    guide = hostile_guide()

    page = Elements(shown(guide, guide.variants[number], Format.HTML))

    assert page.tags.isdisjoint({"script", "img", "iframe", "form", "object", "svg"})
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
    assert {value for name, value in page.attributes if name == "href"} <= {
        guide.variants[0].address,
    }
    assert page.texts.count(HOSTILE) >= 5


def test_html_is_a_complete_page_that_loads_nothing() -> None:
    page = shown(MAIN, MAIN.variant(), Format.HTML)
    found = Elements(page)

    assert page.startswith("<!doctype html>\n")
    assert {"html", "head", "title", "main", "h1", "ol"} <= found.tags
    assert found.tags.isdisjoint({"script", "link", "img", "iframe"})
    assert {("lang", "en"), ("charset", "utf-8"), ("name", "viewport")} <= found.attributes
    assert "url(" not in page
    assert "@import" not in page


def test_html_links_only_https_addresses() -> None:
    plain = a_variant(address="javascript:alert(1)")

    assert 'href="https://poloniex.com/apiKeys"' in shown(MAIN, MAIN.variant(), Format.HTML)
    assert "href" not in shown(a_guide(plain), plain, Format.HTML)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>", r"\<script\>"),
        ("![x](https://example.invalid)", r"!\[x\](https://example.invalid)"),
        ("a `b` *c* _d_ ~e~ |f| &lt;", r"a \`b\` \*c\* \_d\_ \~e\~ \|f\| \&lt;"),
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("1. no item", r"1\. no item"),
        ("2026-11-22", "2026-11-22"),
    ],
)
def test_markdown_shows_a_text_as_it_is_written(text: str, escaped: str) -> None:
    variant = a_variant(text)

    assert f"\n   {escaped}\n" in shown(a_guide(variant), variant, Format.MARKDOWN)


@pytest.mark.parametrize("fmt", Format)
def test_no_terminal_escape_and_no_bidi_override_passes(fmt: Format) -> None:
    text = "one\x1b[2J\x9b31m\u202etwo\u2066\u200b\ufeff\x00\x07\ud800\r\nthree\u2028four\x85five"
    variant = a_variant(text)

    page = shown(a_guide(variant, text), variant, fmt)

    assert controls(page) == set()
    assert "three four five" in page
    assert page.encode()


TEXTS = st.text(max_size=60) | st.text("\x1b\x00\x9b\n\t\u202e\u200d-#*`<&[1. ", max_size=20)
STEPS = st.builds(
    Step,
    title=TEXTS,
    text=TEXTS,
    tick=st.lists(TEXTS, max_size=2).map(tuple),
    untick=st.lists(TEXTS, max_size=2).map(tuple),
    warning=TEXTS,
)
VARIANTS = st.builds(
    Variant,
    name=TEXTS,
    title=TEXTS,
    when=TEXTS,
    steps=st.lists(STEPS, min_size=1, max_size=3).map(tuple),
    source=TEXTS.filter(bool),
    checked=st.dates(),
    address=TEXTS | TEXTS.map("https://".__add__),
    until=st.none() | st.dates(),
)
SOME_GUIDES = st.builds(
    Guide,
    title=TEXTS,
    about=st.lists(TEXTS, max_size=2).map(tuple),
    variants=st.lists(VARIANTS, min_size=1, max_size=3, unique_by=lambda v: v.name).map(tuple),
    afterwards=st.lists(TEXTS, max_size=2).map(tuple),
    help=TEXTS,
)


@given(guide=SOME_GUIDES, fmt=st.sampled_from(Format), today=st.dates(), width=st.integers())
def test_any_guide_renders_without_control_characters(
    guide: Guide,
    fmt: Format,
    today: date,
    width: int,
) -> None:
    page = render(guide, guide.variant(), fmt, today, width=min(width, 10_000))

    assert controls(page) == set()
    assert page.endswith("\n")


@given(guide=SOME_GUIDES)
def test_any_guide_gives_html_of_known_elements(guide: Guide) -> None:
    found = Elements(shown(guide, guide.variant(), Format.HTML))

    assert found.tags <= Elements(shown(FUTURES, FUTURES.variants[1], Format.HTML)).tags | {"a"}
