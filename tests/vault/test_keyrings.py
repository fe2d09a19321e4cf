"""The keyring of the system opens a vault, and whatever else calls itself a keyring does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import keyring.core
import pytest
from hashdata.errors import VaultError
from hashdata.vault import KeyFile, Keyring, SlotKind, Vault, WrongMeans
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend

from tests.cli.command import Outcome, run
from tests.vault.backends import Memory, Plaintext, Sly
from tests.vault.forging import ONE, present

Here = Callable[..., Outcome]
Use = Callable[[Callable[[], KeyringBackend]], None]
CHECKOUT = str(Path(__file__).parents[2])
OTHERWISE = "Use a passphrase or a key file: `hashdata vault init --slot passphrase` or `--slot keyfile`."


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Return what lets a keyring be that of this system."""
    return lambda backend: monkeypatch.setattr(keyring.core, "_keyring_backend", backend())


@pytest.fixture
def memory(use: Use) -> Memory:
    backend = Memory()
    use(lambda: backend)
    return backend


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the keyring that encrypts nothing would leave its files."""
    folder = tmp_path / "plaintext"
    folder.mkdir()
    monkeypatch.setenv("PLAINTEXT_FOLDER", str(folder))
    return folder


def refused(what: str) -> None:
    """Check that nothing is put into the keyring or taken out of it, with a sentence that says why."""
    for use_it in (lambda: Vault.create(Keyring()), lambda: Keyring().material("1a" * 16)):
        with pytest.raises(VaultError) as raised:
            use_it()
        assert raised.value.what == f"the keyring cannot be used: {what}"
        assert raised.value.fix == OTHERWISE


def test_a_keyring_opens_the_vault_that_was_made_with_it(memory: Memory, path: Path) -> None:
    Vault.create(Keyring()).put(ONE, {"name": "one"}).save(path)
    sealed = present(path)

    assert Vault.unlock(sealed, Keyring()).get(ONE) == {"name": "one"}
    assert list(memory.entries) == [("hashdata", sealed.id)]


def test_each_vault_has_32_random_bytes_of_its_own_in_the_keyring(memory: Memory) -> None:
    for _ in range(5):
        Vault.create(Keyring())
    held = {bytes.fromhex(value) for value in memory.entries.values()}

    assert len(held) == 5
    assert {len(value) for value in held} == {32}


def test_what_the_keyring_holds_is_not_the_key_of_the_vault(memory: Memory) -> None:
    vault = Vault.create(Keyring())

    assert list(memory.entries.values()) not in ([vault._data_key.hex()], [vault._record_key.hex()])
    assert next(iter(memory.entries.values())) not in vault.sealed.to_bytes(vault._data_key).decode()


def test_a_keyring_can_be_added_to_a_vault(memory: Memory, vault: Vault, key: KeyFile, path: Path) -> None:
    vault.with_slot(Keyring()).save(path)

    assert len(memory.entries) == 1
    assert Vault.unlock(present(path), Keyring()).get(ONE) == Vault.unlock(present(path), key).get(ONE)
    assert [slot.kind for slot in present(path).slots] == [SlotKind.KEYFILE, SlotKind.KEYRING]


def test_a_locked_keyring_is_told_apart_from_a_wrong_one(memory: Memory, path: Path) -> None:
    Vault.create(Keyring()).save(path)
    memory.locked = True

    with pytest.raises(VaultError, match=r"^the keyring does not open \(KeyringLocked\)$") as raised:
        Vault.unlock(present(path), Keyring())
    assert raised.value.fix == "Unlock it, then run the command again."
    assert not isinstance(raised.value, WrongMeans)
    assert raised.value.__context__ is None


def test_no_vault_is_made_with_a_locked_keyring(memory: Memory) -> None:
    memory.locked = True

    with pytest.raises(VaultError, match=r"^the keyring refused to keep the vault's key \(KeyringLocked\)$") as raised:
        Vault.create(Keyring())
    assert raised.value.fix == OTHERWISE
    assert raised.value.__context__ is None


def test_no_vault_is_made_with_a_keyring_that_keeps_nothing(memory: Memory) -> None:
    memory.forgetful = True

    with pytest.raises(VaultError, match=r"^the keyring did not keep the vault's key$") as raised:
        Vault.create(Keyring())
    assert raised.value.fix == OTHERWISE
    assert memory.entries == {}


def test_a_keyring_that_keeps_what_it_had_before_is_noticed(memory: Memory, vault: Vault) -> None:
    memory.entries = {("hashdata", vault.sealed.id): "ab" * 32}
    memory.forgetful = True

    with pytest.raises(VaultError, match=r"^the keyring did not keep the vault's key$"):
        vault.with_slot(Keyring())
    assert list(memory.entries.values()) == ["ab" * 32]


@pytest.mark.parametrize("held", [None, "", "no hex digits", "ab" * 31], ids=["gone", "empty", "other", "short"])
def test_a_keyring_that_lost_the_entry_is_explained(memory: Memory, path: Path, held: str | None) -> None:
    Vault.create(Keyring()).save(path)
    (entry,) = memory.entries
    memory.entries = {} if held is None else {entry: held}

    with pytest.raises(VaultError, match=r"^the keyring holds no key for this vault$") as raised:
        Vault.unlock(present(path), Keyring())
    assert raised.value.fix == "Sign in as the person who made the vault, or restore the keyring from a backup."
    assert not isinstance(raised.value, WrongMeans)


def test_the_entry_of_another_vault_is_called_wrong(memory: Memory, path: Path) -> None:
    Vault.create(Keyring()).save(path)
    (entry,) = memory.entries
    memory.entries[entry] = "ab" * 32

    with pytest.raises(WrongMeans, match=r"^what the keyring holds does not open the vault$"):
        Vault.unlock(present(path), Keyring())


def test_a_system_without_a_keyring_is_told_so(use: Use) -> None:
    use(fail.Keyring)

    refused("this system has no keyring")


def test_a_keyring_that_swallows_everything_is_refused(use: Use) -> None:
    use(null.Keyring)

    refused("keyring.backends.null.Keyring is no real keyring")


def test_a_keyring_that_encrypts_nothing_is_refused_and_given_nothing(use: Use, folder: Path) -> None:
    use(Plaintext)

    refused("tests.vault.backends.Plaintext is no real keyring")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_a_chain_with_a_member_that_encrypts_nothing_is_refused(
    use: Use, folder: Path, monkeypatch: pytest.MonkeyPatch, *, first: bool
) -> None:
    memory = Memory()
    monkeypatch.setattr(ChainerBackend, "backends", [Plaintext(), memory] if first else [memory, Plaintext()])
    use(ChainerBackend)

    refused("tests.vault.backends.Plaintext is no real keyring")
    assert list(folder.iterdir()) == []
    assert memory.entries == {}


def test_a_chain_of_real_keyrings_opens(use: Use, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(ChainerBackend, "backends", [Memory(), Memory()])
    use(ChainerBackend)
    Vault.create(Keyring()).put(ONE, {"name": "one"}).save(path)

    assert Vault.unlock(present(path), Keyring()).get(ONE) == {"name": "one"}


def test_a_chain_of_nothing_is_refused(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChainerBackend, "backends", [])
    use(ChainerBackend)

    refused("keyring.backends.chainer.ChainerBackend is no real keyring")


def test_what_says_of_itself_that_it_is_a_chain_is_not_believed(use: Use, folder: Path) -> None:
    use(Sly)

    refused("tests.vault.backends.Sly is no real keyring")
    assert list(folder.iterdir()) == []


def test_a_keyring_that_was_real_and_is_no_longer_opens_nothing(
    memory: Memory, use: Use, folder: Path, path: Path
) -> None:
    Vault.create(Keyring()).save(path)
    (folder / f"hashdata-{present(path).id}").write_text(next(iter(memory.entries.values())))
    use(Plaintext)

    with pytest.raises(VaultError, match="is no real keyring"):
        Vault.unlock(present(path), Keyring())


def test_a_keyring_that_cannot_be_loaded_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.vault.nowhere.Keyring")

    with pytest.raises(VaultError, match=r"^the keyring refused to keep the vault's key \(ModuleNotFoundError\)$"):
        Vault.create(Keyring())
    with pytest.raises(VaultError, match=r"^the keyring does not open \(ModuleNotFoundError\)$"):
        Keyring().material("1a" * 16)


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    with pytest.raises(VaultError, match="the package keyring is not installed") as raised:
        Vault.create(Keyring())
    assert raised.value.fix == f"Run `pip install 'hashdata[keyring]'`, or u{OTHERWISE[1:]}"


@pytest.mark.parametrize(
    ("backend", "what"),
    [
        ("tests.vault.backends.Plaintext", "tests.vault.backends.Plaintext is no real keyring"),
        ("keyring.backends.fail.Keyring", "this system has no keyring"),
    ],
    ids=["plaintext", "none"],
)
def test_no_keyring_that_the_environment_names_is_trusted_for_that(
    home: Path, folder: Path, backend: str, what: str
) -> None:
    python_path = os.pathsep.join(filter(None, [CHECKOUT, os.environ.get("PYTHONPATH")]))
    ended = run(
        *("vault", "init", "--slot", "keyring"), env={"PYTHON_KEYRING_BACKEND": backend, "PYTHONPATH": python_path}
    )

    assert ended.err == f"Error: the keyring cannot be used: {what}.\nFix: {OTHERWISE}\n"
    assert ended.out == ""
    assert ended.code == 2
    assert not (home / "vault.json").exists()
    assert list(folder.iterdir()) == []


def test_a_vault_is_made_and_opened_by_the_keyring_without_a_question(here: Here, home: Path, memory: Memory) -> None:
    made = here("vault", "init", "--slot", "keyring")
    shown = here("vault", "status", "--json")
    added = here("vault", "add-slot", "--slot", "keyfile", "--new-key-file", str(home / "key"))

    assert made.out.startswith(f"Made the vault {home / 'vault.json'}, opened by the keyring of this system.")
    assert "opens only together with that keyring" in made.out
    assert shown.document["slots"] == ["keyring"]
    assert len(memory.entries) == 1
    assert (made.code, shown.code, added.code) == (0, 0, 0)


def test_a_locked_keyring_ends_a_command_with_what_to_do(here: Here, home: Path, memory: Memory) -> None:
    made = here("vault", "init", "--slot", "keyring")
    memory.locked = True
    ended = here("vault", "remove-slot", "--slot", "keyring")

    assert made.code == 0
    assert ended.err == (
        "Error: the keyring does not open (KeyringLocked).\nFix: Unlock it, then run the command again.\n"
    )
    assert ended.code == 2
    assert (home / "vault.json").exists()


@pytest.fixture
def with_key_file(here: Here, home: Path, memory: Memory, tmp_path: Path) -> tuple[str, ...]:
    """Make a vault that keyring and key file open, and return the option that names the file."""
    options = (str(tmp_path / "key"),)
    made = here("vault", "init", "--slot", "keyring")
    added = here("vault", "add-slot", "--slot", "keyfile", "--new-key-file", *options)
    assert (made.code, added.code, len(memory.entries)) == (0, 0, 1)
    assert home.exists()
    return ("--key-file", *options)


def test_a_removed_slot_leaves_nothing_in_the_keyring(
    here: Here, home: Path, memory: Memory, with_key_file: tuple[str, ...]
) -> None:
    ended = here("vault", "remove-slot", "--slot", "keyring", *with_key_file)

    assert ended.out == (
        "The vault is no longer opened by the keyring of this system. "
        "Copies of it that were made before no longer open by it either: its entry is deleted.\n"
    )
    assert (ended.code, ended.err) == (0, "")
    assert memory.entries == {}
    assert [slot.kind for slot in present(home / "vault.json").slots] == [SlotKind.KEYFILE]


def test_an_entry_that_is_gone_already_needs_no_deleting(
    here: Here, memory: Memory, with_key_file: tuple[str, ...]
) -> None:
    memory.entries.clear()
    memory.stubborn = True
    ended = here("vault", "remove-slot", "--slot", "keyring", *with_key_file)

    assert (ended.code, ended.err) == (0, "")


def test_an_entry_that_cannot_be_deleted_is_told(
    here: Here, home: Path, memory: Memory, with_key_file: tuple[str, ...]
) -> None:
    memory.stubborn = True
    ended = here("vault", "remove-slot", "--slot", "keyring", *with_key_file)

    assert ended.err == (
        "Note: the keyring's entry for this vault could not be deleted (PasswordDeleteError). "
        "Delete the entry hashdata with the system's own program for its keyring.\n"
    )
    assert ended.out.endswith("Copies of it that were made before still are.\n")
    assert ended.code == 0
    assert len(memory.entries) == 1
    assert [slot.kind for slot in present(home / "vault.json").slots] == [SlotKind.KEYFILE]


def test_the_only_slot_keeps_its_entry(here: Here, home: Path, memory: Memory) -> None:
    here("vault", "init", "--slot", "keyring")
    ended = here("vault", "remove-slot", "--slot", "keyring")

    assert ended.code == 2
    assert len(memory.entries) == 1
    assert (home / "vault.json").exists()


def test_a_locked_keyring_that_is_to_be_added_names_the_other_ways(
    here: Here, home: Path, memory: Memory, tmp_path: Path
) -> None:
    key_file = ("--key-file", str(tmp_path / "key"))
    made = here("vault", "init", "--slot", "keyfile", *key_file)
    memory.locked = True
    ended = here("vault", "add-slot", "--slot", "keyring", *key_file)

    assert (made.code, ended.code) == (0, 2)
    assert ended.err == (
        "Error: the keyring refused to keep the vault's key (KeyringLocked).\n"
        f"Fix: {OTHERWISE.replace('init', 'add-slot')}\n"
    )
    assert [slot.kind for slot in present(home / "vault.json").slots] == [SlotKind.KEYFILE]
