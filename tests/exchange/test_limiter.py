"""The rates of an exchange, on a clock that stands still until somebody sleeps."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

import pytest
from hashdata.exchange.door import Door
from hashdata.exchange.limiter import BURST, Limiter, Rates
from hypothesis import given
from hypothesis import strategies as st

T = TypeVar("T")


class _Skipping(selectors.SelectSelector):
    """Does not wait: it moves the clock."""

    now = 1000.0
    longest = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = _Skipping()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


def run(work: Coroutine[object, object, T]) -> T:
    """Run `work` on a loop whose sleeps take no time."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work)


def now() -> float:
    return asyncio.get_running_loop().time() - 1000


async def turns(limiter: Limiter, count: int) -> list[float]:
    """Return the moments at which so many questions, asked at once, have their turns."""

    async def turn() -> float:
        await limiter.turn()
        return round(now(), 6)

    return list(await asyncio.gather(*(turn() for _ in range(count))))


def test_ten_pass_at_once_and_then_the_rate_holds() -> None:
    assert BURST == 10
    assert run(turns(Limiter(50), 14)) == pytest.approx([0] * 10 + [0.02, 0.04, 0.06, 0.08], abs=1e-4)


def test_after_a_rest_there_is_a_burst_again_but_no_larger_one() -> None:
    async def work() -> list[float]:
        limiter = Limiter(50)
        await turns(limiter, 15)
        await asyncio.sleep(3600)
        begin = now()
        return [moment - begin for moment in await turns(limiter, 12)]

    assert run(work()) == pytest.approx([0] * 10 + [0.02, 0.04], abs=1e-3)


def test_a_short_rest_gives_back_what_it_lasted() -> None:
    async def work() -> list[float]:
        limiter = Limiter(50)
        await turns(limiter, 10)
        await asyncio.sleep(0.06)
        begin = now()
        return [moment - begin for moment in await turns(limiter, 5)]

    assert run(work()) == pytest.approx([0, 0, 0, 0.02, 0.04], abs=1e-3)


def test_the_burst_does_not_come_on_top_of_the_rate() -> None:
    assert run(turns(Limiter(10), 21)) == pytest.approx([0] * 10 + [1.05] * 10 + [2.1], abs=1e-3)


def test_a_pause_holds_everything_and_leaves_no_burst() -> None:
    async def work() -> list[float]:
        limiter = Limiter(10)
        limiter.pause(5)
        return await turns(limiter, 3)

    assert run(work()) == pytest.approx([5, 5.1, 5.2], abs=1e-3)


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    async def work() -> list[float]:
        limiter = Limiter(10)
        limiter.pause(5)
        limiter.pause(1)
        return await turns(limiter, 1)

    assert run(work()) == pytest.approx([5], abs=1e-3)


def test_first_come_is_first_served() -> None:
    async def work() -> list[int]:
        limiter, order = Limiter(100, burst=1), list[int]()

        async def turn(number: int) -> None:
            await limiter.turn()
            order.append(number)

        await asyncio.gather(*(turn(number) for number in range(50)))
        return order

    assert run(work()) == list(range(50))


@given(
    rate=st.sampled_from([0.5, 3.0, 10.0, 50.0, 1000.0]),
    burst=st.integers(1, 12),
    steps=st.lists(st.tuples(st.floats(0, 3), st.floats(0, 2) | st.just(0.0)), max_size=30),
)
def test_no_schedule_of_questions_and_pauses_beats_the_rate(
    rate: float, burst: int, steps: list[tuple[float, float]]
) -> None:
    async def work() -> list[float]:
        limiter, moments = Limiter(rate, burst), list[float]()
        for rest, pause in steps:
            await asyncio.sleep(rest)
            if pause:
                limiter.pause(pause)
            before = now()
            await limiter.turn()
            assert now() >= before
            assert now() >= before + pause - 1e-6
            moments.append(now())
        return moments

    moments = run(work())

    for first in range(len(moments)):
        for last in range(first, len(moments)):
            count, lasted = last - first + 1, moments[last] - moments[first]
            assert count <= burst + lasted * rate + 1e-3
            assert count <= max(1, rate) or lasted >= 1


def test_all_keys_at_one_host_of_an_exchange_count_together_and_those_on_loopback_apart() -> None:
    door, practice = Door(), Door(loopback="http://127.0.0.1:1")
    rates = {"light": 50.0}

    assert door.rates("a", rates) is door.rates("a", rates)
    assert door.rates("a", rates) is not door.rates("b", rates)
    assert practice.rates("a", rates) is not practice.rates("a", rates)


def test_every_cost_has_a_limiter_of_its_own() -> None:
    async def work() -> list[float]:
        rates = Rates()
        rates.allow({"light": 10, "heavy": 1})
        rates.allow({"light": 0.1})
        begin = asyncio.get_running_loop().time()
        for _ in range(BURST + 1):
            await rates.turn("light")
        light = asyncio.get_running_loop().time() - begin
        await rates.turn("heavy")
        return [light, asyncio.get_running_loop().time() - begin]

    assert run(work()) == pytest.approx([1.05, 1.05], abs=1e-3)


def test_a_pause_holds_every_cost_of_one_host_and_no_other() -> None:
    async def work() -> list[float]:
        door = Door()
        here, there = (door.rates(host, {"light": 10, "heavy": 1}) for host in "ab")
        here.pause(7)
        begin = asyncio.get_running_loop().time()
        moments = []
        for rates, cost in ((there, "light"), (here, "light"), (here, "heavy")):
            await rates.turn(cost)
            moments.append(asyncio.get_running_loop().time() - begin)
        return moments

    assert run(work()) == pytest.approx([0, 7, 7], abs=1e-3)
