"""Keep to an exchange's rates."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

BURST = 10


class Limiter:
    """
    Let at most `rate` questions a second through, first come first served, with a burst of ten.

    Each question reserves a moment and sleeps until it: no task, no polling.
    """

    def __init__(self, rate: float, burst: int = BURST) -> None:
        """Allow `rate` questions a second, and `burst` at once after a pause."""
        self._gap = 1 / rate
        self._burst = burst
        self._free = 0.0

    def pause(self, seconds: float) -> None:
        """Let nothing through for so many seconds from now."""
        now = asyncio.get_running_loop().time()
        self._free = max(self._free, now + seconds)

    async def turn(self) -> None:
        """Return when it is this question's turn."""
        now = asyncio.get_running_loop().time()
        self._free = max(self._free, now - self._gap * (self._burst - 1)) + self._gap
        if (wait := self._free - self._gap - now) > 0:
            await asyncio.sleep(wait)


class Rates:
    """The limiters of everything that counts together: one for each cost."""

    def __init__(self) -> None:
        self._limiters: dict[str, Limiter] = {}

    def allow(self, rates: Mapping[str, float]) -> None:
        """Know these questions per second for each cost; one that is known already stays as it is."""
        for cost, rate in rates.items():
            self._limiters.setdefault(cost, Limiter(rate))

    def pause(self, seconds: float) -> None:
        """Let no question of any cost through for so many seconds from now."""
        for limiter in self._limiters.values():
            limiter.pause(seconds)

    async def turn(self, cost: str) -> None:
        """Return when it is the turn of a question of this cost."""
        await self._limiters[cost].turn()
