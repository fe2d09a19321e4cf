"""Ways to change one part of the good connector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hashdata.hookspecs import Api
from hashdata.questions import Diagnosis

from tests.conformance.example_sandbox import PracticeExample
from tests.conformance.variants import GOOD, Variant

(SPOT,) = GOOD.info.apis
(BALANCES,) = GOOD.read
(TODAY,) = GOOD.steps.variants
REFUSED, GRANTED = GOOD.trade.answers


Make = Callable[[], Variant]


def trade(**changes: object) -> Make:
    return lambda: replace(GOOD, trade=replace(GOOD.trade, **changes))  # type: ignore[arg-type]  # fields of a probe


def params(**changes: str | int) -> Make:
    return trade(params={**GOOD.trade.params, **changes})


def refused(**changes: object) -> Make:
    return trade(answers=(replace(REFUSED, **changes), GRANTED))  # type: ignore[arg-type]  # fields of an answer


def stated(**changes: object) -> Make:
    return lambda: replace(GOOD, stated=replace(GOOD.stated, **changes))  # type: ignore[arg-type]  # fields of a probe


def api(**changes: object) -> Make:
    def make() -> Variant:
        changed: Api = replace(SPOT, **changes)  # type: ignore[arg-type]  # fields of an API
        return replace(GOOD, info=replace(GOOD.info, apis=(changed,)))

    return make


def variant(**changes: object) -> Make:
    def make() -> Variant:
        changed = replace(TODAY, **changes)  # type: ignore[arg-type]  # fields of a variant
        return replace(GOOD, steps=replace(GOOD.steps, variants=(changed,)))

    return make


def stream(**changes: object) -> Make:
    # A POST says why it is harmless, whether that is true or not.
    said = {"harmless": "it only reads what the account holds", **changes}
    return lambda: replace(GOOD, read=(replace(BALANCES, **said),))  # type: ignore[arg-type]  # fields of a stream


def told(*diagnoses: Diagnosis) -> Make:
    return lambda: replace(GOOD, told=(*GOOD.told, *diagnoses))


def probe(call: str, sends: str, **given: str | int) -> Make:
    """Ask something else about trading."""
    return trade(call=call, sends=sends, params=given)


def practice(kind: type[PracticeExample]) -> Make:
    return lambda: replace(GOOD, practice=kind)
