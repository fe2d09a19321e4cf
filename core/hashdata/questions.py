"""The questions that a connector declares, and what their answers mean. Nothing here asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hashdata.answers import Reading, Shape
from hashdata.permissions import FORBIDDEN, Cause, Grant, Permission
from hashdata.rights import Rights

if TYPE_CHECKING:
    from collections.abc import Sequence

# ccxt reads these two out of the parameters and would send the request again and again.
_RETRY_NAMES = frozenset({"maxRetriesOnFailure", "maxRetriesOnFailureDelay"})
# What follows from what several answers mean; one answer alone cannot say it.
_CONCLUSIONS = frozenset({Cause.CONTRADICTION, *map(Cause.granted, FORBIDDEN)})
_SENDS = re.compile(r"(GET|POST|PUT|DELETE) (/[A-Za-z0-9._/-]*)")
Parameter = str | int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """
    One request, as ccxt is asked to make it and as it will leave.

    It says both, so that the guard and a reader can check the one against the
    other. Two questions are the same only if they are one object.
    """

    call: str
    """An implicit method of the ccxt class, such as `privateGetAccountsBalances`."""
    sends: str
    """The method and path that come of it, such as `GET /accounts/balances`."""
    params: Mapping[str, Parameter] = field(default_factory=dict)
    """What the method is given: strings and whole numbers."""
    in_path: frozenset[str] = frozenset()
    """The parameters that fill a place in the path; the others travel in the query or the body."""
    cost: str = "light"
    """One of the API's rates."""
    api: str | None = None
    """The API that it belongs to; None is every API."""

    def __post_init__(self) -> None:
        """Refuse what could be sent more than once, and a path that could be read in two ways."""
        if not _SENDS.fullmatch(self.sends) or ".." in self.sends or "//" in self.sends:
            message = f"sends must be a method and a plain path, such as 'GET /accounts', not {self.sends!r}"
            raise ValueError(message)
        if bad := _RETRY_NAMES.intersection(self.params):
            message = f"{self.call} may not be sent again: remove {', '.join(sorted(bad))}"
            raise ValueError(message)
        if odd := [name for name, value in self.params.items() if type(value) not in {str, int}]:
            message = f"the parameters of {self.call} must be strings or whole numbers: {', '.join(odd)}"
            raise ValueError(message)
        if lost := [name for name in self.in_path if str(self.params.get(name, "")) not in self.path.split("/")[1:]]:
            message = f"{', '.join(sorted(lost))} of {self.call} should stand in the path {self.path}"
            raise ValueError(message)

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.sends.split(" ")[0]

    @property
    def carried(self) -> Mapping[str, Parameter]:
        """The parameters that travel in the query or the body."""
        return {name: value for name, value in self.params.items() if name not in self.in_path}

    @property
    def path(self) -> str:
        """The path, with every part of it filled in."""
        return self.sends.split(" ")[1]


def _check_read(question: Question, harmless: str) -> None:
    """Refuse a question that reads by another method than GET, or by POST without a reason."""
    if question.method not in {"GET", "POST"}:
        raise ValueError(f"{question.sends} cannot be a read: reads are asked by GET, or by POST where it must be")
    if question.method == "POST" and not harmless.strip():
        raise ValueError(f"{question.sends} is a POST and needs a sentence in harmless on why it changes nothing")


class TimeForm(StrEnum):
    """How an exchange writes a time: seconds or milliseconds since 1970, or text by ISO 8601."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    ISO = "iso"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clock(Question):
    """The public question for the exchange's time."""

    at: tuple[str | int, ...]
    """Where the answer holds the time: names and positions to follow."""
    tolerance_ms: int
    """How far off a signed request may be, in milliseconds."""
    form: TimeForm = TimeForm.MILLISECONDS
    """How the time is written, as for `Expiry`; a number may stand there as text."""

    def __post_init__(self) -> None:
        """Refuse a way that leads nowhere."""
        Question.__post_init__(self)
        if not self.at or any(type(step) is int and step < 0 for step in self.at):
            message = f"{self.sends} needs the way to the time in its answer, such as ('data', 0, 'ts')"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """
    Where an answer states when its key ends, and how that time is written.

    An exchange that writes 0, nothing or an empty text means that the key does
    not end.
    """

    at: tuple[str | int, ...]
    """The way to the time in the decoded answer: names and positions to follow."""
    form: TimeForm
    """`SECONDS` or `MILLISECONDS` since 1970, or `ISO` for text by ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stream(Question):
    """One kind of data that a complete read needs, and a cheap question for it."""

    name: str
    """What reports call it."""
    about: str
    """What it is, for people."""
    shape: Shape
    """What an answer must look like to count as readable."""
    unopened: Shape | None = None
    """The answer of an account that has nothing to read yet."""
    required: bool = True
    """Whether a complete read needs it; others are asked with `--all-streams`."""
    account_id: tuple[str | int, ...] = ()
    """Where the answer holds the account's stable id."""
    expires: Expiry | None = None
    """Where the answer states when the key ends."""
    harmless: str = ""
    """Why a question that is no GET changes nothing; required for those."""

    def __post_init__(self) -> None:
        """Refuse what is no read, and a POST that does not say why it is one."""
        Question.__post_init__(self)
        _check_read(self, self.harmless)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What an answer must show to be recognised. What is None is not looked at."""

    code: int | str | None = None
    """The exchange's own code, of this type: 403 is not `"403"`."""
    message: str | None = None
    """The exchange's own sentence, exactly."""
    status: int | None = None
    """The HTTP status."""
    header: tuple[str, str] | None = None
    """A header's name in lower case, and its value."""
    body: Shape | None = None
    """The shape of the decoded answer."""

    def matches(self, reading: Reading) -> bool:
        """Whether everything that this pattern names stands in the answer."""
        return (
            (self.code is None or (type(reading.code) is type(self.code) and reading.code == self.code))
            and (self.message is None or reading.message == self.message)
            and (self.status is None or reading.raw.status == self.status)
            and (self.header is None or reading.raw.headers.get(self.header[0]) == self.header[1])
            and (self.body is None or (reading.is_json and self.body.fits(reading.value)))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Pattern):
    """
    A recognised answer to a probe, and the grant that it means.

    Where the exchange's sentence is known, a refusal names it beside the code:
    403 alone could come from a gateway. A grant that is recognised by its
    shape alone counts only with an HTTP status of success; with any other the
    answer contradicts itself, and is no refusal either.
    """

    means: Grant
    """`GRANTED` or `REFUSED`; anything that matches no answer is unproven."""
    executed: bool = False
    """Whether the answer says that the exchange carried the request out."""
    evidence: str = ""
    """Where this is known from."""

    def __post_init__(self) -> None:
        """Refuse a pattern that anything would match."""
        if self.means is Grant.UNPROVEN:
            message = "an answer means granted or refused; everything else is unproven by itself"
            raise ValueError(message)
        if self.means is Grant.REFUSED and self.code is None and self.body is None:
            message = "a refusal is recognised by the exchange's own code, not by status or header"
            raise ValueError(message)
        if self.code is None and self.body is None:
            message = "a grant is recognised by the exchange's own code or by the shape of the answer"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probe(Question):
    """One harmless question about one permission, why it is harmless, and which answers mean what."""

    permission: Permission
    """`TRADE`, `WITHDRAW` or `TRANSFER`."""
    harmless: str
    """Why nothing happens even with a key that can do everything."""
    answers: Sequence[Answer]
    """At least one that means granted and one that means refused."""

    def __post_init__(self) -> None:
        """Refuse a probe that does not say why it is harmless, or that cannot learn anything."""
        Question.__post_init__(self)
        if self.permission not in FORBIDDEN:
            message = "reading is asked by streams, not by probes"
            raise ValueError(message)
        if not self.harmless.strip():
            message = f"{self.sends} needs a sentence that says why it is harmless"
            raise ValueError(message)
        if {answer.means for answer in self.answers} != {Grant.GRANTED, Grant.REFUSED}:
            message = f"{self.sends} needs an answer that means granted and one that means refused"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DeclaredProbe(Question):
    """
    The question for which an exchange states itself what a key may do; it is asked together with the streams.

    Only an answer of success that has `shape` is read: `rights` is given its
    decoded value and nothing else.
    """

    states: tuple[Permission, ...]
    """The permissions that the answer decides: of `TRADE`, `WITHDRAW` and `TRANSFER`."""
    harmless: str
    """Why the question changes nothing."""
    shape: Shape
    """What an answer must look like to be read."""
    rights: Callable[[object], Rights]
    """
    A pure function from the decoded answer to what it says. If it raises or
    misses a permission, that stays unproven.
    """
    account_id: tuple[str | int, ...] = ()
    """Where the answer holds the account's stable id."""

    words: frozenset[str] = frozenset()
    """Rights that the answer may name, which a recording keeps to the letter; words in other fields are replaced."""

    def __post_init__(self) -> None:
        """Refuse a question that does not say why it is harmless, or that decides nothing."""
        Question.__post_init__(self)
        _check_read(self, self.harmless)
        if not self.states or not set(FORBIDDEN).issuperset(self.states):
            message = f"{self.sends} must state forbidden permissions; reading is asked by streams"
            raise ValueError(message)
        if not self.harmless.strip():
            message = f"{self.sends} needs a sentence that says why it is harmless"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(Pattern):
    """
    An answer of this exchange that says why a question was not answered.

    It never counts as evidence of a grant, so it alone may match a status
    and a header without a body.
    """

    cause: Cause
    """One of the causes in docs/causes.md."""
    api: str | None = None
    """The API that it belongs to; None is every API."""
    evidence: str = ""
    """Where this is known from."""

    def __post_init__(self) -> None:
        """Refuse a diagnosis that anything would match."""
        if self.code is None and self.body is None and (self.status is None or self.header is None):
            message = "a diagnosis needs a code, a shape, or a status together with a header"
            raise ValueError(message)
        if self.cause in _CONCLUSIONS:
            message = f"{self.cause} is concluded from answers to probes, not diagnosed"
            raise ValueError(message)
