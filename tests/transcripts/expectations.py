"""
What each recorded answer must mean, and which recorded answers answer no question of ours.

An answer belongs to a question when method and path are those of the
question. An error belongs to it also when the same service, or the gateway in
front of it, could give it as the answer: so 24101 of the market data is tried
on an order, and an error of a cancel on an order. Good data of a request that
is never sent belongs to no question.
"""

from __future__ import annotations

# Of orders that do not exist, cancels, kill switches and parameters: none of them says what the key may do.
_ORDER_ERRORS = (
    "spot_delete_orders-1-21301",
    "spot_delete_orders-123-21301",
    "spot_delete_orders-12345536545645-21301",
    "spot_delete_orders-cancelbyids-list-21301",
    "spot_delete_smartorders-123-25009",
    "spot_delete_smartorders-25015",
    "spot_delete_smartorders-cancelbyids-list-25009",
    "spot_get_markets-btc_usdt-candles-601",
    "spot_get_orders-1234-21301",
    "spot_get_orders-12345536545645-21301",
    "spot_get_orders-cid--500",
    "spot_get_orders-history-601",
    "spot_get_orders-history-601-2",
    "spot_get_orders-killswitch-400",
    "spot_get_orders-killswitchstatus-25020",
    "spot_get_smartorders-123313413-607",
    "spot_post_smartorders-601",
    "spot_post_smartorders-601-2",
    "spot_post_smartorders-601-3",
    "spot_put_orders-1337-21301",
    "spot_put_orders-29772698821328896-21301",
    "spot_put_smartorders-29772698821328896-21301",
)
# Each item would be a grant by itself; a list of answers is no answer to one order.
_ORDER_LISTS = ("spot_post_orders-batch-list-10041",)
_ORDER_SUCCESSES = (
    "spot_delete_orders-id-success",
    "spot_post_orders-killswitch",
    "spot_post_orders-killswitch-2",
)
_WALLET_ERRORS = (
    "spot_post_accounts-transfer-601",
    "spot_post_accounts-transfer-601-2",
    "spot_post_subaccounts-transfer-250020",
)
_V3_ERRORS = (
    "v3_delete_trade-order-11008",
    "v3_delete_v3-trade-allorders-400",
    "v3_delete_v3-trade-batchorders-400",
    "v3_delete_v3-trade-order-400",
    "v3_get_market-candles-24102",
    "v3_get_v3-market-candles-24105",
    "v3_get_v3-market-fundingrate-history-400",
    "v3_get_v3-market-indexpricecandlesticks-24102",
    "v3_get_v3-market-markpricecandlesticks-24102",
    "v3_get_v3-market-orderbook-24101",
    "v3_get_v3-market-premiumindexcandlesticks-24102",
    "v3_get_v3-trade-order-opens-400",
    "v3_get_v3-trade-order-trades-400",
    "v3_post_trade-order-400-prod",
    "v3_post_v3-trade-orders-400",
    "v3_post_v3-trade-position-400",
    "v3_post_v3-trade-position-margin-400",
    "v3_post_v3-trade-position-margin-500",
)
_CLASSIC_ERRORS = (
    "classic_get_api-v1-kline-query-300000",
    "classic_get_api-v2-level3-snapshot-500",
    "doc_classic_error-400001-missing",
    "doc_classic_error-400100",
    "doc_classic_error-404000-url",
)
_RETIRED = (
    "classic_delete_api-v1-orders-400",
    "classic_get_api-v1-premium-query-400",
    "classic_get_v1-premium-query-400",
)

# (API, question, meaning): the recorded answers that must mean it.
EXPECTED: dict[tuple[str, str, str], tuple[str, ...]] = {
    # Reads of the main account. A `null` of the recorder stands for [].
    ("main", "accounts", "readable"): ("doc_spot_get_accounts", "spot_get_accounts", "spot_get_accounts-2"),
    ("main", "balances", "readable"): (
        "doc_spot_get_accounts-balances",
        "spot_get_accounts-balances",
        "spot_get_accounts-329455537441832960-balances",
    ),
    ("main", "trades", "readable"): ("spot_get_trades-empty",),
    ("main", "orders", "readable"): ("spot_get_orders-history-empty",),
    ("main", "wallet-activity", "readable"): ("spot_get_wallets-activity-2",),
    # It was asked for withdrawals alone. Our question asks for both, so half an answer is not understood.
    ("main", "wallet-activity", "unrecognised_answer"): ("spot_get_wallets-activity",),
    ("main", "account-activity", "readable"): ("spot_get_accounts-activity-empty",),
    ("main", "fees", "readable"): ("spot_get_feeinfo",),
    ("main", "open-orders", "readable"): ("spot_get_orders-empty",),
    ("main", "open-smart-orders", "readable"): ("spot_get_smartorders-empty",),
    ("main", "transfers", "readable"): ("spot_get_accounts-transfer-empty",),
    ("main", "interest", "readable"): ("spot_get_accounts-interest-history-empty",),
    ("main", "margin", "readable"): ("spot_get_margin-accountmargin", "spot_get_margin-accountmargin-2"),
    ("main", "margin", "unrecognised_answer"): ("spot_get_margin-accountmargin-500",),
    ("main", "borrowings", "readable"): ("spot_get_margin-borrowstatus-empty", "spot_get_margin-borrowstatus-empty-2"),
    ("main", "subaccounts", "readable"): ("doc_spot_get_subaccounts", "spot_get_subaccounts", "spot_get_subaccounts-2"),
    ("main", "balances", "unrecognised_answer"): (
        "spot_get_accounts-1-balances-21600",
        "spot_get_accounts-219961623421431808-balances-21600",
        "spot_get_api-v1-orders-404",
    ),
    ("main", "orders", "unrecognised_answer"): ("spot_get_orders-history-601", "spot_get_orders-history-601-2"),
    ("main", "accounts", "account_frozen"): ("spot_post_orders-21351",),
    # A refusal to trade or withdraw is no refusal to read.
    ("main", "accounts", "unrecognised_answer"): ("spot_post_orders-403", "spot_post_wallets-withdraw-403"),
    # The gateway, in front of everything on the main host.
    ("main", "balances", "wrong_key_or_secret"): ("spot_get_accounts-balances_401-empty",),
    ("main", "trade", "wrong_key_or_secret"): ("spot_get_accounts-balances_401-empty",),
    ("main", "wallet-activity", "wrong_key_or_secret"): ("spot_get_wallets-activity_400-forbidden-string-code",),
    ("main", "withdraw", "wrong_key_or_secret"): ("spot_get_wallets-activity_400-forbidden-string-code",),
    ("main", "accounts", "wrong_secret"): ("spot_get_subaccounts-transfer-401",),
    ("main", "trade", "wrong_secret"): ("spot_get_subaccounts-transfer-401",),
    ("v3", "balance", "wrong_secret"): ("spot_get_subaccounts-transfer-401",),
    ("v3", "trade", "wrong_secret"): ("spot_get_subaccounts-transfer-401",),
    ("main", "accounts", "unknown_key"): _RETIRED,
    ("main", "withdraw", "unknown_key"): _RETIRED,
    ("main", "accounts", "address_not_allowed"): ("v3_get_account-balance-401-illegal-of-ip",),
    ("main", "withdraw", "address_not_allowed"): ("v3_get_account-balance-401-illegal-of-ip",),
    ("v3", "balance", "address_not_allowed"): ("v3_get_account-balance-401-illegal-of-ip",),
    ("v3", "trade", "address_not_allowed"): ("v3_get_account-balance-401-illegal-of-ip",),
    ("main", "accounts", "not_the_api"): ("legacy_any_403-cloudflare-html",),
    ("main", "trade", "not_the_api"): ("legacy_any_403-cloudflare-html",),
    ("main", "accounts", "maintenance"): ("spot_any_504-gateway-html",),
    ("main", "trade", "maintenance"): ("spot_any_504-gateway-html",),
    # Orders on the main account.
    ("main", "trade", "refused"): ("spot_post_orders-403", "spot_post_smartorders-403"),
    ("main", "trade", "granted"): (
        "spot_post_orders-10041",
        "spot_get_markets-btc-price-24101",
        "spot_get_markets-btc_ltc-candles-24101",
        "spot_get_markets-ethusdtperp-candles-24101",
    ),
    ("main", "trade", "account_restricted"): ("spot_post_orders-21351",),
    ("main", "trade", "unrecognised_answer"): (
        *_ORDER_ERRORS,
        *_ORDER_LISTS,
        *_ORDER_SUCCESSES,
        *_WALLET_ERRORS,
        "spot_get_api-v1-orders-404",
        # The other services' refusals, and the old API's: the right sentence in the wrong place.
        "spot_post_wallets-withdraw-403",
        "v3_post_v3-trade-order-10042",
        "legacy_post_tradingapi-trade-denied",
    ),
    # Withdrawals, with main and with v3 keys.
    ("main", "withdraw", "refused"): ("spot_post_wallets-withdraw-403",),
    ("v3", "withdraw", "refused"): ("spot_post_wallets-withdraw-403",),
    ("main", "withdraw", "granted"): (
        "spot_post_wallets-withdraw-400",
        "spot_post_v2-wallets-withdraw-820181",
        "spot_post_v2-wallets-withdraw-820201",
        "spot_post_v2-wallets-withdraw-830111",
    ),
    ("v3", "withdraw", "granted"): ("spot_post_wallets-withdraw-400", "spot_post_v2-wallets-withdraw-830111"),
    ("main", "withdraw", "unrecognised_answer"): (
        *_WALLET_ERRORS,
        "spot_post_wallets-address",
        "spot_post_wallets-address-2",
        "spot_post_orders-403",
        "spot_get_orders-killswitch-400",
        "legacy_post_tradingapi-withdraw-denied",
    ),
    # v3.
    ("v3", "balance", "account_not_opened"): ("v3_get_v3-account-balance-200",),
    ("v3", "bills", "readable"): ("doc_v3_get_account-bills", "v3_get_v3-account-bills-200"),
    ("v3", "orders", "readable"): ("v3_get_v3-trade-order-history-200",),
    ("v3", "trades", "readable"): ("v3_get_v3-trade-order-trades-200",),
    ("v3", "trades", "unrecognised_answer"): ("v3_get_v3-trade-order-trades-400",),
    ("v3", "positions", "readable"): ("v3_get_v3-trade-position-opens-200",),
    ("v3", "open-orders", "readable"): ("v3_get_v3-trade-order-opens-200",),
    ("v3", "open-orders", "unrecognised_answer"): ("v3_get_v3-trade-order-opens-400",),
    ("v3", "past-positions", "readable"): ("v3_get_v3-trade-position-history-200",),
    ("v3", "bills", "rate_limited"): ("v3_get_market-candles-429",),
    ("v3", "trade", "rate_limited"): ("v3_get_market-candles-429",),
    ("v3", "trade", "refused"): ("v3_post_v3-trade-order-10042",),
    ("v3", "trade", "granted"): ("v3_post_trade-order-11011-prod", "v3_post_trade-order-250"),
    ("v3", "trade", "unrecognised_answer"): (*_V3_ERRORS, "v3_post_v3-position-mode-200", "spot_post_orders-403"),
    # Classic.
    ("classic", "account-overview", "readable"): ("doc_classic_get_account-overview",),
    ("classic", "account-overview", "retired_key"): _RETIRED,
    ("classic", "trade", "retired_key"): _RETIRED,
    ("classic", "account-overview", "clock"): ("doc_classic_error-400002-time",),
    ("classic", "account-overview", "unknown_key"): ("doc_classic_error-400003-key",),
    ("classic", "account-overview", "wrong_passphrase"): ("doc_classic_error-400004-passphrase",),
    ("classic", "account-overview", "wrong_secret"): ("doc_classic_error-400005-sign",),
    ("classic", "account-overview", "address_not_allowed"): ("doc_classic_error-400006-ip",),
    ("classic", "account-overview", "incomplete_read"): ("doc_classic_error-400007-permission",),
    ("classic", "account-overview", "account_frozen"): ("doc_classic_error-411100-frozen",),
    ("classic", "account-overview", "unrecognised_answer"): _CLASSIC_ERRORS,
    # The main host has no such path, and says so to whoever asks it.
    ("classic", "orders", "unrecognised_answer"): ("spot_get_api-v1-orders-404",),
    ("classic", "trade", "clock"): ("doc_classic_error-400002-time",),
    ("classic", "trade", "refused"): ("doc_classic_error-400007-permission",),
    ("classic", "trade", "account_restricted"): ("doc_classic_error-411100-frozen",),
    ("classic", "trade", "executed"): ("classic_delete_orders-id-success",),
    ("classic", "trade", "unrecognised_answer"): _CLASSIC_ERRORS,
}

# Recorded answers that answer no question of ours, and why.
NOT_OURS: dict[str, tuple[str, ...]] = {
    "good data of a request that is never sent": (
        "doc_classic_get_funding-history",
        "spot_delete_orders-empty",
        "spot_get_accounts-transfer-23123123120-empty",
        "spot_get_accounts-transfer-329455537441832960-empty",
        "spot_get_margin-maxsize",
        "spot_get_orders-1234-trades-empty",
        "spot_get_orders-13123242323-trades-empty",
        "spot_get_orders-killswitchstatus",
        "spot_get_smartorders-123313413-empty",
        "spot_get_smartorders-1234-empty",
        "spot_get_smartorders-history-empty",
        "spot_get_subaccounts-2d45301d-5f08-4a2b-a763-f9199778d854-balances",
        "spot_get_subaccounts-2d45301d-5f08-4a2b-a763-f9199778d854-balances-empty",
        "spot_get_subaccounts-balances",
        "spot_get_subaccounts-balances-2",
        "spot_get_subaccounts-transfer-1234567-empty",
        "spot_get_subaccounts-transfer-329455537441832960-empty",
        "spot_get_subaccounts-transfer-empty",
        "spot_get_wallets-addresses",
        "spot_get_wallets-addresses-empty",
        "v3_get_v3-position-leverages-200",
        "v3_get_v3-position-mode-200",
    ),
    "the body was not recorded or is not documented": (
        "doc_spot_recvwindow-400",
        "doc_spot_recvwindow-408",
        "v3_delete_trade-order-401-signature",
    ),
    "a message of the WebSocket, which is never opened": ("spot_ws_cancelorders-21301",),
}
