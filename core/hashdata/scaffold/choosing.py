"""Find the questions of a connector among ccxt's methods: what reads the data, and what states a key's rights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hashdata.errors import UsageError
from hashdata.exchange.ccxt_facts import Facts, Request
from hashdata.questions import Question

# What reports need, and ccxt's unified methods whose source names the question.
_STREAMS = (
    ("balances", "what the account holds", ("fetch_balance",), r"balance|wallets?$|accounts?$"),
    ("orders", "past orders", ("fetch_closed_orders", "fetch_orders", "fetch_canceled_and_closed_orders"), r"order"),
    ("trades", "executed trades", ("fetch_my_trades",), r"trade|fill|execution"),
    ("deposits", "deposits", ("fetch_deposits", "fetch_deposits_withdrawals", "fetch_transactions"), r"deposit"),
    ("withdrawals", "withdrawals", ("fetch_withdrawals", "fetch_deposits_withdrawals"), r"withdraw"),
    ("ledger", "everything that changed a balance", ("fetch_ledger",), r"ledger|bill|transaction ?log|account ?book"),
)
# Names by which exchanges tell what a key may do.
_RIGHTS = re.compile(
    r".*Get.*(ApiRestrictions|QueryApi|ApiKeyInfo|KeyPermissions|UserApiKey)|.*Get(ApiKeys?|MainKeys|AccountConfig)"
    r"|privatePostAuthRPermissions",
    re.IGNORECASE,
)
# ccxt's unified methods that read something beside the streams.
_OTHER_READS = ("fetch_accounts", "fetch_balance", "fetch_trading_fees", "fetch_open_orders", "fetch_positions")
# Other accounts of the same exchange than the one that most people mean, and other people's.
_ELSEWHERE = re.compile(
    r"(?i)margin|isolated|cross|papi|fapi|dapi|eapi|futures|swap|contract|option|sub|broker(?!age)|unified|uta|loan|earn"
    r"|lending|fiat|algo|stop|demo|archive|hist(?!or)|agent|convert|copy|equity|nft|cfm|intx|perp|mix|plan"
)
# Words of methods that may change something by GET too (some make an address), and of a POST that seems to read.
_CHANGES = re.compile(r"revoke|cancel|create|delete|remove|update|edit|change|generate|apply|place|submit|send|address")
_READS = re.compile(r"\b(get|list|history|query|closed|status|info|past|recent|my)")
# What a connector cannot be started without, as it is said where ccxt has no request for it.
_OF_CLOCK = "the clock (the exchange's time)"
_OF_RIGHTS = "the rights (what a key may do)"
_OF_STREAMS = "the streams (what an account holds and did)"
_VERSION = re.compile(r"[vV](\d)")
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A question for the connector: the request to start with, and other methods that may be better."""

    name: str
    about: str
    request: Request
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """All questions that were chosen. `missing` are the streams for which none was, with methods that may be one."""

    clock: Chosen
    rights: Chosen
    states_rights: bool
    streams: tuple[Chosen, ...]
    missing: Mapping[str, tuple[str, ...]]

    @property
    def requests(self) -> tuple[Request, ...]:
        """What is asked, of which the clock is the only public one."""
        return (self.clock.request, self.rights.request, *(stream.request for stream in self.streams))


def choose_questions(facts: Facts) -> Choice:
    """Choose the clock, the question for rights and the streams; raise `UsageError` where ccxt has none to read."""
    streams = [_stream(facts, *row) for row in _STREAMS]
    hosts = Counter(stream.request.host for stream in streams if stream)
    # Futures and options of the same exchange have other hosts, and most often other keys.
    found = tuple(stream for stream in streams if stream and stream.request.host == max(hosts, key=hosts.__getitem__))
    stating = _ranked([call for call in facts.calls if _RIGHTS.fullmatch(call)])
    clock, rights = _clock(facts), _rights(facts, stating, found)
    if clock is None or rights is None or not found:
        wanted = ((_OF_CLOCK, clock), (_OF_RIGHTS, rights), (_OF_STREAMS, found))
        lacking = ", nor for ".join(what for what, chosen in wanted if not chosen)
        raise UsageError(
            f"no connector for {facts.title} can be started: ccxt has no request that can be used for {lacking}",
            fix="Choose another exchange, or write it by hand: `python -m pydoc hashdata.hookspecs` shows the hooks.",
        )
    if _are_confused((*found, rights)):
        raise UsageError(
            f"{facts.title} is asked different things at one path, which hashdata could not tell apart",
            fix="Choose another exchange.",
        )
    return Choice(
        clock=clock,
        rights=rights,
        states_rights=rights.request.call in stating,
        streams=found,
        missing={
            name: _candidates(facts, hint, found)
            for (name, _, _, hint), stream in zip(_STREAMS, streams, strict=True)
            if stream not in found
        },
    )


def _clock(facts: Facts) -> Chosen | None:
    """Choose the public question for the time; where there is none, any public one, for the author to replace."""
    public = [call for call, method in facts.calls.items() if method == "GET" and _is_public(call)]
    times = [call for call in public if re.search(r"(?i)time(stamp)?$", call)]
    # ccxt asks for the time of the main account last. A clock is never asked by POST.
    used = [call for call in facts.used_by("fetch_time")[::-1] if facts.calls[call] == "GET"]
    used.sort(key=lambda call: bool(_ELSEWHERE.search(call)))
    return _first(facts, "clock", "the exchange's time", [*used, *times], public)


def _rights(facts: Facts, stating: Sequence[str], streams: Sequence[Chosen]) -> Chosen | None:
    """Choose the question for a key's rights, or else one of ccxt's other reads, for the author to replace."""
    taken = {stream.request.call for stream in streams}
    # Never by a name that only sounds like it: there are exchanges at which a GET changes a key.
    reads = [call for call in facts.used_by(*_OTHER_READS) if "public" not in call.lower()]
    return _first(facts, "rights", "what the key may do", stating, _ranked([c for c in reads if c not in taken]))


def _is_public(call: str) -> bool:
    """Whether a method is one that anybody may ask; some private ones have both words in their names."""
    return "public" in call.lower() and "private" not in call.lower()


def _are_confused(questions: Sequence[Chosen]) -> bool:
    """Whether two methods send to one path, so that a parameter which ccxt adds decides what happens."""
    calls = {question.request.sends: question.request.call for question in questions}
    return any(calls[question.request.sends] != question.request.call for question in questions)


def _stream(facts: Facts, name: str, about: str, unified: Sequence[str], hint: str) -> Chosen | None:
    """Choose the question of one stream among those with which ccxt itself reads it."""
    used = [call for call in facts.used_by(*unified) if "public" not in call.lower()]
    # What is past comes before what is open now.
    used.sort(key=lambda call: (not re.search(rf"(?i){hint}", call), bool(re.search(r"(?i)open|active|current", call))))
    return _first(facts, name, about, _ranked(used))


def _candidates(facts: Facts, hint: str, streams: Sequence[Chosen]) -> tuple[str, ...]:
    """Name methods that may read a stream by what they are called, whether ccxt uses them or not."""
    taken = {stream.request.call for stream in streams}
    found: dict[str, list[str]] = {"GET": [], "POST": []}
    for call, method in facts.calls.items():
        # In words, because TradePositions holds the letters of deposit.
        before, _, after = call.partition(method.capitalize())
        words = re.sub(r"(?<!^)(?=[A-Z])", " ", after).lower()
        is_private = call not in taken and not re.search(r"(?i)pub|market", before)
        if method in found and is_private and re.search(hint, words) and not _CHANGES.search(words):
            found[method].append(call)
    # Where a GET reads it, a POST does something else.
    reads = found["GET"] or [call for call in found["POST"] if _READS.search(re.sub(r"(?=[A-Z])", " ", call).lower())]
    return tuple(_ranked(reads)[:_MOST_NAMED])


def _ranked(calls: Sequence[str]) -> list[str]:
    """Put methods of the main account first, and of those the newest; else they stay as they came."""
    return sorted(
        calls, key=lambda call: (len(_ELSEWHERE.findall(call)), -max(map(int, _VERSION.findall(call)), default=0))
    )


def _first(facts: Facts, name: str, about: str, calls: Sequence[str], guesses: Sequence[str] = ()) -> Chosen | None:
    """Return the first method whose request a question can declare, and name some of the other `calls`."""
    calls = list(dict.fromkeys(calls))
    for call in (*calls, *guesses):
        request = facts.request(call)
        if request and _is_askable(request):
            others = tuple(other for other in calls if other != call)[:_MOST_NAMED]
            return Chosen(name=name, about=about, request=request, others=others)
    return None


def _is_askable(request: Request) -> bool:
    """Whether a question can declare what is sent."""
    try:
        Question(call=request.call, sends=request.sends)
    except ValueError:
        return False
    return bool(request.host) and request.method in {"GET", "POST"}
