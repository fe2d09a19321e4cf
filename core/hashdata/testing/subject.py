"""The connector under test: loaded as the product loads it, its practice keys tested once for all checks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from importlib.metadata import EntryPoint

from hashdata.connector import Connector, Terms
from hashdata.errors import HashdataError
from hashdata.hookspecs import GROUP, ExchangeConnector
from hashdata.permissions import Cause, Verdict
from hashdata.practice import Persona, PracticeExchange, Reply
from hashdata.questions import Question
from hashdata.registry import find
from hashdata.registry.loading import load
from hashdata.sandbox.personas import exchange_of
from hashdata.testing.trial import Run, run_trial


class Unavailable(Exception):  # noqa: N818 - a reason, not a fault
    """Why a check cannot look at anything; another check says what has to be mended."""


class Problem(Exception):  # noqa: N818 - a sentence for the author
    """A problem that ends the check that meets it."""


class Subject:
    """
    A connector under test.

    `source` is the name of an installed connector or an instance, and
    `known_reads` are requests such as `POST /orders` that its author vouches
    for. `ends` is the cause with which the test of each practice key must end,
    None where it is accepted, and None instead where nothing is said. Nothing
    is loaded before it is asked for, and everything only once.
    """

    def __init__(
        self,
        source: str | ExchangeConnector,
        known_reads: Collection[str] = (),
        ends: Mapping[str, Cause | None] | None = None,
    ) -> None:
        self._source = source
        self.known_reads = frozenset(known_reads)
        self.ends = ends
        self._trials: dict[object, Run | str] = {}

    @cached_property
    def loaded(self) -> Connector | str:
        """The connector, or the reason why it cannot be used."""
        if not isinstance(self._source, str):
            return _load(self._source)
        try:
            return find(self._source)
        except HashdataError as error:
            return error.told

    @property
    def connector(self) -> Connector:
        """The connector; raises `Unavailable` when it cannot be used."""
        if isinstance(self.loaded, str):
            raise Unavailable("the connector cannot be used")
        return self.loaded

    @cached_property
    def terms(self) -> tuple[Terms, ...]:
        """What belongs to each API."""
        return tuple(self.connector.terms(api) for api in self.connector.info.apis)

    def exchange(self) -> PracticeExchange:
        """Return a fresh practice exchange; raise `Unavailable` where there is none."""
        try:
            return exchange_of(self.connector)
        except HashdataError as error:
            raise Unavailable(error.told) from None

    @cached_property
    def personas(self) -> tuple[Persona, ...]:
        """The practice keys; raises `Unavailable` where there is no practice exchange that can name them."""
        exchange = self.exchange()
        try:
            return tuple(exchange.personas)
        except Exception as error:  # noqa: BLE001 - the practice exchange is the connector's own code
            reason = f"personas raised {type(error).__name__}: {error}"
        raise Unavailable(reason)

    @cached_property
    def _outcomes(self) -> Mapping[str, Run | str]:
        """The run of every persona, or the sentence that says why there is none."""
        return {persona.name: self._outcome(persona) for persona in self.personas}

    def _outcome(self, persona: Persona, instead: Mapping[Question, Reply] | None = None) -> Run | str:
        try:
            return run_trial(self.connector, self.exchange(), persona, instead or {})
        except HashdataError as error:
            return error.told
        except Exception as error:  # noqa: BLE001 - shapes are the connector's own code and may raise anything
            return f"{type(error).__name__}: {error}."

    @property
    def failed(self) -> Mapping[str, str]:
        """The personas whose test did not come to an end, with the reason."""
        return {name: outcome for name, outcome in self._outcomes.items() if isinstance(outcome, str)}

    @property
    def runs(self) -> tuple[Run, ...]:
        """The tests of all personas."""
        return tuple(outcome for outcome in self._outcomes.values() if isinstance(outcome, Run))

    def runs_of(self, terms: Terms) -> tuple[Run, ...]:
        """Return the tests of the keys of one API."""
        return tuple(run for run in self.runs if run.api == terms.api.name)

    def accepted(self, terms: Terms) -> Run:
        """Return the test of an accepted key of one API; raise `Unavailable` where there is none."""
        found = [run for run in self.runs_of(terms) if run.report.verdict is Verdict.ACCEPTED]
        if not found:
            raise Unavailable(f"no practice key of the API {terms.api.name} is accepted")
        return found[0]

    def trial(
        self, run: Run, instead: Mapping[Question, Reply], *, credentials: Mapping[str, str] | None = None
    ) -> Run:
        """
        Test the key of `run` again, with some questions answered otherwise or with some other `credentials`.

        Several checks look at the same trial, which is made once. Raises
        `Problem` when the test does not come to an end.
        """
        persona = run.persona
        if credentials is not None:
            persona = replace(persona, credentials={**persona.credentials, **credentials})
        made = (persona.name, repr(credentials), tuple((question, repr(reply)) for question, reply in instead.items()))
        if made not in self._trials:
            self._trials[made] = self._outcome(persona, instead)
        outcome = self._trials[made]
        if isinstance(outcome, str):
            asked = ", ".join(question.sends for question in instead)
            raise Problem(
                f"The test of {persona.name} ends with an error when {asked} is answered oddly. {outcome} "
                "A shape returns true or false for every JSON value and never raises."
            )
        return outcome


def _load(instance: ExchangeConnector) -> Connector | str:
    """Load an instance as an installed one is loaded, with every check of the registry."""

    class Held(EntryPoint):
        """An entry point that is not written in any file."""

        def load(self) -> ExchangeConnector:
            return instance

    try:
        name = str(instance.describe().name)
    except Exception as error:  # noqa: BLE001 - a hook may raise anything
        return f"describe() raised {type(error).__name__}: {error}. Let it return a ConnectorInfo."
    kind = type(instance)
    entry = load(name, Held(name=name, value=f"{kind.__module__}:{kind.__qualname__}", group=GROUP))
    return entry.connector or str(entry.reason)
