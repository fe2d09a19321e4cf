"""
Keep credentials out of what others log.

Nothing of hashdata's own logs a request. This is for the rest: asyncio that
reports a forgotten task, aiohttp that quotes an answer, a connector that
prints what it signs to a logger.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from hashdata.redaction import Redactor

_FORMATTER = logging.Formatter()


class Cleaner(Protocol):
    """Takes what nobody may see out of a text."""

    def clean(self, text: str) -> str:
        """Return `text` without it."""
        ...


class Several:
    """Cleans with every redactor that is in use at the moment, as where many keys are tested side by side."""

    def __init__(self) -> None:
        self._used: list[Redactor] = []

    @contextmanager
    def using(self, redactor: Redactor) -> Iterator[None]:
        """Clean with `redactor` too, as long as this lasts."""
        self._used.append(redactor)
        try:
            yield
        finally:
            self._used = [one for one in self._used if one is not redactor]

    def clean(self, text: str) -> str:
        """Return `text` without any known value."""
        for redactor in self._used:
            text = redactor.clean(text)
        return text


@contextmanager
def redacted(redactor: Cleaner) -> Iterator[None]:
    """
    Take every credential that `redactor` knows out of every log record, as long as this lasts.

    Done where records are made: a filter of the root logger sees only what is
    logged to the root itself, and one of a handler only what goes there.
    """
    make = logging.getLogRecordFactory()

    def careful(*args: object, **kwargs: object) -> logging.LogRecord:
        record: logging.LogRecord = make(*args, **kwargs)
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):
            # The logger would print the arguments instead.
            text = "(a record that cannot be formatted)"
        record.msg, record.args = redactor.clean(text), None
        if record.exc_info:
            record.exc_text = redactor.clean(_FORMATTER.formatException(record.exc_info))
            record.exc_info = None
        return record

    logging.setLogRecordFactory(careful)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)
