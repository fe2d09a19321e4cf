"""Keep the memory of this process out of core dumps and away from other programs of the same user."""

from __future__ import annotations

import contextlib
import sys

_PR_SET_DUMPABLE = 4


def protect_memory() -> None:
    """
    Ask the system not to dump this process and not to let others attach to it.

    Called before the first credential is read. Where the system has no such
    thing, nothing happens: this is a second line, not the first.
    """
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Some builds of Python have no ctypes.
        with contextlib.suppress(OSError, AttributeError, ImportError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
