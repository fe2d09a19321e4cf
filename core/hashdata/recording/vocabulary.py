"""Which texts tell nothing of the owner: short tokens in capitals, and words that exchanges use of everybody."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"(?=[A-Z0-9]*[A-Z])[A-Z0-9]{1,12}(?:[_/-][A-Z0-9]{1,12}){0,3}")
_LONGEST_TOKEN = 32
# Currencies such as 1INCH and contracts such as BTC-25DEC26 hold digits, and so do ids.
_MOST_DIGITS, _MOST_DIGITS_OF_A_SYMBOL = 1, 6
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+")
_BETWEEN = re.compile(r"[\s,_|/:-]*")
_MOST_WORDS = 8
_LISTED = """
    account accounts active all allow allowed api asset assets auto balance both buy cancel canceled cancelled chain
    close closed closing coin complete completed confirmed contract convert copy cross default deny denied deposit
    deposits derivative derivatives disabled done earn enable enabled exchange expired failed false fee filled frozen
    funding future futures history hour hours inactive inverse isolated limit linear long loan main maker margin market
    master member mode money net new no none normal ok one only open option options order orders partial partially
    pending permission permissions perpetual place position positions primary processing query read readonly rejected
    savings sell settle short side spot status stop sub subaccount success successful swap taker trade trades trading
    transfer transfers true unified universal usdt view wallet way withdraw withdrawal withdrawals write yes
    """
_WORDS = frozenset(_LISTED.split())


def is_token(text: str, *, symbol: bool = False) -> bool:
    """Whether `text` is a short token in capitals, as currencies and states are; a `symbol` may hold digits."""
    most = _MOST_DIGITS_OF_A_SYMBOL if symbol else _MOST_DIGITS
    return len(text) <= _LONGEST_TOKEN and sum(map(str.isdigit, text)) <= most and bool(_TOKEN.fullmatch(text))


def is_harmless(text: str) -> bool:
    """Whether `text` is made of words of exchanges alone, such as `SpotTrade` and `read_only,trade`."""
    parts = _PART.findall(text[:200])
    words = [part.lower() for part in parts if part[0].isalpha() and part[0].isascii()]
    between = [part for part in parts if not (part[0].isalpha() and part[0].isascii())]
    return (
        0 < len(words) <= _MOST_WORDS
        and "".join(parts) == text
        and _WORDS.issuperset(words)
        and all(_BETWEEN.fullmatch(part) for part in between)
    )
