"""Recognise currencies and markets that exist, by the codes and spellings in use. No list is complete."""

from __future__ import annotations

import re

# The largest by value and by trade. Codes that are words of an order, such as ONE, are left out.
_COINS = (
    "AAVE ADA ALGO APE APT ARB ATOM AVAX AXS BCH BNB BONK BSV BTC BTT BUSD CHZ COMP CRO CRV DAI DASH DOGE DOT "
    "EGLD ENA ENJ EOS ETC ETH FDUSD FIL FLOKI FTM FTT GALA GRT GUSD HBAR HT HYPE ICP IMX INJ IOTA JASMY JUP KAS "
    "KCS KDA KNC KSM LDO LEO LINK LTC LUNA LUNC MANA MATIC MKR NEO NEXO OKB OMG ONT PAXG PEPE POL PYTH PYUSD QNT "
    "QTUM RNDR RUNE RVN SEI SHIB SNX SOL STETH STX SUI SUSHI TAO THETA TIA TON TRUMP TRX TUSD UNI USDC USDD USDE "
    "USDP USDS USDT UST VET WBTC WETH WIF WLD WOO XAUT XBT XDG XEM XLM XMR XRP XTZ YFI ZEC ZIL ZRX"
)
# ISO 4217: what exchanges take from banks.
_MONEY = (
    "AED ARS AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KRW MXN NGN NOK NZD PHP PLN RON RUB SAR "
    "SEK SGD THB TWD UAH USD VND ZAR"
)
# Kraken's own names: X before a coin, Z before money.
_KRAKEN = "XXBT XETH XXRP XLTC XXLM XXMR XXDG XZEC XETC ZUSD ZEUR ZGBP ZJPY ZCAD"
_CURRENCIES = frozenset(f"{_COINS} {_MONEY} {_KRAKEN}".split(" "))
# What exchanges write beside the two currencies of a market, and before them.
_BESIDE = frozenset(
    {"PERP", "PERPETUAL", "SWAP", "SPOT", "FUTURES", "FUTURE", "PF", "PI", "CMT", "UMCBL", "DMCBL", "CMCBL", "CASH"}
)
_SPLIT = re.compile(r"[^A-Z0-9]+")


def is_real(value: str) -> bool:
    """Whether `value` names a currency or a market that exists: `BTC`, `BTCUSDT`, `tBTCUSD`, `BTC-USD-SWAP`."""
    text = value.partition(":")[0]
    parts = [part for part in _SPLIT.split(text.upper()) if part and not part.isdecimal() and part not in _BESIDE]
    return bool(parts) and all(_is_known(part) for part in parts)


def _is_known(part: str) -> bool:
    """Whether a word is one currency or two, with what exchanges write directly before and behind them."""
    bare = part.removeprefix("1000")
    dresses = (bare, bare.removeprefix("T"), bare.removesuffix("M"), bare.removesuffix("PERP"))
    return bare in _CURRENCIES or any(_is_pair(word) for word in dresses)


def _is_pair(word: str) -> bool:
    """Whether a word is two currencies in a row."""
    return any(word[:cut] in _CURRENCIES and word[cut:] in _CURRENCIES for cut in range(2, len(word) - 1))
