"""
Try connectors with the ccxt that is imported here, and print how the test of each key ended.

    python -m tests.compat.trial poloniex poloniex-futures

It is a program because a process has one ccxt. What it prints is JSON, one
object for each persona and each cassette, whose fields are those of `Trial`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from hashdata.connector import Connector
from hashdata.errors import HashdataError
from hashdata.exchange.ccxt_client import Template
from hashdata.practice import Persona
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of
from hashdata.tester.report import Report
from hashdata.tester.runs import practise
from hashdata.tester.session import Options
from vcr.errors import CannotOverwriteExistingCassetteException

from tests.cassettes.replaying import replay
from tests.cassettes.test_replay import values_for
from tests.examples.installed import EXAMPLES
from tests.record_cassettes import FOLDER

# In seconds. Only the keys that are never answered take all of it.
_TIMEOUT = 10.0
# More at once only take each other's time.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Trial:
    """
    The test of one key: `range` is the one that its API declares, `ccxt` the release that was in use.

    `ended` holds what a person would act on: verdict, cause, permissions and
    streams, or the sentence of an error. Times and the wording of a report
    may differ between releases, and do not count.
    """

    key: str
    range: str
    ccxt: str
    ended: str


def try_all(names: list[str]) -> Iterator[Trial]:
    """Yield a trial for every persona of `names`, and for every cassette of theirs."""
    connectors = [find(name) for name in names]
    for connector in connectors:
        _prepare(connector)
    yield from asyncio.run(_all_personas(connectors))
    for connector in connectors:
        for folder in (FOLDER / connector.name, EXAMPLES / connector.name / "cassettes"):
            for path in sorted(folder.glob("*.yaml")):
                yield _replayed(connector, path)


def _prepare(connector: Connector) -> None:
    """Import the classes of ccxt now; later that would count as time that the exchange took."""
    for api in connector.info.apis:
        # What is wrong with one is said of each of its keys.
        with suppress(HashdataError):
            Template(connector.terms(api))


async def _all_personas(connectors: list[Connector]) -> list[Trial]:
    """Test all practice keys, some side by side, each at an exchange of its own."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def test(connector: Connector, persona: Persona) -> Trial:
        async with turns:
            return await _practised(connector, persona)

    return await asyncio.gather(*(test(one, persona) for one in connectors for persona in exchange_of(one).personas))


async def _practised(connector: Connector, persona: Persona) -> Trial:
    """Test one practice key over HTTP, asking about the optional streams too."""
    options = Options(timeout=_TIMEOUT, all_streams=True)
    try:
        ended = _summary(await practise(connector, exchange_of(connector), persona, options))
    except HashdataError as error:
        ended = str(error)
    return _trial(connector, f"persona {persona.name}", persona.credentials, ended)


def _replayed(connector: Connector, path: Path) -> Trial:
    """Replay one cassette, in which a request must stand exactly as ccxt builds it."""
    # Kraken's secrets are in base64, and any practice key will do where the answers are recorded.
    is_example = path.is_relative_to(EXAMPLES)
    values = (
        exchange_of(connector).personas[0].credentials if is_example else values_for(f"{connector.name}/{path.stem}")
    )
    try:
        ended = _summary(replay(path, connector.name, values))
    except (AssertionError, CannotOverwriteExistingCassetteException, HashdataError) as error:
        # One has no text, and that of another holds a whole request.
        ended = str(error) if isinstance(error, HashdataError) else f"not what is recorded ({type(error).__name__})"
    return _trial(connector, f"cassette {path.stem}", values, ended)


def _trial(connector: Connector, key: str, values: Mapping[str, str], ended: str) -> Trial:
    api = connector.api_for(connector.schema.bind(values))
    return Trial(f"{connector.name}, {key}", api.ccxt_versions, version("ccxt"), ended)


def _summary(report: Report) -> str:
    """Write down what a report says of the key, and nothing that another run could say otherwise."""
    permissions = (f"{name} {known.grant}" for name, known in report.permissions.items())
    streams = (f"{name} {state}" for name, state in report.streams.items())
    return f"{report.verdict} ({report.cause}): {', '.join((*permissions, *streams))}"


if __name__ == "__main__":
    json.dump([asdict(trial) for trial in try_all(sys.argv[1:])], sys.stdout)
