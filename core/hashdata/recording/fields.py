"""What the name of a field says of its value. A name that is not known says nothing, and nothing is kept for it."""

from __future__ import annotations

import re
from enum import Enum, auto

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ENDS_LIKE_AN_ID = frozenset({"paid", "unpaid", "bid", "mid", "grid", "valid", "invalid", "void"})
_OF_ERRORS = frozenset({"code", "error", "err", "ret", "return", "result", "response", "status"})
_OF_PAGES = frozenset({"page", "pages", "items", "rows", "records"})
_SIZES = frozenset({"size", "total"})
# Some exchanges write a name as one word: accountequity, createtime. Shorter words would be found by chance.
_LONG = 4


class Says(Enum):
    """What a name says."""

    KIND = auto()
    RIGHTS = auto()
    PERSONAL = auto()
    FLAG = auto()
    TIME = auto()
    SYMBOL = auto()
    ID = auto()
    RATE = auto()
    COUNT = auto()
    AMOUNT = auto()
    NOTHING = auto()


_LISTED = {
    Says.KIND: "state status type kind side mode",
    Says.RIGHTS: "perm perms permission permissions scope scopes right rights authority authorities",
    # Whatever else stands in such a name, the value is a person's.
    Says.PERSONAL: """
        address addresses email emails mail phone mobile ip ips label alias nick nickname name user owner remark note
        notes memo tag tags comment description title text device agent country city birth birthday dob born referrer
        reason
        """,
    Says.FLAG: "is has can enable enabled allow allowed",
    Says.TIME: """
        time times date datetime timestamp stamp ts created updated modified expires expiry expire expired since
        deadline begin start end until access login
        """,
    Says.SYMBOL: """
        symbol symbols market currency currencies coin ccy asset assets inst instrument pair contract product chain
        network base quote
        """,
    Says.ID: "id ids uid uuid oid key hash txid tx ref reference no serial trace sequence seq token",
    Says.RATE: "price px rate ratio leverage lever percent percentage apr apy imr mmr bid ask",
    Says.COUNT: "count counts num page pages limit index offset level version precision decimals scale digits",
    Says.AMOUNT: """
        amount amt balance balances bal avail available free used hold holds held frozen locked total eq equity qty
        quantity size sz fee fees pnl profit loss upl upnl rpnl margin mgn im mm volume vol cost value val funds fund
        interest credit debt liability borrowed loan bonus cash wallet deposit deposits withdraw withdrawal collateral
        commission rebate reward paid unpaid change delta turnover notional
        """,
}
_WORDS = {meaning: frozenset(words.split()) for meaning, words in _LISTED.items()}
_OF_VALUES = (Says.TIME, Says.RATE, Says.COUNT, Says.AMOUNT)


def says(name: str) -> Says:
    """Return what `name` says; its last word counts most, as in accountType, takerRate and orderId."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words:
        return Says.NOTHING
    return _of_what(words) or _of_value(words)


def _of_what(words: list[str]) -> Says | None:
    """Say what a value tells about: a person, a thing or a kind of things."""
    last, there = words[-1], frozenset(words)
    # Other codes are the owner's: those of invitations, and against phishing.
    if last in _WORDS[Says.KIND] or (last == "code" and there <= _OF_ERRORS):
        return Says.KIND
    if last in _WORDS[Says.RIGHTS]:
        return Says.RIGHTS
    if there & _WORDS[Says.PERSONAL]:
        return Says.PERSONAL
    if words[0] in _WORDS[Says.FLAG]:
        return Says.FLAG
    is_id = last in _WORDS[Says.ID] or (last.endswith("id") and last not in _ENDS_LIKE_AN_ID)
    if there & _WORDS[Says.SYMBOL] and (is_id or last in _WORDS[Says.SYMBOL]):
        return Says.SYMBOL
    return Says.ID if is_id else None


def _of_value(words: list[str]) -> Says:
    """Say what a number is: by the last word, or else by any word, or by what the last one ends with."""
    last, there = words[-1], frozenset(words)
    if len(words) > 1 and last == "at":
        return Says.TIME
    # The size of a page is what was asked for: scaled, it would show by what amounts were.
    is_amount = there & (_WORDS[Says.AMOUNT] - _SIZES)
    if not is_amount and (last in _OF_PAGES or (there & {"page", "pages"}) or (there & _OF_PAGES and last == "size")):
        return Says.COUNT
    by_last = (meaning for meaning in _OF_VALUES if last in _WORDS[meaning])
    by_any = (meaning for meaning in _OF_VALUES if there & _WORDS[meaning] or _ends(last, _WORDS[meaning]))
    return next(by_last, None) or next(by_any, Says.NOTHING)


def _ends(word: str, known: frozenset[str]) -> bool:
    """Whether `word` ends with one of the longer words of `known`."""
    return any(len(one) >= _LONG and word.endswith(one) for one in known)
