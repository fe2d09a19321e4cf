"""Damage is called damage, whatever bit or end it takes; it is never a wrong passphrase, and never written over."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hashdata.errors import VaultError
from hashdata.vault import KeyFile, Vault, WrongMeans, read

from tests.cli.command import Outcome
from tests.vault.forging import ONE, TWO

Here = Callable[..., Outcome]
HOW_OFTEN = 600


@pytest.fixture
def whole(typed: Vault, key: KeyFile, path: Path) -> bytes:
    """Return the content of a stored vault with two slots and two records."""
    typed.with_slot(key).put(TWO, {"name": "two"}).save(path)
    return path.read_bytes()


def not_called_damage(path: Path, contents: Iterable[bytes]) -> list[str]:
    """Read each of `contents` as a vault; return what was said of those that were not called damaged, or changed."""
    found = []
    for content in contents:
        path.write_bytes(content)
        said = "it was accepted"
        try:
            read(path)
        except WrongMeans as error:
            said = f"wrong: {error.what}"
        except VaultError as error:
            said = error.what
        if not said.startswith(f"{path} is damaged: ") or path.read_bytes() != content:
            found.append(said)
    return found


def test_every_flipped_bit_is_called_damage(whole: bytes, path: Path) -> None:
    chosen = random.Random(20261122).sample(range(len(whole) * 8), HOW_OFTEN)  # noqa: S311 - the same each time
    flipped = []
    for bit in chosen:
        content = bytearray(whole)
        content[bit // 8] ^= 1 << bit % 8
        flipped.append(bytes(content))

    assert not_called_damage(path, flipped) == []
    assert not_called_damage(path, [whole]) == ["it was accepted"]
    assert {one.name for one in path.parent.iterdir()} == {"vault.json"}


def test_every_cut_off_end_is_called_damage(whole: bytes, path: Path) -> None:
    lengths = random.Random(20261122).sample(range(len(whole)), HOW_OFTEN)  # noqa: S311 - the same each time
    lengths += [0, 1, len(whole) - 1, len(whole) - 2]

    assert not_called_damage(path, [whole[:length] for length in lengths]) == []
    assert {one.name for one in path.parent.iterdir()} == {"vault.json"}


def test_every_lost_beginning_block_and_sector_is_called_damage(whole: bytes, path: Path) -> None:
    starts = range(0, len(whole), 64)
    lost = [whole[start + 1 :] for start in starts]
    zeroed = [whole[:start] + bytes(min(64, len(whole) - start)) + whole[start + 64 :] for start in starts]
    doubled = [whole[: start + 64] + whole[start:] for start in starts[:-1]]

    assert not_called_damage(path, [*lost, *zeroed, *doubled]) == []


def test_random_bytes_are_called_damage(path: Path) -> None:
    source = random.Random(20261122)  # noqa: S311 - the same each time
    path.touch(mode=0o600)

    assert not_called_damage(path, [source.randbytes(source.randrange(500)) for _ in range(100)]) == []


@pytest.mark.parametrize(
    "command",
    [
        ("vault", "status"),
        ("vault", "init", "--slot", "keyfile"),
        ("vault", "change-passphrase"),
        ("vault", "add-slot", "--slot", "keyring"),
        ("vault", "remove-slot", "--slot", "keyfile"),
    ],
    ids=lambda command: command[1],
)
def test_no_command_writes_over_a_damaged_vault(
    here: Here, key: KeyFile, home: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    home.mkdir(mode=0o700)
    Vault.create(key).put(ONE, {}).save(home / "vault.json")
    Vault.create(key).put(TWO, {}).save(home / "vault.json")
    backup = (home / "vault.json.bak").read_bytes()
    damaged = (home / "vault.json").read_bytes()[:-40]
    (home / "vault.json").write_bytes(damaged)
    options = ("--key-file", str(tmp_path / "vault.key")) if command[1] != "status" else ()
    ended = here(*command, *options)

    assert ended.err.startswith(f"Error: {home / 'vault.json'} is damaged: it is not JSON (line 1, column ")
    assert ended.err.count("\n") == 2
    assert ended.code == 2
    assert (home / "vault.json").read_bytes() == damaged
    assert (home / "vault.json.bak").read_bytes() == backup


def test_a_damaged_vault_is_restored_from_the_copy_beside_it(key: KeyFile, vault: Vault, path: Path) -> None:
    vault.put(ONE, {"name": "new"}).save(path)
    path.write_bytes(b"")
    with pytest.raises(VaultError, match="is damaged") as raised:
        read(path)
    path.with_name("vault.json.bak").replace(path)
    sealed = read(path)

    assert "vault.json.bak beside it" in raised.value.fix
    assert sealed is not None
    assert Vault.unlock(sealed, key).get(ONE) == {"name": "one"}
