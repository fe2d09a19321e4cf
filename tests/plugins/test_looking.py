"""What connectors may do can be seen before one of them is given a key, in words and as JSON."""

from __future__ import annotations

import shutil

import pytest
from hashdata.hookspecs import HASHDATA_API

from tests.cli.test_schemas import check
from tests.plugins.stranger import HOST, Computer, state
from tests.registry.plugins import Plugin


def test_the_list_shows_every_connector_with_its_hosts_and_whether_it_gets_keys(computer: Computer) -> None:
    ended = computer.run("plugins", "list", COLUMNS="120")
    rows = {line.split()[0]: line.split()[1:] for line in ended.out.splitlines()[1:4]}

    assert ended.code == 0
    assert rows["poloniex"] == ["hashdata-poloniex", "0.1.0", "P1", "allowed", "api.poloniex.com"]
    assert rows["stranger"] == ["hashdata-stranger", "1.0", "P1", "not", "yet", f"{HOST},", "api.poloniex.com"]
    assert "gets keys once you allow it: hashdata plugins enable NAME" in ended.out


def test_the_list_says_nothing_of_allowing_where_all_came_with_hashdata(computer: Computer) -> None:
    shutil.rmtree(computer.site)
    ended = computer.run("plugins", "list")

    assert ended.code == 0
    assert "poloniex-futures" in ended.out
    assert "hashdata plugins enable" not in ended.out


def test_the_json_of_the_list_is_as_published_in_every_state(computer: Computer) -> None:
    computer.install("switched-off")
    computer.install("unproven", ccxt=">=3,<4")
    for name, source in {"broken": "raise OSError", "newer": f"class A: hashdata_api = {HASHDATA_API + 1}"}.items():
        Plugin(name=name, source=f"{source}\nconnector = A()", alone=True).install(computer.site)
    for name in ("one", "two"):
        Plugin(name=name, source="", alone=True, claims="claimed").install(computer.site)
    Plugin(name="gone", source=GONE).install(computer.site)
    computer.run("plugins", "disable", "switched-off")
    ended = computer.run("plugins", "list", "--json")
    listed = ended.document["plugins"]

    assert ended.code == 0
    assert ended.err == ""
    check(ended.document, "plugins")
    assert isinstance(listed, list)
    assert {(one["name"], one["state"], one["allowed"]) for one in listed} == {
        ("broken", "broken", None),
        ("claimed", "conflict", None),
        ("gone", "ccxt_gone", None),
        ("newer", "incompatible", None),
        ("poloniex", "ready", True),
        ("poloniex-futures", "ready", True),
        ("stranger", "ready", False),
        ("switched-off", "disabled", None),
        ("unproven", "ready", False),
    }


# The same with a class that ccxt never had.
GONE = """
class Gone(Example):
    @hookimpl
    def describe(self):
        from dataclasses import replace

        api = replace(SPOT, ccxt_class="nosuchexchange")
        return ConnectorInfo(name="gone", title="Gone", homepage="https://example.com", apis=(api,))


connector = Gone()
"""


def test_the_json_says_of_ours_that_they_are_and_what_sees_the_secret(computer: Computer) -> None:
    ours, theirs = state(computer, "poloniex-futures"), state(computer)

    assert (ours["came_with_hashdata"], theirs["came_with_hashdata"]) == (True, False)
    assert ours["sees_secret"] == ["hashdata_poloniex_futures.classic:poloniexfutures"]
    assert theirs["sees_secret"] == []
    assert theirs["hosts"] == [HOST, "api.poloniex.com"]
    assert theirs["write_questions"] == ["POST /orders", "POST /wallets/withdraw"]
    assert "GET /accounts/balances" in str(theirs["reads"])


def test_the_page_of_a_stranger_shows_hosts_and_requests_and_says_that_it_is_one(computer: Computer) -> None:
    page = computer.run("plugins", "show", "stranger")

    assert page.code == 0
    assert page.out.startswith("Stranger (stranger 1.0, from hashdata-stranger)\n")
    assert "This connector did not come with hashdata. Its code runs in hashdata's own process." in page.out
    for line in (HOST, "GET /accounts/balances", "POST /wallets/withdraw", "ccxt alone, which signs requests"):
        assert line in page.out


def test_the_page_of_ours_says_what_sees_the_secret_and_nothing_of_strangers(computer: Computer) -> None:
    page = computer.run("plugins", "show", "poloniex_futures")

    assert page.code == 0
    assert "hashdata_poloniex_futures.classic:poloniexfutures, which it brings itself" in page.out
    assert "did not come with hashdata" not in page.out


@pytest.mark.parametrize("verb", ["show", "enable", "disable"])
def test_a_name_that_is_not_there_is_answered_with_the_nearest(computer: Computer, verb: str) -> None:
    ended = computer.run("plugins", verb, "strangre")

    assert ended.code == 2
    assert "Error: there is no connector of that name." in ended.err
    assert "Did you mean stranger?" in ended.err
    assert not computer.choices.exists()
    assert computer.imported == set()


def test_looking_decides_nothing(computer: Computer) -> None:
    computer.run("plugins", "list")
    computer.run("plugins", "show", "stranger")

    assert not computer.home.exists()
