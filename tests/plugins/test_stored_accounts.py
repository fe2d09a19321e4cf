"""Stored keys of a connector whose version was not allowed are not used, and the others are tested all the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.exchange import values
from tests.cli.test_schemas import check
from tests.plugins.storing import store_real
from tests.plugins.stranger import Computer
from tests.portal.conftest import running


@pytest.fixture(name="updated")
def updated_fixture(computer: Computer) -> Computer:
    """Return a computer with two real accounts of a connector that was updated since, and one of ours."""
    computer.run("plugins", "enable", "stranger")
    store_real(computer, "first", "second")
    added = computer.run("accounts", "add", "ours", "poloniex", "--sandbox", "read-only")
    assert added.code == 0, added.all
    computer.install(version="2.0")
    return computer


def results(computer: Computer) -> tuple[int, dict[str, dict[str, Any]]]:
    """Test all accounts; return the exit code and what came of each."""
    ended = computer.run("accounts", "test", "--all", "--min-age", "0", "--timeout", "5", "--json")
    check(ended.document, "tests")
    listed: Any = ended.document["results"]
    return ended.code, {one["label"]: one for one in listed}


def test_each_account_is_told_that_the_version_was_not_allowed_and_the_others_are_tested(updated: Computer) -> None:
    code, found = results(updated)

    assert code == 5
    for label in ("first", "second"):
        assert found[label]["verdict"] is None
        assert "hashdata-stranger 1.0 was allowed, and this is another" in found[label]["error"]
        assert "stranger 2.0 of hashdata-stranger" in found[label]["error"]
        assert found[label]["fix"].endswith("`hashdata plugins enable stranger`.")
    assert found["ours"]["verdict"] == "accepted"


def test_the_verdict_that_stands_is_kept(updated: Computer) -> None:
    results(updated)
    listed: Any = updated.run("accounts", "list", "--json").document["accounts"]

    assert {one["label"]: one["verdict"] for one in listed} == dict.fromkeys(("first", "ours", "second"), "accepted")


def test_once_the_version_is_allowed_their_exchange_is_asked_again(updated: Computer) -> None:
    updated.run("plugins", "enable", "stranger")
    code, found = results(updated)

    # Its host does not exist, so that is what is found.
    assert code == 4
    assert (found["first"]["verdict"], found["first"]["cause"]) == ("inconclusive", "network")


def test_practice_accounts_go_on_after_an_update(computer: Computer) -> None:
    computer.run("accounts", "add", "theirs", "stranger", "--sandbox", "read-only")
    computer.install(version="2.0")

    assert computer.run("accounts", "test", "theirs").code == 0


def test_the_portal_takes_no_new_key_for_a_version_that_was_not_allowed(computer: Computer) -> None:
    computer.run("plugins", "enable", "stranger")
    (account,) = store_real(computer, "first")
    computer.install(version="2.0")
    with running(computer.folder, **computer.env) as portal:
        client = portal.entered()
        refused = client.post(f"/accounts/{account}/rotate", values(2))
        computer.run("plugins", "enable", "stranger")
        taken = client.post(f"/accounts/{account}/rotate", values(2))

    assert refused.header("Location") is None
    assert "tranger 2.0 of hashdata-stranger did not come with hashdata" in refused.body
    assert values(2)["api_key"] not in refused.body
    assert taken.status == 303
