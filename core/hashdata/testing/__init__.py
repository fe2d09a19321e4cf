"""
The conformance kit: what a connector must do before anybody trusts it with a key.

    from hashdata.testing import connector_tests

    TestExample = connector_tests("example")

That makes a class of pytest tests, one for each check. The argument is the
name of an installed connector, or the instance that its entry point names.

`cassette_tests` makes a class that replays what `--record` wrote.

`subject` loads a connector and tests its practice keys over real HTTP on
loopback, `catalogue` lists the checks, `replaying` plays a cassette, and
`suite` makes tests of both. Only `suite` knows pytest, which hashdata itself
does not need.
"""

from __future__ import annotations

try:
    from hashdata.testing.suite import cassette_tests, connector_tests
except ModuleNotFoundError as error:
    if error.name != "pytest":
        raise
    raise ImportError("hashdata.testing needs pytest. Run: pip install 'hashdata[testing]'") from None

__all__ = ["cassette_tests", "connector_tests"]
