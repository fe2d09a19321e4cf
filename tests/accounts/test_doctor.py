"""What `hashdata doctor` finds, what it mends, and what it tells others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hashdata.accounts.journal import Journal
from hashdata.vault import KeyFile, Vault, read

from tests.accounts.exchange import Exchange, standing
from tests.cli.command import Outcome

Here = Callable[..., Outcome]
WriteKey = Callable[[int], str]


@pytest.fixture
def stored(here: Here, home: Path, key_file: Path) -> Path:
    """Store the account `my customer` and return the home."""
    told = here("accounts", "add", "my customer", "poloniex", "--sandbox", "read-only")
    assert told.code == 0, told.all
    assert key_file.exists()
    return home


def graded(told: Outcome) -> dict[str, list[dict[str, Any]]]:
    """Return what was found, by grade."""
    found: dict[str, list[dict[str, Any]]] = {}
    findings: Any = told.document["findings"]
    for finding in findings:
        found.setdefault(finding["grade"], []).append(finding)
    return found


def edit(home: Path, change: Callable[[str], str]) -> None:
    """Edit the file of accounts as a person would."""
    path = home / "accounts.toml"
    text = path.read_text()
    changed = change(text)
    assert changed != text
    path.write_text(changed)


def put_orphan(home: Path, key_file: Path, record: str = "0" * 32) -> None:
    """Put a secret into the vault that no account has, as a process that is killed while it adds does."""
    sealed = read(home / "vault.json")
    assert sealed
    vault = Vault.unlock(sealed, KeyFile(key_file))
    for _ in range(2):
        # The second time, so that the copy holds it too.
        vault.put(record, {"connector": "poloniex", "practice": True, "credentials": {}}).save(home / "vault.json")


@pytest.mark.usefixtures("key_file")
def test_an_empty_home_is_well(here: Here, home: Path) -> None:
    told = here("doctor")

    assert told.code == 0
    assert f"Nothing is stored yet; it would be in {home}.".replace(" ", "") in "".join(told.out.split())
    assert not home.exists()


@pytest.mark.usefixtures("stored")
def test_what_is_as_it_should_be_needs_no_hand(here: Here) -> None:
    told = here("doctor", "--json")

    assert told.code == 0
    assert told.document["schema"] == "hashdata.doctor/1"
    assert set(graded(told)) == {"fine"}
    assert {one["check"] for one in graded(told)["fine"]} == {
        "files",
        "accounts",
        "vault",
        "secrets",
        "connectors",
        "clock",
    }


@pytest.mark.usefixtures("stored")
def test_the_page_says_the_same_in_words(here: Here) -> None:
    told = here("doctor")

    assert "The vault is whole; it holds 1 key, opened by keyfile." in told.out
    assert "1 account can be read." in told.out
    assert told.out.endswith("\nNothing needs a hand\n")


def test_a_secret_without_an_account_is_removed_from_the_vault_and_its_copy(
    here: Here, stored: Path, key_file: Path
) -> None:
    put_orphan(stored, key_file)
    told = here("doctor", "--json")
    again = here("doctor", "--json")
    copies = [sealed for name in ("vault.json", "vault.json.bak") if (sealed := read(stored / name))]
    kept = read(stored / "vault.json.swept")
    assert kept

    assert told.code == 0
    assert [one["what"].split(". ")[0] for one in graded(told)["mended"]] == [
        "Removed 1 key from the vault that belonged to no account"
    ]
    assert "0" * 32 in kept.records
    assert "mended" not in graded(again)
    assert copies
    assert all("0" * 32 not in sealed.records for sealed in copies)
    assert here("accounts", "test", "my customer").code == 0


def test_a_secret_without_an_account_needs_what_opens_the_vault(
    here: Here, stored: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_orphan(stored, key_file)
    monkeypatch.delenv("HASHDATA_KEY_FILE")
    told = here("doctor", "--json")
    sealed = read(stored / "vault.json")

    assert told.code == 2
    assert [one["check"] for one in graded(told)["problem"]] == ["secrets"]
    assert sealed
    assert len(sealed.records) == 2


def test_keys_and_reports_are_left_alone_where_the_accounts_are_lost(here: Here, stored: Path) -> None:
    (stored / "accounts.toml").unlink()
    told = here("doctor", "--json")
    sealed = read(stored / "vault.json")

    assert told.code == 2
    assert [one["what"] for one in graded(told)["problem"]] == [
        f"{stored / 'accounts.toml'} is gone, and the vault still holds keys."
    ]
    assert sealed
    assert len(sealed.records) == 1
    assert len(list((stored / "reports").iterdir())) == 1
    assert here("accounts", "list").code == 2


def test_keys_that_were_swept_are_remembered_until_a_key_is_to_be_gone(
    here: Here, stored: Path, key_file: Path
) -> None:
    put_orphan(stored, key_file)
    here("doctor")
    reminded = here("doctor", "--json")
    here("accounts", "remove", "my customer", "--yes")

    assert [one["check"] for one in graded(reminded)["note"]] == ["secrets"]
    assert all(not sealed.records for path in stored.glob("vault.json*") if (sealed := read(path)))


def test_files_that_others_can_read_are_named(here: Here, stored: Path) -> None:
    (stored / "accounts.toml").chmod(0o644)
    stored.chmod(0o755)
    told = here("doctor", "--json")

    assert told.code == 2
    assert [(one["what"], one["fix"]) for one in graded(told)["problem"]] == [
        (f"Other users can look into {stored}.", "Run `chmod 700` on it."),
        (f"Other users can read {stored / 'accounts.toml'}.", "Run `chmod 600` on it."),
    ]


def test_a_vault_that_is_not_there_is_missed(here: Here, stored: Path) -> None:
    (stored / "vault.json").unlink()
    told = here("doctor", "--json")

    assert told.code == 2
    assert [one["what"] for one in graded(told)["problem"]] == ["1 account stored, and no vault."]


@pytest.mark.parametrize("kind", ["damaged", "shared", "folder"])
def test_a_vault_that_cannot_be_read_is_told_once_and_left(here: Here, stored: Path, kind: str) -> None:
    path = stored / "vault.json"
    if kind == "damaged":
        path.write_bytes(path.read_bytes()[:-9])
    elif kind == "shared":
        path.chmod(0o644)
    else:
        path.unlink()
        path.mkdir()
    before = None if kind == "folder" else path.read_bytes()
    told = here("doctor", "--json")
    problems = graded(told)["problem"]

    assert told.code == 2
    assert len([one for one in problems if one["check"] == "vault"]) == 1
    assert before is None or path.read_bytes() == before


def test_a_damaged_file_of_accounts_is_told_with_its_place_and_left(here: Here, stored: Path) -> None:
    edit(stored, lambda text: text.replace("verdict = ", "verdict : "))
    before = (stored / "accounts.toml").read_bytes()
    told = here("doctor", "--json")
    (problem,) = graded(told)["problem"]

    assert told.code == 2
    assert problem["check"] == "accounts"
    assert re.search(r"line \d+, column \d+", problem["what"])
    assert (stored / "accounts.toml").read_bytes() == before


def test_a_key_file_that_does_not_fit_is_a_finding(here: Here, stored: Path, tmp_path: Path) -> None:
    other = tmp_path / "damaged.key"
    told = here("doctor", "--json", "--key-file", str(other))

    assert stored.exists()
    assert told.code == 2
    assert [one["what"] for one in graded(told)["problem"]] == ["the key file is not there."]


def test_an_account_that_was_edited_is_to_be_tested_again(here: Here, stored: Path) -> None:
    edit(stored, lambda text: text.replace('last4 = "0001"', 'last4 = "9999"'))
    before = here("doctor", "--json")
    here("accounts", "test", "my customer")
    after = here("doctor", "--json")

    assert [(one["check"], one["about"]) for one in graded(before)["note"]] == [("accounts", "my customer")]
    assert "note" not in graded(after)


def test_an_account_that_was_sent_elsewhere_is_a_problem(here: Here, stored: Path) -> None:
    edit(stored, lambda text: text.replace('connector = "poloniex"', 'connector = "poloniex-futures"'))
    told = here("doctor", "--json")

    assert told.code == 2
    assert [one["what"] for one in graded(told)["problem"]] == [
        "accounts.toml sends the key of my customer to another place than the one it was stored for."
    ]


def test_an_account_whose_key_is_gone_is_a_problem(here: Here, stored: Path, key_file: Path) -> None:
    sealed = read(stored / "vault.json")
    assert sealed
    vault = Vault.unlock(sealed, KeyFile(key_file))
    vault.without(sealed.records).save(stored / "vault.json")
    told = here("doctor", "--json")

    assert told.code == 2
    assert [one["what"] for one in graded(told)["problem"]] == ["The vault holds no key for my customer."]


def test_what_killed_processes_left_is_cleared_away(here: Here, stored: Path) -> None:
    for name in (".vault.json.0123456789abcdef.tmp", ".accounts.toml.0123456789abcdef.tmp"):
        (stored / name).touch(mode=0o600)
    told = here("doctor", "--json")

    assert told.code == 0
    assert [one["what"] for one in graded(told)["mended"]] == [
        "Removed 2 temporary files of processes that were killed."
    ]
    assert not list(stored.glob("*.tmp"))


def test_reports_of_no_account_are_cleared_away(here: Here, stored: Path) -> None:
    (stored / "reports" / f"{'e' * 32}.jsonl").touch(mode=0o600)
    told = here("doctor", "--json")

    assert told.code == 0
    assert [one["check"] for one in graded(told)["mended"]] == ["reports"]
    assert len(list((stored / "reports").iterdir())) == 1


def test_damaged_reports_are_a_problem(here: Here, stored: Path) -> None:
    (path,) = (stored / "reports").iterdir()
    path.write_bytes(b"{}\n" + path.read_bytes())
    told = here("doctor", "--json")

    assert told.code == 2
    assert "is damaged (line 1, column 1)" in graded(told)["problem"][0]["what"]


def test_an_interrupted_test_is_pointed_out(here: Here, stored: Path) -> None:
    with Journal.begin(stored / "journal.jsonl", ["0" * 32, "1" * 32]):
        pass
    told = here("doctor", "--json")
    (note,) = graded(told)["note"]

    assert told.code == 0
    assert note["what"] == (
        "A test of 2 accounts is under way or was interrupted; 0 done so far, with results that are kept."
    )
    assert note["fix"] == "To go on: `hashdata accounts test --resume`."


def test_a_clock_that_was_set_back_is_noticed(here: Here, stored: Path) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%d %H:%M:%S+00:00")
    edit(stored, lambda text: re.sub(r"(?m)^attempted = .*$", f"attempted = {ahead}", text))
    told = here("doctor", "--json")

    assert told.code == 2
    assert [one["check"] for one in graded(told)["problem"]] == ["clock"]


def test_a_missing_connector_of_an_account_is_a_problem(here: Here, stored: Path) -> None:
    edit(stored, lambda text: text.replace('connector = "poloniex"', 'connector = "gone"'))
    told = here("doctor", "--json")

    assert told.code == 2
    assert ("connectors", "gone", "The connector gone is not installed, and accounts need it.") in {
        (one["check"], one["about"], one["what"]) for one in graded(told)["problem"]
    }


def test_a_home_that_is_a_file_is_a_problem(here: Here, home: Path) -> None:
    home.write_text("")
    told = here("doctor", "--json")

    assert told.code == 2
    assert [one["what"] for one in graded(told)["problem"]] == [f"{home} is no folder, so nothing can be stored in it."]


def test_a_bundle_names_nobody(here: Here, home: Path, key_file: Path, tmp_path: Path, write_key: WriteKey) -> None:
    with standing(Exchange(77)) as origin:
        here("accounts", "add", "my customer", "poloniex", "--credentials", write_key(77), "--endpoint", origin)
    # A finding about it, because findings name labels.
    edit(home, lambda text: text.replace('connector = "poloniex"', 'connector = "gone"'))
    (home / "accounts.toml").chmod(0o644)
    told = here("doctor", "--bundle", str(tmp_path / "bundle.json"))
    text = (tmp_path / "bundle.json").read_text()
    bundle = json.loads(text)
    account: Any = json.loads(here("accounts", "list", "--json").out)["accounts"][0]

    assert told.code == 2
    assert bundle["schema"] == "hashdata.bundle/1"
    assert bundle["accounts"][0]["account"] == "account 1"
    assert {"check": "secrets", "grade": "problem", "about": "account 1"} in bundle["findings"]
    withheld = [account["label"], account["account_id"], account["last4"], account["fingerprint"], account["endpoint"]]
    for private in (*withheld, str(home), str(tmp_path), str(key_file), str(Path.home())):
        assert private not in text, private


@pytest.mark.usefixtures("stored")
def test_a_bundle_is_never_written_over_a_file(here: Here, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text("mine")
    told = here("doctor", "--bundle", str(path))

    assert told.code == 2
    assert "is there already" in told.err
    assert path.read_text() == "mine"
