"""What a newer version wrote is left alone, or kept; an older copy that came back is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import tomli
from hashdata.vault.sealing import canonical

from tests.accounts.exchange import values
from tests.cli.command import Outcome
from tests.reliability.bench import Bench

Here = Callable[..., Outcome]
_CHANGES = {
    "list": ("accounts", "list"),
    "add": ("accounts", "add", "third", "poloniex", "--credentials", "KEY", "--endpoint", "ORIGIN"),
    "test": ("accounts", "test", "--all", "--min-age", "0"),
    "rotate": ("accounts", "rotate", "first", "--credentials", "KEY", "--yes"),
    "remove": ("accounts", "remove", "first", "--yes"),
    "rename": ("accounts", "rename", "first", "other"),
    "doctor": ("doctor",),
}


@pytest.fixture
def command(two: Bench, here: Here) -> Callable[[str], Outcome]:
    """Return what runs a command of the table with a key that is not stored."""
    given = two.folder / "key.json"
    given.touch(mode=0o600)
    given.write_text(json.dumps(values(3)))
    meant = {"KEY": str(given), "ORIGIN": two.template.endpoint}
    return lambda name: here(*(meant.get(word, word) for word in _CHANGES[name]))


def content(bench: Bench) -> dict[str, bytes]:
    """Return all that is stored, without the locks."""
    files = [path for path in bench.home.path.rglob("*") if path.is_file() and not path.name.endswith("lock")]
    return {str(path): path.read_bytes() for path in files}


def make_newer_accounts(bench: Bench) -> None:
    text = bench.home.accounts.read_text()
    bench.home.accounts.write_text(text.replace("schema = 1\n", "schema = 2\n"))


def make_newer_vault(bench: Bench) -> None:
    document = json.loads(bench.home.vault.read_bytes())
    del document["checksum"]
    document |= {"schema": "hashdata.vault/2", "new": ["parts"]}
    checksum = sha256(canonical(document)).hexdigest()
    bench.home.vault.write_bytes(canonical({**document, "checksum": checksum}) + b"\n")


def make_newer_journal(bench: Bench) -> None:
    head = {"journal": "hashdata.journal/2", "began": datetime.now(UTC).isoformat(), "keys": []}
    bench.home.journal.touch(mode=0o600)
    bench.home.journal.write_text(json.dumps(head) + "\n{}\n")


@pytest.mark.parametrize("name", _CHANGES)
def test_newer_accounts_are_refused_and_left_alone(two: Bench, command: Callable[[str], Outcome], name: str) -> None:
    make_newer_accounts(two)
    before = content(two)
    told = command(name)

    assert told.code == 2, told.all
    assert "was written by a newer hashdata" in " ".join(told.all.split())
    assert content(two) == before


@pytest.mark.parametrize("name", ["add", "test", "rotate", "remove", "doctor"])
def test_a_newer_vault_is_refused_and_left_alone(two: Bench, command: Callable[[str], Outcome], name: str) -> None:
    make_newer_vault(two)
    before = content(two)
    told = command(name)

    assert told.code == 2, told.all
    assert "the vault was written by a newer hashdata" in " ".join(told.all.split())
    assert content(two) == before


@pytest.mark.parametrize("name", ["list", "add", "test", "rotate", "remove", "doctor"])
def test_a_newer_journal_is_refused_and_left_alone(two: Bench, command: Callable[[str], Outcome], name: str) -> None:
    make_newer_journal(two)
    before = content(two)
    told = command(name)

    assert told.code == 2, told.all
    assert "was written by another version of hashdata" in " ".join(told.all.split())
    assert content(two) == before


@pytest.mark.parametrize("comment", ["", "# mine\n"], ids=["written anew", "with a comment"])
def test_names_of_a_newer_version_survive_every_change(
    two: Bench, command: Callable[[str], Outcome], comment: str
) -> None:
    text = two.home.accounts.read_text()
    text = text.replace("schema = 1\n", 'schema = 1\nnew = "of all"\n').replace(
        'connector = "poloniex"\n', f'{comment}connector = "poloniex"\nnew = [1, "two"]\n'
    )
    two.home.accounts.write_text(text + "\n[later]\nmore = 2026-01-01\n")
    seen = []
    for name in ("add", "test", "rename", "doctor"):
        told = command(name)
        assert told.code == 0, told.all
        seen.append(_unknown(two.home.accounts))
    two.rotate(two.vault(), "other", 9)
    seen.append(_unknown(two.home.accounts))
    two.store.remove(two.vault(), two.store.stored().find("third"))
    seen.append(_unknown(two.home.accounts))

    assert seen == [("of all", {"more": datetime(2026, 1, 1, tzinfo=UTC).date()}, [[1, "two"], [1, "two"]])] * 6


def _unknown(path: Path) -> tuple[object, object, list[object]]:
    """Return what stands in the file that this version does not know."""
    document = tomli.loads(path.read_text())
    rows = [row["new"] for row in document["accounts"].values() if "new" in row]
    return document.get("new"), document.get("later"), rows


def test_doctor_names_the_accounts_whose_key_an_older_vault_does_not_have(two: Bench, here: Here) -> None:
    older = two.home.vault.read_bytes()
    two.add(two.vault(), "newest", 3)
    two.rotate(two.vault(), "second", 4)
    two.home.vault.write_bytes(older)
    findings = json.loads(here("doctor", "--json").out)["findings"]

    problems = [one for one in findings if one["check"] == "secrets" and one["grade"] == "problem"]

    assert {one["about"] for one in problems if one["about"]} == {"newest", "second"}


def test_a_test_names_the_accounts_whose_key_an_older_vault_does_not_have(two: Bench, here: Here) -> None:
    older = two.home.vault.read_bytes()
    two.add(two.vault(), "newest", 3)
    two.home.vault.write_bytes(older)
    told = here("accounts", "test", "--all", "--min-age", "0", "--json")
    results = {one["label"]: (one["verdict"], one["error"]) for one in json.loads(told.out)["results"]}

    assert told.code == 5
    assert results == {
        "first": ("accepted", None),
        "second": ("accepted", None),
        "newest": (None, "the vault holds no key for the account newest"),
    }


def test_an_account_whose_key_is_gone_gets_it_back_by_a_rotation(two: Bench) -> None:
    older = two.home.vault.read_bytes()
    two.add(two.vault(), "newest", 3)
    two.home.vault.write_bytes(older)
    two.rotate(two.vault(), "newest", 5)

    assert {label: one.number for label, one in two.seen().items()} == {"first": 1, "second": 2, "newest": 5}
    two.check_sound()


def test_a_home_that_came_back_without_its_reports_takes_new_accounts(two: Bench) -> None:
    shutil.rmtree(two.home.reports)
    two.add(two.vault(), "newest", 3)

    assert [kept.report["verdict"] for kept in two.store.history(two.store.stored().find("newest"))] == ["accepted"]
