"""
Answers by which Poloniex says why a key does not work, shared by everything on its main host.

Evidence: *observed* answers were recorded live by others (see `answers.jsonl`);
*documented* ones come from the exchange's error tables, as ccxt 4.5.90 holds them.
"""

from __future__ import annotations

from hashdata.permissions import Cause
from hashdata.questions import Diagnosis

# The gateway in front of every service of the main host.
GATEWAY = (
    Diagnosis(
        cause=Cause.UNKNOWN_KEY,
        code=400,
        message="Invalid Apikey or Signature",
        evidence="observed 2025 on the classic host; inferred for the main host, where a wrong signature is told apart",
    ),
    Diagnosis(
        cause=Cause.WRONG_SECRET,
        code=401,
        message="Invaid of signature",
        evidence="observed 2025, HTTP 401; the spelling is the exchange's",
    ),
    Diagnosis(
        cause=Cause.WRONG_KEY_OR_SECRET,
        status=401,
        header=("web-filter", "unauthenticated"),
        evidence="observed 2022, HTTP 401 with an empty body",
    ),
    Diagnosis(
        cause=Cause.WRONG_KEY_OR_SECRET,
        code="FORBIDDEN",
        message="Invalid API key/secret pair.",
        evidence="observed 2022 on wallets/*, HTTP 400; the code is a string",
    ),
    Diagnosis(
        cause=Cause.ADDRESS_NOT_ALLOWED,
        code=401,
        message="Illegal of ip",
        evidence="observed, two sources",
    ),
    Diagnosis(cause=Cause.RATE_LIMITED, code=429, evidence="documented for v3"),
)

# The account, not the key. The host knows that a frozen account which can be read is only kept from trading.
ACCOUNT = (
    Diagnosis(cause=Cause.ACCOUNT_FROZEN, code=21351, evidence="observed: User trade freeze"),
    Diagnosis(cause=Cause.ACCOUNT_FROZEN, code=21601, evidence="documented: account locked"),
    Diagnosis(cause=Cause.ACCOUNT_RESTRICTED, code=21353, evidence="documented: not for US customers"),
    Diagnosis(
        cause=Cause.ACCOUNT_RESTRICTED,
        code=21354,
        evidence="documented: verify the e-mail address first",
    ),
    Diagnosis(cause=Cause.MAINTENANCE, code=21340, evidence="documented: maintenance mode"),
)
