"""The practice keys of the main host: what each one may do, and what happens to whoever uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hashdata.permissions import Permission
from hashdata.practice import Persona

_TRADE, _WITHDRAW = Permission.TRADE, Permission.WITHDRAW


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeKey:
    """
    A persona, and what the exchange has on file for its key.

    `held` is None for a key that the exchange does not know. `instead` names
    the answers that replace the usual ones: pairs of the beginning of
    `METHOD /path` and an answer's id, of which the first that fits counts.
    """

    persona: Persona
    held: Mapping[str, str] | None
    powers: frozenset[Permission] = frozenset()
    instead: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0


def values(number: int) -> dict[str, str]:
    """Return key and secret number `number`: of the exchange's format, and plainly of no use."""
    return {
        "api_key": f"PRACTICE-NOTAREAL-POLONIEX-{number:08d}",
        "secret": "5eed" * 31 + f"{number:04d}",
    }


def key(  # noqa: PLR0913 - a row of the table below
    number: int,
    name: str,
    about: str,
    *,
    powers: tuple[Permission, ...] = (),
    instead: tuple[tuple[str, str], ...] = (),
    held: Mapping[str, str] | None = None,
    skew_ms: int = 0,
    delay: float = 0.0,
) -> PracticeKey:
    """Make a key that the exchange knows, by the values it was given or by `held`."""
    given = values(number)
    return PracticeKey(
        persona=Persona(name=name, about=about, credentials=given, skew_ms=skew_ms),
        held=given if held is None else held,
        powers=frozenset(powers),
        instead=instead,
        delay=delay,
    )


_UNKNOWN = PracticeKey(
    persona=Persona(
        name="wrong-key",
        about="a key that the exchange does not know",
        credentials=values(5),
    ),
    held=None,
)

KEYS = (
    key(1, "read-only", "may read and nothing else: the key to connect"),
    key(2, "trading", "may read and place orders", powers=(_TRADE,)),
    key(3, "withdrawal", "may read and withdraw", powers=(_WITHDRAW,)),
    key(4, "full-power", "may read, place orders and withdraw", powers=(_TRADE, _WITHDRAW)),
    _UNKNOWN,
    key(
        6,
        "wrong-secret",
        "a known key with the secret of another",
        held=values(6) | {"secret": values(96)["secret"]},
    ),
    key(
        7,
        "ip-locked",
        "may be used from another address only",
        instead=(("", "v3_get_account-balance-401-illegal-of-ip"),),
    ),
    key(8, "skewed-clock", "the exchange's clock is 90 seconds ahead", skew_ms=90_000),
    key(
        9,
        "frozen",
        "reads well, but the account may not trade",
        instead=(
            ("POST /orders", "spot_post_orders-21351"),
            ("POST /smartorders", "spot_post_orders-21351"),
            ("POST /v3/trade/", "practice_v3-frozen"),
        ),
    ),
    key(10, "locked", "the account is locked", instead=(("", "practice_account-locked"),)),
    key(
        11,
        "maintenance",
        "the exchange is under maintenance",
        instead=(("", "practice_maintenance"),),
    ),
    key(
        12,
        "rate-limited",
        "the exchange asks to slow down",
        instead=(("", "practice_rate-limited"),),
    ),
    key(
        13,
        "captcha",
        "a gateway answers in the exchange's place",
        instead=(("", "practice_captcha"),),
    ),
    key(14, "slow", "every answer takes 30 seconds", delay=30.0),
    key(
        15,
        "unknown-answer",
        "orders are answered with a code that nobody knows",
        instead=(
            ("POST /orders", "practice_unknown-code"),
            ("POST /v3/trade/", "practice_unknown-code"),
        ),
    ),
    key(
        16,
        "older-wrong-key",
        "a wrong key, answered as the exchange did in 2022",
        instead=(
            ("GET /wallets/", "spot_get_wallets-activity_400-forbidden-string-code"),
            ("POST /wallets/", "spot_get_wallets-activity_400-forbidden-string-code"),
            ("", "spot_get_accounts-balances_401-empty"),
        ),
    ),
)
