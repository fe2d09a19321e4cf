"""docs/hooks.md says what the code says: every hook, every type that hooks return, every state."""

from __future__ import annotations

import inspect
import re
import tomllib
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hashdata import answers, guidance, hookspecs, practice, questions, rights
from hashdata.credentials import CredentialSchema
from hashdata.credentials import Field as CredentialField
from hashdata.hookspecs import ExchangeConnector
from hashdata.permissions import Standing
from hashdata.registry import State

from tests.registry.plugins import PAGE, Plugin, hashdata, tutorial

TEXT = PAGE.read_text("utf-8")
SECTIONS = dict(re.findall(r"^#### `(.+?)`\n(.*?)(?=^###|\Z)", TEXT, re.MULTILINE | re.DOTALL))
HOOKS = [name for name, member in vars(ExchangeConnector).items() if hasattr(member, "hashdata_spec")]


def types_of(module: ModuleType) -> list[type]:
    """Return the public dataclasses that a module defines."""
    found = [member for member in vars(module).values() if inspect.isclass(member) and is_dataclass(member)]
    return [kind for kind in found if kind.__module__ == module.__name__ and not kind.__name__.startswith("_")]


TYPES = [
    *(kind for module in (hookspecs, questions, rights, guidance, practice, answers) for kind in types_of(module)),
    CredentialSchema,
    CredentialField,
    Standing,
]


def default(field: Field[Any]) -> str:
    """Return a field's default as the page writes it."""
    if field.default_factory is not MISSING:
        made = field.default_factory()
        return f"`{made!r}`" if isinstance(made, dict | list) else f"`{type(made).__name__}()`"
    if field.default is MISSING:
        return "required"
    is_word = hasattr(field.default, "name")
    return f"`{type(field.default).__name__}.{field.default.name}`" if is_word else f"`{field.default!r}`"


def row(field: Field[Any]) -> str:
    """Return the start of a field's row: name, type and default."""
    annotation = str(field.type).replace("|", "\\|")
    return f"| `{field.name}` | `{annotation}` | {default(field)} |"


def first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]


def inherited(kind: type) -> set[str]:
    """Return the names of the fields that a documented base has already."""
    bases = [base for base in kind.__mro__[1:] if is_dataclass(base)]
    return {field.name for base in bases for field in fields(base)}


def test_all_seven_hooks_are_compared() -> None:
    assert len(HOOKS) == 7


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_documented_with_its_signature_and_first_line(name: str) -> None:
    hook = getattr(ExchangeConnector, name)
    annotation = inspect.signature(hook).return_annotation

    assert SECTIONS[f"{name}() -> {annotation}"].strip().startswith(first_line(hook))


def test_no_hook_is_documented_that_does_not_exist() -> None:
    assert [heading.split("(")[0] for heading in SECTIONS if "(" in heading] == HOOKS


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_a_type_is_documented_with_its_first_line(kind: type) -> None:
    # The page gives each sentence a line of its own.
    text = " ".join(SECTIONS[kind.__name__].split("|")[0].split())

    assert first_line(kind).removesuffix("`name` equals that of its entry point.").strip() in text


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_a_type_is_documented_with_exactly_its_fields(kind: type) -> None:
    rows = [line for line in SECTIONS[kind.__name__].splitlines() if line.startswith("| `")]
    expected = [row(field) for field in fields(kind) if field.name not in inherited(kind)]

    assert [" | ".join(re.split(r"(?<!\\) \| ", line)[:3]) + " |" for line in rows] == expected


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_every_field_has_a_meaning(kind: type) -> None:
    rows = [line for line in SECTIONS[kind.__name__].splitlines() if line.startswith("| `")]

    assert all(re.search(r"\| [^|]+\. \|$", line) for line in rows)


def test_no_type_is_documented_that_does_not_exist() -> None:
    assert {heading for heading in SECTIONS if "(" not in heading} == {kind.__name__ for kind in TYPES}


def test_the_page_names_every_state() -> None:
    assert re.findall(r"^\| `(\w+)` \| [A-Z]", TEXT.split("## Reference")[0], re.MULTILINE) == [*State]


def test_the_page_has_one_sentence_on_each_line() -> None:
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    lines = [line for line in prose.splitlines() if line and not line.startswith(("|", "#"))]

    assert [line for line in lines if re.search(r"[a-z`)]\. [A-Z`]", line)] == []


def test_the_tutorial_is_installed_by_its_own_pyproject_and_ready(tmp_path: Path) -> None:
    (source,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    project = tomllib.loads(source)["project"]
    ((name, entry),) = project["entry-points"][hookspecs.GROUP].items()
    plugin = Plugin(name=name, source=tutorial(), alone=True, entry=entry)
    plugin.install(tmp_path)

    rows = hashdata(tmp_path, "connectors", "list", "--json").document["connectors"]

    assert isinstance(rows, list)
    assert (plugin.distribution, entry.split(":")[0]) == (project["name"], plugin.module)
    assert rows[0] == {
        "name": "example",
        "title": "Example",
        "version": "1.0",
        "distribution": "hashdata-example",
        "provability": "P2",
        "state": "ready",
        "reason": None,
    }
