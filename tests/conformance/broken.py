"""Parts that are broken: shapes that fit too much, hooks that raise, practice exchanges that lie, rights that guess."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from hashdata import guidance
from hashdata.guidance import Guide
from hashdata.hookspecs import ConnectorInfo, hookimpl
from hashdata.permissions import FORBIDDEN, Grant
from hashdata.practice import Persona, Provenance, Reply, Request
from hashdata.questions import Probe
from hashdata.rights import Rights, by_flags

from tests.conformance.example import FLAGS, NOT_FLAGS, rights
from tests.conformance.example_sandbox import PracticeExample
from tests.conformance.variants import Variant


class Anything:
    """Fits whatever there is."""

    def fits(self, _: object) -> bool:
        return True


class Object:
    """Fits every object, errors included."""

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)


class Hasty:
    """Does not look before it reaches."""

    def fits(self, value: object) -> bool:
        return bool(value["balances"])  # type: ignore[index]  # that is what is wrong with it


class WithoutReason(Variant):
    """Says nothing about why its question is harmless."""

    @hookimpl
    def permission_probes(self) -> list[Probe]:
        return [replace(self.trade, harmless="")]


class WithoutDate(Variant):
    """Does not say when its guide was checked."""

    @hookimpl
    def guide(self) -> Guide:
        undated = guidance.Variant(name="x", title="x", when="x", steps=(), source="x")  # type: ignore[call-arg]  # see above
        return Guide(title="A key", about=(), variants=(undated,))


class Nameless(Variant):
    """Cannot describe itself."""

    @hookimpl
    def describe(self) -> ConnectorInfo:
        raise LookupError("name")


def only(*names: str) -> type[PracticeExample]:
    """Return a practice exchange with these keys alone."""

    class Few(PracticeExample):
        @property
        def personas(self) -> list[Persona]:
            return [persona for persona in super().personas if persona.name in names]

    return Few


def answering(start: str, change: Callable[[Reply, Request], Reply]) -> type[PracticeExample]:
    """Return a practice exchange that changes its replies to requests that begin with `start`."""

    class Other(PracticeExample):
        def answer(self, request: Request, now_ms: int) -> Reply:
            reply = super().answer(request, now_ms)
            return change(reply, request) if f"{request.method} {request.path}".startswith(start) else reply

    return Other


class Trusting(PracticeExample):
    """Verifies no signature."""

    def answer(self, request: Request, now_ms: int) -> Reply:
        reply = super().answer(request, now_ms)
        return (
            self._serve(f"{request.method} {request.path}", {}, self._keys["PRACTICE-NOT-A-REAL-KEY-0001"])
            if ("-1022" in reply.body)
            else reply
        )


class Careless(PracticeExample):
    """Asks for a passphrase and does not look at it."""

    @property
    def personas(self) -> list[Persona]:
        keys = super().personas
        return [replace(key, credentials={**key.credentials, "passphrase": "practice phrase"}) for key in keys]


class Executing(PracticeExample):
    """Carries out what it is asked."""

    def answer(self, request: Request, now_ms: int) -> Reply:
        reply = super().answer(request, now_ms)
        if request.method == "POST" and "-1121" in reply.body:
            self.ledger.write("an order")
        return reply


class Raising(PracticeExample):
    """Fails when somebody trades."""

    def answer(self, request: Request, now_ms: int) -> Reply:
        reply = super().answer(request, now_ms)
        if "-1121" in reply.body:
            raise LookupError("symbol")
        return reply


class Anonymous(PracticeExample):
    """Cannot say which keys it has."""

    @property
    def personas(self) -> list[Persona]:
        raise LookupError("keys")


def echo(reply: Reply, request: Request) -> Reply:
    """Give the secret for the account's id."""
    number = request.headers["x-mbx-apikey"][-4:]
    return replace(reply, body=reply.body.replace("354937868", f'"practice-not-a-real-secret-{number}"'))


def deny_list(value: object) -> Rights:
    """Look for the known flags only."""
    flags = value if isinstance(value, dict) else {}
    return Rights(
        grants={
            p: Grant.GRANTED if any(flags.get(f) for f, given in FLAGS.items() if given is p) else Grant.REFUSED
            for p in FORBIDDEN
        }
    )


def credulous(value: object) -> Rights:
    """Take for off whatever is not written as true."""
    flags = value if isinstance(value, dict) else {}
    return by_flags((name for name, held in flags.items() if held is True), FLAGS)


def half_blind(value: object) -> Rights:
    """Notice what is new unless it is true or false."""
    flags = value if isinstance(value, dict) else {}
    known = {*FLAGS, *NOT_FLAGS}
    odd = tuple(name for name, held in flags.items() if name not in known and not isinstance(held, bool))
    return replace(deny_list(value), unknown=odd)


def forgetful(value: object) -> Rights:
    """Take an unknown flag for a sign that there is nothing to fear."""
    read = rights(value)
    return Rights(grants=dict.fromkeys(FORBIDDEN, Grant.REFUSED)) if read.unknown else read


def changing(value: object) -> Rights:
    """Take what it reads out of the answer."""
    read = rights(value)
    if isinstance(value, dict):
        value.clear()
    return read


_TURNS: Iterator[bool] = itertools.cycle((True, False))


def moody(value: object) -> Rights:
    """Say something else each time."""
    return rights(value) if next(_TURNS) else Rights()


def greedy(value: object) -> Rights:
    """Fail over an answer that is as it should be."""
    raise LookupError(value)


def lying(_: object) -> Rights:
    return "refused"  # type: ignore[return-value]  # what an author does who uses no type checker


def always(grant: Grant) -> Callable[[object], Rights]:
    return lambda value: replace(rights(value), grants=dict.fromkeys(FORBIDDEN, grant))


def unsourced(reply: Reply, _: Request) -> Reply:
    return replace(reply, source="")


def unlike(reply: Reply, _: Request) -> Reply:
    return Reply.of({"code": -1, "msg": "?"}, status=400, provenance=Provenance.INFERRED, source=reply.source)
