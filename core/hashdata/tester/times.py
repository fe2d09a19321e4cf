"""Times that exchanges write into answers, and the way to the place where they stand."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hashdata.answers import Number
from hashdata.questions import Stream, TimeForm

# The year 2286; a time that is not in milliseconds but finer is beyond it.
_LATEST_MS = 10**13
_DIGITS = re.compile(r"[0-9]{1,20}(\.[0-9]{1,9})?")


def followed(value: object, steps: tuple[str | int, ...]) -> object:
    """Return what stands where names and positions lead, None where they lead nowhere."""
    for step in steps:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def expires(stream: Stream, value: object) -> datetime | None:
    """Return when the key ends as far as the stream states it; a time that is none is no time."""
    if stream.expires is None:
        return None
    stated = followed(value, stream.expires.at)
    try:
        if stream.expires.form is TimeForm.ISO:
            moment = datetime.fromisoformat(stated) if isinstance(stated, str) and stated else None
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
        number = float(stated) if isinstance(stated, str | int | float) and stated else 0.0
        seconds = number / 1000 if stream.expires.form is TimeForm.MILLISECONDS else number
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def milliseconds(value: object, form: TimeForm) -> float | None:
    """Return a stated time in milliseconds since 1970, None for what cannot be one; digits may be text, as in JSON."""
    if form is TimeForm.ISO:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None
        return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000 if moment else None
    if isinstance(value, str):
        value = float(value) if _DIGITS.fullmatch(value) else None
    # True is 1 to Python, and no time.
    if not (isinstance(value, int | float) and Number().fits(value)):
        return None
    stated = value * 1000 if form is TimeForm.SECONDS else value
    return stated if 0 < stated < _LATEST_MS else None
