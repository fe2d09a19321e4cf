"""A schema like those of real exchanges, for the tests of credentials."""

from hashdata.credentials import CredentialSchema, Field

SCHEMA = CredentialSchema(
    (
        Field(name="api_key", label="API Key", hint="sixteen capitals", format=r"[A-Z]{16}"),
        Field(name="secret", label="Secret Key", hint="32 of 0-9 and a-f", format=r"[0-9a-f]{32}"),
        Field(name="passphrase", label="Passphrase", required=False),
    )
)
KEY = "ABCDEFGHIJKLMNOP"
SECRET = "0123456789abcdef0123456789abcdef"
GOOD = {"api_key": KEY, "secret": SECRET}
