"""Numbers and times as they are written. Nothing is rounded: sums hold to the last decimal afterwards as before."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_NUMERAL = re.compile(r"(-?)(\d{1,40})(?:\.(\d{1,40}))?([eE][+-]?\d{1,4})?")
_WHOLE = re.compile(r"-?\d{1,40}")
_SINCE_1970 = re.compile(r"(\d{10})(\d{3}|\d{6}|\d{9})?(\.\d{1,9})?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d:\d\d)?(\.\d{1,9})?( ?Z|[+-]\d\d:?\d\d)?")
# Nobody traded before; what lies beyond is a mark such as the year 2100, which would give the offset away.
_FIRST = datetime(2009, 1, 1, tzinfo=UTC).timestamp()
# How exchanges write that there is no time, beside 0.
_NO_TIMES = ("0001-01-01", "1970-01-01")
_MARKS_BEGIN = 2100
_YEAR_FROM_NOW = timedelta(days=366).total_seconds()
# An answer may say when it was made; moving that time would give the offset away.
_JUST_NOW = 120


def is_numeral(text: str) -> bool:
    """Whether `text` is a number as exchanges write amounts and ids."""
    return _NUMERAL.fullmatch(text) is not None


def is_whole(text: str) -> bool:
    """Whether `text` is a number without a fraction."""
    return _WHOLE.fullmatch(text) is not None


def is_zero(text: str) -> bool:
    """Whether a numeral is zero."""
    return not re.search("[1-9]", re.split("[eE]", text)[0])


def times(text: str, factor: int) -> str:
    """Return a numeral times a whole `factor`, with as many decimals, the same exponent and the same sign."""
    match = _NUMERAL.fullmatch(text)
    if match is None or is_zero(text):
        return text
    sign, whole, fraction, exponent = match[1], match[2], match[3] or "", match[4] or ""
    digits = str(int(whole + fraction) * factor).zfill(len(fraction) + 1)
    cut = len(digits) - len(fraction)
    return f"{sign}{digits[:cut]}{'.' if fraction else ''}{digits[cut:]}{exponent}"


def is_mark(text: str) -> bool:
    """Whether `text` is a time by ISO 8601 that is none, such as the year 1970, or one that means never."""
    match = _MOMENT.fullmatch(text)
    return match is not None and (match[1] in _NO_TIMES or int(match[1][:4]) >= _MARKS_BEGIN)


def is_moment(text: str) -> bool:
    """Whether `text` is a time by ISO 8601."""
    return _MOMENT.fullmatch(text) is not None


def moved(text: str, seconds: int, now: float) -> str | None:
    """
    Return a time moved by `seconds` in the form that it has; None where `text` is no time near the present.

    The forms are seconds, milliseconds, microseconds and nanoseconds since
    1970, and ISO 8601. A time of about `now` is left as it is.
    """
    if match := _SINCE_1970.fullmatch(text):
        since = int(match[1])
        if not _FIRST <= since <= now + _YEAR_FROM_NOW:
            return None
        return text if _is_now(since, now) else f"{since + seconds:010d}{match[2] or ''}{match[3] or ''}"
    if match := _MOMENT.fullmatch(text):
        return _moved_moment(match, seconds, now)
    return None


def blurred(text: str, drawn: bytes) -> str:
    """Return a time by ISO 8601 of which the year stays, and all else follows from two bytes of `drawn`."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return text
    day, clock, fraction, zone = (part or "" for part in match.groups())
    day = f"{day[:4]}-{drawn[0] % 12 + 1:02d}-{drawn[1] % 28 + 1:02d}"
    return f"{day}{clock[:1]}{'00:00:00' if clock else ''}{re.sub('[0-9]', '0', fraction)}{zone}"


def _moved_moment(match: re.Match[str], seconds: int, now: float) -> str | None:
    """Return a moment by ISO 8601 moved by `seconds`; its fraction and its zone stay as they are written."""
    day, clock, fraction, zone = (part or "" for part in match.groups())
    try:
        moment = datetime.fromisoformat(f"{day}{clock}{zone.strip()}")
    except ValueError:
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    if not _FIRST <= moment.timestamp() <= now + _YEAR_FROM_NOW:
        return None
    if clock and _is_now(moment.timestamp(), now):
        return match[0]
    written = (moment + timedelta(seconds=seconds)).isoformat(sep=clock[:1] or "T")[:19]
    return f"{written}{fraction}{zone}" if clock else written[:10]


def _is_now(since: float, now: float) -> bool:
    """Whether a time is that of the answer itself."""
    return abs(since - now) <= _JUST_NOW
