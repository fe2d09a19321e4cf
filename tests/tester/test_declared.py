"""What an exchange states of a key: read strictly, compared with what was observed, and never taken for more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hashdata.answers import Fields, Flag, ListOf, Raw, Text
from hashdata.connector import Terms
from hashdata.exchange.faults import Fault
from hashdata.permissions import FORBIDDEN, Cause, Grant, Permission, Provability, Verdict, Witness
from hashdata.questions import DeclaredProbe
from hashdata.redaction import Redactor
from hashdata.rights import Rights, by_flags
from hashdata.tester.classify import Classifier, Statement
from hashdata.tester.judge import Found, Judgement, judge
from hashdata.tester.words import summary

from tests.tester.findings import EXECUTED, GRANTED, ON, REFUSED, unproven, words
from tests.tester.subjects import TERMS

FLAGS: dict[str, Permission | None] = {
    "read": None,
    "trade": Permission.TRADE,
    "withdraw": Permission.WITHDRAW,
    "transfer": Permission.TRANSFER,
}


def read_rights(value: object) -> Rights:
    assert isinstance(value, dict)
    return by_flags(value["rights"], FLAGS)


PROBE = DeclaredProbe(
    call="privateGetKey",
    sends="GET /key",
    states=FORBIDDEN,
    harmless="it only reads",
    shape=Fields({"rights": ListOf(Text())}),
    rights=read_rights,
)
POLONIEX = TERMS["main"]
# Trade and withdraw are askable there, so both witnesses speak of both.
BOTH = replace(POLONIEX, declared=(replace(PROBE, states=POLONIEX.askable),))


def stated(body: str, status: int = 200, probe: DeclaredProbe = PROBE) -> Statement:
    """Return what is made of an answer."""
    return Classifier(BOTH, Redactor(["a-secret-of-this-test"])).statement(
        probe, Raw("GET", "/key", status, {}, body, 1)
    )


def judged(body: str, observed: object = REFUSED, terms: Terms = BOTH) -> Judgement:
    """Judge a key that reads everything, of which the exchange states `body`."""
    (probe,) = terms.declared
    found = Found(
        clock=ON,
        reads=dict.fromkeys(terms.streams, GRANTED),
        statements={probe: stated(body, probe=probe)},
        probes=dict.fromkeys(terms.probes, observed),  # type: ignore[arg-type]  # a finding
    )
    return judge(terms, found)


def test_what_is_stated_decides_each_permission() -> None:
    statement = stated('{"rights": ["read", "trade"]}')

    assert [statement.of(p).grant for p in FORBIDDEN] == [Grant.GRANTED, Grant.REFUSED, Grant.REFUSED]
    assert statement.of(Permission.TRADE).evidence.witness is Witness.DECLARED


def test_the_account_is_named_by_the_statement_too() -> None:
    probe = replace(PROBE, account_id=("rights", 1))

    assert stated('{"rights": ["read", "trade"]}', probe=probe).finding.account_id == "trade"
    assert stated('{"rights": ["read"]}', probe=probe).finding.account_id is None
    backwards = replace(PROBE, account_id=("rights", -1))
    assert stated('{"rights": ["read"]}', probe=backwards).finding.account_id is None
    assert stated('{"rights": ["read", "trade"]}', 400, probe=probe).finding.account_id is None


@pytest.mark.parametrize("flags", [["new"], ["read", "new"], ["", "read"], ["Trade"]])
def test_a_flag_that_nobody_knows_keeps_everything_from_being_refused(flags: list[str]) -> None:
    rights = by_flags(flags, FLAGS)

    assert [rights.of(p) for p in FORBIDDEN] == [Grant.UNPROVEN] * 3
    assert words(judged(f'{{"rights": {flags!r}}}'.replace("'", '"'))).startswith("inconclusive")


def test_one_flag_may_give_several_permissions() -> None:
    known = {"read": None, "trade": (Permission.TRADE, Permission.TRANSFER), "spend": Permission.TRANSFER}
    spending, trading = by_flags(["read", "spend"], known), by_flags(["trade"], known, parts={"trade"})

    assert [spending.of(p) for p in FORBIDDEN] == [Grant.REFUSED, Grant.REFUSED, Grant.GRANTED]
    assert [trading.of(p) for p in FORBIDDEN] == [Grant.GRANTED, Grant.REFUSED, Grant.GRANTED]
    assert trading.partly == (Permission.TRADE, Permission.TRANSFER)
    assert by_flags(["trade", "spend"], known, parts={"trade"}).partly == (Permission.TRADE,)


def test_an_unknown_flag_hides_no_grant() -> None:
    rights = by_flags(["new", "withdraw"], FLAGS)

    assert [rights.of(p) for p in FORBIDDEN] == [Grant.UNPROVEN, Grant.GRANTED, Grant.UNPROVEN]


def test_an_unknown_flag_is_named_for_a_report_and_no_credential_in_it_is() -> None:
    statement = stated('{"rights": ["superpower", "a-secret-of-this-test"]}')

    assert "unknown rights: superpower, " in str(statement.finding.unrecognised)
    assert "a-secret-of-this-test" not in str(statement)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"rights": ["read"]}', 201),
        ('{"rights": []}', 200),
    ],
)
def test_an_answer_of_success_is_read(body: str, status: int) -> None:
    assert stated(body, status).of(Permission.TRADE).grant is Grant.REFUSED


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"rights": ["read"]}', 400),
        ('{"rights": ["read"]}', 500),
        ('{"rights": ["read"]}', 302),
        ('{"rights": ["read"]}', 429),
        ('{"rights": "read"}', 200),
        ('{"rights": [1]}', 200),
        ("{}", 200),
        ("[]", 200),
        ("", 200),
        ("null", 200),
        ("<html></html>", 200),
        ('{"rights": ["trade"], "rights": []}', 200),
        ('{"rights": [', 200),
    ],
)
def test_anything_else_states_nothing(body: str, status: int) -> None:
    statement = stated(body, status)

    assert statement.rights is None
    assert {statement.of(p).grant for p in FORBIDDEN} == {Grant.UNPROVEN}
    assert statement.finding.cause is not None


def test_a_fault_states_nothing() -> None:
    fault = Fault(method="GET", path="/key", cause=Cause.TIMEOUT, ms=3)
    statement = Classifier(BOTH, Redactor([])).statement(PROBE, fault)

    assert (statement.rights, statement.finding.cause) == (None, Cause.TIMEOUT)
    assert statement.finding.evidence.witness is Witness.DECLARED


def raising(value: object) -> Rights:
    raise LookupError(value)


def lying(_: object) -> Rights:
    return "refused"  # type: ignore[return-value]  # what an author does who uses no type checker


def silent(_: object) -> Rights:
    return Rights()


class Sly(Rights):
    """Answers otherwise when it is asked."""

    def of(self, permission: Permission) -> Grant:  # noqa: ARG002 - it lies of every one
        return Grant.REFUSED


@pytest.mark.parametrize("read", [raising, lying, silent, lambda _: None, lambda _: Sly()])
def test_a_function_that_fails_leaves_everything_unproven(read: object) -> None:
    probe = replace(BOTH.declared[0], rights=read)  # type: ignore[arg-type]  # see above
    statement = stated('{"rights": []}', probe=probe)

    assert {statement.of(p).grant for p in FORBIDDEN} == {Grant.UNPROVEN}
    assert statement.finding.cause is Cause.UNRECOGNISED_ANSWER


@pytest.mark.parametrize(
    "wrong",
    [
        {"grants": {Permission.TRADE: "refused"}},
        {"grants": {"anything": Grant.REFUSED}},
        {"grants": {Permission.READ: Grant.GRANTED}},
        {"unknown": (1,)},
        {"unknown": ["new"]},
        {"gaps": (gap for gap in ("It begins late.",))},
        {"gaps": "It begins late."},
        {"partly": (Permission.READ,)},
        {"partly": [Permission.TRADE]},
        {"addresses": "192.0.2.1"},
        {"expires_at": "2030-01-01"},
        {"expires_at": datetime(2030, 1, 1)},  # noqa: DTZ001 - that it has no zone is the point
        {"addresses": (None,)},
    ],
)
def test_rights_of_wrong_types_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="rights are grants"):
        Rights(**wrong)  # type: ignore[arg-type]  # that is the point


def test_two_witnesses_that_agree_accept_a_key() -> None:
    assert judged('{"rights": ["read"]}').verdict is Verdict.ACCEPTED
    assert BOTH.provability is Provability.P3


def test_a_right_that_is_stated_and_observed_denies_the_key_by_it() -> None:
    assert words(judged('{"rights": ["trade", "withdraw"]}', GRANTED)) == "denied trade_granted"


def test_what_is_granted_beyond_what_was_to_be_stated_counts() -> None:
    terms = replace(BOTH, declared=(replace(BOTH.declared[0], states=(Permission.TRADE,)),))

    assert Permission.TRANSFER not in terms.askable
    assert words(judged('{"rights": ["transfer"]}', terms=terms)) == "denied transfer_granted"
    assert words(judged('{"rights": ["withdraw"]}', terms=terms)) == "denied contradiction"
    assert by_flags(["transfer"], FLAGS, (Permission.TRADE,)).of(Permission.TRANSFER) is Grant.GRANTED


def test_a_shape_that_fails_over_an_answer_has_not_seen_a_statement() -> None:
    class Hasty:
        def fits(self, value: object) -> bool:
            raise LookupError(value)

    statement = stated('{"rights": []}', probe=replace(BOTH.declared[0], shape=Hasty()))

    assert statement.rights is None
    assert statement.finding.cause is Cause.UNRECOGNISED_ANSWER


@pytest.mark.parametrize(("body", "observed"), [("[]", GRANTED), ('["trade", "withdraw"]', REFUSED)])
def test_witnesses_that_disagree_are_a_contradiction(body: str, observed: object) -> None:
    assert words(judged(f'{{"rights": {body}}}', observed)) == "denied contradiction"


def test_a_right_in_part_is_denied_by_its_name_and_is_no_contradiction() -> None:
    read = lambda value: by_flags(value["rights"], FLAGS, parts={"trade"})  # noqa: E731 - a connector's function
    part = replace(BOTH, declared=(replace(BOTH.declared[0], rights=read),))

    assert words(judged('{"rights": ["trade"]}', REFUSED, part)) == "denied trade_granted"
    assert words(judged('{"rights": ["trade", "withdraw"]}', REFUSED, part)) == "denied contradiction"
    assert words(judged('{"rights": ["trade"]}', GRANTED, part)) == "denied contradiction"


def test_what_was_carried_out_is_worse_than_a_contradiction() -> None:
    assert words(judged('{"rights": []}', EXECUTED)) == "denied trade_granted"


def test_a_witness_that_says_nothing_keeps_the_key_from_being_accepted() -> None:
    assert words(judged("{}")) == "inconclusive unrecognised_answer"
    assert words(judged('{"rights": []}', unproven(Cause.TIMEOUT))) == "inconclusive timeout"


def test_the_declared_witness_alone_is_enough_and_the_summary_says_so() -> None:
    terms = replace(BOTH, probes=())
    judgement = judged('{"rights": []}', terms=terms)

    assert (judgement.verdict, terms.provability) == (Verdict.ACCEPTED, Provability.P2)
    assert summary(terms, ON, judgement).startswith(
        "The exchange states that this key may not place orders or withdraw"
    )


def test_a_statement_that_was_never_made_accepts_nothing() -> None:
    found = Found(
        clock=ON, reads=dict.fromkeys(BOTH.streams, GRANTED), probes=dict.fromkeys(BOTH.probes, REFUSED), statements={}
    )

    assert judge(BOTH, found).verdict is Verdict.INCONCLUSIVE


def test_a_gap_in_what_can_be_read_denies_the_key_and_is_told() -> None:
    probe = replace(
        BOTH.declared[0], rights=lambda _: replace(by_flags([], FLAGS), gaps=("It shows nothing before 2024.",))
    )
    judgement = judged('{"rights": []}', terms=replace(BOTH, declared=(probe,)))

    assert words(judgement) == "denied incomplete_read"
    assert summary(BOTH, ON, judgement).endswith("It shows nothing before 2024.")


def test_a_declared_probe_says_why_it_is_harmless_and_what_it_states() -> None:
    with pytest.raises(ValueError, match="why it is harmless"):
        replace(PROBE, harmless=" ")
    with pytest.raises(ValueError, match="reading is asked by streams"):
        replace(PROBE, states=())
    with pytest.raises(ValueError, match="reading is asked by streams"):
        replace(PROBE, states=(Permission.READ,))


def test_a_time_without_end_and_any_address_are_told_apart_from_what_is_not_told() -> None:
    rights = Rights(expires_at=datetime(2030, 1, 1, tzinfo=UTC), addresses=())

    assert (rights.addresses, Rights().addresses) == ((), None)


def test_true_and_false_are_flags_and_numbers_are_not() -> None:
    assert [Flag().fits(value) for value in (True, False, 1, 0, None, "true")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
