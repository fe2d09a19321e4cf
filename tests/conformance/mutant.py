"""What a deliberately broken connector is made of, and the names of the checks that catch most of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hashdata.permissions import Cause

from tests.conformance.variants import Variant

MENDS = "the_guide_mends_every_grant"
EXAMPLE_GRANTED = "every_forbidden_permission_has_an_example_that_is_granted"
EXAMPLE_REFUSED = "every_forbidden_permission_has_an_example_that_is_refused"
MALFORMED = "no_malformed_answer_to_a_probe_proves_anything"
LOOKS_LIKE = "no_answer_that_looks_like_a_refusal_is_one"
STATEMENT = "no_malformed_statement_proves_anything"
UNKNOWN = "an_unknown_flag_proves_nothing"
PURE = "the_rights_function_is_pure"
NOT_DATA = "no_stream_is_read_from_an_answer_that_is_not_its_data"
FOREIGN = "nothing_foreign_says_anything_of_the_key"
REAL = "no_probe_names_anything_real"
CANCELS = "no_probe_cancels_what_exists"
AMOUNT = "no_probe_names_a_large_amount"
HARMLESS = "every_probe_says_why_it_is_harmless"
EVIDENCE = "every_recognised_answer_has_evidence"
LOADS = "the_connector_loads_and_is_ready"
RUNS = "every_practice_key_can_be_tested"
CCXT = "the_installed_ccxt_is_in_its_range"
READS = "no_read_asks_for_a_change"
SPELLING = "no_flag_that_is_written_otherwise_counts_as_off"
WRONG = "a_wrong_secret_or_passphrase_is_unusable"
UNDERSTOOD = "every_question_is_understood_for_some_key"
TYPE = "every_code_has_the_type_that_is_answered"
STATUS = "no_refusal_is_a_status_alone"
RECORDED = "every_practice_key_can_be_recorded"
ENDING = "every_practice_key_ends_as_expected"
PLAUSIBLE = "the_tolerance_and_the_rates_are_plausible"
LEDGER = "no_practice_key_changes_anything"


# How the practice keys of the example end.
ENDS: Mapping[str, Cause | None] = {
    "read-only": None,
    "trading": Cause.TRADE_GRANTED,
    "full-power": Cause.TRADE_GRANTED,
    "wrong-key": Cause.UNKNOWN_KEY,
    "wrong-secret": Cause.WRONG_SECRET,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is wrong with a connector, which check must say so, how it is made, and how its keys should end."""

    what: str
    caught_by: str
    make: Callable[[], Variant]
    ends: Mapping[str, Cause | None] | None = None
