"""The two guides state every fact that a person needs, and lead from a cause to its step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hashdata.guidance import Guide, Variant
from hashdata.permissions import Cause
from hashdata.render.guide import Format, render
from hashdata_poloniex.guide import GUIDE as MAIN
from hashdata_poloniex_futures.guide import GUIDE as FUTURES

TODAY = date(2026, 11, 22)
GUIDES = {"poloniex": MAIN, "poloniex-futures": FUTURES}
EVERY_VARIANT = [variant for guide in GUIDES.values() for variant in guide.variants]
KEY_CAUSES = (Cause.UNKNOWN_KEY, Cause.WRONG_SECRET, Cause.WRONG_KEY_OR_SECRET)

# (connector, variant): fact: the words that state it. None is every variant of the connector.
FACTS: dict[tuple[str, str | None], dict[str, tuple[str, ...]]] = {
    ("poloniex", None): {
        "main and futures are apart": ("Main account (spot and margin) from the Futures account",),
        "one key each": ("each needs one key of its own",),
        "both or incomplete": ("connect both", "poloniex-futures", "data is incomplete"),
        "labels are not from the live page": ("nobody has compared them with the live page",),
        "the way to the page": (
            "Sign in",
            "profile icon at the top right",
            "Profile, then API Keys",
        ),
        "the address of the page": ("https://poloniex.com/apiKeys",),
        "the button": ("Create New Key",),
        "two factors": ("2FA code",),
        "the e-mail": ("e-mail: confirm it within 15 minutes",),
        "the key's names": ("field API Key takes what the exchange calls API Key",),
        "the secret's names": ("field Secret what the exchange calls Secret Key",),
        "a safe place": ("safe place",),
        "the secret again": ("secret can be shown again later on this page",),
        "trading off": ("[ ] untick: Enable Trading",),
        "trading is denied": ("any trading function is denied",),
        "withdrawals off": ("Leave withdrawals off", "[ ] untick: Enable Withdrawals"),
        "a hosted tool and addresses": ("A hosted tool needs no limit",),
        "a fixed address": ("fixed and known", "whitelist with this address is safer"),
        "in the tool": ("Exchange Accounts > Add Exchange, choose Poloniex, enter the values",),
        "test, then submit": ("press Test Keys. When no error is shown, press Submit",),
        "on the command line": ("hashdata connectors test poloniex runs",),
        "what an error means": (
            "most often means that the key can edit something",
            "permissions again",
        ),
        "whom to ask": ("Support@HashData.co",),
    },
    ("poloniex", "today"): {
        "only reading at first": ("a new key starts with only Enable Reading",),
        "reading stays on": ("[x] tick: Enable Reading",),
        "spot and futures are switched on": ("trading, spot and futures, is off until you switch it on",),
        "restrictions": ("restrictions",),
        "the older default": ("the older page ticked Enable Trading by default",),
        "check anyway": ("So check, whatever the default",),
        "a whitelist exists": ("whitelist of IP addresses",),
        "where this comes from": ("official SDK", "API documentation", "2026-11-22"),
    },
    ("poloniex", "older"): {
        "ticked by default": ("Poloniex ticks this box by default on a new key",),
        "where this comes from": ("HashData's user guide", "2026-11-22"),
    },
    ("poloniex-futures", None): {
        "one key each": ("each needs one key of its own",),
        "both or incomplete": ("connect both", "data is incomplete"),
        "labels are not from the live page": ("nobody has compared them with the live page",),
        "v3 is on the main host": ("v3, is on the exchange's main host",),
        "v3 has no passphrase": ("takes no passphrase",),
        "common keys": ("common key page",),
        "the way to the page": ("profile icon at the top right", "Profile, then API Keys"),
        "the address of the page": ("https://poloniex.com/apiKeys",),
        "two factors": ("2FA code",),
        "the key's names": ("field API Key takes what the exchange calls API Key",),
        "the secret's names": ("field Secret what the exchange calls Secret Key",),
        "a safe place": ("safe place",),
        "in the tool": ("Add Exchange, choose Poloniex Futures, enter the values",),
        "test, then submit": ("press Test Keys. When no error is shown, press Submit",),
        "on the command line": ("hashdata connectors test poloniex-futures runs",),
        "what an error means": ("most often means that the key can edit something",),
        "whom to ask": ("Support@HashData.co",),
    },
    ("poloniex-futures", "today"): {
        "only reading": ("a new key starts with only Enable Reading", "[x] tick: Enable Reading"),
        "trading off": ("[ ] untick: Enable Trading", "[ ] untick: futures trading"),
        "withdrawals off": ("[ ] untick: Enable Withdrawals",),
        "the e-mail": ("confirm it within 15 minutes",),
        "the secret again": ("secret can be shown again later on this page",),
        "the passphrase decides": ("With a passphrase the tool treats a key as a classic one, without it as a v3 one",),
        "addresses": ("A hosted tool needs no limit", "whitelist with this address is safer"),
    },
    ("poloniex-futures", "classic"): {
        "announced offline": ("announced to go offline on 2024-11-30",),
        "what the host answered": (
            "March and April 2025",
            "every signed call with Invalid Apikey or Signature",
        ),
        "the page is gone": ("This page exists no more (since 2024-11-30)",),
        "a current key": (
            "Make a current key instead",
            "Create New Key",
            "hashdata connectors guide poloniex-futures --variant today",
        ),
        "a v3 key with a passphrase": ("leave its passphrase empty",),
        "the futures page": ("then Futures API Keys",),
        "the name": ("API name that describes its use", '"How To Guide"'),
        "the passphrase": ("use nowhere else", "asks for it again"),
        "the secret is gone": ("Once the page is refreshed, the secret is hidden for ever",),
        "only General": ("API Restrictions must say only General", "[x] tick: General"),
        "read-only by default": ("The default for a futures key is to read only",),
        "no trading": ("Trade must not be ticked", "[ ] untick: Trade"),
        "addresses": ("Check the IP Limit", "A hosted tool needs No Limit"),
    },
}
STATED = [
    pytest.param(connector, variant.name, words, id=f"{connector}-{variant.name}-{fact}")
    for (connector, only), facts in FACTS.items()
    for fact, words in facts.items()
    for variant in GUIDES[connector].variants
    if only in {None, variant.name}
]


@pytest.mark.parametrize(("connector", "variant", "words"), STATED)
def test_a_guide_states_the_fact(connector: str, variant: str, words: tuple[str, ...]) -> None:
    guide = GUIDES[connector]

    text = " ".join(render(guide, guide.variant(variant), Format.TEXT, TODAY).split())

    assert [w for w in words if w not in text] == []


def test_todays_page_comes_first() -> None:
    assert [guide.variant().name for guide in GUIDES.values()] == ["today", "today"]


@pytest.mark.parametrize("guide", GUIDES.values())
def test_an_unknown_variant_is_a_key_error(guide: Guide) -> None:
    with pytest.raises(KeyError):
        guide.variant("tomorrow")


@pytest.mark.parametrize(
    ("guide", "api", "causes", "words"),
    [
        (MAIN, "main", [Cause.TRADE_GRANTED], "trading is off"),
        (MAIN, "main", [Cause.WITHDRAW_GRANTED], "withdrawals off"),
        (MAIN, "main", [Cause.INCOMPLETE_READ], "reading on"),
        (MAIN, "main", KEY_CAUSES, "Record the key and the secret"),
        (MAIN, "main", [Cause.ADDRESS_NOT_ALLOWED], "addresses"),
        (FUTURES, "v3", [Cause.TRADE_GRANTED], "trading is off"),
        (FUTURES, "v3", [Cause.WITHDRAW_GRANTED], "withdrawals off"),
        (FUTURES, "v3", [Cause.INCOMPLETE_READ], "reading on"),
        (FUTURES, "v3", KEY_CAUSES, "Record the key and the secret"),
        (FUTURES, "v3", [Cause.ADDRESS_NOT_ALLOWED], "addresses"),
        (FUTURES, "v3", [Cause.ACCOUNT_NOT_OPENED], "Open the futures account"),
        (FUTURES, "classic", [Cause.RETIRED_KEY], "Make a current key"),
        (FUTURES, "classic", [Cause.WRONG_PASSPHRASE], "passphrase"),
        (FUTURES, "classic", KEY_CAUSES, "record the key and the secret"),
        (FUTURES, "classic", [Cause.TRADE_GRANTED], "Restrictions say nothing else"),
        (FUTURES, "classic", [Cause.TRANSFER_GRANTED], "Restrictions say nothing else"),
        (FUTURES, "classic", [Cause.INCOMPLETE_READ], "Restrictions say General"),
        (FUTURES, "classic", [Cause.ADDRESS_NOT_ALLOWED], "IP Limit"),
    ],
)
def test_a_cause_leads_to_the_step_that_mends_it(
    guide: Guide,
    api: str,
    causes: Iterable[Cause],
    words: str,
) -> None:
    variant = guide.variant_of(api)
    found = [variant.step_for(cause) for cause in causes]

    assert [step and words in step[1].title for step in found] == [True] * len(found)


@pytest.mark.parametrize("variant", EVERY_VARIANT)
def test_each_cause_is_mended_by_one_step(variant: Variant) -> None:
    mended = [cause for step in variant.steps for cause in step.mends]

    assert len(mended) == len(set(mended))


@pytest.mark.parametrize("variant", EVERY_VARIANT)
def test_a_step_that_gives_a_right_takes_none_away(variant: Variant) -> None:
    # The fix of a verdict names every box of its step.
    assert [step.title for step in variant.steps if step.tick and step.untick] == []


def test_no_step_mends_what_only_the_exchange_can() -> None:
    mended = {c for variant in EVERY_VARIANT for step in variant.steps for c in step.mends}

    assert not mended & {
        Cause.CONTRADICTION,
        Cause.ACCOUNT_FROZEN,
        Cause.MAINTENANCE,
        Cause.NETWORK,
    }
