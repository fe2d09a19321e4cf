"""Deliberately broken connectors, each with the check that must catch it."""

from __future__ import annotations

from tests.conformance.mutant import Mutant
from tests.conformance.mutants_answered import CONTROLS, PERSONAS
from tests.conformance.mutants_declared import CONTRACT, GUIDES, HARMLESSNESS, PROVENANCE
from tests.conformance.mutants_forms import FORMS
from tests.conformance.mutants_text import TEXT

MUTANTS: tuple[Mutant, ...] = (*CONTRACT, *GUIDES, *PROVENANCE, *HARMLESSNESS, *PERSONAS, *CONTROLS, *TEXT, *FORMS)
