"""Exported reports: whole and as they were written, or refused."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hashdata.accounts import shelf
from hashdata.accounts.export import SCHEMA, Exported, export, verified
from hashdata.accounts.shelf import Kept
from hashdata.accounts.store import Store
from hashdata.errors import StorageError, UsageError
from hashdata.home import Home
from hashdata.permissions import Cause, Verdict

from tests.accounts.samples import account, report

_LABEL = "caf\u00e9 1"
_ONE = account(1, _LABEL)
_REPORT = report(Verdict.DENIED, Cause.TRADE_GRANTED) | {"clock_offset_ms": 125, "summary": '\u4ea4\u6613 "x"'}


@pytest.fixture
def store(home: Path) -> Store:
    made = Store(Home(home), pytest.fail)
    made.home.make()
    shelf.add(made.home, _ONE.id, Kept("0" * 32, report()))
    shelf.add(made.home, _ONE.id, Kept("1" * 32, _REPORT))
    return made


@pytest.fixture
def path(store: Store, tmp_path: Path) -> Path:
    file = tmp_path / "report.json"
    export(store, _ONE, file)
    return file


def test_the_last_report_is_exported_and_verified(path: Path) -> None:
    assert verified(path) == Exported(_LABEL, "poloniex", _REPORT)
    assert json.loads(path.read_text())["schema"] == SCHEMA


def test_an_exported_report_is_for_its_owner_until_it_is_given_away(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)

    assert verified(path).report == _REPORT


def test_the_checksum_does_not_depend_on_how_the_json_is_laid_out(path: Path) -> None:
    document = json.loads(path.read_text())
    path.write_text(json.dumps(dict(reversed(document.items())), ensure_ascii=False, separators=(",", ":")))

    assert verified(path).report == _REPORT


def test_one_changed_byte_is_noticed_wherever_it_means_anything(path: Path) -> None:
    content, noticed = path.read_bytes(), 0
    chance = random.Random(3)  # noqa: S311 - the same damage in every run
    document = json.loads(content)
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        try:
            verified(path)
        except StorageError:
            noticed += 1
        else:
            assert json.loads(changed) == document, bytes(changed[position - 20 : position + 20])

    assert noticed > len(content) * 0.7


def test_whose_report_it_is_cannot_change_unnoticed(path: Path) -> None:
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document | {"label": "other"}))

    with pytest.raises(StorageError, match="checksum does not fit"):
        verified(path)


@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_a_file_that_was_cut_off_is_refused(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(StorageError, match="damaged"):
        verified(path)


@pytest.mark.parametrize(
    "content", ["5", "[]", "{}", '{"report": {}}', "[" * 99999, '{"schema": "hashdata.report/1", "label": "x"}', "\xff"]
)
def test_what_is_no_export_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(content.encode("latin-1"))

    with pytest.raises(StorageError, match="is not a report that hashdata exported"):
        verified(path)


def test_an_export_that_lacks_its_label_is_refused(path: Path) -> None:
    document = json.loads(path.read_text())
    del document["label"]
    path.write_text(json.dumps(document))

    with pytest.raises(StorageError, match="is not a report that hashdata exported"):
        verified(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is not there"):
        verified(tmp_path / "none.json")


def test_a_file_that_is_there_already_is_not_written_over(store: Store, path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(StorageError, match="is there already"):
        export(store, _ONE, path)

    assert path.read_text() == "mine"


def test_an_account_without_a_report_leaves_no_file(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no report of two is kept") as refused:
        export(store, account(2, "two"), tmp_path / "two.json")

    assert "accounts test two" in refused.value.fix
    assert not (tmp_path / "two.json").exists()


@pytest.mark.parametrize("mode", [0o666, 0o622, 0o444], ids=oct)
def test_whoever_may_change_a_report_its_checksum_counts(path: Path, mode: int) -> None:
    path.chmod(mode)

    assert verified(path).report == _REPORT


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    (os.mkdir if kind == "folder" else os.mkfifo)(path)

    with pytest.raises(StorageError, match=r"^the report is no file$") as refused:
        verified(path)
    assert "export-report" in refused.value.fix


def test_a_file_that_is_far_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.touch()
    os.truncate(path, 2**40)

    with pytest.raises(StorageError, match="is larger than any that hashdata exports"):
        verified(path)


def test_a_report_behind_a_file_cannot_be_read(path: Path) -> None:
    with pytest.raises(StorageError, match=r"^the report cannot be read: Not a directory$"):
        verified(path / "below")
