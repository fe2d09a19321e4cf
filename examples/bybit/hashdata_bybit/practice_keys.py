"""The practice keys: what Bybit has on file for each, and what happens to whoever uses it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hashdata.practice import Persona

Lists = dict[str, tuple[str, ...]]

# What a key that reports are made with may read. Bybit adds Derivatives to keys of unified accounts by itself.
READ: Lists = {
    "ContractTrade": ("Order", "Position"),
    "Spot": ("SpotTrade",),
    "Wallet": ("AccountTransfer",),
    "Options": ("OptionsTrade",),
    "Derivatives": ("DerivativesTrade",),
    "Exchange": (),
    "Earn": (),
}
_NOTHING: Lists = dict.fromkeys(READ, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeKey:
    """
    A persona, and what the exchange has on file for its key.

    `secret` is None for a key that it does not know. `lists` are the flags
    that are on, `days` how long the key lives, None for one that does not
    end. `error` is the code that every signed request is answered.
    """

    persona: Persona
    secret: str | None
    read_only: int = 1
    lists: Lists = field(default_factory=lambda: READ)
    addresses: tuple[str, ...] = ("*",)
    days: int | None = 88
    error: int | None = None

    def has(self, flag: str) -> bool:
        """Whether a flag is on, named as `List.Item`."""
        name, _, item = flag.partition(".")
        return item in self.lists.get(name, ())


def values(number: int) -> dict[str, str]:
    """Return key and secret number `number`: of the exchange's format, and plainly of no use."""
    return {"api_key": f"PRACTICEBYBIT{number:05d}", "secret": "5eed" * 8 + f"{number:04d}"}


def _key(  # noqa: PLR0913 - a row of the tables below
    number: int,
    name: str,
    about: str,
    *,
    read_only: int = 1,
    lists: Lists = READ,
    addresses: tuple[str, ...] = ("*",),
    days: int | None = 88,
    error: int | None = None,
    skew_ms: int = 0,
) -> PracticeKey:
    """Make a key that the exchange knows."""
    given = values(number)
    return PracticeKey(
        persona=Persona(name=name, about=about, credentials=given, skew_ms=skew_ms),
        secret=given["secret"],
        read_only=read_only,
        lists=lists,
        addresses=addresses,
        days=days,
        error=error,
    )


_ACCEPTED = (
    _key(1, "read-only", "may read and nothing else: the key to connect"),
    _key(
        2,
        "bound-to-address",
        "may read, from two addresses only, and does not end",
        addresses=("127.0.0.1", "192.0.2.10"),
        days=None,
    ),
    _key(3, "ending-soon", "may read, and ends in five days", days=5),
)

_POWERFUL = (
    _key(4, "trading", "may write, and is ticked for orders", read_only=0, lists=READ | {"Wallet": ()}),
    _key(
        5,
        "withdrawal",
        "may write, and is ticked for withdrawals",
        read_only=0,
        lists=_NOTHING | {"Wallet": ("Withdraw",)},
    ),
    _key(
        6,
        "transfer",
        "may write, and is ticked for transfers",
        read_only=0,
        lists=_NOTHING | {"Wallet": ("AccountTransfer", "SubMemberTransfer")},
    ),
    _key(
        7,
        "full-power",
        "may write, and is ticked for everything",
        read_only=0,
        lists=READ
        | {
            "Wallet": ("AccountTransfer", "SubMemberTransfer", "Withdraw"),
            "Exchange": ("ExchangeHistory",),
            "Earn": ("Earn",),
        },
    ),
)

_DOUBTFUL = (
    _key(
        8,
        "read-only-but-unknown-right",
        "may read, and has a right that nobody knows yet",
        lists=READ | {"Lottery": ("LotteryTicket",)},
    ),
    _key(
        9,
        "read-only-with-withdrawal",
        "may read, and is ticked for withdrawals nevertheless",
        lists=READ | {"Wallet": ("AccountTransfer", "Withdraw")},
    ),
    _key(
        10,
        "derivatives-only",
        "may write, and has only what Bybit adds by itself",
        read_only=0,
        lists=_NOTHING | {"Derivatives": ("DerivativesTrade",)},
    ),
    _key(11, "third-mode", "is neither read-only nor read-and-write", read_only=2),
    _key(12, "no-wallet", "may read orders, but not what the account holds", lists=READ | {"Wallet": ()}),
)

_UNUSABLE = (
    PracticeKey(
        persona=Persona(name="wrong-key", about="a key that the exchange does not know", credentials=values(13)),
        secret=None,
    ),
    PracticeKey(
        persona=Persona(name="wrong-secret", about="a known key with the secret of another", credentials=values(14)),
        secret=values(94)["secret"],
    ),
    _key(15, "ip-locked", "may be used from another address only", addresses=("192.0.2.10",), days=None, error=10010),
    _key(16, "expired", "has expired", days=0, error=33004),
    _key(17, "banned", "the account is banned", error=10008),
    _key(18, "classic-account", "the account is not a unified one", error=10028),
    _key(19, "skewed-clock", "the exchange's clock is 90 seconds ahead", skew_ms=90_000),
    _key(20, "fast-clock", "this computer's clock is 3 seconds ahead", skew_ms=-3_000),
    _key(21, "rate-limited", "the exchange asks to slow down", error=10006),
    _key(22, "out-of-order", "the exchange has an error of its own", error=10016),
)

KEYS = (*_ACCEPTED, *_POWERFUL, *_DOUBTFUL, *_UNUSABLE)
