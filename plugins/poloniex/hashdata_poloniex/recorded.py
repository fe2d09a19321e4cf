"""
The answers that the practice exchange gives, as data.

`answers.jsonl` of a package holds one a line: its id, where it comes from
(`evidence` and `source`), status, headers and body. A status of null was not
recorded, and `assumed_status` stands in for it; the reply says so. Ids that
begin with `practice_` were written here, the others were recorded by others
or are the exchange's documents.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TypedDict

from hashdata.practice import Provenance, Reply


class Line(TypedDict):
    """One answer as the file holds it."""

    id: str
    evidence: str
    source: str
    status: int | None
    assumed_status: int
    headers: dict[str, str]
    body: object


@cache
def load(package: str) -> dict[str, Line]:
    """Read the answers of `package` by their ids, once."""
    text = files(package).joinpath("answers.jsonl").read_text(encoding="utf-8")
    lines: list[Line] = [json.loads(line) for line in text.splitlines()]
    return {line["id"]: line for line in lines}


def reply(package: str, name: str, path: str = "") -> Reply:
    """Return the answer `name` of `package`; `path` is filled in where the answer repeats it."""
    line = load(package)[name]
    status, source, body = line["status"], line["source"], line["body"]
    if status is None:
        status, source = line["assumed_status"], f"{source}; HTTP status assumed"
    return Reply(
        status=status,
        # A page is served as it is; as JSON, a path cannot break out of its string.
        body=body if isinstance(body, str) else json.dumps(body).replace("$path", _escaped(path)),
        provenance=Provenance(line["evidence"]),
        source=source,
        headers=line["headers"],
    )


def _escaped(path: str) -> str:
    """Return `path` without its first slash, as it stands inside a JSON string."""
    return json.dumps(path.removeprefix("/"))[1:-1]
