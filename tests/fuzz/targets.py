"""What is fuzzed, and what must hold of each whatever it is given."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from io import StringIO

from hashdata.answers import Raw
from hashdata.cli.key_input import _decode as decode
from hashdata.errors import UsageError
from hashdata.exchange.faults import Fault
from hashdata.guidance import Guide, Step, Variant
from hashdata.permissions import Askable, Cause, Grant, Permission, Provability, Verdict, Witness
from hashdata.questions import Probe, Question, Stream
from hashdata.redaction import Redactor
from hashdata.registry import find
from hashdata.render.guide import Format, render
from hashdata.render.report import page
from hashdata.tester.classify import Classifier, Finding
from hashdata.tester.evidence import Evidence
from hashdata.tester.judge import Found, judge
from hashdata.tester.report import PermissionReport, Report
from hashdata.tester.words import fix, summary
from rich.console import Console

from tests.fuzz.source import KEY, PASSPHRASE, SECRET, STATUSES, Source

SECRETS = Redactor([KEY, SECRET, PASSPHRASE])
APIS = (("poloniex", "main"), ("poloniex-futures", "v3"), ("poloniex-futures", "classic"))
_EMPTY = {"main": "[]", "v3": '{"code": 200, "data": []}', "classic": '{"code": "200000", "data": []}'}
_GOOD = {
    "GET /wallets/activity": '{"deposits": [], "withdrawals": []}',
    "GET /v3/account/balance": '{"code": 200, "data": {"eq": "0", "details": []}}',
    "GET /api/v1/account-overview": '{"code": "200000", "data": {"accountEquity": 1, "currency": "USDT"}}',
    "GET /api/v1/transaction-history": '{"code": "200000", "data": {"dataList": []}}',
}


@dataclass(frozen=True, slots=True)
class Ground:
    """One API with a key of canaries, its good answers, and every body that it is known to give."""

    connector: str
    api: str
    good: Mapping[str, str]
    refusals: Mapping[str, tuple[int | str, str]]
    known: tuple[str, ...]


@cache
def ground(name: str, api: str) -> Ground:
    """Return the ground of one API."""
    connector = find(name)
    terms = connector.terms(next(found for found in connector.info.apis if found.name == api))
    good = {stream.sends: _GOOD.get(stream.sends, _EMPTY[api]) for stream in terms.streams}
    known = [*good.values(), "null", '{"code": 200, "data": {"ordId": "1"}}', '{"id": "1"}']
    refusals: dict[str, tuple[int | str, str]] = {}
    for probe in terms.probes:
        for answer in probe.answers:
            known.append(json.dumps({"code": answer.code, "message": answer.message or "words"}))
            if answer.means is Grant.REFUSED and answer.code is not None:
                refusals[probe.sends] = (answer.code, answer.message or "words")
    known += [json.dumps({"code": d.code, "message": d.message or "words"}) for d in terms.diagnoses]
    return Ground(name, api, good, refusals, tuple(known))


def any_answer(source: Source, question: Question, known: tuple[str, ...]) -> Raw | Fault:
    """Return some answer to a question, or none."""
    if source.chance(0.05):
        cause = source.random.choice((Cause.TIMEOUT, Cause.NETWORK, Cause.TLS, Cause.TOO_LARGE))
        return Fault(cause, question.method, question.path, 5)
    headers = {"content-type": source.text(20)}
    if source.chance(0.1):
        headers["web-filter"] = "unauthenticated"
    if source.chance(0.1):
        headers["retry-after"] = source.text(10)
    return Raw(question.method, question.path, source.random.choice(STATUSES), headers, source.body(known), 1)


def _object(text: str) -> object:
    """Read JSON the plain way, as somebody would who knows nothing of ours."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def could_be_read(answer: Raw | Fault, stream: Stream, ground_: Ground) -> bool:
    """Whether an answer could be a good one: a success, of the same kind as the good answer that is known."""
    if isinstance(answer, Fault) or not 200 <= answer.status < 300:
        return False
    value, good = _object(answer.text), _object(ground_.good[stream.sends])
    return type(value) is type(good) and (
        not isinstance(good, dict) or (isinstance(value, dict) and set(good) <= set(value))
    )


def could_be_refused(answer: Raw | Fault, probe: Probe, ground_: Ground) -> bool:
    """Whether an answer holds exactly the recognised code, and the sentence where one is known."""
    if isinstance(answer, Fault) or answer.status == 429 or 300 <= answer.status < 400:
        return False
    value = _object(answer.text)
    code, sentence = ground_.refusals[probe.sends]
    if not isinstance(value, dict) or value.get("code") != code or type(value.get("code")) is not type(code):
        return False
    return sentence == "words" or sentence in {value.get("message"), value.get("msg")}


def check_printable(text: str, secrets: Redactor = SECRETS) -> None:
    """Hold that a line shows no credential and nothing that a terminal would act on."""
    assert not secrets.finds(text), "a credential is shown"
    assert not [c for c in text if unicodedata.category(c)[0] == "C"], "a control character is shown"


def verdicts(source: Source) -> None:
    """Answer every question of a test somehow: accepted needs every good answer and every refusal."""
    ground_ = ground(*source.random.choice(APIS))
    connector = find_once(ground_.connector)
    terms = connector.terms(next(api for api in connector.info.apis if api.name == ground_.api))
    passphrase = {"passphrase": PASSPHRASE} if ground_.api == "classic" else {}
    redactor = connector.schema.bind({"api_key": KEY, "secret": SECRET, **passphrase}).redactor
    classifier = Classifier(terms, redactor)
    honesty = source.random.random()
    now = time.time() * 1000
    time_body = json.dumps({"serverTime": now, "code": "200000", "data": now})
    time_answer: Raw | Fault = Raw("GET", terms.api.clock.path, 200, {}, time_body, 1)
    if not source.chance(honesty):
        time_answer = any_answer(source, terms.api.clock, (*ground_.known, time_body))
    clock = classifier.clock(terms.api.clock, time_answer, now)
    earned = True
    reads: dict[Stream, Finding] = {}
    for stream in (stream for stream in terms.streams if stream.required):
        answer: Raw | Fault = Raw("GET", stream.path, 200, {}, ground_.good[stream.sends], 1)
        if not source.chance(honesty):
            answer = any_answer(source, stream, ground_.known)
        reads[stream] = classifier.stream(stream, answer)
        earned &= could_be_read(answer, stream, ground_)
    probes: dict[Probe, Finding] = {}
    for probe in terms.probes:
        code, sentence = ground_.refusals[probe.sends]
        answer = Raw(probe.method, probe.path, 403, {}, json.dumps({"code": code, "message": sentence}), 1)
        if not source.chance(honesty):
            answer = any_answer(source, probe, ground_.known)
        probes[probe] = classifier.probe(probe, answer)
        refused = could_be_refused(answer, probe, ground_)
        assert refused or probes[probe].grant is not Grant.REFUSED, "refused without the recognised refusal"
        earned &= refused
    judgement = judge(terms, Found(clock=clock, reads=reads, probes=probes))
    assert earned or judgement.verdict is not Verdict.ACCEPTED, "accepted without the evidence"
    check_printable(summary(terms, clock, judgement), redactor)
    check_printable(fix(connector, terms, judgement, practice=False) or "", redactor)
    for finding in (*reads.values(), *probes.values()):
        check_printable(f"{finding.evidence.code} {finding.evidence.message}", redactor)
        for line in (finding.unrecognised or "").splitlines():
            check_printable(line, redactor)


find_once = cache(find)


def credentials(source: Source) -> None:
    """Read some credentials: they are bound, or refused in words that repeat none of them."""
    kind = source.random.randrange(4)
    good = {"api_key": KEY, "secret": SECRET}
    if kind == 0:
        data = source.text(300).encode("utf-8", "surrogatepass")
    elif kind == 1:
        data = source.mutated(json.dumps(good)).encode()
    elif kind == 2:
        data = source.mutated(f'api_key = "{KEY}"\nsecret = "{SECRET}"\n').encode()
    else:
        data = json.dumps({source.name(): source.value() for _ in range(3)} | good).encode()
    connector = find_once("poloniex")
    try:
        bound = connector.schema.bind(decode(data, connector))
    except UsageError as error:
        check_printable(f"{error.what} {error.fix}")
    else:
        check_printable(f"{bound!r} {' '.join(bound.warnings)}")


def reports(source: Source) -> None:
    """Render a report of anything: it is printed, and no terminal acts on it."""
    evidence = Evidence(
        witness=source.random.choice(list(Witness)),
        method="POST",
        path=source.text(),
        status=source.random.choice((None, *STATUSES)),
        code=source.random.choice((None, 5, source.text())),
        message=source.random.choice((None, source.text(300))),
        ms=3,
    )
    found = PermissionReport(
        grant=source.random.choice(list(Grant)),
        askable=source.random.choice(list(Askable)),
        evidence=(evidence,) * source.random.randrange(3),
        note=source.random.choice((None, source.text())),
    )
    report = Report(
        connector="poloniex",
        connector_version=source.text(10),
        provability=source.random.choice(list(Provability)),
        title=source.text(),
        hashdata_version="0",
        ccxt_version="0",
        tested_at=datetime.now(UTC),
        endpoint="http://127.0.0.1:1",
        practice=source.chance(0.5),
        last4=source.random.choice((None, source.text(5))),
        account_id=source.text(),
        verdict=source.random.choice(list(Verdict)),
        cause=source.random.choice((None, *Cause)),
        summary=source.text(200),
        fix=source.random.choice((None, source.text(200))),
        permissions=dict.fromkeys(Permission, found),
        streams={source.text(): source.random.choice(("readable", "refused", "unproven"))},
        clock_offset_ms=source.random.choice((None, 0, -90_000, 10**12)),
        limits=(source.text(200),),
        unrecognised=(source.text(200),),
    )
    json.dumps(report.to_json())
    out = StringIO()
    console = Console(file=out, markup=False, highlight=False, emoji=False, width=source.random.choice((20, 80, 200)))
    for part in page(report):
        console.print(part)
    assert not [c for c in out.getvalue() if c != "\n" and unicodedata.category(c) == "Cc"], "a control is printed"


def guides(source: Source) -> None:
    """Render a guide that a stranger wrote, in every format."""
    words = tuple(source.text() for _ in range(source.random.randrange(3)))
    steps = tuple(
        Step(title=source.text(), text=source.text(300), tick=words, untick=words, warning=source.text())
        for _ in range(source.random.randrange(1, 4))
    )
    day = date(2020 + source.random.randrange(10), 1, 1)
    variant = Variant(
        name="today",
        title=source.text(),
        when=source.text(),
        steps=steps,
        source=source.text() or "somebody",
        checked=day,
        address=source.text(),
        until=source.random.choice((None, day)),
    )
    guide = Guide(title=source.text(), about=words, variants=(variant,), afterwards=words, help=source.text())
    for form in Format:
        text = render(guide, variant, form, date(2026, 11, 22), connector="x")
        assert not [c for c in text if c != "\n" and unicodedata.category(c) == "Cc"], "a control is printed"
        assert form is not Format.HTML or "<script" not in text.lower(), "a script is written"


TARGETS: dict[str, Callable[[Source], None]] = {
    "verdicts": verdicts,
    "credentials": credentials,
    "reports": reports,
    "guides": guides,
}
