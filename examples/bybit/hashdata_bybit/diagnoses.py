"""
Answers by which Bybit says why a key does not work.

All of them are from the page *Error Codes* (bybit-exchange.github.io/docs/v5/error).
None was observed, so the sentences, which change, are not compared.
"""

from __future__ import annotations

from hashdata.permissions import Cause
from hashdata.questions import Diagnosis

_PAGE = "documented, page Error Codes of the V5 documents"

_CODES = {
    10003: (Cause.UNKNOWN_KEY, "API key is invalid; also a key of the testnet or of a demo account"),
    10004: (Cause.WRONG_SECRET, "Error sign"),
    10007: (Cause.WRONG_KEY_OR_SECRET, "User authentication failed"),
    10010: (Cause.ADDRESS_NOT_ALLOWED, "Unmatched IP"),
    33004: (Cause.EXPIRED_KEY, "(Derivatives) Your api key has expired"),
    -2015: (Cause.EXPIRED_KEY, "(Spot) Your api key has expired"),
    10002: (Cause.CLOCK, "The request time exceeds the time window range"),
    -1: (Cause.CLOCK, "request expired"),
    10005: (Cause.INCOMPLETE_READ, "Permission denied, please check your API key permissions"),
    10008: (Cause.ACCOUNT_FROZEN, "Common banned, please check your account mode"),
    10024: (Cause.ACCOUNT_RESTRICTED, "Compliance rules triggered"),
    10027: (Cause.ACCOUNT_RESTRICTED, "Transactions are banned"),
    10028: (Cause.ACCOUNT_NOT_OPENED, "The API can only be accessed by unified account users"),
    429: (Cause.RATE_LIMITED, "The trading service is experiencing a high server load"),
    10006: (Cause.RATE_LIMITED, "Too many visits. Exceeded the API Rate Limit"),
    10009: (Cause.RATE_LIMITED, "IP has been banned"),
    10018: (Cause.RATE_LIMITED, "Exceeded the IP Rate Limit"),
    10000: (Cause.MAINTENANCE, "Server Timeout"),
    10016: (Cause.MAINTENANCE, "Server error"),
}

DIAGNOSES = tuple(
    Diagnosis(code=code, cause=cause, evidence=f"{_PAGE}: {words}") for code, (cause, words) in _CODES.items()
)
