"""A connector that did not come with hashdata gets a key only once this very version was allowed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.accounts.exchange import Exchange, standing
from tests.cli.command import Outcome
from tests.cli.test_schemas import check
from tests.plugins.stranger import QUESTION, Computer, state
from tests.portal.elsewhere import elsewhere

ADVICE = "Then allow it: `hashdata plugins enable stranger`."
WAYS: list[tuple[Sequence[str], bytes | None]] = [
    (("connectors", "test", "stranger", "--credentials", "FILE"), None),
    (("connectors", "test", "stranger", "--credentials", "-"), b'{"api_key": "x", "secret": "y"}'),
    (("connectors", "test", "stranger"), None),
    (("accounts", "add", "main", "stranger", "--credentials", "FILE"), None),
    (("accounts", "add", "main", "stranger"), None),
]


def is_refused(ended: Outcome) -> bool:
    """Whether a command told that the connector has to be allowed first, and how."""
    return ended.code == 2 and "did not come with hashdata" in ended.err and ADVICE in " ".join(ended.err.split())


@pytest.mark.parametrize(("words", "stdin"), WAYS, ids=[" ".join(words) for words, _ in WAYS])
def test_without_a_terminal_the_first_key_is_refused_and_nothing_is_sent(
    computer: Computer, words: Sequence[str], stdin: bytes | None
) -> None:
    arguments = [computer.key() if word == "FILE" else word for word in words]
    with elsewhere() as server:
        ended = computer.run(*arguments, "--endpoint", server.at("127.0.0.1", ""), stdin=stdin)
        asked = list(server.asked)

    assert is_refused(ended)
    assert "was not allowed yet" in ended.err
    assert QUESTION not in ended.all
    assert asked == []
    assert not computer.home.exists()


def test_once_it_is_allowed_the_key_is_sent(computer: Computer) -> None:
    enabled = computer.run("plugins", "enable", "stranger")
    with elsewhere() as server:
        computer.run(*computer.give(server.at("127.0.0.1", "")))
        asked = [one.path.partition("?")[0] for one in server.asked]

    assert enabled.code == 0
    assert "POST /wallets/withdraw" in enabled.err
    assert enabled.err.endswith("stranger 1.0 is switched on and may be given keys.\n")
    assert "/accounts/balances" in asked


def test_it_is_remembered_in_the_home_for_its_owner_alone(computer: Computer) -> None:
    computer.run("plugins", "enable", "Stranger")
    with standing(Exchange(1)) as origin:
        tested = computer.run(*computer.give(origin))
        added = computer.run("accounts", "add", "main", "stranger", *computer.give(origin)[3:])

    assert (tested.code, added.code) == (0, 0), added.all
    assert computer.choices.stat().st_mode & 0o777 == 0o600
    assert state(computer)["allowed"] is True


def test_the_refusal_is_one_document_where_json_is_wanted(computer: Computer) -> None:
    ended = computer.run(*computer.give("http://127.0.0.1:9"), "--json")

    check(ended.document, "error")
    assert ended.code == 2
    assert str(ended.document["fix"]).endswith(ADVICE)


def test_practice_needs_no_consent(computer: Computer) -> None:
    tested = computer.run("connectors", "test", "stranger", "--sandbox", "read-only")
    added = computer.run("accounts", "add", "main", "stranger", "--sandbox", "read-only")
    again = computer.run("accounts", "test", "main")

    assert (tested.code, added.code, again.code) == (0, 0, 0)
    assert state(computer)["allowed"] is False


def test_ours_need_no_consent(computer: Computer) -> None:
    with standing(Exchange(1)) as origin:
        ended = computer.run(*computer.give(origin, "poloniex"))

    assert ended.code == 0
    assert not computer.choices.exists()


def test_another_version_has_to_be_allowed_again_and_both_are_named(computer: Computer) -> None:
    computer.run("plugins", "enable", "stranger")
    computer.install(version="1.0.1")
    with elsewhere() as server:
        ended = computer.run(*computer.give(server.at("127.0.0.1", "")))
        asked = list(server.asked)

    assert is_refused(ended)
    assert "stranger 1.0.1 of hashdata-stranger" in ended.err
    assert "hashdata-stranger 1.0 was allowed" in " ".join(ended.err.split())
    assert asked == []
    assert state(computer)["allowed"] is False


def test_another_package_of_the_same_name_and_version_has_to_be_allowed_again(computer: Computer) -> None:
    computer.run("plugins", "enable", "stranger")
    computer.install(distribution="hashdata-imitator")
    with elsewhere() as server:
        ended = computer.run(*computer.give(server.at("127.0.0.1", "")))
        asked = list(server.asked)

    assert is_refused(ended)
    assert "hashdata-imitator" in ended.err
    assert "hashdata-stranger 1.0 was allowed" in " ".join(ended.err.split())
    assert asked == []


def test_what_was_allowed_holds_for_that_connector_alone(computer: Computer) -> None:
    computer.install("second")
    computer.run("plugins", "enable", "second")

    assert is_refused(computer.run(*computer.give("http://127.0.0.1:9")))


def test_a_new_key_of_an_account_is_refused_after_an_update(computer: Computer) -> None:
    computer.run("plugins", "enable", "stranger")
    with standing(Exchange(2)) as origin:
        added = computer.run("accounts", "add", "main", "stranger", *computer.give(origin)[3:])
        computer.install(version="2.0")
        ended = computer.run("accounts", "rotate", "main", "--yes", "--credentials", computer.key(2))

    assert added.code == 0
    assert is_refused(ended)


def test_switching_off_and_on_forgets_and_gives_the_allowance(computer: Computer) -> None:
    computer.run("plugins", "enable", "stranger")
    computer.run("plugins", "disable", "stranger")
    switched_off = computer.choices.read_text()
    computer.run("plugins", "enable", "stranger")

    assert "hashdata-stranger" not in switched_off
    assert state(computer)["allowed"] is True
