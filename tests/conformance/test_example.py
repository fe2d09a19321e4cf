"""A good connector that is installed nowhere passes every check."""

from __future__ import annotations

from hashdata.testing import connector_tests

from tests.conformance.example import connector

TestExample = connector_tests(connector)
