"""The practice keys of a futures account: those of the main host, one more, and classic keys."""

from __future__ import annotations

from hashdata.permissions import Permission
from hashdata.practice import Persona
from hashdata_poloniex.practice_keys import KEYS, PracticeKey, key, values

V3_KEYS = (
    *KEYS,
    key(
        17,
        "never-opened",
        "the futures account was never opened",
        instead=(
            ("GET /v3/account/balance", "v3_get_v3-account-balance-200"),
            ("POST /v3/", "practice_v3-not-opened"),
            ("DELETE /v3/", "practice_v3-not-opened"),
        ),
    ),
)


def _classic(  # noqa: PLR0913 - a row of the table below
    number: int,
    name: str,
    about: str,
    *,
    powers: tuple[Permission, ...] = (),
    instead: tuple[tuple[str, str], ...] = (),
    wrong: str = "",
) -> PracticeKey:
    """Make a classic key whose value named `wrong` is not the one that the exchange holds."""
    given = values(number) | {"passphrase": f"practice-phrase-{number}"}
    held = given | ({wrong: (values(number + 50) | {"passphrase": "practice-phrase-0"})[wrong]} if wrong else {})
    return PracticeKey(
        persona=Persona(name=name, about=about, credentials=given),
        held=held,
        powers=frozenset(powers),
        instead=instead,
    )


CLASSIC_KEYS = (
    _classic(31, "classic-read-only", "a classic key that may read, as if the service still ran"),
    _classic(32, "classic-trading", "a classic key that may trade", powers=(Permission.TRADE,)),
    _classic(
        33,
        "classic-narrow",
        "a classic key that may not read everything",
        instead=(("GET /api/v1/transaction-history", "doc_classic_error-400007-permission"),),
    ),
    _classic(34, "wrong-passphrase", "a classic key with the passphrase of another", wrong="passphrase"),
    _classic(35, "classic-wrong-secret", "a classic key with the secret of another", wrong="secret"),
    _classic(
        36,
        "retired",
        "a classic key, answered as the retired service answers every one",
        instead=(("", "classic_get_api-v1-premium-query-400"),),
    ),
)
