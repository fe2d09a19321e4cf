"""
The keyring of the system, and no other.

`keyring` takes whatever backend is installed or named in the environment,
among them files without encryption, so a backend counts only by its name.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from hashdata.errors import VaultError

if TYPE_CHECKING:
    from types import ModuleType

# Those that keep secrets encrypted under the person's login.
TRUSTED = {
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Locker",
    "keyring.backends.SecretService": "Secret Service (GNOME Keyring, KeePassXC)",
    "keyring.backends.libsecret": "Secret Service through libsecret",
    "keyring.backends.kwallet": "KWallet",
}
SERVICE = "hashdata"


def _otherwise(command: str) -> str:
    """Say what to do without a keyring; `command` is the one of `hashdata vault` that makes the slot."""
    return f"Use a passphrase or a key file: `hashdata vault {command} --slot passphrase` or `--slot keyfile`."


def check_usable(command: str = "init") -> None:
    """Raise `VaultError` where there is no real keyring; `command` is named as the way without one."""
    _keyring(command)


def _keyring(command: str = "init") -> ModuleType:
    """Return the library, if it is installed and leads to a real keyring."""
    otherwise = _otherwise(command)
    try:
        import keyring
    except ImportError:
        raise VaultError(
            "the keyring cannot be used: the package keyring is not installed",
            fix="Run `pip install 'hashdata[keyring]'`, or " + otherwise[0].lower() + otherwise[1:],
        ) from None
    backend: Any = keyring.get_keyring()
    # It may be keyring's chain of several, of which the first that works is asked.
    is_chain = type(backend).__module__ == "keyring.backends.chainer"
    chained = (list(backend.backends) if is_chain else []) or [backend]
    if strange := [one for one in chained if type(one).__module__ not in TRUSTED]:
        kind = type(strange[0])
        name = f"{kind.__module__}.{kind.__qualname__}"
        what = (
            "this system has no keyring" if kind.__module__ == "keyring.backends.fail" else f"{name} is no real keyring"
        )
        raise VaultError(f"the keyring cannot be used: {what}", fix=otherwise)
    return keyring


def store(vault_id: str, content: bytes, command: str = "init") -> None:
    """Put bytes into the keyring, and see that they are there; `command` is as above."""
    failure = ""
    try:
        _keyring(command).set_password(SERVICE, vault_id, content.hex())
    except VaultError:
        raise
    except Exception as error:  # noqa: BLE001 - each system's keyring raises its own errors
        failure = type(error).__name__
    if failure:
        raise VaultError(f"the keyring refused to keep the vault's key ({failure})", fix=_otherwise(command))
    kept = b""
    with contextlib.suppress(VaultError):
        kept = fetch(vault_id)
    if kept != content:
        raise VaultError("the keyring did not keep the vault's key", fix=_otherwise(command))


def fetch(vault_id: str) -> bytes:
    """Return the bytes that the keyring holds; raise `VaultError` when it holds none or stays locked."""
    failure, value = "", None
    try:
        value = _keyring().get_password(SERVICE, vault_id)
    except VaultError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        failure = type(error).__name__
    if failure:
        raise VaultError(f"the keyring does not open ({failure})", fix="Unlock it, then run the command again.")
    with contextlib.suppress(ValueError):
        if value and len(content := bytes.fromhex(value)) >= 32:  # noqa: PLR2004 - as many as a data key has
            return content
    raise VaultError(
        "the keyring holds no key for this vault",
        fix="Sign in as the person who made the vault, or restore the keyring from a backup.",
    )


def forget(vault_id: str) -> None:
    """Delete what the keyring holds for a vault, if anything; raise `VaultError` where it may still be there."""
    failure = ""
    try:
        keyring = _keyring()
        if keyring.get_password(SERVICE, vault_id) is not None:
            keyring.delete_password(SERVICE, vault_id)
    except VaultError as error:
        failure = error.what
    except Exception as error:  # noqa: BLE001 - as above
        failure = type(error).__name__
    if failure:
        raise VaultError(
            f"the keyring's entry for this vault could not be deleted ({failure})",
            fix=f"Delete the entry {SERVICE} with the system's own program for its keyring.",
        )
