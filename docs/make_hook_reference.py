# ruff: noqa: INP001 - a script
"""
Write the reference of the hooks from the docstrings of the code.

Replaces what stands below `## Reference` in `docs/hooks.md`; what stands above
is written by hand. Run it from the root of the checkout with
`python -m docs.make_hook_reference`.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from hashdata import answers, credentials, guidance, hookspecs, permissions, practice, questions, rights

PAGE: Final = Path(__file__).parent / "hooks.md"
_HEADING: Final = "\n## Reference\n"
_HOOKS: Final = hookspecs.ExchangeConnector
Thing = type | Callable[..., object]
# Indented, so that nothing takes it for a sentence of the page.
_NOTICE: Final = "  <!-- `python -m docs.make_hook_reference` writes what follows from the docstrings of the code. -->"
_END: Final = re.compile(r"([.!?][)\"`*]*) (?=[(\"`*]*[A-Z`])")
_DOCUMENT: Final = re.compile(r"\bdocs/([a-z-]+\.md)")


@dataclass(frozen=True, slots=True)
class Section:
    """Types and functions that belong together, and what is said of all of them."""

    title: str
    things: tuple[Thing, ...]
    text: str = ""


SECTIONS: Final = (
    Section(
        "What a connector is",
        (
            hookspecs.ConnectorInfo,
            hookspecs.Sister,
            hookspecs.Api,
            permissions.Standing,
            credentials.CredentialSchema,
            credentials.Field,
        ),
    ),
    Section(
        "Questions",
        (
            questions.Question,
            questions.Clock,
            questions.Stream,
            questions.Expiry,
            questions.Probe,
            questions.DeclaredProbe,
            rights.Rights,
            rights.by_flags,
            questions.Pattern,
            questions.Answer,
            questions.Diagnosis,
        ),
        "The guard lets out what is declared here and nothing else: "
        "method, path and parameters are compared before a byte leaves.",
    ),
    Section(
        "Answers and shapes",
        (
            answers.Envelope,
            answers.Shape,
            answers.Text,
            answers.Number,
            answers.Scalar,
            answers.Flag,
            answers.Is,
            answers.ListOf,
            answers.Fields,
            answers.Raw,
            answers.Reading,
        ),
    ),
    Section("Guides", (guidance.Guide, guidance.Variant, guidance.Step)),
    Section(
        "Practice exchanges",
        (practice.PracticeExchange, practice.Persona, practice.Request, practice.Reply, practice.Ledger),
    ),
)
TYPES: Final = [thing for section in SECTIONS for thing in section.things if inspect.isclass(thing)]
HOOKS: Final = {name: member for name, member in vars(_HOOKS).items() if hasattr(member, "hashdata_spec")}


def sentences(text: str | None) -> list[str]:
    """Return the sentences of a docstring, each on one line."""
    joined = _DOCUMENT.sub(r"[\1](\1)", " ".join((text or "").split()))
    return [line for line in _END.sub(r"\1\n", joined).splitlines() if line]


@cache
def _classes(path: str) -> dict[str, ast.ClassDef]:
    """Return the classes of a module, as they are written."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def meanings(kind: type) -> dict[str, str]:
    """Return the docstring of each field of a dataclass that has one; Python does not keep them."""
    body = _classes(str(inspect.getsourcefile(kind)))[kind.__name__].body
    found: dict[str, str] = {}
    for statement, following in pairwise(body):
        match statement, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(sentences(text))
    return found


def own_fields(kind: type) -> list[Field[Any]]:
    """Return the fields that a documented base of a dataclass does not have already."""
    inherited = {field.name for base in kind.__mro__[1:] if is_dataclass(base) for field in fields(base)}
    return [field for field in fields(kind) if field.name not in inherited]


def _default(field: Field[Any]) -> str:
    """Return the default of a field as Python writes it."""
    if field.default_factory is not MISSING:
        made = field.default_factory()
        return f"`{made!r}`" if isinstance(made, dict | list) else f"`{type(made).__name__}()`"
    if field.default is MISSING:
        return "required"
    is_word = hasattr(field.default, "name")
    return f"`{type(field.default).__name__}.{field.default.name}`" if is_word else f"`{field.default!r}`"


def _table(*rows: tuple[str, ...]) -> Iterator[str]:
    """Yield a table, of which the first row is the heading."""
    lines = ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
    yield from (lines[0], "|---" * len(rows[0]) + "|", *lines[1:])


def _signature(name: str, function: Callable[..., object]) -> str:
    """Return how a function is called, and what it returns."""
    signature = inspect.signature(function)
    return f"{name}({', '.join(p for p in signature.parameters if p != 'self')}) -> {signature.return_annotation}"


def _members(protocol: type) -> Iterator[tuple[str, str]]:
    """Yield what an object must have, and what that is."""
    for name, member in vars(protocol).items():
        if not name.startswith("_") and (isinstance(member, property) or inspect.isfunction(member)):
            text = name if isinstance(member, property) else _signature(name, member)
            yield f"`{text}`", " ".join(sentences(member.__doc__))


def entry(thing: Thing) -> Iterator[str]:
    """Yield the entry of one type or function."""
    title = thing.__name__ if inspect.isclass(thing) else _signature(thing.__name__, thing)
    yield from ("", f"#### `{title}`", "", *sentences(thing.__doc__))
    if not inspect.isclass(thing):
        return
    if heirs := [f"`{kind.__name__}`" for kind in TYPES if thing in kind.__mro__[1:]]:
        yield f"{_listed(heirs)} are {thing.__name__.lower()}s and have its fields too."
    if not is_dataclass(thing):
        yield from ("", *_table(("member", "meaning"), *_members(thing)))
    elif own := own_fields(thing):
        told = meanings(thing)
        rows = [(f"`{f.name}`", f"`{f.type}`", _default(f), told.get(f.name, "")) for f in own]
        yield from ("", *_table(("field", "type", "default", "meaning"), *rows))


def _listed(names: list[str]) -> str:
    """Join names as a sentence does."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _where(section: Section) -> str:
    """Say from which modules the things of a section are imported."""
    modules: dict[str, list[str]] = {}
    for thing in section.things:
        modules.setdefault(thing.__module__, []).append(f"`{thing.__name__}`")
    (home, _), *others = modules.items()
    return "; ".join([f"These stand in `{home}`", *(f"{_listed(names)} in `{m}`" for m, names in others)]) + "."


def reference() -> str:
    """Return what stands below the heading of the reference."""
    lines = ["", _NOTICE, "", "### Hooks", ""]
    lines += [f"All hooks are methods of `{_HOOKS.__module__}.{_HOOKS.__name__}`.", *sentences(_HOOKS.__doc__)[1:]]
    for name, hook in HOOKS.items():
        lines += ["", f"#### `{_signature(name, hook)}`", "", *sentences(hook.__doc__)]
    for section in SECTIONS:
        lines += ["", f"### {section.title}", "", _where(section), *sentences(section.text)]
        for thing in section.things:
            lines += entry(thing)
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """Return the text of the page with its reference written anew."""
    return text[: text.index(_HEADING)] + _HEADING + reference()


def main() -> None:
    """Write the reference, if it has changed."""
    before = PAGE.read_text(encoding="utf-8")
    after = page(before)
    if after != before:
        PAGE.write_text(after, encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: {'unchanged' if after == before else 'written'}\n")


if __name__ == "__main__":
    main()
