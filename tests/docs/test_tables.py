"""The tables of the documents say what the code does."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from hashdata.connector import Connector, Terms
from hashdata.errors import ExitCode
from hashdata.permissions import MEANINGS, Verdict
from hashdata.questions import Pattern
from hashdata.registry import State, find
from hashdata.sandbox.personas import exchange_of
from hashdata.tester.report import Report
from hashdata.tester.runs import practise
from hashdata.tester.session import Options

from tests.docs.documents import code, named

CAUSES = named("docs/causes.md")
POLONIEX = named("docs/poloniex.md")
README = named("README.md")
REPORT = named("docs/report.md")
SANDBOX = named("docs/sandbox.md")


def test_the_causes_are_those_of_the_code_with_their_verdicts_and_fixes() -> None:
    rows = CAUSES.table("cause", "verdict", "trigger", "fix")

    assert {code(row[0]): (row[1], row[3]) for row in rows} == {
        str(cause): (str(meaning.verdict), meaning.fix) for cause, meaning in MEANINGS.items()
    }
    assert len(rows) == len(MEANINGS)


def test_the_exit_codes_are_those_of_the_code() -> None:
    rows = {int(row[0]): row[1] for row in README.table("exit code", "meaning", "what to do")}

    assert rows.keys() == set(ExitCode)
    assert all(rows[verdict.exit_code].startswith(str(verdict)) for verdict in Verdict)


def test_the_verdicts_are_those_of_the_code() -> None:
    rows = REPORT.table("verdict", "exit code", "when")

    assert {code(row[0]): int(row[1]) for row in rows} == {str(v): v.exit_code for v in Verdict}


def test_the_states_of_a_connector_are_those_of_the_code() -> None:
    assert [state for state in State if f"`{state}`" not in REPORT.text] == []


@cache
def report(connector: str, persona: str) -> Report:
    exchange = exchange_of(find(connector))
    chosen = next(known for known in exchange.personas if known.name == persona)
    # The one that never answers in time is not waited for.
    options = Options(timeout=0.5 if persona == "slow" else 20)
    return asyncio.run(practise(find(connector), exchange, chosen, options))


def personas(connector: str) -> dict[str, tuple[str, str, str]]:
    """Return what every persona is, and the verdict and cause that a test of it ends with."""
    found: dict[str, tuple[str, str, str]] = {}
    for persona in exchange_of(find(connector)).personas:
        tested = report(connector, persona.name)
        found[persona.name] = (persona.about, str(tested.verdict), f"`{tested.cause}`" if tested.cause else "-")
    return found


def test_the_personas_are_those_of_the_code_with_their_verdicts() -> None:
    rows = SANDBOX.table("persona", "what it is", "verdict", "cause")
    documented = {code(name): (about, verdict, cause) for name, about, verdict, cause in rows}
    main, futures = personas("poloniex"), personas("poloniex-futures")

    assert documented == main | futures
    assert {name: futures[name] for name in main} == main
    assert list(documented) == list(futures)


@pytest.mark.parametrize("persona", ["read-only", "slow"])
def test_every_field_of_a_report_is_documented(persona: str) -> None:
    rows = REPORT.table("field", "what it holds")
    documented = {code(field) for row in rows for field in row[0].split(", ")}
    fields = set(paths(report("poloniex", persona).to_json()))

    assert sorted(fields - documented) == []


def test_every_documented_field_is_one_of_a_report() -> None:
    rows = REPORT.table("field", "what it holds")
    documented = {code(field) for row in rows for field in row[0].split(", ")}

    ending = replace(report("poloniex", "read-only"), expires_at=datetime.now(UTC), allowed_addresses=1)
    assert sorted(documented - set(paths(ending.to_json()))) == []


def paths(document: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    """Yield the names of a report's fields; a permission's name is a star, evidence stands by itself."""
    for name, value in document.items():
        path = f"{prefix}{name}"
        if path == "permissions" and isinstance(value, dict):
            yield path
            for permission in value.values():
                yield from paths(permission, "permissions.*.")
        elif path == "streams" or not isinstance(value, dict | list):
            yield path
        elif isinstance(value, dict):
            yield from paths(value, f"{path}.")
        else:
            yield path
            yield from (p for item in value if isinstance(item, dict) for p in paths(item, f"{name}[]."))


def every_terms() -> list[Terms]:
    connectors: list[Connector] = [find("poloniex"), find("poloniex-futures")]
    return [connector.terms(api) for connector in connectors for api in connector.info.apis]


def answer(pattern: Pattern, *, executed: bool = False) -> str:
    """Write the answer that `pattern` recognises as a cell does."""
    parts = [
        "" if pattern.code is None else f'`"{pattern.code}"`' if isinstance(pattern.code, str) else f"`{pattern.code}`",
        "" if pattern.message is None else f'"{pattern.message}"',
        "" if pattern.status is None else f"HTTP {pattern.status}",
        "" if pattern.header is None else "`{}: {}`".format(*pattern.header),
        "success with an id" if executed and pattern.body is not None else "",
    ]
    return " ".join(part for part in parts if part)


def test_everything_that_is_read_is_documented() -> None:
    rows = POLONIEX.table("request", "what it asks for", "required")
    asked = {
        (f"`{stream.sends}`", stream.about, "yes" if stream.required else "with `--all-streams`")
        for terms in every_terms()
        for stream in terms.streams
    }

    assert set(rows) == asked


def test_every_write_question_and_each_of_its_answers_is_documented() -> None:
    rows = POLONIEX.table("request", "answer", "means", "evidence")
    declared = {
        (
            f"`{probe.sends}`",
            answer(known, executed=known.executed),
            f"{known.means}{', and carried out' if known.executed else ''}",
            known.evidence,
        )
        for terms in every_terms()
        for probe in terms.probes
        for known in probe.answers
    }

    assert set(rows) == declared


def test_every_diagnosis_is_documented() -> None:
    rows = POLONIEX.table("answer", "cause", "evidence")
    declared = {
        (answer(known), f"`{known.cause}`", known.evidence) for terms in every_terms() for known in terms.diagnoses
    }

    assert set(rows) == declared


def test_the_clock_s_questions_are_documented() -> None:
    assert [terms.api.name for terms in every_terms() if f"`{terms.api.clock.sends}`" not in POLONIEX.text] == []
