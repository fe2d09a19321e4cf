"""The words of a verdict: permissions, grants, verdicts and causes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hashdata.errors import ExitCode


class Permission(StrEnum):
    """What a key may be able to do."""

    READ = "read"
    TRADE = "trade"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"


FORBIDDEN = (Permission.TRADE, Permission.WITHDRAW, Permission.TRANSFER)


class Grant(StrEnum):
    """What is known about one permission. What could not be learned is unproven, never refused."""

    GRANTED = "granted"
    REFUSED = "refused"
    UNPROVEN = "unproven"


class Witness(StrEnum):
    """How a question knows: the exchange states the key's rights, or was seen to act on them."""

    DECLARED = "declared"
    OBSERVED = "observed"


class Askable(StrEnum):
    """Whether a permission can be asked about at all."""

    ASKABLE = "askable"
    ABSENT = "absent"
    UNASKABLE = "unaskable"


class Provability(StrEnum):
    """How much a connector can prove: P3 by both witnesses, P2 declared, P1 observed, P0 not at all."""

    P3 = "P3"
    P2 = "P2"
    P1 = "P1"
    P0 = "P0"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether keys of an exchange can have a permission, and whether it can be asked about."""

    askable: Askable
    """`ASKABLE`, `ABSENT` (no key has it) or `UNASKABLE`."""
    reason: str = ""
    """
    Why it is not asked about, for people. `ABSENT` and `UNASKABLE` need it,
    because it ends up among the limits of every report.
    """

    def __post_init__(self) -> None:
        """Refuse a permission that is left out without saying why."""
        if self.askable is not Askable.ASKABLE and not self.reason:
            message = f"a permission that is {self.askable} needs a reason"
            raise ValueError(message)


class Verdict(StrEnum):
    """What becomes of a key."""

    ACCEPTED = "accepted"
    DENIED = "denied"
    UNUSABLE = "unusable"
    INCONCLUSIVE = "inconclusive"

    @property
    def exit_code(self) -> ExitCode:
        """The code that the command line ends with."""
        return ExitCode[self.name]


class Cause(StrEnum):
    """Why a verdict is not *accepted*. Stable words for scripts; the documents hold the same table."""

    TRADE_GRANTED = "trade_granted"
    WITHDRAW_GRANTED = "withdraw_granted"
    TRANSFER_GRANTED = "transfer_granted"
    CONTRADICTION = "contradiction"
    INCOMPLETE_READ = "incomplete_read"

    UNKNOWN_KEY = "unknown_key"
    WRONG_SECRET = "wrong_secret"  # noqa: S105 - the name of a cause
    WRONG_PASSPHRASE = "wrong_passphrase"  # noqa: S105 - the name of a cause
    WRONG_KEY_OR_SECRET = "wrong_key_or_secret"  # noqa: S105 - the name of a cause
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    ACCOUNT_FROZEN = "account_frozen"
    RETIRED_KEY = "retired_key"
    EXPIRED_KEY = "expired_key"

    CLOCK = "clock"
    RATE_LIMITED = "rate_limited"
    MAINTENANCE = "maintenance"
    NOT_THE_API = "not_the_api"
    TIMEOUT = "timeout"
    NETWORK = "network"
    TLS = "tls"
    TOO_LARGE = "too_large"
    ACCOUNT_NOT_OPENED = "account_not_opened"
    ACCOUNT_RESTRICTED = "account_restricted"
    UNRECOGNISED_ANSWER = "unrecognised_answer"

    @classmethod
    def granted(cls, permission: Permission) -> Cause:
        """Name the cause of a denial for a forbidden `permission`."""
        return cls(f"{permission}_granted")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cause leads to: the verdict, what happened in words, and what to do."""

    verdict: Verdict
    what: str
    fix: str


MEANINGS: dict[Cause, Meaning] = {
    Cause.TRADE_GRANTED: Meaning(
        Verdict.DENIED,
        "the key can place orders",
        "Switch trading off for this key on the exchange's key page, then test again.",
    ),
    Cause.WITHDRAW_GRANTED: Meaning(
        Verdict.DENIED,
        "the key can withdraw",
        "Switch withdrawals off for this key on the exchange's key page, then test again.",
    ),
    Cause.TRANSFER_GRANTED: Meaning(
        Verdict.DENIED,
        "the key can transfer",
        "Switch transfers off for this key on the exchange's key page, then test again.",
    ),
    Cause.CONTRADICTION: Meaning(
        Verdict.DENIED,
        "the exchange contradicts itself about what the key may do",
        "Do not use the key. Please report this with the output of --json: hashdata or its connector may be wrong.",
    ),
    Cause.INCOMPLETE_READ: Meaning(
        Verdict.DENIED,
        "the key may not read everything that a complete picture of the account needs",
        "Give the key the right to read on the exchange's key page, then test again.",
    ),
    Cause.UNKNOWN_KEY: Meaning(
        Verdict.UNUSABLE,
        "the exchange does not know this key",
        "Copy the API key again, whole, from the exchange's key page, and check that it has not been deleted.",
    ),
    Cause.WRONG_SECRET: Meaning(
        Verdict.UNUSABLE,
        "the exchange does not accept the secret that goes with this key",
        "Copy the secret again, whole; if it cannot be shown any more, create a new key.",
    ),
    Cause.WRONG_PASSPHRASE: Meaning(
        Verdict.UNUSABLE,
        "the exchange does not accept the passphrase that goes with this key",
        "Enter the passphrase that was chosen when the key was made; if it is lost, create a new key.",
    ),
    Cause.WRONG_KEY_OR_SECRET: Meaning(
        Verdict.UNUSABLE,
        "the exchange does not accept the key, or not its secret; it does not say which",
        "Copy the API key and the secret again, whole, and check that they are not swapped.",
    ),
    Cause.ADDRESS_NOT_ALLOWED: Meaning(
        Verdict.UNUSABLE,
        "the key may not be used from this computer's address",
        "Add this computer's public address to the key's list on the exchange, or remove the list, then test again.",
    ),
    Cause.ACCOUNT_FROZEN: Meaning(
        Verdict.UNUSABLE,
        "the exchange says that the account is frozen",
        "Ask the exchange's support to unfreeze the account, then test again.",
    ),
    Cause.RETIRED_KEY: Meaning(
        Verdict.UNUSABLE,
        "the key belongs to a service that the exchange has switched off",
        "Create a current key on the exchange's key page and test that one.",
    ),
    Cause.EXPIRED_KEY: Meaning(
        Verdict.UNUSABLE,
        "the key has expired",
        "Create a new key on the exchange's key page and test that one.",
    ),
    Cause.CLOCK: Meaning(
        Verdict.INCONCLUSIVE,
        "this computer's clock is too far from the exchange's",
        "Set this computer's clock, best by switching on automatic time, then test again.",
    ),
    Cause.RATE_LIMITED: Meaning(
        Verdict.INCONCLUSIVE,
        "the exchange asks to slow down",
        "Wait a few minutes, stop other programs that use the same key or address, then test again.",
    ),
    Cause.MAINTENANCE: Meaning(
        Verdict.INCONCLUSIVE,
        "the exchange is under maintenance or out of order",
        "Look at the exchange's status page and test again later.",
    ),
    Cause.NOT_THE_API: Meaning(
        Verdict.INCONCLUSIVE,
        "something other than the exchange's API answered, such as a captcha, a gateway or a proxy",
        "Test from a network without a proxy or sign-in page, or wait until the exchange stops blocking this address.",
    ),
    Cause.TIMEOUT: Meaning(
        Verdict.INCONCLUSIVE,
        "no complete answer came in time",
        "Test again; on a slow connection with a longer `--timeout` of the command line.",
    ),
    Cause.NETWORK: Meaning(
        Verdict.INCONCLUSIVE,
        "the exchange cannot be reached, or the connection broke",
        "Check this computer's internet connection, name server and firewall, then test again.",
    ),
    Cause.TLS: Meaning(
        Verdict.INCONCLUSIVE,
        "the other side could not prove that it is the exchange: its certificate is not good",
        "Do not enter the key on this network. Check the clock and whether a program inspects encrypted traffic.",
    ),
    Cause.TOO_LARGE: Meaning(
        Verdict.INCONCLUSIVE,
        "the answer was far larger than the exchange's answers are",
        "Test again from another network; if it stays so, please report it.",
    ),
    Cause.ACCOUNT_NOT_OPENED: Meaning(
        Verdict.INCONCLUSIVE,
        "the account has not been opened yet, so there is nothing to read",
        "Open the account on the exchange once, then test again.",
    ),
    Cause.ACCOUNT_RESTRICTED: Meaning(
        Verdict.INCONCLUSIVE,
        "the exchange restricts the account, so it does not show what the key may do",
        "Finish the exchange's verification, or ask its support why the account is restricted, then test again.",
    ),
    Cause.UNRECOGNISED_ANSWER: Meaning(
        Verdict.INCONCLUSIVE,
        "the exchange gave an answer that this connector does not know",
        "Please report the lines that are printed with this (with --json on standard error); they hold no credential. "
        "Until the answer is understood, the key is not accepted.",
    ),
}
