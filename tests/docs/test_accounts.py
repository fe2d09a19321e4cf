"""What the pages on accounts and the vault say of files, orders, numbers and drift is what the code does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path

import pytest
from hashdata.accounts import shelf
from hashdata.accounts.book_file import read_book
from hashdata.accounts.bulk import WORST_FIRST
from hashdata.accounts.findings import Check, Grade
from hashdata.accounts.overview import WARN_DAYS
from hashdata.accounts.retesting import _ENOUGH
from hashdata.accounts.rows import _NAMES
from hashdata.accounts.selecting import read_age
from hashdata.errors import ExitCode
from hashdata.home import Home
from hashdata.home.locks import PATIENCE
from hashdata.permissions import Permission
from hashdata.registry import find
from hashdata.vault import SlotKind
from hashdata.vault.keyrings import TRUSTED
from hashdata.vault.means import SHORTEST_PASSPHRASE
from hashdata.vault.slots import Cost

from tests.accounts.exchange import Exchange, standing, values
from tests.cli.command import Outcome, shell
from tests.cli.conftest import here
from tests.docs.documents import code, named
from tests.docs.transcript import Command, Ended, is_as_shown

PAGE = named("docs/accounts.md")
VAULT = named("docs/vault.md")
DRIFT = next(block.text for block in PAGE.blocks if block.text.startswith("DRIFT"))
UNITS = "".join(block.text for block in PAGE.blocks if block.info == "ini")

Run = Callable[..., Outcome]
__all__ = ["here"]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.fixture(name="hashdata")
def _hashdata(here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command with a home of its own and a key file that opens its vault."""
    file = tmp_path / "vault.key"
    file.touch(mode=0o600)
    file.write_bytes(bytes(range(32)))
    monkeypatch.setenv("HASHDATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HASHDATA_KEY_FILE", str(file))
    return here


@pytest.fixture(name="stored")
def _stored(hashdata: Run, tmp_path: Path) -> Iterator[Exchange]:
    """Yield a standing exchange, of whose keys two are stored as accounts."""
    exchange = Exchange(2)
    with standing(exchange) as origin:
        for number, label in ((1, "treasury"), (2, "desk-7")):
            key = tmp_path / f"{number}.json"
            key.touch(mode=0o600)
            key.write_text(json.dumps(values(number)))
            added = hashdata("accounts", "add", label, "poloniex", "--credentials", str(key), "--endpoint", origin)
            assert added.code == 0, added.all
        yield exchange


def test_drift_is_told_as_the_page_shows(hashdata: Run, stored: Exchange) -> None:
    stored.powers[2] = frozenset({Permission.TRADE})
    told = hashdata("accounts", "test", "--all", "--min-age", "0")

    assert is_as_shown(Ended(Command("", DRIFT), told.out, told.code)), told.out
    assert told.code == ExitCode.DENIED


@pytest.mark.usefixtures("stored")
def test_a_backup_that_plain_cp_made_restores(hashdata: Run, tmp_path: Path) -> None:
    """By names, without modes and times, as it comes back from a medium that keeps neither."""
    home, backup = tmp_path / "home", tmp_path / "backup"
    before = hashdata("accounts", "list", "--json").document
    backup.mkdir()
    subprocess.run(["cp", "-r", home / "accounts.toml", home / "vault.json", home / "reports", backup], check=True)
    shutil.rmtree(home)
    home.mkdir(mode=0o700)
    subprocess.run(["cp", "-r", *backup.iterdir(), home], check=True)
    examined = hashdata("doctor")
    tested = hashdata("accounts", "test", "treasury", "desk-7")

    assert (examined.code, tested.code) == (0, 0), examined.all + tested.all
    assert hashdata("accounts", "show", "treasury", "--history").out.count("accepted") >= 3
    for one in (before, after := hashdata("accounts", "list", "--json").document):
        assert [account["fingerprint"] for account in one["accounts"]]  # type: ignore[attr-defined]
    assert [one["fingerprint"] for one in before["accounts"]] == [one["fingerprint"] for one in after["accounts"]]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("stored")
def test_the_lock_is_one_that_flock_can_hold(tmp_path: Path) -> None:
    """So a backup within it sees no half of a change."""
    from filelock import FileLock, Timeout

    with subprocess.Popen(
        ["flock", tmp_path / "home" / "lock", "sh", "-c", "echo held; read end"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Timeout):
            FileLock(tmp_path / "home" / "lock", timeout=0).acquire()
        holder.communicate("end\n")

    assert f"waits up to {PATIENCE:.0f} seconds for a lock" in PAGE.text


@pytest.mark.parametrize(
    ("mode", "is_credential", "expected"),
    [(0o600, False, 0), (0o400, False, 0), (0o440, False, 2), (0o400, True, 0), (0o440, True, 0), (0o444, True, 2)],
)
def test_a_key_file_is_taken_as_the_page_says(  # noqa: PLR0913 - three of them are fixtures
    hashdata: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, expected: int, *, is_credential: bool
) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    file = folder / "vault.key"
    file.write_bytes(bytes(range(32)))
    file.chmod(mode)
    if is_credential:
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))

    ended = hashdata("vault", "init", "--slot", "keyfile", "--key-file", str(file))

    assert ended.code == expected, ended.all


@pytest.mark.usefixtures("stored")
def test_the_line_for_cron_prints_only_when_somebody_must_look(tmp_path: Path) -> None:
    (line,) = re.findall(r"^17 6 \* \* \* (.*)$", PAGE.text, re.MULTILINE)
    quiet = shell(line)
    (tmp_path / "vault.key").write_bytes(bytes(32))
    loud = shell(line)

    # Cron ends a command at a percent sign.
    assert "%" not in line
    assert (quiet.code, quiet.all) == (0, "")
    assert loud.out.startswith("Error: the key file does not open the vault.")


def test_the_units_start_commands_that_the_page_explains() -> None:
    assert "LoadCredential=vault.key:" in UNITS
    assert "HASHDATA_KEY_FILE=%d/vault.key" in UNITS
    assert re.findall(r"^ExecStart=\S*/hashdata (.*)$", UNITS, re.MULTILINE) == ["accounts test --all --resume --jsonl"]
    assert set(re.findall(r"OnFailure=(\S+)", UNITS)) == {"hashdata-alert.service"}


def test_the_exit_codes_of_a_run_are_those_of_the_code_in_their_order() -> None:
    rows = PAGE.table("exit code", "meaning for a run", "what to do")

    assert [int(row[0]) for row in rows] == list(WORST_FIRST)


def test_the_names_of_an_account_are_those_of_the_code() -> None:
    rows = PAGE.table("name", "what it holds")

    assert sorted(name for row in rows for name in names_in(row[0])) == sorted([*_NAMES, "check", "count", "schema"])


@pytest.mark.usefixtures("stored")
def test_the_files_are_those_that_commands_leave(hashdata: Run, tmp_path: Path) -> None:
    hashdata("accounts", "test", "desk-7")
    home = Home(tmp_path / "home")
    documented = {name for row in PAGE.table("file", "what stands in it") for name in names_in(row[0])}
    there = {os.path.relpath(path, home.path) for path in home.path.rglob("*") if path.is_file()}

    assert {re.sub(r"^reports/\w+", "reports/ID", name) for name in there} | {home.journal.name} == documented
    # What a line of the table says of single names is read from the file itself.
    assert all(f"{name} = " in home.accounts.read_text() for name in ("count", "schema", "check", "asked"))
    assert len(read_book(home.accounts).accounts) == 2


def test_the_checks_and_grades_of_the_doctor_are_those_of_the_code() -> None:
    rows = PAGE.table("check", "what it looks at")

    assert [code(row[0]) for row in rows] == [str(check) for check in Check]
    assert [grade for grade in Grade if f"`{grade}`" not in PAGE.text] == []


def test_the_numbers_on_the_pages_are_those_of_the_code() -> None:
    connector = find("poloniex")
    terms = connector.terms(connector.info.apis[0])
    questions = [*(one for one in terms.streams if one.required), *terms.probes]
    heavy = [one for one in questions if one.cost == "heavy"]

    assert f"warns from {WARN_DAYS} days before" in PAGE.text
    assert f"each of the last {shelf.MOST} tests or more" in PAGE.text
    assert _ENOUGH == 3
    assert "asks three keys in a row to slow down" in PAGE.text
    assert [read_age(span).total_seconds() for span in ("90s", "30m", "2h", "1d", "0")] == [90, 1800, 7200, 86_400, 0]
    assert f"asks {len(heavy)} questions of the kind of which {terms.api.rates['heavy']:.0f} are allowed" in PAGE.text


def test_the_slots_and_their_limits_are_those_of_the_code() -> None:
    rows = VAULT.table("slot", "opened by", "good for")
    memory, passes, lanes = astuple(Cost())

    assert [code(row[0]) for row in rows] == [str(kind) for kind in SlotKind]
    assert f"at least {SHORTEST_PASSPHRASE} characters" in VAULT.text
    assert f"({memory // 1024} MiB, {passes} passes, {lanes} lanes," in VAULT.text


def test_the_keyrings_are_those_of_the_code() -> None:
    assert {code(row[0]): row[1] for row in VAULT.table("backend", "keyring")} == TRUSTED


@pytest.mark.usefixtures("stored")
def test_the_fields_of_a_vault_are_those_of_its_file(tmp_path: Path) -> None:
    content = (tmp_path / "home" / "vault.json").read_bytes()
    document = json.loads(content)
    documented = {name for row in VAULT.table("field", "what it holds") for name in names_in(row[0])}
    there = {
        *document,
        *(f"slots[].{name}" for name in document["slots"][0]),
        *(f"records.*.{name}" for one in document["records"].values() for name in one),
    }

    assert documented >= there
    assert documented - there == {"passphrase", "keyfile", "keyring", "hashdata.vault/1"} & documented
    assert content == json.dumps(document, sort_keys=True, separators=(",", ":")).encode() + b"\n"


@pytest.mark.usefixtures("stored")
def test_each_way_to_fail_is_told_as_the_page_says(hashdata: Run, tmp_path: Path) -> None:
    file = tmp_path / "home" / "vault.json"
    good = file.read_bytes()
    wrong = tmp_path / "wrong.key"
    wrong.touch(mode=0o600)
    wrong.write_bytes(bytes(32))
    said = {"does not open the vault": hashdata("accounts", "test", "treasury", "--key-file", str(wrong))}
    file.write_bytes(good.replace(b'"id":"', b'"id":"0', 1))
    said["is damaged"] = hashdata("accounts", "test", "treasury")
    file.write_bytes(resummed({**json.loads(good), "records": {}}))
    said["its seal is broken"] = hashdata("accounts", "test", "treasury")
    file.write_bytes(resummed({**json.loads(good), "schema": "hashdata.vault/2"}))
    said["was written by a newer hashdata"] = hashdata("accounts", "test", "treasury")
    file.chmod(0o644)
    said["can be read by other users"] = hashdata("accounts", "test", "treasury")

    assert list(said) == [code(row[0]) for row in VAULT.table("message", "what it means", "what to do")]
    assert [(what, ended.err) for what, ended in said.items() if what not in ended.err or ended.code != 2] == []


def resummed(document: dict[str, object]) -> bytes:
    """Return a vault with a checksum that fits, as somebody can compute who cannot open it."""
    from hashdata.vault.sealing import canonical, checksum

    content = {name: value for name, value in document.items() if name != "checksum"}
    return canonical({**content, "checksum": checksum(canonical(content))}) + b"\n"
