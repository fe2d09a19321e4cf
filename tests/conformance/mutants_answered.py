"""Connectors that are broken in what they make of answers, and practice exchanges that are."""

from __future__ import annotations

import json
from dataclasses import replace

from hashdata.answers import Fields, Flag, Is, ListOf, Shape, Text
from hashdata.credentials import CredentialSchema, Field
from hashdata.permissions import Cause, Grant
from hashdata.practice import Reply, Request
from hashdata.questions import Answer, Diagnosis, TimeForm

from tests.conformance.broken import (
    Anonymous,
    Anything,
    Careless,
    Hasty,
    Object,
    Raising,
    Trusting,
    always,
    answering,
    changing,
    credulous,
    deny_list,
    echo,
    forgetful,
    greedy,
    half_blind,
    lying,
    moody,
    only,
    unlike,
)
from tests.conformance.changes import (
    GRANTED,
    REFUSED,
    SPOT,
    Make,
    api,
    practice,
    refused,
    stated,
    stream,
    told,
    trade,
)
from tests.conformance.example import FLAGS
from tests.conformance.mutant import (
    ENDING,
    ENDS,
    EXAMPLE_GRANTED,
    EXAMPLE_REFUSED,
    FOREIGN,
    LOOKS_LIKE,
    MALFORMED,
    NOT_DATA,
    PURE,
    RECORDED,
    SPELLING,
    STATEMENT,
    STATUS,
    TYPE,
    UNDERSTOOD,
    UNKNOWN,
    WRONG,
    Mutant,
)
from tests.conformance.variants import GOOD


def accepted_order(code: int) -> Answer:
    return Answer(code=code, means=Grant.GRANTED, evidence="documented")


PASSPHRASE = Field(name="passphrase", label="Passphrase")
PAGE = ("content-type", "text/html")
SOME_FLAGS = Fields({"enableReading": Flag(), "enableSpotAndMarginTrading": Flag(), "enableWithdrawals": Flag()})
OTHER_FIELDS = Fields({"balances": ListOf(Fields({"coin": Text()}))})
SENTENCE = Fields({"msg": Is("Invalid API-key, IP, or permissions for action.")})
BY_STATUS = Diagnosis(cause=Cause.UNKNOWN_KEY, status=403, header=PAGE, evidence="guessed")
ANY_ERROR = Diagnosis(cause=Cause.WRONG_SECRET, body=Object(), evidence="guessed")


class Picky:
    """Asks for a word that no recording keeps."""

    def fits(self, value: object) -> bool:
        return isinstance(value, dict) and value.get("tier") == "tier-x7" and bool(value.get("balances"))


def adding(fields: dict[str, object], shape: Shape) -> Make:
    """Let the balances have more fields, and the stream another shape."""

    def add(reply: Reply, _: Request) -> Reply:
        value = json.loads(reply.body)
        return replace(reply, body=json.dumps(fields | value)) if "balances" in value else reply

    return lambda: replace(stream(shape=shape)(), practice=answering("GET /api/v3/account", add))


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
    Mutant("signatures that nobody verifies", WRONG, practice(Trusting)),
    Mutant(
        "a passphrase that nobody verifies",
        WRONG,
        lambda: replace(GOOD, schema=CredentialSchema((*GOOD.schema, PASSPHRASE)), practice=Careless),
    ),
    Mutant("a wrong secret that is not recognised", WRONG, lambda: replace(GOOD, told=GOOD.told[:1])),
    Mutant("a time that stands elsewhere", UNDERSTOOD, api(clock=replace(SPOT.clock, at=("data", 0, "ts")))),
    Mutant("a time in other units", UNDERSTOOD, api(clock=replace(SPOT.clock, form=TimeForm.ISO))),
    Mutant("a stream of other fields", UNDERSTOOD, stream(shape=OTHER_FIELDS)),
    Mutant("rights of other fields", UNDERSTOOD, stated(shape=Fields({"perm": Text()}))),
    Mutant("a code of another type", TYPE, told(Diagnosis(code="-1022", cause=Cause.WRONG_SECRET, evidence="x"))),
    Mutant("a key that ends otherwise", ENDING, lambda: GOOD, {**ENDS, "trading": Cause.WITHDRAW_GRANTED}),
    Mutant("a key that is accepted and should not be", ENDING, lambda: GOOD, {**ENDS, "read-only": Cause.CLOCK}),
    Mutant("a key of which nothing is said", ENDING, lambda: GOOD, {"read-only": None}),
    Mutant("a key that is not there", ENDING, lambda: GOOD, {**ENDS, "expired": Cause.EXPIRED_KEY}),
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
    Mutant("a refusal by a code that is a status", STATUS, refused(code=403, message=None)),
    Mutant("a statement of any shape", STATEMENT, stated(shape=Anything())),
    Mutant("a statement that is any object", STATEMENT, stated(shape=Object())),
    Mutant("a deny-list", UNKNOWN, stated(rights=deny_list)),
    Mutant("a deny-list that notices numbers", UNKNOWN, stated(rights=half_blind)),
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
    Mutant("a stream that is its envelope", NOT_DATA, adding({"code": 0}, Fields({"code": Is(0)}))),
    Mutant("a stream whose records may be empty", NOT_DATA, stream(shape=Fields({"balances": ListOf(Fields({}))}))),
    Mutant("a stream whose data may be null", NOT_DATA, adding({"code": 0}, Fields({"balances": Anything()}))),
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
    Mutant("a secret in the account's id, recorded", RECORDED, practice(answering("GET /api/v3/account", echo))),
    Mutant("a word that a recording cannot keep", RECORDED, adding({"tier": "tier-x7"}, Picky())),
    Mutant(
        "a secret in the account's id",
        "no_practice_answer_shows_a_secret",
        practice(answering("GET /api/v3/account", echo)),
    ),
)
