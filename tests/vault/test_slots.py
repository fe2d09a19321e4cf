"""A key slot opens with what it was made for, in the vault that it was made in, at the cost that it was made at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hashdata.vault.sealing import Unsealable
from hashdata.vault.slots import Cost, Misshapen, Slot, SlotKind, unhex
from hypothesis import given
from hypothesis import strategies as st

MATERIAL, DATA_KEY, VAULT = bytes(range(40)), bytes(range(100, 132)), "1a" * 16
KEYED = [SlotKind.KEYFILE, SlotKind.KEYRING]


def slot(kind: SlotKind = SlotKind.KEYFILE) -> Slot:
    return Slot.wrap(kind, MATERIAL, DATA_KEY, VAULT)


@pytest.fixture(scope="module")
def typed() -> Slot:
    """Return a slot for a passphrase, which takes a while to make."""
    return slot(SlotKind.PASSPHRASE)


def test_a_slot_gives_the_data_key_for_what_it_was_made_with(typed: Slot) -> None:
    made = [typed, *(slot(kind) for kind in KEYED)]

    assert [one.unwrap(MATERIAL, VAULT) for one in made] == [DATA_KEY] * 3


def test_a_slot_that_was_written_and_read_is_the_same(typed: Slot) -> None:
    made = [typed, *(slot(kind) for kind in KEYED)]

    assert [Slot.of_json(one.to_json()) for one in made] == made


def test_other_material_opens_no_slot(typed: Slot) -> None:
    for one in (typed, *(slot(kind) for kind in KEYED)):
        with pytest.raises(Unsealable):
            one.unwrap(MATERIAL[:-1], VAULT)


def test_a_slot_opens_in_its_own_vault_only() -> None:
    with pytest.raises(Unsealable):
        slot().unwrap(MATERIAL, "2b" * 16)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": SlotKind.KEYRING},
        {"salt": bytes(16)},
        {"nonce": bytes(12)},
        {"wrapped": bytes(48)},
        {"cost": Cost()},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_slot_that_says_something_else_does_not_open(changed: dict[str, Any]) -> None:
    with pytest.raises(Unsealable):
        replace(slot(), **changed).unwrap(MATERIAL, VAULT)


def test_no_two_slots_are_wrapped_alike() -> None:
    made = [slot() for _ in range(20)]

    assert len({one.salt for one in made}) == 20
    assert len({one.nonce for one in made}) == 20
    assert len({one.wrapped for one in made}) == 20


def test_a_passphrase_costs_what_the_standard_recommends(typed: Slot) -> None:
    # RFC 9106, the second recommended option.
    assert typed.to_json()["kdf"] == {"name": "argon2id", "memory_kib": 65536, "iterations": 3, "lanes": 4}


@pytest.mark.parametrize(
    "cost",
    [
        {"memory_kib": 65535},
        {"memory_kib": 8},
        {"memory_kib": 0},
        {"memory_kib": -65536},
        {"iterations": 2},
        {"lanes": 3},
        {"iterations": 17},
        {"lanes": 17},
        {"memory_kib": 2 * 1024 * 1024},
        {"memory_kib": 2**64},
        {"memory_kib": 65536.0},
        {"memory_kib": "65536"},
        {"iterations": True},
        {"lanes": None},
        {"name": "argon2i"},
        {"name": "hkdf-sha256"},
        {"more": 1},
    ],
    ids=str,
)
def test_a_cost_that_is_lower_dangerous_or_none_is_refused(typed: Slot, cost: dict[str, object]) -> None:
    written = typed.to_json()
    assert isinstance(written["kdf"], dict)

    with pytest.raises(Misshapen, match=r"^the cost of a key slot$"):
        Slot.of_json({**written, "kdf": {**written["kdf"], **cost}})


def test_a_higher_cost_of_tomorrow_is_read(typed: Slot) -> None:
    written = typed.to_json()
    assert isinstance(written["kdf"], dict)
    read = Slot.of_json({**written, "kdf": {**written["kdf"], "iterations": 6, "memory_kib": 131072}})

    assert read.cost == Cost(131072, 6, 4)


def test_a_passphrase_is_never_stretched_the_cheap_way(typed: Slot) -> None:
    with pytest.raises(Misshapen, match=r"^the cost of a key slot$"):
        Slot.of_json({**typed.to_json(), "kdf": {"name": "hkdf-sha256"}})


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"kind": "password"}, "the kind of a key slot"),
        ({"kind": None}, "the kind of a key slot"),
        ({"kind": ["keyfile"]}, "the kind of a key slot"),
        ({"kind": {}}, "the kind of a key slot"),
        ({"kdf": "hkdf-sha256"}, "the kind of a key slot"),
        ({"kdf": {}}, "the cost of a key slot"),
        ({"kdf": {"name": "none"}}, "the cost of a key slot"),
        ({"salt": "ab"}, "the salt of a key slot"),
        ({"salt": "ab" * 17}, "the salt of a key slot"),
        ({"salt": 7}, "the salt of a key slot"),
        ({"nonce": ""}, "the nonce of a key slot"),
        ({"nonce": "ab" * 8}, "the nonce of a key slot"),
        ({"wrapped": "ab" * 47}, "the key of a key slot"),
        ({"wrapped": None}, "the key of a key slot"),
        ({"more": "x"}, "a key slot"),
    ],
    ids=str,
)
def test_what_is_no_slot_is_named(changed: dict[str, object], what: str) -> None:
    with pytest.raises(Misshapen, match=f"^{what}$"):
        Slot.of_json({**slot().to_json(), **changed})


@pytest.mark.parametrize("value", [None, [], "slot", 1, {}])
def test_what_is_not_even_an_object_is_no_slot(value: object) -> None:
    with pytest.raises(Misshapen, match=r"^a key slot$"):
        Slot.of_json(value)


@given(st.binary(min_size=1, max_size=40))
def test_hex_digits_are_read(content: bytes) -> None:
    assert unhex(content.hex(), "it") == content


@pytest.mark.parametrize(
    "value", ["", "a", "abc", "AB", "aB", "a b", " ab", "ab ", "ab\n", "ab cd", "0x", "é", "١٢", 1]
)
def test_bytes_have_one_spelling(value: object) -> None:
    with pytest.raises(Misshapen, match=r"^it$"):
        unhex(value, "it")


def test_nothing_secret_of_a_slot_is_shown() -> None:
    made = slot()
    shown = f"{made} {made!r}"

    assert "keyfile" in shown
    assert made.wrapped.hex() not in shown
    assert repr(made.wrapped) not in shown
    assert repr(made.nonce) not in shown
