"""What a vault is opened with: passphrases however they are composed, and key files that are fit for it."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hashdata.credentials import Secret
from hashdata.errors import StorageError, VaultError
from hashdata.vault import KeyFile, Passphrase, Sealed, Vault, WrongMeans
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.canaries import PASSPHRASE

Private = Callable[[str, bytes], Path]
MEGABYTE = 1024 * 1024
TYPED = "Grüße über Ærø, 한글"


def written(vault: Vault) -> Sealed:
    """Return a vault as its file would hold it."""
    return replace(vault.sealed, seal=json.loads(vault.sealed.to_bytes(vault._data_key))["seal"])


def phrase(text: str) -> Passphrase:
    return Passphrase(Secret(text))


def test_a_passphrase_opens_however_its_accents_are_composed() -> None:
    composed, apart = (unicodedata.normalize(form, TYPED) for form in ("NFC", "NFD"))
    vault = Vault.create(phrase(apart))

    assert composed != apart
    assert Vault.unlock(written(vault), phrase(composed)).fingerprint("x") == vault.fingerprint("x")


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_way_to_compose_a_text_is_the_same_passphrase(text: str) -> None:
    forms = {phrase(unicodedata.normalize(form, text)).material("") for form in ("NFC", "NFD")}

    assert len({*forms, phrase(text).material("")}) == 1


@pytest.mark.parametrize("other", ["grüße über ærø, 한글", TYPED + " ", " " + TYPED, "Grusse uber Ærø, 한글", ""])
def test_nothing_else_is_the_same_passphrase(other: str) -> None:
    assert phrase(other).material("") != phrase(TYPED).material("")


def test_bytes_that_are_no_text_may_be_in_a_passphrase() -> None:
    typed = b"pass\xff\xfephrase".decode("utf-8", "surrogateescape")

    assert phrase(typed).material("") == b"pass\xff\xfephrase"


def test_another_passphrase_is_called_wrong(typed: Vault) -> None:
    with pytest.raises(WrongMeans, match=r"^the passphrase does not open the vault$") as raised:
        Vault.unlock(written(typed), phrase(PASSPHRASE.upper()))
    assert raised.value.fix == "Type the passphrase of this vault."


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(content=st.binary(min_size=32, max_size=200))
def test_any_file_of_32_bytes_or_more_opens(private: Private, content: bytes) -> None:
    key = KeyFile(private("any", content))
    vault = Vault.create(key)

    assert Vault.unlock(written(vault), key).fingerprint("x") == vault.fingerprint("x")


@pytest.mark.parametrize("length", [32, 33, MEGABYTE])
def test_a_key_file_of_an_allowed_length_opens(private: Private, length: int) -> None:
    key = KeyFile(private("any", os.urandom(length)))
    vault = Vault.create(key)

    assert Vault.unlock(written(vault), key).fingerprint("x") == vault.fingerprint("x")


@pytest.mark.parametrize("length", [0, 1, 31, MEGABYTE + 1, 2 * MEGABYTE])
def test_a_key_file_of_another_length_is_refused(private: Private, length: int) -> None:
    path = private("any", bytes(length))

    with pytest.raises(VaultError) as raised:
        Vault.create(KeyFile(path))
    assert raised.value.what == "the key file does not have from 32 bytes to 1 MB"
    assert raised.value.fix == "Use a file of at least 32 random bytes."
    assert not isinstance(raised.value, WrongMeans)


def test_a_key_file_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match=r"^the key file is not there$") as raised:
        Vault.create(KeyFile(tmp_path / "none"))
    assert "hashdata vault init --slot keyfile --key-file FILE" in raised.value.fix


def test_a_folder_is_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"^the key file is a folder$") as raised:
        Vault.create(KeyFile(tmp_path))
    assert raised.value.fix == "Name a file."


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o644, 0o660])
def test_a_key_file_that_others_can_read_is_refused(private: Private, bits: int) -> None:
    path = private("any", bytes(32))
    path.chmod(bits)

    with pytest.raises(StorageError, match=r"^the key file can be read by other users of this computer$") as raised:
        Vault.create(KeyFile(path))
    assert "chmod 600" in raised.value.fix


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-1],
        lambda content: content + b"\n",
        lambda content: content[:-1] + b"\x00",
        lambda content: b"\x00" + content[1:],
        lambda content: content[::-1],
    ],
    ids=["shorter", "longer", "end", "start", "reversed"],
)
def test_every_byte_of_a_key_file_counts(private: Private, change: Callable[[bytes], bytes]) -> None:
    content = bytes(range(1, 101))
    vault = Vault.create(KeyFile(private("one", content)))

    with pytest.raises(WrongMeans, match=r"^the key file does not open the vault$") as raised:
        Vault.unlock(written(vault), KeyFile(private("other", change(content))))
    assert raised.value.fix == "Name the key file that this vault was made with."
