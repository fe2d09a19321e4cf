"""
Nothing happens: not by what the practice keys sent, and not by what a probe says that it sends.

A probe is looked at whatever its method: there are exchanges that place orders by GET.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from hashdata.answers import Reading
from hashdata.permissions import Grant
from hashdata.questions import DeclaredProbe, Probe
from hashdata.testing.check import Group
from hashdata.testing.codes import is_real
from hashdata.testing.subject import Subject

CHECKS = Group()

_FEWEST_WORDS = 4
_PLACEHOLDER = re.compile(r"\b(todo|tbd|fixme|xxx+|lorem|placeholder|n/a|asdf|changeme)\b|\.\.\.|…", re.IGNORECASE)
# Parameters that say what is bought, withdrawn or moved.
_NAMES_A_THING = re.compile(
    r"symbol|pair|market|instrument|inst_?id|coin|ccy|currency|asset|product|contract|ticker|token", re.IGNORECASE
)
_NAMES_A_KIND = re.compile(r"type|chain|network|mode|category", re.IGNORECASE)
_NAMES_AN_ID = re.compile(r"(^|_|[a-z])(id|ids|cloid|uuid|txid)$", re.IGNORECASE)
_NAMES_AN_AMOUNT = re.compile(
    r"amount|amt|quantity|qty|^q$|size|^sz$|volume|^vol$|total|notional|^cost$", re.IGNORECASE
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_CANCELS = re.compile(r"(cancel|kill|close|liquidate).*")
_ALL = re.compile(r"all|batch|bulk|mass|multiple|cancelall|allorders|killswitch|kill")
# What says itself that it does not exist.
_IMPOSSIBLE = re.compile(r"zz[qz]|nonexist|no-?such|impossible", re.IGNORECASE)
_IMPOSSIBLE_ID = re.compile(r"0+|(.)\1{7,}")
# One contract of a market that does not exist; whatever is larger invites a mistake.
_LARGEST = Decimal(1)


@CHECKS.add("`harmless` of each probe is a sentence for the person whose key it is, not a placeholder.")
def every_probe_says_why_it_is_harmless(subject: Subject) -> Iterator[str]:
    """Yield sentences that explain nothing."""
    questions: tuple[Probe | DeclaredProbe, ...] = (*subject.connector.probes, *subject.connector.declared)
    for probe in questions:
        if len(probe.harmless.split()) < _FEWEST_WORDS or _PLACEHOLDER.search(probe.harmless):
            yield (
                f"{probe.sends} says {probe.harmless!r} for a reason why it is harmless. "
                "Write a sentence, such as 'there is no market ZZQXA_ZZQXB, so nothing can be bought'."
            )


@CHECKS.add("No probe names a currency or a market that exists, unless it asks to cancel an order that cannot.")
def no_probe_names_anything_real(subject: Subject) -> Iterator[str]:
    """Yield probes that an exchange could carry out; the list of codes is long and not complete."""
    for probe in subject.connector.probes:
        if _is_a_cancel(probe) and _has_impossible_id(probe):
            continue
        texts = {name: value for name, value in probe.params.items() if isinstance(value, str)}
        named = {n: v for n, v in texts.items() if _NAMES_A_THING.search(n) and not _NAMES_A_KIND.search(n)}
        # What settles an order may be real, as long as what is ordered is not.
        if any(_IMPOSSIBLE.search(value) for value in named.values()):
            continue
        for name, value in (named or texts).items():
            if not is_real(value):
                continue
            yield (
                f"{probe.sends} asks for {name}={value}, which exists, so the exchange may carry it out. "
                "Name something that no exchange has, such as ZZQX or ZZQXA_ZZQXB."
            )


@CHECKS.add("No probe cancels, closes or changes more than one thing, or one that could exist.")
def no_probe_cancels_what_exists(subject: Subject) -> Iterator[str]:
    """Yield probes that could cancel orders; at some exchanges a request that names none means all."""
    for probe in subject.connector.probes:
        if any(_ALL.fullmatch(word) for word in _words(probe)):
            yield f"{probe.sends} is for many orders at once. Ask about a single one that does not exist."
        elif _is_a_cancel(probe) and not _has_impossible_id(probe):
            yield (
                f"{probe.sends} cancels or closes something and names no id that cannot exist. "
                "Give it one of zeros, such as 000000000000000000000000."
            )
        elif not probe.params:
            yield f"{probe.sends} has no parameters, so nothing keeps it from being carried out. Ask something else."


@CHECKS.add("Where a probe names an amount, it is no more than 1.")
def no_probe_names_a_large_amount(subject: Subject) -> Iterator[str]:
    """Yield amounts that would hurt if everything else went wrong."""
    for probe in subject.connector.probes:
        for name, value in probe.params.items():
            if _NAMES_AN_AMOUNT.search(name) and not _NAMES_A_KIND.search(name) and _is_large(value):
                yield f"{probe.sends} asks for {name}={value}. Ask for the smallest amount that can be written."


@CHECKS.add("After each test of a practice key the ledger is empty, and no answer says that anything was done.")
def no_practice_key_changes_anything(subject: Subject) -> Iterator[str]:
    """Yield what was carried out, for whichever key."""
    probes = {terms.api.name: terms for terms in subject.terms}
    for run in subject.runs:
        for change in run.changes:
            yield (
                f"The test of {run.persona.name} changed something at the practice exchange: {change}. "
                "Ask what no exchange can carry out, whatever the key may do."
            )
        terms = probes[run.api]
        for probe in terms.probes:
            raw = run.answer(probe)
            reading = Reading(raw, terms.api.envelope) if raw else None
            # Cancelling what is not there may well be answered with success.
            if _is_a_cancel(probe) and _has_impossible_id(probe):
                continue
            if reading and any(answer.executed and answer.matches(reading) for answer in probe.answers):
                yield f"{probe.sends} was carried out for {run.persona.name}. Ask what cannot be carried out."


@CHECKS.add("Each API has a practice key that may do everything that can be asked about.")
def a_key_that_can_do_everything_is_there(subject: Subject) -> Iterator[str]:
    """Yield APIs where the check before this one says little."""
    for terms in subject.terms:
        if not any(
            all(run.report.permissions[p].grant is Grant.GRANTED for p in terms.askable)
            for run in subject.runs_of(terms)
        ):
            yield (
                f"No practice key of the API {terms.api.name} has every permission ({', '.join(terms.askable)}). "
                "Add one, so that it shows that even such a key changes nothing."
            )


def _is_a_cancel(probe: Probe) -> bool:
    return probe.method == "DELETE" or any(_CANCELS.fullmatch(word) for word in _words(probe))


def _words(probe: Probe) -> list[str]:
    """Return the words of the path: `/v3/trade/allOrders` has trade, all and orders."""
    return [word.lower() for word in _WORD.findall(probe.path)]


def _has_impossible_id(probe: Probe) -> bool:
    """Whether the probe names an id of zeros or of one sign repeated, or one that says itself that it is none."""
    ids = [str(value) for name, value in probe.params.items() if _NAMES_AN_ID.search(name)]
    return any(_IMPOSSIBLE_ID.fullmatch(value.replace("-", "")) or _IMPOSSIBLE.search(value) for value in ids)


def _is_large(value: str | int) -> bool:
    try:
        return abs(Decimal(value)) > _LARGEST
    except InvalidOperation:
        return False
