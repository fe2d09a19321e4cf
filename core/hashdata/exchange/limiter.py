"""Keep to an exchange's rates."""

from __future__ import annotations

import asyncio

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
