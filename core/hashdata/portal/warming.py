"""What the first test would wait for, done while somebody still reads the first page."""

from __future__ import annotations

import contextlib

from hashdata.errors import HashdataError
from hashdata.exchange.ccxt_loading import load
from hashdata.registry import installed


def warm_up() -> None:
    """Import ccxt with the classes of all connectors, which takes a second; what fails is told by the test."""
    for entry in installed():
        for api in entry.connector.info.apis if entry.connector else ():
            with contextlib.suppress(HashdataError):
                load(api.ccxt_class)
