"""A pytest class with one test for each check."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hashdata.hookspecs import ExchangeConnector
from hashdata.testing.catalogue import CHECKS
from hashdata.testing.check import Check
from hashdata.testing.subject import Subject, Unavailable


def connector_tests(connector: str | ExchangeConnector) -> type:
    """
    Return a pytest class that tests a connector.

    Give the name of an installed connector, or an instance of one. Assign the
    class to a name that begins with `Test`. Its tests share what they load, so
    that every practice key is tested once.
    """
    subject = Subject(connector)
    tests = {f"test_{check.name}": _test(check, subject) for check in CHECKS}
    return type("ConnectorTests", (), {"__doc__": "What a connector must do.", **tests})


def _test(check: Check, subject: Subject) -> Callable[[object], None]:
    """Return the test method of one check; it fails with the sentences and nothing else."""

    def test(_: object) -> None:
        try:
            problems = check.problems(subject)
        except Unavailable as reason:
            pytest.skip(f"not tried, because {reason}; another test says what to mend")
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)

    test.__name__ = f"test_{check.name}"
    test.__doc__ = check.about
    return test
