"""Who can write to the vault's file, and knows its format and not its key, changes nothing without being noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hashdata.credentials import Secret
from hashdata.errors import VaultError
from hashdata.vault import KeyFile, Passphrase, Vault, WrongMeans
from hashdata.vault.slots import SlotKind

from tests.canaries import PASSPHRASE
from tests.vault.forging import ONE, THREE, TWO, Change, Document, document_of, forge, present

Private = Callable[[str, bytes], Path]
CHANGED = "the vault was changed by something other than hashdata: its seal is broken"
TYPED = Passphrase(Secret(PASSPHRASE))


def noticed(path: Path, key: KeyFile, vault: Vault) -> None:
    """Check that neither who opens a vault nor who has opened it already accepts what its file says now."""
    before = path.read_bytes()

    looks: tuple[Callable[[], Vault], ...] = (
        lambda: Vault.unlock(present(path), key),
        lambda: vault.reread(path),
    )

    for look in looks:
        with pytest.raises(VaultError) as raised:
            look()
        assert raised.value.what == CHANGED
        assert "find out who could write to its folder" in raised.value.fix
        assert not isinstance(raised.value, WrongMeans)
    assert path.read_bytes() == before


def swap(records: Document, one: str, other: str) -> None:
    records[one], records[other] = records[other], records[one]


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it["records"].pop(ONE),
        lambda it: it["records"].clear(),
        lambda it: swap(it["records"], ONE, TWO),
        lambda it: it["records"].update({"ff" * 16: it["records"].pop(ONE)}),
        lambda it: it["records"].update({"ff" * 16: it["records"][ONE]}),
        lambda it: it["records"].update({TWO: it["records"][ONE]}),
        lambda it: it["records"][ONE].update(sealed=it["records"][TWO]["sealed"]),
        lambda it: it["records"][ONE].update(nonce=it["records"][TWO]["nonce"]),
        lambda it: it["records"][ONE].update(sealed="00" * 40),
        lambda it: it.update(seal="00" * 32),
        lambda it: it.update(seal="00"),
    ],
    ids=[
        "deleted",
        "emptied",
        "swapped",
        "renamed",
        "copied",
        "replaced",
        "content",
        "nonce",
        "zeros",
        "seal",
        "short",
    ],
)
def test_a_change_of_the_records_is_noticed(vault: Vault, key: KeyFile, path: Path, change: Change) -> None:
    forge(path, change)

    noticed(path, key, vault)


def test_a_forged_file_that_changes_nothing_opens(vault: Vault, key: KeyFile, path: Path) -> None:
    before = path.read_bytes()
    forge(path, lambda it: it.update(it))

    assert path.read_bytes() == before
    assert Vault.unlock(present(path), key).get(ONE) == vault.get(ONE)


def test_an_older_record_is_noticed(vault: Vault, key: KeyFile, path: Path) -> None:
    older = document_of(path)["records"][ONE]
    vault.put(ONE, {"name": "newer"}).save(path)
    forge(path, lambda it: it["records"].update({ONE: older}))

    noticed(path, key, vault)


def test_a_record_that_was_removed_and_comes_back_is_noticed(vault: Vault, key: KeyFile, path: Path) -> None:
    older = document_of(path)["records"][ONE]
    vault.without([ONE]).save(path)
    forge(path, lambda it: it["records"].update({ONE: older}))

    noticed(path, key, vault)


@pytest.mark.parametrize("part", ["records", "slots", "seal"])
def test_two_files_of_one_vault_do_not_mix(vault: Vault, key: KeyFile, path: Path, private: Private, part: str) -> None:
    older = document_of(path)
    vault.with_slot(KeyFile(private("new", b"n" * 32))).with_slot(key).put(ONE, {"name": "newer"}).save(path)
    forge(path, lambda it: it.update({part: older[part]}))

    noticed(path, key, vault)


def test_a_record_of_another_vault_is_noticed(vault: Vault, key: KeyFile, path: Path, tmp_path: Path) -> None:
    Vault.create(key).put(ONE, {"name": "other"}).save(tmp_path / "other")
    forge(path, lambda it: it["records"].update({ONE: document_of(tmp_path / "other")["records"][ONE]}))

    noticed(path, key, vault)


def test_a_record_is_bound_to_its_vault_and_its_name_also_without_the_seal(vault: Vault, key: KeyFile) -> None:
    other = Vault.create(key)
    names = {ONE: vault.sealed.records[TWO], TWO: vault.sealed.records[TWO]}
    moved = Vault(type(vault.sealed)(id=vault.sealed.id, slots=vault.sealed.slots, records=names), vault._data_key)
    taken = Vault(type(vault.sealed)(id=other.sealed.id, slots=other.sealed.slots, records=names), vault._data_key)

    assert moved.get(TWO) == {"name": "two"}
    for who, name in ((moved, ONE), (taken, TWO)):
        with pytest.raises(VaultError, match="its seal is broken"):
            who.get(name)


@pytest.mark.parametrize("part", ["slots", "records", "seal"])
def test_a_part_of_another_vault_opens_nothing(
    vault: Vault, key: KeyFile, path: Path, tmp_path: Path, part: str
) -> None:
    Vault.create(key).put(ONE, {"name": "other"}).save(tmp_path / "other")
    forge(path, lambda it: it.update({part: document_of(tmp_path / "other")[part]}))

    with pytest.raises(VaultError) as raised:
        Vault.unlock(present(path), key)
    # A foreign slot holds a foreign key, and that looks like a wrong key file.
    assert raised.value.what == ("the key file does not open the vault" if part == "slots" else CHANGED)
    with pytest.raises(VaultError, match="its seal is broken"):
        vault.reread(path)


def test_a_vault_that_is_given_another_id_does_not_open(vault: Vault, key: KeyFile, path: Path) -> None:
    forge(path, lambda it: it.update(id="ff" * 16))

    with pytest.raises(WrongMeans):
        Vault.unlock(present(path), key)
    with pytest.raises(VaultError, match="was replaced in the meantime"):
        vault.reread(path)


@pytest.fixture
def both(typed: Vault, key: KeyFile, path: Path) -> Vault:
    """Return a stored vault with a slot for a passphrase, then one for a key file."""
    made = typed.with_slot(key).put(THREE, {"name": "three"})
    made.save(path)
    return made


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it["slots"].pop(0),
        lambda it: it["slots"].reverse(),
        lambda it: it["slots"].append({**it["slots"][1], "kind": "keyring"}),
        lambda it: it["slots"][0].update(salt="00" * 16),
        lambda it: it["slots"][0].update(wrapped="00" * 48),
        lambda it: it["slots"][0]["kdf"].update(memory_kib=128 * 1024),
    ],
    ids=["dropped", "reordered", "added", "salt", "key", "dearer"],
)
def test_a_change_of_the_other_slot_is_noticed(both: Vault, key: KeyFile, path: Path, change: Change) -> None:
    forge(path, change)

    noticed(path, key, both)


def test_a_slot_of_somebody_elses_key_file_is_noticed(both: Vault, path: Path, private: Private) -> None:
    theirs = Vault.create(KeyFile(private("theirs", b"t" * 32)))
    forge(path, lambda it: it["slots"].__setitem__(1, theirs.sealed.slots[0].to_json()))

    with pytest.raises(WrongMeans):
        Vault.unlock(present(path), KeyFile(private("theirs", b"t" * 32)))
    with pytest.raises(VaultError, match="its seal is broken"):
        Vault.unlock(present(path), TYPED)
    assert both.sealed.slot(SlotKind.KEYFILE)


def test_a_vault_whose_only_known_slot_was_dropped_does_not_open(both: Vault, path: Path) -> None:
    forge(path, lambda it: it["slots"].pop(0))

    with pytest.raises(VaultError, match="has no key slot passphrase"):
        Vault.unlock(present(path), TYPED)
    with pytest.raises(VaultError, match="its seal is broken"):
        both.reread(path)


@pytest.mark.parametrize("cost", [{"memory_kib": 8}, {"iterations": 1}, {"lanes": 1}], ids=str)
def test_a_cost_that_was_lowered_is_never_tried(both: Vault, path: Path, cost: dict[str, int]) -> None:
    forge(path, lambda it: it["slots"][0]["kdf"].update(cost))
    before = path.read_bytes()

    with pytest.raises(VaultError, match="is damaged: the cost of a key slot"):
        both.reread(path)
    assert path.read_bytes() == before


def test_records_in_another_order_are_another_spelling(vault: Vault, path: Path) -> None:
    document = document_of(path)
    document["records"] = dict(reversed(document["records"].items()))
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="ascii")

    with pytest.raises(VaultError, match="is damaged: its content does not fit its checksum"):
        vault.reread(path)
