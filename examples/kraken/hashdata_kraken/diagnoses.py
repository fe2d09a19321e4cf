"""
Answers by which Kraken says why a request failed, all of them with HTTP 200.

*Documented* is the page *Error messages* of docs.kraken.com (Spot REST) and
the article *API error messages* of support.kraken.com. *Inferred* is what only
ccxt 4.5.90 lists, or what the documents say nothing about.
"""

from __future__ import annotations

from hashdata.permissions import Cause
from hashdata.questions import Diagnosis

from hashdata_kraken.questions import CCXT, ERRORS, SUPPORT

_NONCE = (
    "the nonce is not above the last one that the key was used with: another program uses it, or did with a finer clock"
)

KEY = (
    Diagnosis(
        cause=Cause.UNKNOWN_KEY,
        code="EAPI:Invalid key",
        evidence=f"documented: {ERRORS}: missing, malformed, deleted or revoked; "
        "inferred for a key that has ended and for an address that may not use it",
    ),
    Diagnosis(cause=Cause.WRONG_SECRET, code="EAPI:Invalid signature", evidence=f"documented: {ERRORS}"),
    Diagnosis(
        cause=Cause.INCOMPLETE_READ,
        code="EGeneral:Permission denied",
        evidence=f"documented: {ERRORS}: the key doesn't have permission to make this request",
    ),
    Diagnosis(cause=Cause.ACCOUNT_FROZEN, code="ETrade:User Locked", evidence=f"inferred: {CCXT}"),
)

# What a wait mends, or a key that no other program uses.
PACE = (
    Diagnosis(cause=Cause.RATE_LIMITED, code="EAPI:Rate limit exceeded", evidence=f"documented: {SUPPORT}"),
    Diagnosis(cause=Cause.RATE_LIMITED, code="EOrder:Rate limit exceeded", evidence=f"documented: {SUPPORT}"),
    Diagnosis(cause=Cause.RATE_LIMITED, code="EGeneral:Too many requests", evidence=f"inferred: {CCXT}"),
    Diagnosis(
        cause=Cause.RATE_LIMITED,
        code="EGeneral:Temporary lockout",
        evidence=f"documented: {ERRORS}: too many wrong keys in a row; {SUPPORT}: for about 15 minutes",
    ),
    Diagnosis(cause=Cause.RATE_LIMITED, code="EAPI:Invalid nonce", evidence=f"documented: {ERRORS}: {_NONCE}"),
)

SERVICE = (
    Diagnosis(cause=Cause.MAINTENANCE, code="EService:Unavailable", evidence=f"documented: {ERRORS}"),
    Diagnosis(cause=Cause.MAINTENANCE, code="EService:Busy", evidence=f"inferred: {CCXT}"),
    Diagnosis(cause=Cause.MAINTENANCE, code="EService:Market in cancel_only mode", evidence=f"documented: {ERRORS}"),
    Diagnosis(cause=Cause.MAINTENANCE, code="EService:Market in post_only mode", evidence=f"documented: {ERRORS}"),
    Diagnosis(cause=Cause.MAINTENANCE, code="EGeneral:Internal error", evidence=f"documented: {ERRORS}"),
)

DIAGNOSES = (*KEY, *PACE, *SERVICE)
