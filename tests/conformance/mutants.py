"""Deliberately broken connectors, each with the check that must catch it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hashdata.answers import Fields, Flag, Is, ListOf, Text
from hashdata.credentials import CredentialSchema
from hashdata.permissions import Askable, Cause, Grant, Permission, Standing
from hashdata.questions import Answer, Diagnosis

from tests.conformance.broken import (
    Anonymous,
    Anything,
    Executing,
    Hasty,
    Nameless,
    Object,
    Raising,
    Trusting,
    WithoutDate,
    WithoutReason,
    always,
    answering,
    changing,
    credulous,
    deny_list,
    echo,
    forgetful,
    greedy,
    lying,
    moody,
    only,
    unlike,
    unsourced,
)
from tests.conformance.changes import (
    GRANTED,
    REFUSED,
    SPOT,
    TODAY,
    api,
    params,
    practice,
    probe,
    refused,
    stated,
    stream,
    told,
    trade,
    variant,
)
from tests.conformance.example import FLAGS
from tests.conformance.variants import GOOD, Variant

MENDS = "the_guide_mends_every_grant"
EXAMPLE_GRANTED = "every_forbidden_permission_has_an_example_that_is_granted"
EXAMPLE_REFUSED = "every_forbidden_permission_has_an_example_that_is_refused"
MALFORMED = "no_malformed_answer_to_a_probe_proves_anything"
LOOKS_LIKE = "no_answer_that_looks_like_a_refusal_is_one"
STATEMENT = "no_malformed_statement_proves_anything"
UNKNOWN = "an_unknown_flag_proves_nothing"
PURE = "the_rights_function_is_pure"
NOT_DATA = "no_stream_is_read_from_an_answer_that_is_not_its_data"
FOREIGN = "nothing_foreign_says_anything_of_the_key"
REAL = "no_probe_names_anything_real"
CANCELS = "no_probe_cancels_what_exists"
AMOUNT = "no_probe_names_a_large_amount"
HARMLESS = "every_probe_says_why_it_is_harmless"
EVIDENCE = "every_recognised_answer_has_evidence"
LOADS = "the_connector_loads_and_is_ready"
RUNS = "every_practice_key_can_be_tested"
CCXT = "the_installed_ccxt_is_in_its_range"
READS = "no_read_asks_for_a_change"
SPELLING = "no_flag_that_is_written_otherwise_counts_as_off"
LEDGER = "no_practice_key_changes_anything"


@dataclass(frozen=True, slots=True)
class Mutant:
    """What is wrong with a connector, which check must say so, and how it is made."""

    what: str
    caught_by: str
    make: Callable[[], Variant]


def accepted_order(code: int) -> Answer:
    return Answer(code=code, means=Grant.GRANTED, evidence="documented")


SOON = datetime.now(UTC).date() + timedelta(days=3)
FIRST, SECOND, THIRD = TODAY.steps
WITHDRAW_ONLY = replace(SECOND, mends=frozenset({Cause.WITHDRAW_GRANTED, Cause.TRANSFER_GRANTED}))
PAGE = ("content-type", "text/html")
SOME_FLAGS = Fields({"enableReading": Flag(), "enableSpotAndMarginTrading": Flag(), "enableWithdrawals": Flag()})
SENTENCE = Fields({"msg": Is("Invalid API-key, IP, or permissions for action.")})
BY_STATUS = Diagnosis(cause=Cause.UNKNOWN_KEY, status=403, header=PAGE, evidence="guessed")
ANY_ERROR = Diagnosis(cause=Cause.WRONG_SECRET, body=Object(), evidence="guessed")

CONTRACT = (
    Mutant("a title of blanks", "it_says_what_it_is", lambda: replace(GOOD, info=replace(GOOD.info, title=" "))),
    Mutant(
        "a homepage without https",
        "it_says_what_it_is",
        lambda: replace(GOOD, info=replace(GOOD.info, homepage="http://example.com")),
    ),
    Mutant(
        "no permission to ask about",
        LOADS,
        api(permissions={**SPOT.permissions, Permission.TRADE: Standing(Askable.ABSENT, "none")}),
    ),
    Mutant("a hook that raises", LOADS, lambda: Nameless(**vars(GOOD))),
    Mutant("no reason why a question is harmless", LOADS, lambda: WithoutReason(**vars(GOOD))),
    Mutant("a guide that does not say when it was checked", LOADS, lambda: WithoutDate(**vars(GOOD))),
    Mutant("no stream", LOADS, lambda: replace(GOOD, read=())),
    Mutant("a ccxt class that is not there", LOADS, api(ccxt_class="nowhere")),
    Mutant("a ccxt range that excludes the installed", CCXT, api(ccxt_versions=">=3,<4")),
    Mutant("a ccxt range without an end", CCXT, api(ccxt_versions=">=4")),
    Mutant("a ccxt range that is none", LOADS, api(ccxt_versions="the newest")),
    Mutant(
        "a host that nothing is asked", "every_declared_host_is_needed", api(hosts=(*SPOT.hosts, "api1.binance.com"))
    ),
    Mutant("a host that is another", RUNS, api(hosts=("api.binance.us",))),
    Mutant("a path that ccxt does not send", RUNS, stream(sends="GET /api/v3/accounts")),
    Mutant("a method that ccxt does not have", RUNS, stream(call="privateGetNothing")),
    Mutant("signing parameters that are not declared", RUNS, api(auth_parameters=frozenset())),
    Mutant(
        "a field that the practice keys lack",
        RUNS,
        lambda: replace(
            GOOD, schema=CredentialSchema((*GOOD.schema, replace(GOOD.schema.fields[0], name="passphrase")))
        ),
    ),
)
GUIDES = (
    Mutant("a guide from the future", "the_guide_has_a_date", variant(checked=SOON)),
    Mutant("a guide from before the first exchange", "the_guide_has_a_date", variant(checked=date.min)),
    Mutant("a guide that mends no order", MENDS, variant(steps=(FIRST, WITHDRAW_ONLY, THIRD))),
    Mutant("a guide that mends nothing", MENDS, variant(steps=(FIRST,))),
    Mutant(
        "a guide without boxes", "the_guide_names_boxes_to_untick", variant(steps=(FIRST, replace(SECOND, untick=())))
    ),
)
PROVENANCE = (
    Mutant("a refusal without evidence", EVIDENCE, refused(evidence=" ")),
    Mutant("a diagnosis without evidence", EVIDENCE, told(Diagnosis(cause=Cause.CLOCK, code=-1))),
    Mutant("replies without a source", "every_practice_answer_has_a_source", practice(answering("GET", unsourced))),
)
HARMLESSNESS = (
    Mutant("a reason of one sign", HARMLESS, trade(harmless="-")),
    Mutant("a reason that is still to be written", HARMLESS, trade(harmless="TODO: say why this is harmless")),
    Mutant("a reason of one word", HARMLESS, stated(harmless="reads")),
    *(
        Mutant(f"the market {name}", REAL, params(symbol=name))
        for name in ("BTCUSDT", "BTC_USDT", "BTC/USDT", "XBTUSD", "btc-usd-swap", "tETHUSD", "XXBTZUSD")
    ),
    Mutant("a market beside a word", REAL, params(symbol="BTCUSDT", marketUnit="quoteCoin")),
    Mutant(
        "the currency USDT", REAL, probe("privatePostOrderTest", "POST /api/v3/order/test", coin="USDT", amount="1")
    ),
    Mutant(
        "cancelling everything", CANCELS, probe("privateDeleteOpenOrders", "DELETE /api/v3/openOrders", symbol="ZZQX")
    ),
    Mutant(
        "cancelling an order that may exist", CANCELS, probe("privateDeleteOrder", "DELETE /api/v3/order", orderId=28)
    ),
    Mutant("cancelling order 1", CANCELS, probe("privateDeleteOrder", "DELETE /api/v3/order", orderId=1)),
    Mutant(
        "cancelling all orders of an impossible id",
        CANCELS,
        probe("fapiPrivateDeleteAllOpenOrders", "DELETE /fapi/v1/allOpenOrders", symbol="ZZQX", orderId="0000"),
    ),
    Mutant("a batch", CANCELS, probe("fapiPrivatePostBatchOrders", "POST /fapi/v1/batchOrders", symbol="ZZQX")),
    Mutant("a write without parameters", CANCELS, probe("privatePostOrderTest", "POST /api/v3/order/test")),
    Mutant(
        "a GET that names a market",
        REAL,
        probe("privateGetOrder", "GET /api/v3/order", symbol="BTCUSDT", amount="1"),
    ),
    Mutant("a GET of a large amount", AMOUNT, probe("privateGetOrder", "GET /api/v3/order", symbol="ZZQX", amount="9")),
    *(
        Mutant(f"a read that is {sends}", READS, stream(call="privatePostOrder", sends=sends))
        for sends in (
            "POST /sapi/v1/capital/withdraw/apply",
            "POST /0/private/Withdraw",
            "POST /0/private/WalletTransfer",
            "POST /0/private/CancelAll",
            "POST /api/v3/order",
            "POST /api/v3/cancelOpenOrders",
            "POST /withdrawals/crypto",
            "POST /balance/transfer",
            "POST /private/create-order-list",
            "POST /orders/edit_preview",
            "POST /wallets/address",
        )
    ),
    Mutant("a read by an act", READS, stream(call="privatePostX", sends="POST /tapi", params={"method": "withdraw"})),
    Mutant("a read by a method of ccxt that withdraws", READS, stream(call="privatePostWithdraw", sends="POST /tapi")),
    Mutant(
        "a read with an amount",
        READS,
        stream(call="privatePostHistory", sends="POST /history", params={"amount": "1"}),
    ),
    Mutant(
        "a question for rights that makes a key",
        READS,
        stated(call="privatePostApiKey", sends="POST /api/v3/createApiKey"),
    ),
    Mutant("a large amount", AMOUNT, params(quantity="1000")),
    Mutant("a practice exchange that carries it out", LEDGER, practice(Executing)),
    Mutant(
        "an answer that says it was carried out",
        LEDGER,
        trade(answers=(REFUSED, replace(GRANTED, executed=True))),
    ),
    Mutant("no key with full power", "a_key_that_can_do_everything_is_there", practice(only("read-only", "trading"))),
)
PERSONAS = (
    Mutant("no practice exchange", "it_has_a_practice_exchange", lambda: replace(GOOD, practice=None)),
    Mutant("a practice exchange that raises at once", "it_has_a_practice_exchange", practice(Anonymous)),
    Mutant("a practice exchange without keys", "it_has_a_practice_exchange", practice(only())),
    Mutant(
        "always refused",
        EXAMPLE_GRANTED,
        trade(answers=(REFUSED, replace(REFUSED, code=-1121, message="Invalid symbol."), accepted_order(-9))),
    ),
    Mutant(
        "always granted", EXAMPLE_REFUSED, trade(answers=(replace(REFUSED, code=-9), accepted_order(-2015), GRANTED))
    ),
    Mutant("always unproven", EXAMPLE_GRANTED, trade(answers=(replace(REFUSED, code=-8), accepted_order(-9)))),
    Mutant("always stated as refused", EXAMPLE_GRANTED, stated(rights=always(Grant.REFUSED))),
    Mutant("always stated as granted", EXAMPLE_REFUSED, stated(rights=always(Grant.GRANTED))),
    Mutant("rights that are never read", EXAMPLE_GRANTED, stated(shape=ListOf(Text()))),
    Mutant("no key that may trade", EXAMPLE_GRANTED, practice(only("read-only", "wrong-key"))),
    Mutant(
        "no key that may only read", "a_key_that_can_only_read_is_accepted", practice(only("full-power", "wrong-key"))
    ),
    Mutant("no wrong key", "a_wrong_key_is_unusable", practice(only("read-only", "full-power"))),
    Mutant("a wrong key that is not recognised", "a_wrong_key_is_unusable", lambda: replace(GOOD, told=())),
    Mutant("signatures that nobody verifies", "a_wrong_secret_is_not_accepted", practice(Trusting)),
    Mutant("a practice exchange that raises", "the_practice_exchange_does_not_raise", practice(Raising)),
    Mutant("a practice exchange without orders", EXAMPLE_REFUSED, practice(answering("POST", unlike))),
)
CONTROLS = (
    Mutant("a refusal of any shape", MALFORMED, refused(code=None, message=None, status=401, body=Anything())),
    Mutant("a refusal that is any object", MALFORMED, refused(code=None, message=None, body=Object())),
    Mutant(
        "a grant that is any object",
        MALFORMED,
        trade(answers=(REFUSED, replace(GRANTED, code=None, status=200, body=Object()), GRANTED)),
    ),
    Mutant("a refusal by its sentence", LOOKS_LIKE, refused(code=None, message=None, body=SENTENCE)),
    Mutant(
        "a refusal by a gateway's code",
        LOOKS_LIKE,
        trade(answers=(REFUSED, Answer(code=401, means=Grant.REFUSED, evidence="x"), GRANTED)),
    ),
    Mutant("a statement of any shape", STATEMENT, stated(shape=Anything())),
    Mutant("a statement that is any object", STATEMENT, stated(shape=Object())),
    Mutant("a deny-list", UNKNOWN, stated(rights=deny_list)),
    Mutant("an unknown flag read as refused", UNKNOWN, stated(rights=forgetful)),
    Mutant("an added flag that takes rights away", "no_added_right_is_read_as_fewer_rights", stated(rights=forgetful)),
    Mutant("missing flags read as off", SPELLING, stated(shape=SOME_FLAGS)),
    Mutant("flags read as off unless they are true", SPELLING, stated(shape=SOME_FLAGS, rights=credulous)),
    Mutant(
        "flags in other words read as off",
        SPELLING,
        stated(shape=Fields(dict.fromkeys(FLAGS, Anything())), rights=credulous),
    ),
    Mutant("rights that raise", PURE, stated(rights=greedy)),
    Mutant("rights that change the answer", PURE, stated(rights=changing)),
    Mutant("rights that differ from call to call", PURE, stated(rights=moody)),
    Mutant("rights that are none", PURE, stated(rights=lying)),
    Mutant("a stream of any shape", NOT_DATA, stream(shape=Anything())),
    Mutant("a stream that is any object", NOT_DATA, stream(shape=Fields({}))),
    Mutant("a shape that raises", NOT_DATA, stream(shape=Hasty())),
    Mutant(
        "a stream that takes a refusal for data",
        "no_key_that_is_refused_a_stream_is_accepted",
        stream(shape=Fields({})),
    ),
    Mutant("a page that makes a key unusable", FOREIGN, told(BY_STATUS)),
    Mutant("an error that makes a key unusable, whatever it is", FOREIGN, told(ANY_ERROR)),
    Mutant(
        "a practice key in a sentence of the connector",
        "no_report_shows_a_credential",
        api(limits=("Try PRACTICE-NOT-A-REAL-KEY-0001.",)),
    ),
    Mutant(
        "a secret in the account's id",
        "no_practice_answer_shows_a_secret",
        practice(answering("GET /api/v3/account", echo)),
    ),
)
MUTANTS = (*CONTRACT, *GUIDES, *PROVENANCE, *HARMLESSNESS, *PERSONAS, *CONTROLS)
