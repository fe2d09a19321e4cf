"""The file of a vault: one spelling, read without a key, and left alone by a version that does not know it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hashdata.credentials import Secret
from hashdata.errors import StorageError, VaultError
from hashdata.vault import KeyFile, Passphrase, SlotKind, Vault, read

from tests.vault.forging import ONE, Change, document_of, forge, present

Private = Callable[[str, bytes], Path]
# A file that this format's first version wrote: what is stored today must open for ever.
FROZEN = (
    '{"checksum":"ffe2b0b9dc0141340c8beabf8bc2d916f6bd3376ceff62cb3d80b960f4c137b1","id":"5ce6ff318ee439c'
    '3ce89b2c393111650","records":{"1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a":{"nonce":"70bde5d7596a346bbb1d9e99"'
    ',"sealed":"399bbefdf76df74efd7e590285e1ac5a949cc51062b796a8e593b819395371"}},"schema":"hashdata.vaul'
    't/1","seal":"539acacf84271a9eff84a3f4b93e9c6672596bac2d26f2c9e388e473b0f26ea2","slots":[{"kdf":{"nam'
    'e":"hkdf-sha256"},"kind":"keyfile","nonce":"9f1edeb8c1071740cee3e917","salt":"7d103fd935602645e6f21f'
    '8282aaf258","wrapped":"57bee413108c40bb27591c066b69d1e7195c8bc3f85f5a3424715ff5d4b731f84d91e5f39e7e1'
    '7dab5fa121bde5ed7b3"},{"kdf":{"iterations":3,"lanes":4,"memory_kib":65536,"name":"argon2id"},"kind":'
    '"passphrase","nonce":"d7062c731548c74c20aad1c3","salt":"24e36f0a3505ef125aa9c7fde9566ed8","wrapped":'
    '"949cd53e48c29438b3b74cd638162b84da9d49602f2915b31dc6aa294757d319f8de1e453763131b260a62dc60b83148"}]'
    "}"
    "\n"
)
FINGERPRINT = "d43d0a1aafde557b2998079f69458baa"


def test_a_vault_of_the_first_version_opens(private: Private, key: KeyFile) -> None:
    path = private("vault.json", FROZEN.encode())
    by_file = Vault.unlock(present(path), key)
    by_passphrase = Vault.unlock(present(path), Passphrase(Secret("a practice passphrase")))

    assert by_file.get(ONE) == by_passphrase.get(ONE) == {"name": "one"}
    assert by_file.fingerprint("key") == by_passphrase.fingerprint("key") == FINGERPRINT


def test_a_vault_that_is_written_again_has_the_same_bytes(private: Private, key: KeyFile) -> None:
    path = private("vault.json", FROZEN.encode())
    Vault.unlock(present(path), key).save(path)

    assert path.read_text(encoding="ascii") == FROZEN


def test_a_vault_that_is_not_there_is_none(path: Path) -> None:
    assert read(path) is None


def test_what_a_vault_is_opened_by_is_seen_without_a_key(vault: Vault, path: Path) -> None:
    sealed = present(path)

    assert [slot.kind for slot in sealed.slots] == [SlotKind.KEYFILE]
    assert sealed.slot(SlotKind.PASSPHRASE) is None
    assert set(sealed.records) == set(vault.sealed.records)
    assert sealed == present(path)


@pytest.mark.usefixtures("vault")
def test_a_vault_that_others_can_read_is_refused(path: Path) -> None:
    path.chmod(0o640)

    with pytest.raises(StorageError, match="can be read by other users"):
        read(path)


@pytest.mark.parametrize("schema", ["hashdata.vault/2", "hashdata.vault/10", "hashdata.vault/1.1"])
def test_a_vault_of_a_newer_version_is_left_alone(vault: Vault, path: Path, schema: str) -> None:
    forge(path, lambda document: document.update(schema=schema, slots="of another form", more=True))
    before = path.read_bytes()

    with pytest.raises(VaultError, match=r"^the vault was written by a newer hashdata$") as raised:
        vault.reread(path)
    assert raised.value.fix == "Update hashdata; this version leaves the file alone."
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "it is not JSON (line 1, column 1)"),
        (b"\n", "it is not JSON (line 2, column 1)"),
        (b'{\n  "schema": oops}', "it is not JSON (line 2, column 13)"),
        (b'{"schema": "\xc3\xa9"}', "byte 13 is no plain text"),
        (b"\xef\xbb\xbf{}", "byte 1 is no plain text"),
        (b"\x00" * 100, "it is not JSON (line 1, column 1)"),
        (b"[]", "it is not a JSON object"),
        (b"null", "it is not a JSON object"),
        (b'"hashdata.vault/1"', "it is not a JSON object"),
        (b"{}", "it does not say that it is a vault"),
        (b'{"schema":1}', "it does not say that it is a vault"),
        (b'{"schema":"hashdata.accounts/1"}', "it does not say that it is a vault"),
        (b'{"schema":"hashdata.vault/1"}', "its content does not fit its checksum"),
        (b'{"schema":"hashdata.vault/2"}', "its content does not fit its checksum"),
        (b'{"schema":' + b"9" * 5000 + b"}", "it has a number of too many digits"),
        (b'{"schema":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "it is nested too deeply"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_what_is_no_vault_is_called_damaged_and_says_where(private: Private, content: bytes, what: str) -> None:
    path = private("vault.json", content)

    with pytest.raises(VaultError) as raised:
        read(path)
    assert raised.value.what == f"{path} is damaged: {what}"
    assert raised.value.fix.startswith("Nothing was changed. Restore the file from vault.json.bak beside it")
    assert path.read_bytes() == content


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize(
    "respell",
    [
        lambda text: text + "\n",
        lambda text: text.rstrip("\n"),
        lambda text: " " + text,
        lambda text: text.replace(",", ", "),
        lambda text: text.replace('"id"', '"\\u0069d"'),
        lambda text: text.replace('{"checksum"', '{"checksum":"","checksum"'),
        lambda text: json.dumps(json.loads(text), indent=2),
        lambda text: json.dumps(dict(reversed(json.loads(text).items())), separators=(",", ":")) + "\n",
    ],
    ids=["line", "no line", "blank", "blanks", "escape", "twice", "indented", "reversed"],
)
def test_another_spelling_of_the_same_is_damage(path: Path, respell: Callable[[str], str]) -> None:
    path.write_text(respell(path.read_text(encoding="ascii")), encoding="ascii")

    with pytest.raises(VaultError, match="is damaged: its content does not fit its checksum"):
        read(path)


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda it: it.update(more=1), "its parts are not those of a vault"),
        (lambda it: it.pop("seal"), "its parts are not those of a vault"),
        (lambda it: it.update(slots=[]), "its slots or records"),
        (lambda it: it.update(slots={}), "its slots or records"),
        (lambda it: it.update(records=[]), "its slots or records"),
        (lambda it: it.update(slots=it["slots"] * 2), "two key slots are of one kind"),
        (lambda it: it.update(slots=[None]), "a key slot"),
        (lambda it: it.update(id="1A" * 16), "its id"),
        (lambda it: it.update(id=""), "its id"),
        (lambda it: it.update(id=it["id"][:2] + " " + it["id"][2:]), "its id"),
        (lambda it: it.update(seal=None), "its seal"),
        (lambda it: it.update(seal="x"), "its seal"),
        (lambda it: it["records"].update({"": it["records"][ONE]}), "the id of a record"),
        (lambda it: it["records"].update({"label": it["records"][ONE]}), "the id of a record"),
        (lambda it: it["records"].update({" ".join([ONE[:2]] * 16): it["records"][ONE]}), "the id of a record"),
        (lambda it: it["records"].update({ONE: "x"}), "a record"),
        (lambda it: it["records"][ONE].update(more="x"), "a record"),
        (lambda it: it["records"][ONE].update(sealed=""), "a record"),
        (lambda it: it["records"][ONE].update(sealed="ab" * 15), "a record"),
        (lambda it: it["records"][ONE].update(nonce="ab" * 11), "the nonce of a record"),
        (lambda it: it["records"][ONE].update(nonce=1), "the nonce of a record"),
    ],
)
def test_a_part_of_another_form_is_named(path: Path, change: Change, what: str) -> None:
    forge(path, change)

    with pytest.raises(VaultError) as raised:
        read(path)
    assert raised.value.what == f"{path} is damaged: {what}"


def test_nothing_of_a_record_but_its_id_is_in_the_file(key: KeyFile, path: Path) -> None:
    Vault.create(key).put(ONE, {"name": "something to hide"}).save(path)
    written = document_of(path)

    assert set(written) == {"schema", "id", "slots", "records", "seal", "checksum"}
    assert set(written["records"]) == {ONE}
    assert "something" not in path.read_text(encoding="ascii")
    assert b"something".hex() not in path.read_text(encoding="ascii")
