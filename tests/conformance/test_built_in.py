"""The connectors that hashdata comes with pass what is asked of a stranger's: they have no private door."""

from __future__ import annotations

from hashdata.testing import connector_tests

TestPoloniex = connector_tests("poloniex")
TestPoloniexFutures = connector_tests("poloniex-futures")
