"""What is done to a value of an answer, by its field's name and its own form. What is not known is replaced."""

from __future__ import annotations

import re
from enum import Enum, auto

from hashdata.recording.fields import Says, says
from hashdata.recording.literals import Numeral
from hashdata.recording.numerals import is_mark, is_moment, is_numeral, is_whole, is_zero, moved
from hashdata.recording.vocabulary import is_harmless, is_token

_WORD = re.compile(r"[A-Za-z_-]{1,24}")
# query-funds, wallet:read, and lists of them such as "General, Spot".
_RIGHTS = re.compile(r"[A-Za-z_.:-]{1,60}((, ?|[|;/])[A-Za-z_.:-]{1,60}){0,40}")
_MILLISECONDS = re.compile(r"1\d{12}")
# Kinds and codes are short numbers; flags are 0 and 1 whatever they are called.
_LONGEST_CODE = 6
_LONGEST_COUNT = 4


# Names of fields are words with a lower-case letter and few digits; ids and addresses are not.
_NAME = re.compile(r"(?=[^a-z]*[a-z])[A-Za-z][A-Za-z0-9_.-]{0,30}")
_MOST_DIGITS = 4


class Treatment(Enum):
    """What becomes of a value; of a time that is blurred only the year stays."""

    KEPT = auto()
    SCALED = auto()
    MOVED = auto()
    BLURRED = auto()
    REPLACED = auto()


def is_name(key: str) -> bool:
    """Whether what stands in the place of a field's name is one, or a currency; else it is an id."""
    is_word = _NAME.fullmatch(key) is not None and sum(map(str.isdigit, key)) <= _MOST_DIGITS
    return is_word or not key or is_token(key, symbol=True)


def treatment(name: str, text: str, *, now: float) -> Treatment:
    """Say what is done to a text or `Numeral` in a field called `name`; `now` is in seconds since 1970."""
    # Signs alone, such as a star for every address, tell nothing of anybody.
    if text.isascii() and not any(map(str.isalnum, text)):
        return Treatment.KEPT
    meaning = says(name)
    return _of_number(name, meaning, text, now) if is_numeral(text) else _of_text(meaning, text, now)


def _of_number(name: str, meaning: Says, text: str, now: float) -> Treatment:
    """Say what is done to a number; one of which nothing is known is scaled if it has a fraction, else replaced."""
    if meaning is Says.PERSONAL:
        return Treatment.REPLACED
    if is_zero(text) or meaning is Says.RATE:
        return Treatment.KEPT
    digits = len(text.lstrip("-"))
    if meaning is Says.TIME or (not name and _MILLISECONDS.fullmatch(text)):
        return Treatment.MOVED if moved(text, 0, now) is not None else Treatment.REPLACED
    if meaning is Says.AMOUNT or is_token(name) or not is_whole(text):
        return Treatment.SCALED
    if (meaning is Says.KIND and digits <= _LONGEST_CODE) or (meaning is Says.COUNT and digits <= _LONGEST_COUNT):
        return Treatment.KEPT
    is_flag = text == "1" and (meaning is Says.FLAG or (meaning is Says.NOTHING and isinstance(text, Numeral)))
    return Treatment.KEPT if is_flag else Treatment.REPLACED


def _of_text(meaning: Says, text: str, now: float) -> Treatment:
    """Say what is done to a text that is no number."""
    if meaning is Says.PERSONAL:
        return Treatment.REPLACED
    if is_mark(text):
        return Treatment.KEPT
    if is_moment(text):
        far = Treatment.BLURRED if meaning is Says.TIME else Treatment.REPLACED
        return Treatment.MOVED if moved(text, 0, now) is not None else far
    if (meaning is Says.KIND and _WORD.fullmatch(text)) or (meaning is Says.RIGHTS and _RIGHTS.fullmatch(text)):
        return Treatment.KEPT
    if meaning is Says.ID:
        return Treatment.REPLACED
    is_known = is_token(text, symbol=meaning is Says.SYMBOL) or is_harmless(text)
    return Treatment.KEPT if is_known else Treatment.REPLACED
