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

from hashdata.redaction import Redactor

_FORMATTER = logging.Formatter()


@contextmanager
def redacted(redactor: Redactor) -> Iterator[None]:
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
