"""Commands, options and make targets: what documents name exists, and what exists is documented."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hashdata.cli import run

from tests.docs.documents import DOCUMENTS, ROOT, Document
from tests.docs.transcript import RUN, commands

_SECTION = re.compile(r"^(\w+):\n((?:  .*\n)+)", re.MULTILINE)
_ROW = re.compile(r"^  (\S+)", re.MULTILINE)
_CALL = re.compile(r"(?:^|[|/] ?)hashdata((?: [^|;&<>]+)?)")
_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")


@dataclass(frozen=True)
class Usage:
    """What `--help` says of one command."""

    options: frozenset[str]
    commands: dict[str, Usage] = field(default_factory=dict)

    def walk(self, name: str = "hashdata") -> Iterator[tuple[str, Usage]]:
        yield name, self
        for below, usage in self.commands.items():
            yield from usage.walk(f"{name} {below}")

    def find(self, words: list[str]) -> Usage | None:
        """Return the command that `words` begin with; None when they name one that is not there."""
        if not self.commands or not words or not re.fullmatch(r"[a-z][a-z-]*", words[0]):
            return self
        below = self.commands.get(words[0])
        return below.find(words[1:]) if below else None


def ask(*path: str) -> Usage:
    """Read the help of one command and of everything below it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        run([*path, "--help"])
    rows = {title: _ROW.findall(rows) for title, rows in _SECTION.findall(printed.getvalue())}
    options = frozenset(row for row in rows["Options"] if row.startswith("--"))
    return Usage(options, {name: ask(*path, name) for name in rows.get("Commands", [])})


@pytest.fixture(name="hashdata", scope="module")
def _hashdata() -> Usage:
    with pytest.MonkeyPatch.context() as patch:
        # Wide enough that no row is wrapped.
        patch.setenv("COLUMNS", "250")
        return ask()


def code_of(document: Document) -> list[str]:
    """Return all code of a document: spans, typed commands, and the lines of blocks that are not run."""
    lines = [line for b in document.blocks if b.info not in RUN for line in b.text.splitlines()]
    typed = [command.line for b in document.blocks if b.info in RUN for command in commands(b.text)]
    return [*document.spans, *lines, *typed]


def calls(document: Document) -> list[list[str]]:
    """Return the arguments of every call of the program that a document shows."""
    return [found[1].split() for text in code_of(document) for found in _CALL.finditer(text)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_command_and_option_that_a_document_names_exists(document: Document, hashdata: Usage) -> None:
    unknown = [call for call in calls(document) if not is_known(call, hashdata)]

    assert unknown == []


def is_known(call: list[str], hashdata: Usage) -> bool:
    usage = hashdata.find(call)
    return usage is not None and {word for word in call if _OPTION.fullmatch(word)} <= usage.options


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_option_that_is_named_alone_exists(document: Document, hashdata: Usage) -> None:
    known = {option for _, usage in hashdata.walk() for option in usage.options}
    alone = {found for span in document.spans if span.startswith("--") for found in _OPTION.findall(span)}

    assert sorted(alone - known) == []


def test_every_command_is_documented(hashdata: Usage) -> None:
    text = "\n".join(line for document in DOCUMENTS for line in code_of(document))

    assert [name for name, _ in hashdata.walk() if name not in text] == []


def test_every_option_is_documented(hashdata: Usage) -> None:
    text = " ".join(line for document in DOCUMENTS for line in code_of(document))
    options = {option for _, usage in hashdata.walk() for option in usage.options} - {"--help"}

    assert {"--json", "--sandbox", "--version"} <= options
    assert sorted(options - set(_OPTION.findall(text))) == []


def test_a_command_or_option_that_is_not_there_is_noticed(hashdata: Usage) -> None:
    assert is_known(["connectors", "test", "poloniex", "--json"], hashdata)
    assert is_known(["vault", "change-passphrase", "--key-file", "FILE"], hashdata)
    assert not is_known(["vault", "change-password"], hashdata)
    assert not is_known(["connectors", "prove", "poloniex"], hashdata)
    assert not is_known(["connectors", "list", "--sandbox"], hashdata)


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    lines = [line for document in DOCUMENTS for line in code_of(document) if line.startswith("make ")]
    named = {word for line in lines for word in line.split()[1:] if re.fullmatch(r"[a-z]+", word)}

    assert {"demo", "test"} <= named
    assert named <= targets
