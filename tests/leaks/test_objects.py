"""What can be reached from the objects of a test: no repr, no pickle and no rendered frame of ours shows the key."""

from __future__ import annotations

import asyncio
import gc
import io
import pickle
import pprint
from collections.abc import Iterator

import pytest
from hashdata.exchange.ccxt_client import Template
from hashdata.exchange.door import Door, Signed
from hashdata.registry import find
from hashdata.tester.report import Report
from hashdata.tester.session import Options, run
from rich.console import Console
from rich.pretty import pretty_repr
from rich.traceback import Traceback

from tests.leaks.echo import TARGETS, around, standing
from tests.leaks.search import HOMES, assert_clean, reachable

APIS = pytest.mark.parametrize("api", TARGETS)
# The frames in which a request is built have its headers as plain text: ccxt's own, and the one that ccxt calls.
_BUILDING = {"fetch"}


def examined(api: str) -> tuple[Report, list[object]]:
    """Test the canaries; return the report, and the objects that were used."""
    target = TARGETS[api]
    connector = find(target.connector)
    bound = connector.schema.bind(target.values)

    async def test(origin: str) -> tuple[Report, list[object]]:
        async with Door(loopback=origin) as door:
            template = Template(connector.terms(connector.api_for(bound)))
            report = await run(connector, bound, door, Options(timeout=5))
            return report, [report, connector, bound, door, template, template.client(bound, door)]

    with standing(target.exchange("denied"), around) as (origin, _):
        return asyncio.run(test(origin))


def ways(one: object) -> Iterator[str]:
    yield from (repr(one), str(one), f"{one}", pprint.pformat(one), pretty_repr(one))


@APIS
def test_no_object_of_ours_shows_the_key(api: str) -> None:
    _, objects = examined(api)
    found = list(reachable(*objects))

    assert {"Report", "Credentials", "Secret", "Redactor", "Door", "Template", "Client", "Guard"} <= {
        type(one).__name__ for one in found
    }
    for one in found:
        assert_clean(f"a {type(one).__name__}", *ways(one))


@APIS
def test_a_report_holds_nothing_of_the_key(api: str) -> None:
    report, _ = examined(api)
    everything = [one for one in _all(report) if isinstance(one, str)]

    assert len(everything) > 20
    assert_clean("the report", *everything, pickle.dumps(report).decode("latin-1"))


def _all(root: object) -> Iterator[object]:
    """Yield every object that a value holds, of whatever kind."""
    todo, seen = [root], set[int]()
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen.add(id(one))
        yield one
        todo += gc.get_referents(one)


@APIS
def test_the_client_refuses_to_be_pickled(api: str) -> None:
    _, objects = examined(api)
    held = [one for one in objects if type(one).__name__ in {"Client", "Credentials", *HOMES}]

    assert len(held) == 2
    for one in held:
        with pytest.raises((TypeError, AttributeError, pickle.PicklingError)) as raised:
            pickle.dumps(one)
        assert_clean("the refusal", str(raised.value))


@APIS
def test_frames_of_ours_with_all_their_locals_show_no_key(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(_: Door, request: Signed, __: object) -> object:
        if not request.headers:
            # The time is public; a request that was signed must come to its end first.
            await asyncio.sleep(5)
        raise ZeroDivisionError

    monkeypatch.setattr(Door, "_exchange", crash)
    with pytest.raises(ZeroDivisionError) as raised:
        examined(api)
    rendered = Traceback.from_exception(ZeroDivisionError, raised.value, raised.tb, show_locals=True, max_frames=0)
    stack = rendered.trace.stacks[0]
    ours = [one for one in stack.frames if "/hashdata/" in one.filename and one.name not in _BUILDING]
    stack.frames = ours
    console = Console(file=io.StringIO(), width=400)
    console.print(rendered)

    assert {"run", "_stream", "ask", "_once", "send"} <= {one.name for one in ours}
    assert isinstance(console.file, io.StringIO)
    assert "request = Signed(method=" in console.file.getvalue()
    assert_clean("the frames", console.file.getvalue())
