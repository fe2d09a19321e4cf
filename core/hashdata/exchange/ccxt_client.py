"""One key at one exchange: ccxt builds and signs, the door sends."""

from __future__ import annotations

import asyncio
import binascii
import copy
import inspect
import logging
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from difflib import get_close_matches
from email.utils import parsedate_to_datetime
from time import time
from typing import Any, Never
from urllib.parse import urlsplit

from hashdata.answers import Raw
from hashdata.connector import Terms
from hashdata.credentials import Credentials
from hashdata.errors import CredentialError, PluginError
from hashdata.exchange.ccxt_loading import load
from hashdata.exchange.door import Door, Signed
from hashdata.exchange.faults import Fault, Faulted
from hashdata.exchange.guard import Guard, Refused, Rule
from hashdata.exchange.limiter import Rates
from hashdata.permissions import Cause
from hashdata.questions import Question
from hashdata.redaction import Redactor, withheld

# ccxt's names for the values of a key. They stand nowhere else.
_CCXT_NAMES = {"api_key": "apiKey", "secret": "secret", "passphrase": "password"}
_TOO_MANY = 429
# Of nobody's tree, so that no level and no handler of the process reaches it.
_SILENT = logging.Logger("ccxt", logging.CRITICAL + 1)  # noqa: LOG001 - see above
_SILENT.addHandler(logging.NullHandler())


def _guarded(base: Any) -> Any:  # noqa: ANN401 - ccxt's classes are known only when they are loaded
    """Return a subclass of the ccxt class `base` with one way out: the door."""

    class Guarded(base):  # type: ignore[misc]  # see above
        """No session, log, proxy, retry, throttle or error class of ccxt is left in the path."""

        door: Door
        guard: Guard
        redactor: Redactor
        auth: frozenset[str]
        until: float
        answer: Raw | None = None
        is_built: bool = False

        async def fetch(
            self,
            url: str,
            method: str = "GET",
            headers: Mapping[str, str] | None = None,
            body: str | None = None,
        ) -> dict[str, object]:
            signed = Signed(method, url, headers or {}, body.encode() if body else None)
            self.is_built = True
            for value in _withheld(signed, self.auth):
                self.redactor.learn(value)
            self.answer = await self.door.send(self.guard, signed, self.until)
            # Some classes look into what they get; what they think of it does not matter.
            return {}

        def open(self, lazy: bool = False) -> Never:  # noqa: ARG002, FBT001, FBT002 - ccxt's signature
            message = "ccxt may not open a connection of its own"
            raise Refused(message, fix="Please report this.")

    Guarded.__name__ = base.__name__
    return Guarded


def _withheld(signed: Signed, auth: frozenset[str]) -> Iterator[str]:
    """Yield what signing added to a request: an answer that repeats it must not be repeated by us."""
    added = (value for name, value in signed.parameters if name in auth)
    yield from withheld(signed.headers, added, urlsplit(signed.url).path)


class Template:
    """
    A connector's API, ready to be given keys.

    Building a ccxt object takes a millisecond and a copy of one 30 us, so
    this is made once for many keys. Making it checks every declared question
    against ccxt's own table, so a wrong declaration shows before a byte leaves.
    """

    def __init__(self, terms: Terms) -> None:
        """Load the ccxt class; raise `PluginError` when it does not have what the connector declares."""
        self.terms = terms
        base = load(terms.api.ccxt_class)
        rules = [_rule(base, question) for question in terms.questions]
        self._guard = Guard(terms.api.hosts, rules, terms.api.auth_parameters)
        self._ccxt = _guarded(base)({"enableRateLimit": False})
        # ccxt writes all that `describe` returns over its own methods.
        if replaced := vars(self._ccxt).keys() & vars(type(self._ccxt)).keys():
            message = f"{base.__name__} describes {', '.join(sorted(replaced))}, which are methods and no data"
            raise PluginError(message, fix="Ask the author of the connector to leave the rest of ccxt alone.")
        # Either would show whole requests, and what a connector describes may turn the first one on.
        self._ccxt.verbose, self._ccxt.logger = False, _SILENT

    def client(self, credentials: Credentials, door: Door) -> Client:
        """Return a client for one key."""
        one = copy.copy(self._ccxt)
        # Some classes write into their options while they sign.
        one.options = copy.deepcopy(one.options)
        one.door, one.guard = door, self._guard
        one.redactor, one.auth = credentials.redactor, self.terms.api.auth_parameters
        for name in credentials:
            setattr(one, _CCXT_NAMES[name], credentials[name].reveal())
        # All costs at once: a pause must reach every kind of question, also one that is first asked after it.
        return Client(self.terms, one, door.rates(self.terms.api.hosts[0], self.terms.api.rates))


def _rule(base: type, question: Question) -> Rule:
    """Compare a declared question with the ccxt method that it names, and return the guard's rule for it."""
    entry = inspect.getattr_static(base, question.call, None)
    method, path = getattr(entry, "method", None), getattr(entry, "path", None)
    if not isinstance(method, str) or not isinstance(path, str):
        message = f"ccxt's {base.__name__} has no implicit method {question.call}"
        near = get_close_matches(question.call, dir(base), n=1, cutoff=0.8)
        hint = f"If you wrote the connector: did you mean {near[0]}? Otherwise install" if near else "Install"
        raise PluginError(message, fix=f"{hint} the ccxt range that `hashdata connectors show` names.")
    if method != question.method:
        message = f"{question.call} is a {method} in ccxt, but the connector says it sends {question.sends}"
        raise PluginError(message, fix="Ask the author of the connector to correct it.")
    if question.in_path != {name for name in question.params if f"{{{name}}}" in path}:
        message = f"ccxt puts other parameters of {question.call} into its path {path} than the connector says"
        raise PluginError(message, fix="Ask the author of the connector to correct in_path.")
    return Rule.of(question)


class Client:
    """Asks questions with one key. Questions may be asked side by side: each has a copy of its own."""

    def __init__(self, terms: Terms, ccxt_object: Any, rates: Rates) -> None:  # noqa: ANN401 - a ccxt object
        """Use `Template.client` instead."""
        self._terms = terms
        self._ccxt = ccxt_object
        self._rates = rates
        self._alone = asyncio.Lock() if terms.api.one_at_a_time else nullcontext()

    def __repr__(self) -> str:
        """Show no key."""
        return f"Client({self._terms.api.name})"

    async def ask(self, question: Question, *, until: float, limit: float) -> Raw | Fault:
        """
        Ask one question and return the raw answer, or the fault that kept it from coming.

        `until` is the moment of the loop's clock at which the whole test ends
        and `limit` the seconds that one answer may take. A GET is asked again
        once when the network failed, or when the exchange names a wait that
        ends in time; anything else is never sent twice.
        """
        outcome = await self._once(question, until, limit)
        if question.method != "GET":
            return outcome
        if isinstance(outcome, Fault):
            return await self._once(question, until, limit) if outcome.cause is Cause.NETWORK else outcome
        wait = retry_after(outcome)
        if wait is None or asyncio.get_running_loop().time() + wait >= until:
            return outcome
        self._rates.pause(wait)
        return await self._once(question, until, limit)

    async def _once(self, question: Question, until: float, limit: float) -> Raw | Fault:
        """Ask a question when no other of this key is on its way, where the exchange wants that."""
        async with self._alone:
            return await self._in_turn(question, until, limit)

    async def _in_turn(self, question: Question, until: float, limit: float) -> Raw | Fault:
        """Wait for this question's turn, then ask it."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        timed_out = Fault(Cause.TIMEOUT, question.method, question.path, 0)
        try:
            async with asyncio.timeout_at(until):
                await self._rates.turn(question.cost)
        except TimeoutError:
            return replace(timed_out, ms=round((loop.time() - begin) * 1000))
        one = copy.copy(self._ccxt)
        one.until = min(until, loop.time() + limit)
        stopped, is_no_base64 = "", False
        try:
            await getattr(one, question.call)(dict(question.params))
        except Faulted as faulted:
            return faulted.fault
        except Refused as refused:
            raise Refused(
                f"{refused.what}. The connector declares {question.call} as {question.sends}",
                fix="If you wrote the connector, correct sends, params or auth_parameters. Otherwise report this.",
            ) from None
        except PluginError:
            raise
        except Exception as error:
            # Once there is an answer, whatever ccxt thinks of it does not matter.
            if one.answer is None and one.is_built:
                # Raised by the door, and no fault of the network: a bug, which must look like one.
                raise
            stopped, is_no_base64 = f" ({type(error).__name__})", isinstance(error, binascii.Error)
        answer: Raw | None = one.answer
        if answer is None:
            # Raised out here they have no context: what was raised while signing may hold the key.
            if is_no_base64:
                problem = {"secret": "the secret is not base64, so nothing can be signed with it"}
                raise CredentialError(problem, fix="Copy the secret again, whole, from the exchange's key page.")
            message = (
                f"ccxt could not build {question.sends}{stopped}" if stopped else f"ccxt did not send {question.sends}"
            )
            raise PluginError(message, fix="Please report this with the versions of hashdata and ccxt.")
        return answer


def retry_after(raw: Raw) -> float | None:
    """Return the seconds that a 429 asks to wait, None when it names none or is no 429."""
    value = raw.headers.get("retry-after", "").strip()
    if raw.status != _TOO_MANY or not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, OverflowError, OSError):
        # Windows knows no local time before 1970, and says so by an OSError.
        return None
