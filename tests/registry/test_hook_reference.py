"""docs/hooks.md says what the code says: its reference is written from the code, and its other half is compared."""

from __future__ import annotations

import inspect
import re
import tomllib
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from types import ModuleType

import pytest
from hashdata import answers, credentials, guidance, hookspecs, practice, questions, rights
from hashdata.hookspecs import ExchangeConnector
from hashdata.permissions import Standing
from hashdata.registry import State

from docs.make_hook_reference import HOOKS, TYPES, entry, meanings, own_fields, page, sentences
from tests.registry.plugins import PAGE, Plugin, hashdata, tutorial

TEXT = PAGE.read_text("utf-8")
SECTIONS = dict(re.findall(r"^#### `(.+?)`\n(.*?)(?=^###|\Z)", TEXT, re.MULTILINE | re.DOTALL))
MODULES = (hookspecs, questions, rights, guidance, practice, answers, credentials)
DATACLASSES = [kind for kind in TYPES if is_dataclass(kind)]


@dataclass
class Sample:
    """A type for a test. It has two sentences."""

    told: int | None = None
    """
    A number | or nothing, over
    two lines. See docs/causes.md.
    """
    untold: int = 0


def types_of(module: ModuleType) -> list[type]:
    """Return the public dataclasses and protocols that a module defines."""
    found = [member for member in vars(module).values() if inspect.isclass(member)]
    kinds = [kind for kind in found if is_dataclass(kind) or getattr(kind, "_is_protocol", False)]
    return [kind for kind in kinds if kind.__module__ == module.__name__ and not kind.__name__.startswith("_")]


def untold(kind: type) -> list[str]:
    """Return the fields of a dataclass below which no sentence stands."""
    told = meanings(kind)
    return [f.name for f in own_fields(kind) if not re.fullmatch(r"[A-Z`].*[^ .]\.", told.get(f.name, ""))]


def test_the_reference_is_byte_for_byte_what_the_generator_writes() -> None:
    assert PAGE.read_bytes() == page(TEXT).encode(), "run `python -m docs.make_hook_reference`"


def test_what_stands_above_the_reference_is_left_alone() -> None:
    above, _, below = page("By hand.\n\n## Reference\n\nBefore the change.\n").partition("\n## Reference\n")

    assert above == "By hand.\n"
    assert below.startswith("\n  <!-- `python -m docs.make_hook_reference` ")
    assert "Before the change." not in below


def test_all_seven_hooks_are_documented_in_the_order_of_the_code() -> None:
    assert len(HOOKS) == 7
    assert {*HOOKS} >= ExchangeConnector.__abstractmethods__
    assert [heading.split("(")[0] for heading in SECTIONS if "() -> " in heading] == [*HOOKS]


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_documented_with_its_signature_and_every_sentence(name: str) -> None:
    hook = getattr(ExchangeConnector, name)
    annotation = inspect.signature(hook).return_annotation

    assert SECTIONS[f"{name}() -> {annotation}"].split() == (hook.__doc__ or "").split()


def test_every_public_type_is_documented_once_and_no_other() -> None:
    public = [kind for module in MODULES for kind in types_of(module)]

    assert sorted(kind.__name__ for kind in TYPES) == sorted(kind.__name__ for kind in [*public, Standing])
    assert [heading for heading in SECTIONS if "(" not in heading] == [kind.__name__ for kind in TYPES]


@pytest.mark.parametrize("kind", DATACLASSES, ids=lambda kind: kind.__name__)
def test_below_every_field_stands_a_sentence(kind: type) -> None:
    assert untold(kind) == []


@pytest.mark.parametrize("kind", DATACLASSES, ids=lambda kind: kind.__name__)
def test_a_type_is_documented_with_exactly_its_fields_and_their_meanings(kind: type) -> None:
    rows = [line for line in SECTIONS[kind.__name__].splitlines() if line.startswith("| `")]
    cells = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in rows]
    told = meanings(kind)

    assert [(row[0], row[1], row[3]) for row in cells] == [
        (f"`{field.name}`", f"`{field.type}`".replace("|", "\\|"), told[field.name]) for field in own_fields(kind)
    ]


def test_a_docstring_is_one_cell_and_its_class_has_a_sentence_on_each_line() -> None:
    assert list(entry(Sample))[1:-1] == [
        "#### `Sample`",
        "",
        "A type for a test.",
        "It has two sentences.",
        "",
        "| field | type | default | meaning |",
        "|---|---|---|---|",
        "| `told` | `int \\| None` | `None` | A number \\| or nothing, over two lines. See [causes.md](causes.md). |",
    ]


@pytest.mark.parametrize(
    "row",
    [
        "| `at` | `tuple[str \\| int, ...]` | required |",
        "| `account_id` | `tuple[str \\| int, ...]` | `()` |",
        "| `harmless` | `str` | `''` |",
        "| `form` | `TimeForm` | `TimeForm.MILLISECONDS` |",
        "| `params` | `Mapping[str, Parameter]` | `{}` |",
        "| `changes` | `list[str]` | `[]` |",
        "| `mends` | `frozenset[Cause]` | `frozenset()` |",
        "| `envelope` | `Envelope` | `Envelope()` |",
    ],
)
def test_a_default_is_written_as_python_writes_it(row: str) -> None:
    assert f"\n{row} " in TEXT


def test_a_field_without_a_sentence_is_noticed() -> None:
    assert untold(Sample) == ["untold"]


def test_a_sentence_ends_where_the_next_begins_and_nowhere_else() -> None:
    text = 'Such as 4.5 or `"a"`. `code` begins one, (Brackets too.) "Quotes" as well! e.g. not this.'

    assert sentences(text) == [
        'Such as 4.5 or `"a"`.',
        "`code` begins one, (Brackets too.)",
        '"Quotes" as well! e.g. not this.',
    ]


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
