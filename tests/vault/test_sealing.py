"""What is sealed opens with the same key and the same purpose, and with nothing else."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256

import pytest
from hashdata.vault.sealing import (
    Unsealable,
    canonical,
    checksum,
    is_same,
    random_key,
    random_salt,
    seal,
    stretched,
    tag,
    unseal,
)
from hypothesis import given, settings
from hypothesis import strategies as st

KEY = bytes(range(32))
ABOUT = {"vault": "1a", "record": "2b"}
about = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3)


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=200), about=about)
def test_what_was_sealed_is_what_opens(content: bytes, about: Mapping[str, object]) -> None:
    nonce, sealed = seal(KEY, content, about)

    assert unseal(KEY, nonce, sealed, about) == content


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=20), one=about, other=about)
def test_what_was_sealed_for_one_thing_opens_for_no_other(
    content: bytes, one: Mapping[str, object], other: Mapping[str, object]
) -> None:
    nonce, sealed = seal(KEY, content, one)
    try:
        opened = unseal(KEY, nonce, sealed, other) == content
    except Unsealable:
        opened = False

    assert opened is (one == other)


def test_every_bit_of_what_was_sealed_counts() -> None:
    nonce, sealed = seal(KEY, b"content", ABOUT)
    whole = KEY + nonce + sealed
    opened = []
    for bit in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        parts = bytes(changed[:32]), bytes(changed[32:44]), bytes(changed[44:])
        try:
            unseal(*parts, ABOUT)
        except Unsealable:
            continue
        opened.append(bit)

    assert len(whole) == 32 + 12 + 7 + 16
    assert opened == []


@pytest.mark.parametrize(("nonce", "sealed"), [(b"", b"x" * 20), (b"x" * 12, b""), (b"x" * 12, b"x" * 15)])
def test_what_is_too_short_is_not_opened(nonce: bytes, sealed: bytes) -> None:
    with pytest.raises(Unsealable):
        unseal(KEY, nonce, sealed, ABOUT)


def test_the_same_is_sealed_differently_each_time() -> None:
    made = {seal(KEY, b"content", ABOUT) for _ in range(50)}

    assert len({nonce for nonce, _ in made}) == 50
    assert len({sealed for _, sealed in made}) == 50


def test_keys_and_salts_are_random() -> None:
    assert len({random_key() for _ in range(50)}) == 50
    assert len({random_salt() for _ in range(50)}) == 50
    assert (len(random_key()), len(random_salt())) == (32, 16)


def test_keys_are_derived_as_the_standard_says() -> None:
    # RFC 5869, written out for one block.
    inner = hmac.digest(b"salt", b"material", "sha256")

    assert stretched(b"material", b"salt", "seal") == hmac.digest(inner, b"hashdata seal\x01", "sha256")


def test_each_purpose_salt_and_material_has_a_key_of_its_own() -> None:
    keys = {
        stretched(material, salt, purpose)
        for material in (b"a" * 32, b"b" * 32)
        for salt in (b"one", b"two")
        for purpose in ("seal", "records", "fingerprint", "keyfile slot", "keyring slot")
    }

    assert len(keys) == 20


def test_a_tag_is_the_hmac_of_the_content() -> None:
    assert tag(b"key", b"content") == hmac.new(b"key", b"content", sha256).hexdigest()


@settings(max_examples=40, deadline=None)
@given(st.text(), st.text())
def test_tags_are_the_same_when_their_text_is(one: str, other: str) -> None:
    assert is_same("x" + ascii(one), "x" + ascii(other)) is (one == other)
    assert is_same(ascii(one), ascii(one))


def test_the_checksum_is_that_of_sha256() -> None:
    assert checksum(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text(max_size=3), values, max_size=4))
def test_a_document_has_one_spelling_which_says_the_same(document: dict[str, object]) -> None:
    spelt = canonical(document)

    assert spelt == canonical(dict(reversed(document.items())))
    assert json.loads(spelt.decode("ascii")) == document
    assert canonical(json.loads(spelt)) == spelt
