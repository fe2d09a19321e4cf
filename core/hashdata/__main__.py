"""
The entry point of the program, also as `python -m hashdata`.

It imports nothing of hashdata before Ctrl-C has a meaning: an interrupt
during an import would end with a traceback and a code that means a denied key.
"""

from __future__ import annotations

import os
import signal
from typing import Never

_INTERRUPTED = 130


def main() -> Never:
    """Run the command line and exit."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    from hashdata.cli import main as run

    run()


if __name__ == "__main__":
    main()
