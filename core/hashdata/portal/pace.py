"""How many tests a minute: whoever asks an exchange faster looks like a thief."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

PER_MINUTE = 10
_MINUTE = 60.0


class Pace:
    """Lets ten tests a minute begin."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: deque[float] = deque()

    def wait(self) -> int:
        """Return 0 and count a test, or the whole seconds until the next one may begin."""
        now = self._clock()
        while self._begun and now - self._begun[0] >= _MINUTE:
            self._begun.popleft()
        if len(self._begun) < PER_MINUTE:
            self._begun.append(now)
            return 0
        return max(1, round(self._begun[0] + _MINUTE - now))
