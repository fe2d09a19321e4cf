"""The recorded answers and the practice keys: whole, honest about where they come from, and all in use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from importlib.resources import files

import hashdata_poloniex.sandbox
import hashdata_poloniex_futures.sandbox
import pytest
from hashdata.practice import PracticeExchange, Provenance
from hashdata_poloniex import recorded
from hashdata_poloniex.endpoints import Endpoint
from hashdata_poloniex.main_endpoints import MAIN
from hashdata_poloniex.practice_keys import KEYS, PracticeKey
from hashdata_poloniex.sandbox import PracticePoloniex
from hashdata_poloniex_futures.classic_endpoints import CLASSIC
from hashdata_poloniex_futures.practice_keys import CLASSIC_KEYS, V3_KEYS
from hashdata_poloniex_futures.sandbox import PracticeFutures

PACKAGES = ["hashdata_poloniex", "hashdata_poloniex_futures"]
FACTORIES = [PracticePoloniex, PracticeFutures]


def named(endpoints: Sequence[Endpoint], keys: Sequence[PracticeKey]) -> set[str]:
    """Return every answer that endpoints and keys name."""
    of_endpoints = {name for e in endpoints for name in (e.answer, e.refused, e.invalid) if name}
    return of_endpoints | {name for key in keys for _, name in key.instead}


def test_every_answer_that_is_named_exists_and_every_one_that_exists_is_named() -> None:
    main, futures = hashdata_poloniex.sandbox, hashdata_poloniex_futures.sandbox
    of_main = named(MAIN, V3_KEYS) | set(main._UNSIGNED.values()) | {main._NOT_FOUND, main._UNKNOWN_KEY}
    of_classic = named(CLASSIC, CLASSIC_KEYS) | set(futures._UNSIGNED.values()) | {futures._NOT_FOUND}

    assert set(recorded.load("hashdata_poloniex")) == of_main
    assert set(recorded.load("hashdata_poloniex_futures")) == of_classic


@pytest.mark.parametrize("package", PACKAGES)
def test_every_answer_says_where_it_comes_from(package: str) -> None:
    for name in recorded.load(package):
        reply = recorded.reply(package, name)

        assert reply.source.isascii()
        if reply.source.startswith("inferred"):
            assert reply.provenance is Provenance.INFERRED


@pytest.mark.parametrize("package", PACKAGES)
def test_what_was_not_written_here_was_observed_or_documented(package: str) -> None:
    foreign = [line for name, line in recorded.load(package).items() if not name.startswith("practice_")]

    assert foreign
    assert {line["evidence"] for line in foreign} <= {"observed", "documented"}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_answer_stands_twice(package: str) -> None:
    lines = files(package).joinpath("answers.jsonl").read_text(encoding="utf-8").splitlines()

    names = [json.loads(line)["id"] for line in lines]
    assert len(names) == len(set(names))


def test_an_assumed_status_is_said_to_be_assumed() -> None:
    assumed = recorded.reply("hashdata_poloniex", "spot_post_orders-403")
    seen = recorded.reply("hashdata_poloniex", "spot_get_accounts-balances_401-empty")

    assert assumed.source.endswith("; HTTP status assumed")
    assert "assumed" not in seen.source


def test_a_path_cannot_break_out_of_the_answer_that_repeats_it() -> None:
    reply = recorded.reply("hashdata_poloniex", "spot_get_api-v1-orders-404", '/a","code":200,"b":"\\')

    assert json.loads(reply.body)["code"] == 404


@pytest.mark.parametrize("factory", FACTORIES)
def test_every_persona_has_a_name_and_a_key_of_its_own(factory: Callable[[], PracticeExchange]) -> None:
    personas = factory().personas

    assert len({p.name for p in personas}) == len(personas)
    assert len({p.credentials["api_key"] for p in personas}) == len(personas)
    assert len({p.credentials["api_key"][-4:] for p in personas}) == len(personas)
    assert len({p.credentials["secret"] for p in personas}) == len(personas)


@pytest.mark.parametrize("key", [*V3_KEYS, *CLASSIC_KEYS], ids=lambda key: key.persona.name)
def test_practice_keys_have_the_exchanges_format_and_are_plainly_practice(key: PracticeKey) -> None:
    given = key.persona.credentials

    assert re.fullmatch(r"[0-9A-Za-z]{8}(-[0-9A-Za-z]{8}){3}", given["api_key"])
    assert re.fullmatch(r"[0-9a-f]{128}", given["secret"])
    assert given["api_key"].startswith("PRACTICE-NOTAREAL-")


def test_the_keys_of_the_main_host_are_good_for_both_connectors() -> None:
    assert tuple(V3_KEYS[: len(KEYS)]) == KEYS


def test_the_importing_of_a_connector_loads_no_answers() -> None:
    # The file is read by the first reply, so a broken one cannot break `connectors list`.
    recorded.load.cache_clear()
    PracticePoloniex()

    assert recorded.load.cache_info().currsize == 0
