"""Every JSON document that the command prints is as its published schema says, and the schema is as narrow as it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hashdata.credentials import FIELD_NAMES
from hashdata.hookspecs import GROUP
from hashdata.permissions import (
    FORBIDDEN,
    MEANINGS,
    Askable,
    Cause,
    Grant,
    Permission,
    Provability,
    Verdict,
    Witness,
)
from hashdata.registry import State, find
from hashdata.sandbox.personas import exchange_of
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from tests.cli.command import CONNECTORS, Outcome

Here = Callable[..., Outcome]
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
PERSONAS = [(name, persona.name) for name in CONNECTORS for persona in exchange_of(find(name)).personas]


def schema(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"hashdata.{kind}-1.json").read_text(encoding="utf-8"))
    return found


def check(document: object, kind: str) -> None:
    Draft202012Validator(schema(kind), format_checker=FormatChecker()).validate(document)


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield every object schema inside a schema."""
    if isinstance(value, dict):
        if value.get("type") == "object":
            yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


@pytest.mark.parametrize("kind", ["report", "connectors", "connector", "error"])
def test_a_schema_is_valid_strict_and_described(kind: str) -> None:
    found = schema(kind)

    Draft202012Validator.check_schema(found)
    assert found["$id"] == f"hashdata.{kind}-1.json"
    assert found["properties"]["schema"]["const"] == f"hashdata.{kind}/1"
    for each in objects(found):
        assert each["additionalProperties"] is not True
        assert each["description"]
        for name, part in each.get("properties", {}).items():
            assert {"description", "const", "$ref"} & set(part), name


@pytest.mark.parametrize(("connector", "persona"), PERSONAS)
def test_the_report_of_every_persona_is_as_published(here: Here, connector: str, persona: str) -> None:
    limit = "0.5" if persona == "slow" else "20"
    ended = here("connectors", "test", connector, "--sandbox", persona, "--timeout", limit, "--all-streams", "--json")

    check(ended.document, "report")
    assert ended.code == Verdict(str(ended.document["verdict"])).exit_code
    assert ended.document["practice"] is True
    assert ended.document["key"]["fingerprint"] is None  # type: ignore[index]  # as the schema has it


@pytest.mark.parametrize("connector", CONNECTORS)
def test_what_show_prints_is_as_published(here: Here, connector: str) -> None:
    ended = here("connectors", "show", connector, "--json")

    check(ended.document, "connector")
    assert ended.code == 0


def test_the_list_is_as_published_also_with_broken_connectors(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "hashdata-gone", "gone", "nowhere_at_all:connector")
    install(tmp_path, "hashdata-second", "poloniex", "nowhere_at_all:connector")
    install(tmp_path, "hashdata-old", "old", "json:tool")
    monkeypatch.syspath_prepend(tmp_path)

    ended = here("connectors", "list", "--json")

    check(ended.document, "connectors")
    rows: Any = ended.document["connectors"]
    states = {(row["name"], row["state"]) for row in rows}
    assert {("gone", "broken"), ("poloniex", "conflict"), ("poloniex-futures", "ready")} <= states
    assert ended.code == 0


def install(site: Path, distribution: str, name: str, target: str) -> None:
    """Make a folder look as if a distribution with one entry point were installed there."""
    folder = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8")
    (folder / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {target}\n", encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["connectors", "show", "polonix"],
        ["connectors", "test", "poloniex", "--sandbox", "read-onyl"],
        ["connectors", "test", "poloniex"],
        ["connectors", "test", "poloniex", "--credentials", "/nowhere/at/all"],
        ["connectors", "test"],
        ["connectors", "nonsense"],
        ["connectors", "list", "--nonsense"],
        ["connectors", "test", "poloniex", "--timeout", "soon"],
        ["connectors", "test", "poloniex", "--endpoint", "https://api.poloniex.com"],
    ],
    ids=" ".join,
)
def test_every_error_is_as_published(here: Here, arguments: list[str]) -> None:
    ended = here(*arguments, "--json")

    check(ended.document, "error")
    assert ended.code == 2
    assert ended.err == ""


def enum_of(kind: str, *path: str) -> set[object]:
    part: Any = schema(kind)
    for name in path:
        part = part[name]
    return set(part["enum"])


def test_the_words_of_the_schemas_are_the_words_of_the_code() -> None:
    permission = ("$defs", "permission", "properties")
    evidence = ("$defs", "evidence", "properties")
    listed = ("$defs", "connector", "properties")

    assert enum_of("report", "properties", "verdict") == set(Verdict)
    assert enum_of("report", "properties", "cause") == {*Cause, None}
    assert enum_of("report", *permission, "grant") == set(Grant)
    assert enum_of("report", *permission, "askable") == set(Askable)
    assert enum_of("report", *evidence, "witness") == set(Witness)
    assert enum_of("report", "properties", "connector", "properties", "provability") == set(Provability)
    assert set(schema("report")["properties"]["permissions"]["properties"]) == set(Permission)
    assert enum_of("connectors", *listed, "state") == set(State)
    assert enum_of("connectors", *listed, "provability") == {*Provability, None}
    assert enum_of("connector", "properties", "provability") == set(Provability)
    assert enum_of("connector", "$defs", "field", "properties", "name") == set(FIELD_NAMES)
    assert enum_of("connector", "$defs", "standing", "properties", "askable") == set(Askable)
    assert enum_of("connector", "$defs", "request", "properties", "purpose") == {"clock", "read", *FORBIDDEN}
    assert set(schema("connector")["$defs"]["api"]["properties"]["permissions"]["properties"]) == set(FORBIDDEN)


def test_the_schema_pairs_every_cause_with_its_verdict() -> None:
    cases = schema("report")["allOf"]
    paired = {
        (verdict, cause)
        for case in cases
        for verdict in [case["if"]["properties"]["verdict"]["const"]]
        for cause in case["then"]["properties"]["cause"].get("enum", [])
    }

    assert paired == {(str(MEANINGS[cause].verdict), str(cause)) for cause in Cause}


@pytest.fixture(scope="module")
def accepted() -> dict[str, Any]:
    """Return a small report that its schema allows."""
    asked = {"grant": "refused", "askable": "askable", "evidence": []}
    return {
        "schema": "hashdata.report/1",
        "connector": {"name": "poloniex", "version": "1", "provability": "P1"},
        "versions": {"hashdata": "1", "ccxt": "1"},
        "tested_at": "2026-11-22T15:11:00Z",
        "endpoint": "https://api.poloniex.com",
        "practice": False,
        "key": {"last4": "9XMY", "fingerprint": None},
        "account_id": None,
        "verdict": "accepted",
        "cause": None,
        "summary": "Fine.",
        "fix": None,
        "permissions": {
            "read": {**asked, "grant": "granted"},
            "trade": asked,
            "withdraw": asked,
            "transfer": {"grant": "unproven", "askable": "unaskable", "note": "No question.", "evidence": []},
        },
        "streams": {"balances": "readable"},
        "clock_offset_ms": -3,
        "limits": ["A limit."],
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("secret",), "x"),
        (("key", "last8"), "x"),
        (("verdict",), "denied"),
        (("cause",), "clock"),
        (("fix",), "Do something."),
        (("tested_at",), "2026-11-22 15:11"),
        (("endpoint",), "api.poloniex.com"),
        (("practice",), None),
        (("streams", "balances"), "granted"),
        (("streams",), {}),
        (("permissions", "transfer", "note"), None),
        (("permissions", "transfer", "grant"), "refused"),
        (("permissions", "trade", "note"), "A note."),
        (("permissions", "trade", "grant"), "denied"),
        (("clock_offset_ms",), 1.5),
        (("connector", "name"), "Poloniex_Futures"),
    ],
)
def test_a_report_that_is_not_ours_is_refused(accepted: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    check(accepted, "report")
    changed = copy.deepcopy(accepted)
    part = changed
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value

    with pytest.raises(ValidationError):
        check(changed, "report")
