"""The search of every test here: nothing of a canary, and nothing of a signature, may stand in a text."""

from __future__ import annotations

import gc
import html
import io
import logging
import pickle
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hashdata.redaction import spellings
from rich.console import Console
from rich.traceback import Traceback

from tests.canaries import PARTS, SPELLINGS


@dataclass(slots=True)
class Tally:
    """How many texts were searched, and for how many spellings all in all."""

    texts: int = 0
    comparisons: int = 0


TALLY = Tally()
# Where values of a key are held as plain text, by necessity or by what the object is for.
HOMES = {"Secret", "Redactor", "Guarded"}


def assert_clean(place: str, *texts: str, signatures: Iterable[str] = ()) -> None:
    """Fail, naming the `place` alone, when a text holds a canary or one of `signatures` in any spelling."""
    wanted = (*SPELLINGS, *PARTS, *(spelling for one in set(signatures) for spelling in spellings(one)))
    for text in texts:
        # Quoted again and again, or written into a page, a value is still the value.
        dressed = {text, text.replace("\\", ""), html.unescape(text)}
        TALLY.texts += 1
        TALLY.comparisons += len(wanted)
        found = any(spelling in one for one in dressed for spelling in wanted)

        assert not found, f"a credential or signature shows in {place}"


def assert_error_clean(error: BaseException, signatures: Iterable[str] = ()) -> None:
    """Search every way in which an error can be shown, and whatever hangs on it, suppressed or not."""
    signatures = tuple(signatures)
    assert_clean("a traceback", *shown(error), signatures=signatures)
    for one in chain(error):
        texts = (str(one), repr(one), repr(one.args), repr(getattr(one, "__notes__", ())), repr(vars(one)))
        assert_clean(f"a {type(one).__name__} of the chain", *texts, signatures=signatures)
        assert_clean("a pickled error", pickle.dumps(one).decode("latin-1"), signatures=signatures)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, its causes and contexts also where they are suppressed, and the members of groups."""
    todo, seen = [error], set[int]()
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            todo += one.exceptions


def shown(error: BaseException) -> Iterator[str]:
    """Yield an error as Python, a logger and rich show it."""
    yield "".join(traceback.format_exception(error))
    stream = io.StringIO()
    logger = logging.Logger("leaks")  # noqa: LOG001 - of its own, so that no other handler sees it
    logger.addHandler(logging.StreamHandler(stream))
    logger.error("%s %r", error, error, exc_info=error)
    yield stream.getvalue()
    console = Console(file=io.StringIO(), width=300)
    console.print(Traceback.from_exception(type(error), error, error.__traceback__))
    assert isinstance(console.file, io.StringIO)
    yield console.file.getvalue()


def reachable(*roots: object) -> Iterator[object]:
    """Yield every object of ours that can be reached from `roots`, other than through modules and classes."""
    todo, seen = list(roots), set[int]()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, dict | list | tuple | set | frozenset):
            todo += gc.get_referents(one)
        elif type(one).__module__.partition(".")[0] in {"hashdata", "hashdata_poloniex", "hashdata_poloniex_futures"}:
            yield one
            if type(one).__name__ not in HOMES:
                todo += gc.get_referents(one)
