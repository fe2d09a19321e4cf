"""Keep to an exchange's rates."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

BURST = 10
# Questions that left a second apart may arrive closer together, and the exchange counts what arrives.
_SECOND = 1.05


@dataclass(slots=True)
class _Turn:
    """The moment at which a question may leave, or has left."""

    at: float


class Limiter:
    """
    Let at most `rate` questions through in any second, first come first served, with a burst of ten.

    The burst does not come on top: whoever asked ten at once at a rate of ten
    waits for the next second. Each question reserves a moment and sleeps
    until it: no task, no polling.
    """

    def __init__(self, rate: float, burst: int = BURST) -> None:
        """Allow `rate` questions a second, and `burst` at once after a pause."""
        self._gap = 1 / rate
        self._burst = burst
        self._free = 0.0
        # As many as the rate allows in a span, and the turns of so many of the last ones.
        many = max(1, int(rate))
        self._span = many / rate * _SECOND
        self._turns: deque[_Turn] = deque(maxlen=many)

    def pause(self, seconds: float) -> None:
        """Let nothing through for so many seconds from now."""
        now = asyncio.get_running_loop().time()
        self._free = max(self._free, now + seconds)

    async def turn(self) -> None:
        """Return when it is this question's turn."""
        now = asyncio.get_running_loop().time()
        self._free = max(self._free, now - self._gap * (self._burst - 1)) + self._gap
        mine, before = _Turn(max(now, self._free - self._gap)), None
        if len(self._turns) == self._turns.maxlen:
            before = self._turns[0]
            mine.at = max(mine.at, before.at + self._span)
        self._turns.append(mine)
        while mine.at > now:
            await asyncio.sleep(mine.at - now)
            now = asyncio.get_running_loop().time()
            # A busy loop wakes late, and what left late must not be followed too soon.
            mine.at = max(mine.at, before.at + self._span) if before else mine.at
        mine.at = max(mine.at, now)


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
