"""A server that repeats the key, the secret, the passphrase and the signature gets none of them onto a screen."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.command import Outcome
from tests.leaks.echo import INSTEAD, OUTCOMES, TARGETS, around, signatures, standing
from tests.leaks.search import assert_clean

Here = Callable[..., Outcome]
KeyFile = Callable[[Mapping[str, str]], str]
APIS = pytest.mark.parametrize("api", TARGETS)
READS = {"main": "GET /wallets/activity", "v3": "GET /v3/account/bills", "classic": "GET /api/v1/positions"}
PROBES = {
    "main": "POST /orders",
    "v3": "POST /v3/trade/order",
    "classic": "DELETE /api/v1/orders/000000000000000000000000",
}


@APIS
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("options", [(), ("--json", "--all-streams")], ids=["page", "json"])
def test_what_is_repeated_around_an_answer_is_not_shown(
    here: Here, key_file: KeyFile, api: str, outcome: str, options: tuple[str, ...]
) -> None:
    target = TARGETS[api]
    with standing(target.exchange(outcome), around) as (origin, log):
        arguments = ("--endpoint", origin, "--credentials", key_file(target.values), *options)
        ended = here("connectors", "test", target.connector, *arguments)

    assert_clean("the output", ended.out, ended.err, signatures=signatures(log))
    assert len(signatures(log)) >= 3
    assert (ended.document["verdict"] if options else ended.out.split()[0].lower()) == outcome


@APIS
@pytest.mark.parametrize("way", INSTEAD)
def test_what_is_repeated_instead_of_an_answer_is_not_shown(here: Here, key_file: KeyFile, api: str, way: str) -> None:
    target = TARGETS[api]
    pages: tuple[tuple[str, ...], ...] = ((), ("--json",))
    for question, shapes in ((None, pages), (READS[api], pages[:1]), (PROBES[api], pages[1:])):
        with standing(target.exchange("accepted"), INSTEAD[way], question) as (origin, log):
            arguments = ("--endpoint", origin, "--credentials", key_file(target.values))
            for options in shapes:
                ended = here("connectors", "test", target.connector, *arguments, *options)

                assert_clean("the output", ended.out, ended.err, signatures=signatures(log))
                assert ended.code == 4
        assert signatures(log)


@APIS
@pytest.mark.parametrize("way", ["message", "message in base64", "names of fields", "content type"])
def test_a_recording_of_what_is_repeated_is_refused(
    here: Here, key_file: KeyFile, tmp_path: Path, api: str, way: str
) -> None:
    target, path = TARGETS[api], tmp_path / "recording.yaml"
    with standing(target.exchange("accepted"), INSTEAD[way], READS[api]) as (origin, log):
        arguments = ("--endpoint", origin, "--credentials", key_file(target.values), "--record", str(path))
        ended = here("connectors", "test", target.connector, *arguments)

    assert_clean("the output", ended.out, ended.err, signatures=signatures(log))
    assert "the recording was not written" in ended.err
    assert not path.exists()


@APIS
def test_a_recording_that_is_written_holds_nothing_of_the_key(
    here: Here, key_file: KeyFile, tmp_path: Path, api: str
) -> None:
    target, path = TARGETS[api], tmp_path / "recording.yaml"
    with standing(target.exchange("denied"), around, "GET /nothing") as (origin, log):
        arguments = ("--endpoint", origin, "--credentials", key_file(target.values), "--record", str(path), "--json")
        ended = here("connectors", "test", target.connector, *arguments)

    assert_clean("the output", ended.out, ended.err, signatures=signatures(log))
    assert_clean("the recording", path.read_text(encoding="ascii"), signatures=signatures(log))
    assert json.loads(ended.out)["verdict"] == "denied"
