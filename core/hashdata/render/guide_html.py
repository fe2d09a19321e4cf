"""A guide's page as one HTML document that needs nothing else and loads nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from hashdata.guidance import Step
from hashdata.render.guide_page import Page, boxes

# Saved to a file, the page has no server to send this as a header.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 42rem; padding: 0 1rem; }
li { margin-block: .5rem; overflow-wrap: anywhere; }
ol > li::marker, h3 { font-weight: bold; }
h3 { display: inline; font-size: 1rem; }
ul.boxes { list-style: none; padding: 0; }
.warning { border-inline-start: .3rem solid #d97706; padding-inline-start: .7rem; }
"""


def to_html(page: Page) -> str:
    """Return `page` as a complete document; every text of the guide is escaped."""
    return "\n".join(_document(page)) + "\n"


def _document(page: Page) -> Iterator[str]:
    """Yield the lines of the document."""
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{escape(page.title)}</title>"
    yield f"<style>\n{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    yield from _body(page)
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _body(page: Page) -> Iterator[str]:
    """Yield what is read."""
    yield f"<h1>{escape(page.title)}</h1>"
    yield from (f"<p>{escape(paragraph)}</p>" for paragraph in page.about)
    yield f"<h2>{escape(page.subtitle)}</h2>"
    yield from _list(f"{label}: {_linked(fact)}" for label, fact in page.facts)
    yield from map(_warning, page.warnings)
    yield "<ol>"
    for number, step in enumerate(page.steps, 1):
        yield from _step(number, step)
    yield "</ol>"
    if page.afterwards:
        yield "<h2>Afterwards</h2>"
        yield from _list(map(escape, page.afterwards))
    if page.help:
        yield f"<p>{escape(page.help)}</p>"
    if page.others:
        yield "<h2>Other pages</h2>"
        yield from _list(
            f"{escape(other.title)}: {escape(other.when)}<br><code>{escape(other.command)}</code>"
            for other in page.others
        )


def _step(number: int, step: Step) -> Iterator[str]:
    """Yield one item of the ordered list; its id lets a report point to it."""
    yield f'<li id="step-{number}">'
    yield f"<h3>{escape(step.title)}</h3>"
    if step.text:
        yield f"<p>{escape(step.text)}</p>"
    if step.tick or step.untick:
        drawn_boxes = (f"{drawn}: <strong>{escape(name)}</strong>" for drawn, name in boxes(step))
        yield from _list(drawn_boxes, ' class="boxes"')
    if step.warning:
        yield _warning(step.warning)
    yield "</li>"


def _warning(text: str) -> str:
    """Return `text` as a warning, marked by the word before any colour."""
    return f'<p class="warning"><strong>Warning:</strong> {escape(text)}</p>'


def _list(items: Iterable[str], attributes: str = "") -> Iterator[str]:
    """Yield a list of `items`, which are HTML already."""
    yield f"<ul{attributes}>"
    yield from (f"<li>{item}</li>" for item in items)
    yield "</ul>"


def _linked(fact: str) -> str:
    """Return `fact` as a link where it is an https address, and as text otherwise."""
    shown = escape(fact)
    is_address = fact.startswith("https://") and " " not in fact
    return f'<a href="{shown}" rel="noreferrer">{shown}</a>' if is_address else shown
