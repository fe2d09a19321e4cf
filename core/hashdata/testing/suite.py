"""Pytest classes: one with a test for each check, and one with a test for each cassette."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from os import PathLike
from pathlib import Path

import pytest

from hashdata.hookspecs import ExchangeConnector
from hashdata.permissions import Cause
from hashdata.testing.catalogue import CHECKS
from hashdata.testing.replaying import problems_of
from hashdata.testing.subject import Problem, Subject, Unavailable


def connector_tests(
    connector: str | ExchangeConnector,
    *,
    known_reads: Collection[str] = (),
    ends: Mapping[str, Cause | str | None] | None = None,
) -> type:
    """
    Return a pytest class that tests a connector.

    Give the name of an installed connector, or an instance of one. Assign the
    class to a name that begins with `Test`. Its tests share what they load, so
    that every practice key is tested once. `known_reads` are requests that
    read although their words say otherwise, such as `POST /orders`; name only
    those of which the exchange's document says so. `ends` names each practice
    key and the cause that its test must end with, None where it is accepted.
    Raises `ValueError` for a cause that there is none of.
    """
    subject = Subject(connector, known_reads, None if ends is None else _causes(ends))
    tests = {f"test_{check.name}": _test(check.name, check.about, check.problems, subject) for check in CHECKS}
    return type("ConnectorTests", (), {"__doc__": "What a connector must do.", **tests})


def cassette_tests(
    connector: str | ExchangeConnector, folder: str | PathLike[str], expected: Mapping[str, Cause | str | None]
) -> type:
    """
    Return a pytest class that replays the cassettes in `folder`, which `--record` wrote.

    `expected` names each file, without `.yaml`, and the cause that its replay
    must give, None where the key is accepted. Every cassette is looked
    through as `hashdata cassettes check` does, and one that is not expected
    fails. Raises `ValueError` for a cause that there is none of.
    """
    subject = Subject(connector)
    causes = _causes(expected)

    def replayed(name: str) -> Callable[[Subject], Iterable[str]]:
        return lambda subject: problems_of(subject, Path(folder) / f"{name}.yaml", causes[name])

    tests = {
        f"test_{name}": _test(name, f"The cassette {name} gives what is expected of it.", replayed(name), subject)
        for name in causes
    }
    about = "Every cassette of the folder is replayed, and each that is expected is there."
    tests["test_every_cassette_is_replayed"] = _test(
        "every_cassette_is_replayed", about, lambda _: _unmatched(Path(folder), causes), subject
    )
    return type("CassetteTests", (), {"__doc__": "What the exchange answered once.", **tests})


def _causes(named: Mapping[str, Cause | str | None]) -> dict[str, Cause | None]:
    """Return causes by their names."""
    return {name: Cause(cause) if cause is not None else None for name, cause in named.items()}


def _unmatched(folder: Path, expected: Iterable[str]) -> Iterable[str]:
    """Yield cassettes that nobody expects, and those that are expected and are not there."""
    present = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml")}
    for name in sorted(present - set(expected)):
        yield f"{name}.yaml is not replayed. Say which cause it must give, None where the key is accepted."
    for name in sorted(set(expected) - present):
        yield f"{name}.yaml is expected in {folder.name} and is not there."


def _test(
    name: str, about: str, find: Callable[[Subject], Iterable[str]], subject: Subject
) -> Callable[[object], None]:
    """Return the test method of one check; it fails with the sentences and nothing else."""

    def test(_: object) -> None:
        try:
            problems = list(find(subject))
        except Unavailable as reason:
            pytest.skip(f"not tried, because {reason}; another test says what to mend")
        except Problem as problem:
            problems = [str(problem)]
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)

    test.__name__ = f"test_{name}"
    test.__doc__ = about
    return test
