"""
The encrypted home of secrets: one file, opened by a passphrase, a key file or the system's keyring.

`sealing` is the cryptography, `slots` are the ways to open a vault, `document`
is the file format, `vault` an opened vault, `means` what a person opens it with.
"""

from hashdata.vault.document import Sealed, read
from hashdata.vault.means import KeyFile, Keyring, Means, Passphrase
from hashdata.vault.slots import SlotKind
from hashdata.vault.vault import Vault, WrongMeans

__all__ = ["KeyFile", "Keyring", "Means", "Passphrase", "Sealed", "SlotKind", "Vault", "WrongMeans", "read"]
