"""`hashdata vault` as a person at a terminal and a script without one run it."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hashdata.credentials import Secret
from hashdata.errors import VaultError
from hashdata.vault import KeyFile, Passphrase, Vault, WrongMeans

from tests.canaries import PASSPHRASE, shows
from tests.cli.command import Outcome, plain, run, terminal
from tests.vault.forging import ONE, forge, present

Here = Callable[..., Outcome]
NEW = "New passphrase for the vault (10 characters or more): "
AGAIN = "The same again: "
ASKED = "Passphrase of the vault: "
OTHER = "quite another passphrase"


@pytest.fixture
def named(home: Path, private: Callable[[str, bytes], Path]) -> Path:
    """Return a key file that is there, beside a home that is not."""
    assert not home.exists()
    return private("vault.key", bytes(range(32)))


@pytest.fixture
def named_key(tmp_path: Path) -> Path:
    """Return the name of a key file that is not there."""
    return tmp_path / "new.key"


@pytest.fixture
def stored(home: Path, key: KeyFile) -> Vault:
    """Return the vault of this home, with one record, opened by a key file."""
    home.mkdir(mode=0o700)
    made = Vault.create(key).put(ONE, {"name": "one"})
    made.save(home / "vault.json")
    return made


@pytest.fixture
def guarded(home: Path, typed: Vault) -> Vault:
    """Return the vault of this home, with one record, opened by a passphrase alone."""
    home.mkdir(mode=0o700)
    typed.save(home / "vault.json")
    return typed


@pytest.fixture
def both(home: Path, guarded: Vault, key: KeyFile) -> Vault:
    """Return the vault of this home, with one record, opened by a passphrase and a key file; a copy lies beside it."""
    made = guarded.with_slot(key)
    made.save(home / "vault.json")
    return made


def at_a_terminal(*arguments: str, answers: list[tuple[str, str]]) -> Outcome:
    """Run the command at a terminal, and answer what it asks."""
    with terminal(*arguments) as screen:
        for question, answer in answers:
            screen.read_until(question)
            screen.send(answer + "\n")
        code = screen.end()
        return Outcome(code, plain(screen.seen), "")


def refused(ended: Outcome, what: str, fix: str) -> None:
    """Check that a command was misused, and that it says so in one sentence and what to do in another."""
    assert ended.err.splitlines() == [f"Error: {what}.", f"Fix: {fix}"]
    assert ended.out == ""
    assert ended.code == 2


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"lock", "reports"}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_passphrase_is_typed_twice_and_never_shown(home: Path) -> None:
    ended = at_a_terminal(*("vault", "init", "--slot", "passphrase"), answers=[(NEW, PASSPHRASE), (AGAIN, PASSPHRASE)])
    vault = Vault.unlock(present(home / "vault.json"), Passphrase(Secret(PASSPHRASE)))

    assert f"Made the vault {home / 'vault.json'}, opened by a passphrase." in ended.out
    assert "Nobody can restore a lost passphrase" in ended.out
    assert not shows(ended.out)
    assert ended.code == 0
    assert vault.sealed.records == {}
    assert (mode(home), mode(home / "vault.json")) == (0o700, 0o600)


def test_two_passphrases_that_differ_make_no_vault(home: Path) -> None:
    ended = at_a_terminal(
        *("vault", "init", "--slot", "passphrase"), answers=[(NEW, PASSPHRASE), (AGAIN, PASSPHRASE + "x")]
    )

    assert "Error: the two passphrases differ.\nFix: Run the command again.\n" in ended.out
    assert not shows(ended.out)
    assert ended.code == 2
    assert not (home / "vault.json").exists()


@pytest.mark.parametrize("given", ["", "nine char"], ids=["empty", "short"])
def test_a_passphrase_that_is_too_short_makes_no_vault(home: Path, given: str) -> None:
    ended = at_a_terminal("vault", "init", "--slot", "passphrase", answers=[(NEW, given)])

    assert "Error: the passphrase is shorter than 10 characters.\nFix: Take several words, for example.\n" in ended.out
    assert AGAIN not in ended.out
    assert ended.code == 2
    assert not (home / "vault.json").exists()


@pytest.mark.parametrize("answer", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_the_question_makes_no_vault(home: Path, answer: str) -> None:
    with terminal("vault", "init", "--slot", "passphrase") as screen:
        screen.read_until(NEW)
        screen.send(answer)
        code = screen.end()

    assert code == {"\x03": 130, "\x04": 2}[answer]
    assert "Traceback" not in screen.seen
    assert not (home / "vault.json").exists()


@pytest.mark.usefixtures("guarded")
def test_a_passphrase_has_three_tries(home: Path, named_key: Path) -> None:
    wrong = [(ASKED, f"{PASSPHRASE}-{number}") for number in range(3)]
    before = (home / "vault.json").read_bytes()
    ended = at_a_terminal(*("vault", "add-slot", "--slot", "keyfile", "--new-key-file", str(named_key)), answers=wrong)

    assert ended.out.count("That passphrase does not open the vault.") == 2
    assert "Error: the passphrase does not open the vault.\nFix: Type the passphrase of this vault.\n" in ended.out
    assert ended.out.count(ASKED) == 3
    assert not shows(ended.out)
    assert ended.code == 2
    assert (home / "vault.json").read_bytes() == before


def test_the_third_try_may_be_right(guarded: Vault, home: Path, named_key: Path) -> None:
    answers = [(ASKED, ""), (ASKED, OTHER), (ASKED, PASSPHRASE)]
    ended = at_a_terminal(
        *("vault", "add-slot", "--slot", "keyfile", "--new-key-file", str(named_key)), answers=answers
    )

    assert "The vault is now opened by a key file too." in ended.out
    assert ended.code == 0
    assert Vault.unlock(present(home / "vault.json"), KeyFile(named_key)).get(ONE) == guarded.get(ONE)


def test_a_changed_passphrase_leaves_nothing_that_opens_by_the_old_one(guarded: Vault, home: Path) -> None:
    guarded.put("ff" * 16, {}).without(["ff" * 16]).save(home / "vault.json")
    had_copy = (home / "vault.json.bak").exists()
    ended = at_a_terminal(*("vault", "change-passphrase"), answers=[(ASKED, PASSPHRASE), (NEW, OTHER), (AGAIN, OTHER)])
    sealed = present(home / "vault.json")
    opened = Vault.unlock(sealed, Passphrase(Secret(OTHER)))

    assert had_copy
    assert "The passphrase is changed." in ended.out
    assert not shows(ended.out)
    assert OTHER not in ended.out
    assert ended.code == 0
    assert opened.get(ONE) == {"name": "one"}
    assert opened.fingerprint("key") == guarded.fingerprint("key")
    with pytest.raises(WrongMeans):
        Vault.unlock(sealed, Passphrase(Secret(PASSPHRASE)))
    assert names(home) == {"vault.json"}


def test_a_passphrase_can_be_changed_with_the_key_file(both: Vault, home: Path, tmp_path: Path) -> None:
    ended = at_a_terminal(
        *("vault", "change-passphrase", "--key-file", str(tmp_path / "vault.key")),
        answers=[(NEW, OTHER), (AGAIN, OTHER)],
    )

    assert ended.code == 0
    assert Vault.unlock(present(home / "vault.json"), Passphrase(Secret(OTHER))).get(ONE) == both.get(ONE)
    assert Vault.unlock(present(home / "vault.json"), KeyFile(tmp_path / "vault.key")).get(ONE) == both.get(ONE)


@pytest.mark.usefixtures("guarded")
def test_a_new_passphrase_that_is_not_confirmed_changes_nothing(home: Path) -> None:
    before = (home / "vault.json").read_bytes()
    ended = at_a_terminal(
        *("vault", "change-passphrase"), answers=[(ASKED, PASSPHRASE), (NEW, OTHER), (AGAIN, OTHER + "x")]
    )

    assert "Error: the two passphrases differ." in ended.out
    assert ended.code == 2
    assert (home / "vault.json").read_bytes() == before


NO_TERMINAL = (
    "Name a key file with --key-file FILE or HASHDATA_KEY_FILE (`hashdata vault add-slot --slot keyfile` gives the "
    "vault one), or run the command at a terminal."
)


@pytest.mark.usefixtures("guarded")
def test_without_a_terminal_a_passphrase_is_neither_made_nor_asked_for(here: Here, home: Path) -> None:
    what = "the vault opens by a passphrase, and there is no terminal to ask for it"
    refused(here("vault", "change-passphrase"), what, NO_TERMINAL)
    refused(here("vault", "add-slot", "--slot", "keyfile", "--new-key-file", "new.key"), what, NO_TERMINAL)
    (home / "vault.json").unlink()
    ended = run("vault", "init", "--slot", "passphrase", stdin=f"{OTHER}\n{OTHER}\n".encode())

    refused(
        ended,
        "there is no terminal to type a passphrase at",
        "Run the command at a terminal, or use a key file.",
    )
    assert not (home / "vault.json").exists()


def test_init_makes_the_key_file_that_is_not_there(home: Path, named_key: Path) -> None:
    ended = run("vault", "init", "--slot", "keyfile", "--key-file", str(named_key))

    assert ended.err == (
        f"Made the key file {named_key}. Keep a copy of it elsewhere: without it the vault does not open.\n"
    )
    assert ended.out == (
        f"Made the vault {home / 'vault.json'}, opened by a key file. "
        "Keep a copy of the key file, apart from the copies of the vault.\n"
    )
    assert ended.code == 0
    assert mode(named_key) == 0o600
    assert len(named_key.read_bytes()) == 32
    assert Vault.unlock(present(home / "vault.json"), KeyFile(named_key)).sealed.records == {}


def test_every_key_file_that_is_made_is_random(
    here: Here, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for name in "abc":
        monkeypatch.setenv("HASHDATA_HOME", str(home / name))
        here("vault", "init", "--slot", "keyfile", "--key-file", str(tmp_path / name))
        made.append((tmp_path / name).read_bytes())

    assert len(set(made)) == 3


def test_init_uses_the_key_file_that_is_there(
    here: Here, home: Path, named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = named.read_bytes()
    monkeypatch.setenv("HASHDATA_KEY_FILE", str(named))
    ended = here("vault", "init", "--slot", "keyfile")

    assert ended.err == ""
    assert ended.code == 0
    assert named.read_bytes() == before
    assert Vault.unlock(present(home / "vault.json"), KeyFile(named)).sealed.records == {}


@pytest.mark.usefixtures("stored")
def test_init_leaves_the_vault_that_is_there(here: Here, home: Path, tmp_path: Path) -> None:
    before = (home / "vault.json").read_bytes()
    ended = here("vault", "init", "--slot", "keyfile", "--key-file", str(tmp_path / "vault.key"))

    refused(
        ended,
        "there is a vault already",
        "Look at it with `hashdata vault status`; `hashdata vault add-slot` lets it be opened in another way.",
    )
    assert (home / "vault.json").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "what", "fix"),
    [
        ((), "--slot must say how the vault is opened", "Give one of passphrase, keyfile, keyring."),
        (
            ("--slot", "keyfiles"),
            "there is no slot of that name",
            "Did you mean keyfile? There are: passphrase, keyfile, keyring.",
        ),
        (("--slot", ""), "there is no slot of that name", "There are: passphrase, keyfile, keyring."),
        (("--slot", "keyfile"), "a key file must be named", "Add --key-file FILE; a file that is not there is made."),
        (
            ("--slot", "keyfile", "--key-file", ""),
            "--key-file needs the name of a file",
            "Give it, or leave the option out.",
        ),
        (
            ("--slot", "keyring", "--key-file", "x"),
            "--key-file does not go with --slot keyring",
            "Leave one of the two out.",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_misused_init_is_explained(here: Here, home: Path, arguments: tuple[str, ...], what: str, fix: str) -> None:
    refused(here("vault", "init", *arguments), what, fix)
    assert not home.exists()


@pytest.mark.parametrize("slot", ["KEYFILE", " keyfile "])
def test_the_name_of_a_slot_has_one_spelling(here: Here, home: Path, named: Path, slot: str) -> None:
    ended = here("vault", "init", "--slot", slot, "--key-file", str(named))

    assert ended.code == 0
    assert (home / "vault.json").exists()


@pytest.mark.parametrize("length", [0, 31, 2 * 1024 * 1024])
def test_init_refuses_a_key_file_of_another_length(here: Here, home: Path, named: Path, length: int) -> None:
    named.write_bytes(bytes(length))
    ended = here("vault", "init", "--slot", "keyfile", "--key-file", str(named))

    refused(
        ended,
        "the key file does not have from 32 bytes to 1 MB",
        "Use a file of at least 32 random bytes.",
    )
    assert not (home / "vault.json").exists()


def test_init_refuses_a_key_file_that_others_can_read(here: Here, home: Path, named: Path) -> None:
    named.chmod(0o644)
    ended = here("vault", "init", "--slot", "keyfile", "--key-file", str(named))

    assert ended.err.startswith(
        "Error: the key file can be read by other users of this computer.\nFix: Run `chmod 600`"
    )
    assert ended.code == 2
    assert not (home / "vault.json").exists()


def test_init_refuses_a_folder_for_a_key_file(here: Here, home: Path, tmp_path: Path) -> None:
    refused(
        here("vault", "init", "--slot", "keyfile", "--key-file", str(tmp_path)),
        "the key file is a folder",
        "Name a file.",
    )
    assert not (home / "vault.json").exists()


def test_a_home_that_cannot_be_made_is_explained(
    here: Here, tmp_path: Path, named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HASHDATA_HOME", str(named / "home"))
    ended = here("vault", "init", "--slot", "keyfile", "--key-file", str(named))

    refused(
        ended,
        f"the folder {tmp_path / 'vault.key' / 'home'} cannot be made: Not a directory",
        "Set HASHDATA_HOME to a folder that you can write to.",
    )


def test_status_says_that_there_is_no_vault(here: Here, home: Path) -> None:
    shown = here("vault", "status")
    told = here("vault", "status", "--json")

    # Lines are broken by the length of a path that differs from run to run.
    assert " ".join(shown.out.split()) == (
        f"There is no vault yet; it would be {home / 'vault.json'}. "
        "Make it: hashdata vault init --slot passphrase, keyfile or keyring"
    )
    assert told.document == {
        "schema": "hashdata.vault-status/1",
        "path": str(home / "vault.json"),
        "exists": False,
        "slots": [],
        "records": 0,
    }
    assert (shown.code, told.code) == (0, 0)
    assert not home.exists()


@pytest.mark.usefixtures("both")
def test_status_says_how_the_vault_is_opened_without_opening_it(home: Path) -> None:
    shown = run("vault", "status")
    told = run("vault", "status", "--json")

    assert " ".join(shown.out.split()).endswith("Opened by passphrase, keyfile Keys in it 1")
    assert told.document == {
        "schema": "hashdata.vault-status/1",
        "path": str(home / "vault.json"),
        "exists": True,
        "slots": ["passphrase", "keyfile"],
        "records": 1,
    }
    assert (shown.code, told.code) == (0, 0)
    assert (shown.err, told.err) == ("", "")


@pytest.mark.usefixtures("stored")
def test_an_error_is_one_document_where_json_was_asked_for(here: Here, home: Path) -> None:
    (home / "vault.json").chmod(0o644)
    ended = here("vault", "status", "--json")

    assert json.loads(ended.out) == {
        "schema": "hashdata.error/1",
        "error": f"{home / 'vault.json'} can be read by other users of this computer",
        "fix": "Run `chmod 600` on it. If others may have read it, make new keys.",
    }
    assert ended.err == ""
    assert ended.code == 2


@pytest.mark.parametrize("command", ["change-passphrase", "change-key-file", "add-slot", "remove-slot"])
def test_without_a_vault_there_is_nothing_to_change(here: Here, home: Path, command: str) -> None:
    slot = () if command.startswith("change") else ("--slot", "keyfile")
    ended = here("vault", command, *slot)

    assert ended.err.startswith("Error: there is no vault yet.\nFix: Make one with `hashdata vault init --slot pass")
    assert "--slot keyfile --key-file FILE" in ended.err
    assert ended.code == 2
    assert not home.exists()


@pytest.mark.usefixtures("stored")
def test_a_vault_without_a_passphrase_has_none_to_change(here: Here) -> None:
    refused(
        here("vault", "change-passphrase"),
        "the vault has no passphrase to change",
        "Give it one: `hashdata vault add-slot --slot passphrase`.",
    )


def test_a_passphrase_is_added_with_the_key_file(stored: Vault, home: Path, tmp_path: Path) -> None:
    ended = at_a_terminal(
        *("vault", "add-slot", "--slot", "passphrase", "--key-file", str(tmp_path / "vault.key")),
        answers=[(NEW, PASSPHRASE), (AGAIN, PASSPHRASE)],
    )

    assert "The vault is now opened by a passphrase too." in ended.out
    assert not shows(ended.out)
    assert ended.code == 0
    assert Vault.unlock(present(home / "vault.json"), Passphrase(Secret(PASSPHRASE))).get(ONE) == stored.get(ONE)


@pytest.mark.usefixtures("stored")
def test_a_slot_is_not_added_twice(here: Here, tmp_path: Path, named_key: Path) -> None:
    options = ("--new-key-file", str(named_key), "--key-file", str(tmp_path / "vault.key"))
    ended = here("vault", "add-slot", "--slot", "keyfile", *options)

    refused(
        ended,
        "the vault is opened by a key file already",
        "To replace it: `hashdata vault change-key-file --new-key-file FILE`.",
    )
    assert not named_key.exists()


def test_a_slot_is_removed_and_leaves_no_copy_that_it_opens(
    here: Here, both: Vault, home: Path, tmp_path: Path, key: KeyFile
) -> None:
    had_copy = (home / "vault.json.bak").exists()
    ended = here("vault", "remove-slot", "--slot", "keyfile", "--key-file", str(tmp_path / "vault.key"))

    assert had_copy
    assert ended.out.startswith("The vault is no longer opened by a key file.")
    assert ended.code == 0
    assert names(home) == {"vault.json"}
    with pytest.raises(VaultError, match="has no key slot keyfile"):
        Vault.unlock(present(home / "vault.json"), key)
    assert Vault.unlock(present(home / "vault.json"), Passphrase(Secret(PASSPHRASE))).get(ONE) == both.get(ONE)


@pytest.mark.usefixtures("stored")
def test_the_last_slot_is_not_removed(here: Here, home: Path, tmp_path: Path) -> None:
    before = (home / "vault.json").read_bytes()
    ended = here("vault", "remove-slot", "--slot", "keyfile", "--key-file", str(tmp_path / "vault.key"))

    refused(ended, "that is the only key slot of the vault", "Add another one first.")
    assert (home / "vault.json").read_bytes() == before


@pytest.mark.usefixtures("stored")
def test_a_slot_that_is_not_there_is_not_removed(here: Here) -> None:
    refused(
        here("vault", "remove-slot", "--slot", "passphrase"),
        "the vault is not opened by a passphrase",
        "See `hashdata vault status`.",
    )


@pytest.mark.usefixtures("stored")
def test_a_wrong_key_file_is_told_apart_from_a_tampered_vault(
    here: Here, home: Path, tmp_path: Path, private: Callable[[str, bytes], Path]
) -> None:
    command = ("vault", "remove-slot", "--slot", "keyfile", "--key-file")
    wrong = here(*command, str(private("wrong", b"w" * 32)))
    forge(home / "vault.json", lambda document: document.update(records={}))
    before = (home / "vault.json").read_bytes()
    tampered = here(*command, str(tmp_path / "vault.key"))

    refused(wrong, "the key file does not open the vault", "Name the key file that this vault was made with.")
    refused(
        tampered,
        "the vault was changed by something other than hashdata: its seal is broken",
        "Nothing was changed. Restore vault.json from a backup, and find out who could write to its folder.",
    )
    assert (home / "vault.json").read_bytes() == before


@pytest.mark.usefixtures("stored")
def test_a_vault_that_needs_a_key_file_says_how_to_name_one(here: Here) -> None:
    refused(
        here("vault", "remove-slot", "--slot", "keyfile"),
        "the vault opens by a key file, and none was named",
        "Name a key file with --key-file FILE or HASHDATA_KEY_FILE.",
    )


def test_a_changed_key_file_leaves_nothing_that_opens_by_the_old_one(
    here: Here, both: Vault, home: Path, named_key: Path, key: KeyFile
) -> None:
    old = ("--key-file", str(named_key.with_name("vault.key")))
    ended = here("vault", "change-key-file", "--new-key-file", str(named_key), *old)
    sealed = present(home / "vault.json")

    assert ended.out.startswith("The key file is changed; name the new one from now on. Copies of the vault")
    assert ended.code == 0
    assert mode(named_key) == 0o600
    assert [str(slot.kind) for slot in sealed.slots] == ["passphrase", "keyfile"]
    assert Vault.unlock(sealed, KeyFile(named_key)).get(ONE) == both.get(ONE)
    assert Vault.unlock(sealed, Passphrase(Secret(PASSPHRASE))).get(ONE) == both.get(ONE)
    with pytest.raises(WrongMeans):
        Vault.unlock(sealed, key)
    assert names(home) == {"vault.json"}


def test_the_only_key_file_can_be_changed(here: Here, stored: Vault, home: Path, named_key: Path) -> None:
    old = ("--key-file", str(named_key.with_name("vault.key")))
    ended = here("vault", "change-key-file", "--new-key-file", str(named_key), *old)

    assert ended.code == 0
    assert Vault.unlock(present(home / "vault.json"), KeyFile(named_key)).get(ONE) == stored.get(ONE)


@pytest.mark.usefixtures("guarded")
def test_a_vault_without_a_key_file_has_none_to_change(here: Here) -> None:
    refused(
        here("vault", "change-key-file", "--new-key-file", "new.key"),
        "the vault has no key file to change",
        "Give it one: `hashdata vault add-slot --slot keyfile --new-key-file FILE`.",
    )


@pytest.mark.usefixtures("both")
def test_the_environment_names_no_new_key_file(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HASHDATA_KEY_FILE", str(tmp_path / "vault.key"))

    refused(
        here("vault", "change-key-file"),
        "a key file must be named",
        "Add --new-key-file FILE; a file that is not there is made.",
    )


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(
    ("options", "what", "fix"),
    [
        ((), "a key file must be named", "Add --new-key-file FILE; a file that is not there is made."),
        (("--new-key-file", ""), "--new-key-file needs the name of a file", "Give it, or leave the option out."),
    ],
    ids=["none", "empty"],
)
def test_a_new_key_file_is_missed_before_anybody_types(options: tuple[str, ...], what: str, fix: str) -> None:
    with terminal("vault", "add-slot", "--slot", "keyfile", *options) as screen:
        code = screen.end()

    assert plain(screen.seen) == f"Error: {what}.\nFix: {fix}\n"
    assert code == 2


@pytest.mark.usefixtures("both")
def test_a_key_file_to_change_to_is_missed_before_anybody_types() -> None:
    with terminal("vault", "change-key-file") as screen:
        code = screen.end()

    assert plain(screen.seen).startswith("Error: a key file must be named.\n")
    assert code == 2


@pytest.mark.usefixtures("guarded")
def test_a_keyring_that_is_not_there_is_missed_before_anybody_types() -> None:
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    with terminal("vault", "add-slot", "--slot", "keyring", env=env) as screen:
        code = screen.end()

    assert plain(screen.seen) == (
        "Error: the keyring cannot be used: this system has no keyring.\n"
        "Fix: Use a passphrase or a key file: `hashdata vault add-slot --slot passphrase` or `--slot keyfile`.\n"
    )
    assert code == 2
