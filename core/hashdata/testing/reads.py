"""What is asked for data changes nothing: a POST that reads says so in its words, and names no amount."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hashdata.questions import Question
from hashdata.testing.check import Group
from hashdata.testing.subject import Subject

CHECKS = Group()

# `GetAPIKeyInfo` has the words get, api, key and info.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# What asks. A lone `r` is how one large exchange marks its reads: /auth/r/orders.
_ASKS = re.compile(
    r"(get|query|fetch|search)[a-z]*|[a-z]*(history|histories|hist|status|query|records?|details?|report)"
    r"|queries|find|read|r|logs?|view"
)
# What says of a thing how it is. Beside something to do it excuses nothing: cancelOpenOrders, createOrderList.
_DESCRIBES = re.compile(
    r"list|info|completed?|closed|filled|rejected|cancell?ed|pending|active|past|recent|requests|fills"
)
# Words that say so only together: `open` may be the name of an API, and a balance is what transfers move.
_ARE_READ = re.compile(
    r"open[/_-]?(orders|positions)|(orders|positions)[/_-]?open|trade.*balance(?!.*(transfer|withdraw))", re.IGNORECASE
)
_DOES = re.compile(
    r"(cancel(?!l?ed$)|create(?!d$)|submit(?!ted$)|place(?!d$)|delete(?!d$)|remove(?!d$)|revoke(?!d$)|update(?!d$)"
    r"|execute(?!d$)|amend|modify|replace|liquidate|generate|convert|redeem|repay|borrow|stake|kill|closeall)[a-z]*"
    r"|add|addorder|new|neworder|set|edit|send|sendorder|buy|sell|make|apply|pay|move|command|batch|bulk"
)
_IS_DONE_TO = re.compile(
    r"(withdraw|transfer)[a-z]*|[a-z]*orders?|positions?|trade|close|loans?|payouts?|payments?|vouchers?|address(es)?"
)
# Parameters by which exchanges with one path tell what is to be done.
_NAMES_AN_ACT = re.compile(r"method|action|command|cmd|op|operation|function|request", re.IGNORECASE)
_NAMES_WHAT_MOVES = re.compile(
    r"amount|amt$|quantity|qty|^q$|^sz$|volume|^vol$|price|^cost$|notional|address|destination|recipient|beneficiary",
    re.IGNORECASE,
)


@CHECKS.add("No question for data or rights is worded as a change, nor names an amount, a price or an address.")
def no_read_asks_for_a_change(subject: Subject) -> Iterator[str]:
    """Yield streams and questions for rights that are a POST and do not plainly read."""
    asked: tuple[Question, ...] = (*subject.connector.streams, *subject.connector.declared)
    posted = [question for question in asked if question.method == "POST"]
    for line in sorted(subject.known_reads - {question.sends for question in posted}):
        yield f"{line} is named as a known read, and no POST that the connector reads by. Take it out."
    for question in posted:
        if question.sends not in subject.known_reads:
            yield from _worded(question)
        for name in filter(_NAMES_WHAT_MOVES.search, question.params):
            yield (
                f"{question.sends} is asked as a read, and {name}={question.params[name]} says how much is moved or "
                "where to. Ask without it, or ask what reads without it."
            )


def _worded(question: Question) -> Iterator[str]:
    """Yield the first word by which a question says that it changes something."""
    for text in _texts(question):
        if word := _change(text):
            yield (
                f"{question.sends} is asked as a read, and {word!r} in {text} is what changes an account. "
                "Ask what says that it reads, such as a history, a list or a status. Where the exchange's document "
                "says that this only reads, name it in known_reads of connector_tests."
            )
            return


def _texts(question: Question) -> Iterator[str]:
    """Yield what says what a question does: its path, ccxt's method, and parameters that name an act."""
    yield question.path
    yield question.call
    yield from (str(value) for name, value in question.params.items() if _NAMES_AN_ACT.fullmatch(name))


def _change(text: str) -> str:
    """Return the word that makes a change of `text`; none where another one says that it only reads."""
    words = [word.lower() for word in _WORD.findall(text)]
    if any(_ASKS.fullmatch(word) for word in words):
        return ""
    is_described = _ARE_READ.search(text) is not None or any(_DESCRIBES.fullmatch(word) for word in words)
    return next((w for w in words if _DOES.fullmatch(w) or (_IS_DONE_TO.fullmatch(w) and not is_described)), "")
