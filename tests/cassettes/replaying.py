"""Replay a cassette through the production door: no loopback, the guard at work, the network blocked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from hashdata.connector import Connector
from hashdata.credentials import Credentials
from hashdata.recording import KEPT_HEADERS
from hashdata.registry import find
from hashdata.tester.report import Report
from hashdata.tester.runs import examine
from hashdata.tester.session import Options
from vcr import VCR

from tests.cassettes.checks import REQUEST_HEADERS
from tests.cassettes.persister import CarefulPersister


def _scrub_request(request: Any) -> Any:  # noqa: ANN401 - vcrpy is untyped
    """Leave of a request's headers what cassettes keep, so that it matches a recorded one."""
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in REQUEST_HEADERS}
    return request


def _scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    """Leave of a response's headers what cassettes keep."""
    response["headers"] = {name: v for name, v in response["headers"].items() if name.lower() in KEPT_HEADERS}
    return response


SETTINGS = {
    "match_on": ["method", "scheme", "host", "port", "path", "query", "body"],
    "before_record_request": _scrub_request,
    "before_record_response": _scrub_response,
    "decode_compressed_response": True,
}


def recorded_at(path: Path, clock: str) -> float:
    """Return when the answer about the time was recorded, or else the first answer, in seconds since 1970."""
    interactions = yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
    asked = [one for one in interactions if one["request"]["uri"].endswith(clock)] or interactions
    return datetime.fromisoformat(asked[0]["response"]["provenance"]["recorded_at"]).timestamp()


def examine_again(connector: Connector, credentials: Credentials, path: Path) -> Report:
    """Test a key once more at the time of the recording `path`; whoever calls this has put a cassette in place."""
    now = recorded_at(path, connector.api_for(credentials).clock.path)
    return asyncio.run(examine(connector, credentials, Options(now=lambda: now)))


def replay(path: Path, name: str, values: Mapping[str, str]) -> Report:
    """Replay any file, and check that every interaction of it was used."""
    connector = find(name)
    vcr = VCR(record_mode="none", **SETTINGS)
    vcr.register_persister(CarefulPersister)
    with vcr.use_cassette(str(path)) as cassette:
        report = examine_again(connector, connector.schema.bind(values), path)
        assert cassette.play_count == len(cassette)
    return report
