"""Connectors that are broken in what they declare: themselves, their guide, their sources, their questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hashdata.credentials import CredentialSchema
from hashdata.permissions import Askable, Cause, Permission, Standing
from hashdata.questions import Diagnosis

from tests.conformance.broken import (
    Executing,
    Nameless,
    WithoutDate,
    WithoutReason,
    answering,
    only,
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
from tests.conformance.mutant import (
    AMOUNT,
    CANCELS,
    CCXT,
    EVIDENCE,
    HARMLESS,
    LEDGER,
    LOADS,
    MENDS,
    PLAUSIBLE,
    READS,
    REAL,
    RUNS,
    Mutant,
)
from tests.conformance.variants import GOOD

SOON = datetime.now(UTC).date() + timedelta(days=3)
FIRST, SECOND, THIRD = TODAY.steps
WITHDRAW_ONLY = replace(SECOND, mends=frozenset({Cause.WITHDRAW_GRANTED, Cause.TRANSFER_GRANTED}))

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
    Mutant("a clock that is never off", PLAUSIBLE, api(clock=replace(SPOT.clock, tolerance_ms=864_000_000))),
    Mutant("a rate that locks keys", PLAUSIBLE, api(rates={"light": 1_000.0})),
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
