"""An opened vault: what is put in comes out, each change gives another vault, and none of them shows a secret."""

from __future__ import annotations

import copy
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from pprint import pformat

import pytest
from hashdata.credentials import Secret
from hashdata.errors import VaultError
from hashdata.vault import KeyFile, Means, Passphrase, SlotKind, Vault, WrongMeans
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from tests.canaries import CREDENTIALS, KEY, PASSPHRASE, shows
from tests.vault.forging import ONE, THREE, TWO, forge, present

Private = Callable[[str, bytes], Path]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(contents=st.dictionaries(st.binary(min_size=16, max_size=16), st.dictionaries(st.text(), values), max_size=3))
def test_whatever_is_put_in_comes_out_of_the_file(
    key: KeyFile, path: Path, contents: dict[bytes, dict[str, object]]
) -> None:
    vault = Vault.create(key)
    for name, content in contents.items():
        vault = vault.put(name.hex(), content)
    vault.save(path)
    opened = Vault.unlock(present(path), key)

    assert {name: opened.get(name) for name in opened.sealed.records} == {
        name.hex(): content for name, content in contents.items()
    }


def test_a_change_gives_another_vault_and_leaves_this_one(vault: Vault) -> None:
    changed = vault.put(ONE, {"name": "new"}).without([TWO])

    assert vault.get(ONE) == {"name": "one"}
    assert vault.get(TWO) == {"name": "two"}
    assert changed.get(ONE) == {"name": "new"}
    assert set(changed.sealed.records) == {ONE, THREE}


def test_a_record_that_is_not_there_is_a_missing_key(vault: Vault) -> None:
    with pytest.raises(KeyError):
        vault.without([ONE]).get(ONE)


def test_taking_out_what_is_not_there_changes_nothing(vault: Vault) -> None:
    assert vault.without(["ff" * 16]).sealed == vault.sealed


def test_no_two_vaults_and_no_two_records_are_sealed_alike(key: KeyFile) -> None:
    vaults = [Vault.create(key).put(ONE, {"a": 1}).put(TWO, {"a": 1}) for _ in range(5)]
    records = [record for vault in vaults for record in vault.sealed.records.values()]

    assert len({vault.sealed.id for vault in vaults}) == 5
    assert len({record.sealed for record in records}) == 10
    assert len({record.nonce for record in records}) == 10


@pytest.mark.usefixtures("vault")
def test_what_the_vault_does_not_know_is_told_apart_from_what_is_wrong(path: Path) -> None:

    with pytest.raises(VaultError, match=r"^the vault has no key slot passphrase$") as raised:
        Vault.unlock(present(path), Passphrase(Secret("a good passphrase")))
    assert raised.value.fix == "It opens by --key-file or HASHDATA_KEY_FILE."
    assert not isinstance(raised.value, WrongMeans)


@pytest.mark.usefixtures("vault")
def test_a_wrong_key_file_is_told_apart_from_damage(path: Path, private: Private) -> None:

    with pytest.raises(WrongMeans, match=r"^the key file does not open the vault$"):
        Vault.unlock(present(path), KeyFile(private("other", bytes(32))))


def test_a_vault_opens_by_each_of_its_slots(typed: Vault, path: Path, key: KeyFile) -> None:
    typed.with_slot(key).save(path)
    sealed = present(path)

    assert [slot.kind for slot in sealed.slots] == [SlotKind.PASSPHRASE, SlotKind.KEYFILE]
    assert Vault.unlock(sealed, key).get(ONE) == {"name": "one"}
    assert Vault.unlock(sealed, Passphrase(Secret(PASSPHRASE))).get(ONE) == {"name": "one"}


def test_a_new_slot_takes_the_place_of_the_one_of_its_kind(
    vault: Vault, path: Path, key: KeyFile, private: Private
) -> None:
    new = KeyFile(private("new", b"n" * 32))
    vault.with_slot(new).save(path)

    assert len(present(path).slots) == 1
    assert Vault.unlock(present(path), new).get(ONE) == {"name": "one"}
    with pytest.raises(WrongMeans):
        Vault.unlock(present(path), key)


def test_a_slot_that_was_removed_no_longer_opens(typed: Vault, path: Path, key: KeyFile) -> None:
    typed.with_slot(key).without_slot(SlotKind.KEYFILE).save(path)

    with pytest.raises(VaultError, match="has no key slot keyfile") as raised:
        Vault.unlock(present(path), key)
    assert raised.value.fix == "It opens by a passphrase typed at a terminal."
    assert Vault.unlock(present(path), Passphrase(Secret(PASSPHRASE))).get(ONE) == {"name": "one"}


def test_the_last_slot_cannot_be_removed(vault: Vault) -> None:
    with pytest.raises(VaultError, match=r"^that is the only key slot of the vault$") as raised:
        vault.without_slot(SlotKind.KEYFILE)
    assert raised.value.fix == "Add another one first."


def test_removing_a_slot_that_is_not_there_changes_nothing(vault: Vault) -> None:
    assert vault.without_slot(SlotKind.KEYRING).sealed == vault.sealed


def test_a_fingerprint_stands_for_one_thing_in_one_vault(vault: Vault, key: KeyFile) -> None:
    others = [Vault.create(key).fingerprint("key") for _ in range(3)]
    found = {vault.fingerprint("key"), vault.fingerprint("kez"), vault.fingerprint(""), *others}

    assert len(found) == 6
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in found)
    assert vault.fingerprint("key") == vault.fingerprint("key")


def test_a_fingerprint_outlives_every_change_of_what_opens_the_vault(
    vault: Vault, path: Path, private: Private
) -> None:
    new = KeyFile(private("new", b"n" * 32))
    vault.with_slot(new).put(ONE, {}).without([TWO]).save(path)

    assert Vault.unlock(present(path), new).fingerprint("key") == vault.fingerprint("key")


def test_a_vault_is_read_again_as_its_file_is_now(vault: Vault, path: Path) -> None:
    vault.put(ONE, {"name": "new"}).save(path)

    assert vault.reread(path).get(ONE) == {"name": "new"}


@pytest.mark.parametrize("there", [True, False], ids=["another", "none"])
def test_a_vault_that_was_replaced_is_not_taken_for_this_one(
    vault: Vault, path: Path, key: KeyFile, *, there: bool
) -> None:
    path.unlink()
    if there:
        Vault.create(key).save(path)

    with pytest.raises(VaultError, match=r"^the vault was replaced in the meantime$"):
        vault.reread(path)


SHOWN: tuple[Callable[[object], str], ...] = (repr, str, ascii, format, pformat, pretty_repr, lambda held: f"{[held]}")


def secretive(typed: Vault, private: Private) -> tuple[Vault, list[object]]:
    """Return a vault made of canaries, and everything that has to do with it."""
    means: list[Means] = [Passphrase(Secret(PASSPHRASE)), KeyFile(private("canary.key", KEY.encode()))]
    vault = typed.with_slot(means[1]).put(ONE, {"credentials": CREDENTIALS})
    return vault, [vault, vault.sealed, *vault.sealed.slots, *vault.sealed.records.values(), *means]


def held_by(vault: Vault) -> tuple[str, ...]:
    """Return the spellings of the keys that an opened vault holds."""
    keys = (vault._data_key, vault._record_key)
    return tuple(spelling for key in keys for spelling in (repr(key)[2:-1], key.hex(), key.decode("latin-1")))


def test_nothing_that_has_to_do_with_a_vault_shows_a_secret(typed: Vault, private: Private) -> None:
    vault, held = secretive(typed, private)
    texts = [show(one) for one in held for show in SHOWN]

    assert repr(vault) == "Vault(1 records)"
    assert not [text for text in texts if shows(text) or any(key in text for key in held_by(vault))]
    assert len(texts) > 40


REFUSED: tuple[Callable[[object], object], ...] = (
    *(lambda held, protocol=protocol: pickle.dumps(held, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
    copy.copy,
    copy.deepcopy,
    vars,
    lambda held: held.__getstate__(),
)


@pytest.mark.parametrize("give", REFUSED)
def test_an_opened_vault_cannot_be_pickled_or_copied(vault: Vault, give: Callable[[object], object]) -> None:
    with pytest.raises(TypeError) as raised:
        give(vault)
    assert not any(key in str(raised.value) for key in held_by(vault))


def test_a_passphrase_cannot_be_pickled_or_copied() -> None:
    for give in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            give(Passphrase(Secret(PASSPHRASE)))


def test_nobody_can_hang_more_on_a_vault(vault: Vault) -> None:
    with pytest.raises(AttributeError):
        vault.note = "x"  # type: ignore[attr-defined]  # what is tested


def locals_of(error: BaseException | None) -> Iterator[str]:
    """Yield what the frames of our code hold, in which an error and those that it hides were raised."""
    while error is not None:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if "/hashdata/" in frame.f_code.co_filename:
                yield f"{frame.f_code.co_name}: {frame.f_locals!r}"
        error = error.__cause__ or error.__context__


def error_of(call: Callable[[], object]) -> VaultError:
    with pytest.raises(VaultError) as raised:
        call()
    return raised.value


def test_an_error_holds_nothing_that_might_open_a_vault(typed: Vault, private: Private, path: Path) -> None:
    vault = secretive(typed, private)[0]
    vault.save(path)
    intact = present(path)
    forge(path, lambda document: document.update(records={}))
    other = Vault.create(Passphrase(Secret("something else"))).with_slot(KeyFile(private("other", bytes(32))))
    other.save(path.with_name("other"))
    by_file, by_phrase = KeyFile(private("canary.key", KEY.encode())), Passphrase(Secret(PASSPHRASE))
    errors = [
        error_of(lambda: Vault.unlock(present(path.with_name("other")), by_file)),
        error_of(lambda: Vault.unlock(present(path.with_name("other")), by_phrase)),
        error_of(lambda: Vault.unlock(present(path), by_file)),
        error_of(lambda: Vault.unlock(present(path), by_phrase)),
        error_of(lambda: vault.reread(path)),
        error_of(lambda: Vault(intact, vault._record_key).get(ONE)),
        error_of(lambda: KeyFile(private("short", KEY[:31].encode())).material("")),
    ]
    found = [text for error in errors for text in locals_of(error)]

    assert {"unlock", "checked", "reread", "get", "material"} <= {text.partition(":")[0] for text in found}
    assert not [text for text in found if shows(text) or any(key in text for key in held_by(vault))]
    assert not any(error.__context__ for error in errors)
