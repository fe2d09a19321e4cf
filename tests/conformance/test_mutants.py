"""Whatever is broken in a connector is caught, by the check that is meant to catch it."""

from __future__ import annotations

import re

import pytest
from hashdata.testing.catalogue import CHECKS, examine
from hashdata.testing.subject import Subject

from tests.conformance.mutant import ENDS, Mutant
from tests.conformance.mutants import MUTANTS
from tests.conformance.mutants_forms import HONEST
from tests.conformance.mutants_text import of_all_rows, words
from tests.conformance.variants import GOOD

BY_NAME = {check.name: check for check in CHECKS}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_a_broken_connector_is_caught(mutant: Mutant) -> None:
    problems = BY_NAME[mutant.caught_by].problems(Subject(mutant.make(), ends=mutant.ends))

    assert problems
    assert all(re.search(r"[.!?]$", problem) and " " in problem for problem in problems)


def test_the_connector_that_was_not_broken_passes() -> None:
    assert examine(Subject(GOOD, ends=ENDS)) == {}


def test_the_connector_that_reads_words_passes() -> None:
    assert examine(Subject(words(of_all_rows)())) == {}


@pytest.mark.parametrize("form", HONEST)
def test_an_honest_connector_passes_whatever_form_rights_have(form: str) -> None:
    assert examine(Subject(HONEST[form]())) == {}


def test_every_check_catches_something() -> None:
    assert set(BY_NAME) == {mutant.caught_by for mutant in MUTANTS}
