"""Every JSON document that the command prints is as its published schema says, and the schema is as narrow as it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import hashdata
import pytest
from hashdata.accounts.findings import Check, Grade
from hashdata.credentials import FIELD_NAMES
from hashdata.errors import ExitCode
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
from hashdata.practice import Provenance
from hashdata.recording.meanings import Means
from hashdata.recording.suspects import Suspicion
from hashdata.registry import State, find
from hashdata.sandbox.personas import exchange_of
from hashdata.vault import SlotKind
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry, Resource

from tests.accounts.exchange import Exchange, standing, values
from tests.cli.command import CONNECTORS, Outcome

Here = Callable[..., Outcome]
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
PERSONAS = [(name, persona.name) for name in CONNECTORS for persona in exchange_of(find(name)).personas]


KINDS = sorted(path.name.removeprefix("hashdata.").removesuffix("-1.json") for path in SCHEMAS.iterdir())


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command keep what it stores in a folder of this test."""
    monkeypatch.setenv("HASHDATA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HASHDATA_KEY_FILE", raising=False)


@cache
def schema(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"hashdata.{kind}-1.json").read_text(encoding="utf-8"))
    return found


@cache
def validator(kind: str) -> Draft202012Validator:
    """Return what compares with a schema, which may point at others."""
    known = [(str(schema(one)["$id"]), Resource.from_contents(schema(one))) for one in KINDS]
    registry: Registry[Any] = Registry().with_resources(known)
    return Draft202012Validator(schema(kind), format_checker=FormatChecker(), registry=registry)


def check(document: object, kind: str) -> None:
    validator(kind).validate(document)


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


@pytest.mark.parametrize("kind", KINDS)
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


def test_what_plugins_may_do_is_as_published_and_nothing_else_would_be(here: Here) -> None:
    ended = here("plugins", "list", "--json")

    check(ended.document, "plugins")
    assert ended.code == 0
    assert_narrow("plugins", ended.document)


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
        ["accounts", "show", "nobody"],
        ["accounts", "test", "--all"],
        ["accounts", "test", "nobody"],
        ["accounts", "rotate", "nobody"],
        ["accounts", "add", "main", "poloniex", "--sandbox", "read-only"],
        ["accounts", "add", "a/b", "poloniex", "--sandbox", "read-only"],
        ["accounts", "list", "--nonsense"],
        ["vault", "status", "--nonsense"],
        ["doctor", "--bundle", "/nowhere/at/all"],
        ["cassettes", "check", "/nowhere/at/all"],
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
    assert enum_of("plugins", "$defs", "plugin", "properties", "state") == set(State)
    assert enum_of("plugins", "$defs", "plugin", "properties", "provability") == {*Provability, None}
    assert enum_of("connector", "properties", "provability") == set(Provability)
    assert enum_of("connector", "$defs", "field", "properties", "name") == set(FIELD_NAMES)
    assert enum_of("connector", "$defs", "standing", "properties", "askable") == set(Askable)
    assert enum_of("connector", "$defs", "request", "properties", "purpose") == {"clock", "rights", "read", *FORBIDDEN}
    assert set(schema("connector")["$defs"]["api"]["properties"]["permissions"]["properties"]) == set(FORBIDDEN)


def test_the_words_of_the_schemas_of_accounts_are_the_words_of_the_code() -> None:
    account = ("$defs", "account", "properties")
    finding = ("$defs", "finding", "properties")
    result = ("$defs", "result", "properties")

    assert enum_of("account", *account, "verdict") == {*Verdict, None}
    assert enum_of("account", *account, "cause") == {*Cause, None}
    assert enum_of("account", "$defs", "attempt", "properties", "verdict") == set(Verdict)
    assert enum_of("tests", *result, "verdict") == enum_of("tests", *result, "before") == {*Verdict, None}
    assert enum_of("tests", *result, "cause") == {*Cause, None}
    assert enum_of("tests", "properties", "exit_code") == set(ExitCode) - {ExitCode.USAGE, ExitCode.INTERRUPTED}
    assert enum_of("doctor", *finding, "check") == enum_of("bundle", *finding, "check") == set(Check)
    assert enum_of("doctor", *finding, "grade") == enum_of("bundle", *finding, "grade") == set(Grade)
    assert enum_of("bundle", "$defs", "connector", "properties", "state") == set(State)
    assert set(schema("vault-status")["properties"]["slots"]["items"]["enum"]) == set(SlotKind)


def test_the_words_of_the_schema_of_cassettes_are_the_words_of_the_code() -> None:
    meaning = ("$defs", "meaning", "properties")

    assert enum_of("cassettes", "$defs", "finding", "properties", "what") == set(Suspicion)
    assert enum_of("cassettes", "$defs", "interaction", "properties", "evidence") == {*Provenance, None}
    assert enum_of("cassettes", *meaning, "means") == set(Means)
    assert enum_of("cassettes", *meaning, "rights", "additionalProperties") == set(Grant)
    assert enum_of("cassettes", *meaning, "rights", "propertyNames") == set(FORBIDDEN)


def test_what_is_found_in_recordings_is_as_published(here: Here, tmp_path: Path) -> None:
    cassettes = SCHEMAS.parents[1] / "cassettes" / "poloniex"
    fine = here("cassettes", "check", str(cassettes), "--json")
    amiss = tmp_path / "amiss.yaml"
    text = (cassettes / "accepted.yaml").read_text(encoding="ascii")
    amiss.write_text(text.replace("api.poloniex.com", "example.com").replace("SPOT", "a@b.example"), encoding="ascii")
    found = here("cassettes", "check", str(amiss), "--json")

    assert (fine.code, found.code) == (0, 1)
    for ended in (fine, found):
        assert_narrow("cassettes", stated("cassettes", ended.document))


def test_a_line_says_what_an_entry_of_the_whole_document_says() -> None:
    line = {name: part for name, part in schema("result")["properties"].items() if name != "schema"}

    assert line == schema("tests")["$defs"]["result"]["properties"]
    assert schema("result")["allOf"] == schema("tests")["$defs"]["result"]["allOf"]


def test_every_document_that_the_code_names_has_a_schema() -> None:
    core = Path(hashdata.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in core.rglob("*.py"))
    # What is only read by hashdata itself is described in words.
    own = {"vault", "journal"}

    assert set(re.findall(r'"hashdata\.([a-z-]+)/1"', text)) - own == set(KINDS)


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


@pytest.fixture
def add(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Return what adds an account to a vault that a key file opens."""
    file = tmp_path / "vault.key"
    file.touch(mode=0o600)
    file.write_bytes(bytes(range(32)))
    monkeypatch.setenv("HASHDATA_KEY_FILE", str(file))

    def add_one(label: str, number: int, origin: str, connector: str = "poloniex") -> Outcome:
        key = tmp_path / f"key-{number}.json"
        key.touch(mode=0o600)
        key.write_text(json.dumps(values(number)))
        ended = here("accounts", "add", label, connector, "--credentials", str(key), "--endpoint", origin, "--json")
        assert ended.code == 0, ended.all
        return ended

    return add_one


def stated(kind: str, document: Any) -> Any:  # noqa: ANN401 - a document
    """Return a document that is as published."""
    check(document, kind)
    return document


def test_the_documents_of_accounts_are_as_published(here: Here, add: Callable[..., Outcome], tmp_path: Path) -> None:
    empty = stated("accounts", here("accounts", "list", "--json").document)
    before = stated("vault-status", here("vault", "status", "--json").document)
    with standing(Exchange(1)) as origin:
        added = stated("report", add("main", 1, origin).document)
    here("accounts", "add", "other", "poloniex", "--sandbox", "read-only")
    listed = stated("accounts", here("accounts", "list", "--json").document)
    plain = stated("account", here("accounts", "show", "main", "--json").document)
    whole = stated("account", here("accounts", "show", "main", "--report", "--history", "--json").document)
    after = stated("vault-status", here("vault", "status", "--json").document)
    here("accounts", "export-report", "main", str(tmp_path / "exported.json"))
    exported = stated("export", json.loads((tmp_path / "exported.json").read_text()))

    assert (empty["accounts"], before["exists"], before["slots"]) == ([], False, [])
    assert [one["endpoint"] for one in listed["accounts"]] == [origin, None]
    assert [one["persona"] for one in listed["accounts"]] == [None, "read-only"]
    assert listed["accounts"][0] == plain["account"] == whole["account"]
    assert plain.keys() == {"schema", "account"}
    assert added == whole["report"] == whole["history"][0] == exported["report"]
    assert added["key"]["fingerprint"] == plain["account"]["fingerprint"]
    assert (after["slots"], after["records"]) == (["keyfile"], 2)
    for kind, document in [("accounts", listed), ("account", whole), ("export", exported), ("vault-status", after)]:
        assert_narrow(kind, document)


def test_the_results_of_a_re_test_are_as_published(here: Here, add: Callable[..., Outcome], tmp_path: Path) -> None:
    exchange = Exchange(4)
    with standing(exchange) as origin:
        for number, label in enumerate(["quiet", "gains", "deleted", "stranger"], 1):
            add(label, number, origin)
        exchange.powers[2] = frozenset({Permission.TRADE})
        exchange.unknown = {3}
        # Its connector is not installed any more.
        book = tmp_path / "home" / "accounts.toml"
        head, mark, tail = book.read_text().partition("[accounts.stranger]")
        book.write_text(head + mark + tail.replace('connector = "poloniex"', 'connector = "gone"'))
        lines = here("accounts", "test", "--all", "--min-age", "0", "--jsonl")
        again = here("accounts", "test", "quiet", "stranger", "--json")
    later = here("accounts", "test", "--all", "--json")

    results = {one["label"]: stated("result", one) for one in map(json.loads, lines.out.splitlines())}
    tests, waiting = stated("tests", again.document), stated("tests", later.document)
    found = {label: (one["before"], one["verdict"], one["drift"]) for label, one in results.items()}
    assert found == {
        "quiet": ("accepted", "accepted", False),
        "gains": ("accepted", "denied", True),
        "deleted": ("accepted", "unusable", False),
        "stranger": (None, None, False),
    }
    assert results["stranger"]["error"] == "the connector gone is not installed"
    assert [one["label"] for one in tests["results"]] == ["stranger", "quiet"]
    assert {one["label"]: one["verdict"] for one in waiting["left_out"]}.items() >= {
        "quiet": "accepted",
        "gains": "denied",
        "deleted": "unusable",
    }.items()
    assert (lines.code, again.code, tests["exit_code"], waiting["exit_code"]) == (1, 5, 5, 1)
    for one in results.values():
        assert_narrow("result", one)
    assert_narrow("tests", tests)
    assert_narrow("tests", waiting)
    for changed in [
        {**results["gains"], "verdict": "accepted"},
        {**results["gains"], "drift": None},
        {**results["quiet"], "report": None},
        {**results["quiet"], "drift": True},
        {**results["quiet"], "error": "It failed."},
        {**results["stranger"], "fix": None},
        {**results["stranger"], "verdict": "accepted"},
        {**tests, "exit_code": 2},
    ]:
        with pytest.raises(ValidationError):
            check(changed, str(changed["schema"]).removeprefix("hashdata.").removesuffix("/1"))


def test_what_the_doctor_writes_is_as_published(here: Here, add: Callable[..., Outcome], tmp_path: Path) -> None:
    nothing = stated("doctor", here("doctor", "--json").document)
    with standing(Exchange(1)) as origin:
        add("Jane's money", 1, origin)
    book = tmp_path / "home" / "accounts.toml"
    book.chmod(0o644)
    book.write_text(book.read_text().replace('verdict = "accepted"', 'verdict = "denied"'))
    ended = here("doctor", "--json", "--bundle", str(tmp_path / "bundle.json"))
    found = stated("doctor", ended.document)
    text = (tmp_path / "bundle.json").read_text()
    written = stated("bundle", json.loads(text))

    assert {one["check"] for one in nothing["findings"]} >= {"files"}
    assert ended.code == 2
    grades = {(one["check"], one["grade"]) for one in found["findings"]}
    assert {("files", "problem"), ("accounts", "note"), ("secrets", "fine")} <= grades
    assert [(one["account"], one["intact"]) for one in written["accounts"]] == [("account 1", False)]
    assert [text.count(word) for word in ("Jane", "money", "0001", str(tmp_path))] == [0, 0, 0, 0]
    assert_narrow("doctor", found)
    assert_narrow("bundle", written)


# Names that stand only where there is something to say.
OPTIONAL = {"note", "expires_at", "report", "history"}


def parts(document: Any, *path: str | int) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - a document
    """Yield where every object of a document stands; of a list, only the first member."""
    if isinstance(document, dict):
        yield path
        for name, value in document.items():
            yield from parts(value, *path, name)
    elif isinstance(document, list) and document:
        yield from parts(document[0], *path, 0)


def at(document: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - a document
    for name in path:
        document = document[name]
    return document


def assert_narrow(kind: str, document: dict[str, Any]) -> None:
    """Assert that a document with one name more or less, or one value of another type, is refused."""
    wide = []
    for path in parts(document):
        # The names in it are those of streams, or of permissions.
        if path and path[-1] in {"streams", "rights"}:
            continue
        there = at(document, path)
        for change in ["+", *there]:
            changed = copy.deepcopy(document)
            part = at(changed, path)
            if change == "+":
                part["one_more"] = "x"
            elif change in OPTIONAL:
                part[change] = 1.5
            else:
                del part[change]
            if validator(kind).is_valid(changed):
                wide.append((*path, change))

    assert wide == []
