"""The vault in the page: opened where a passphrase is needed, made where there is none, locked when nobody is there."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hashdata.credentials import Secret
from hashdata.portal.keeper import IDLE_SECONDS
from hashdata.vault import Passphrase

from tests.portal.conftest import Client, Served, running
from tests.portal.test_drafts import (
    NEW_VAULT,
    PASSPHRASE,
    READ_ONLY,
    UNKNOWN,
    at,
    home_of_one,
    is_empty,
    key_file,
    labels,
    stored,
)
from tests.portal.test_gate import assert_protected

__all__ = ["at", "home_of_one", "key_file"]


def test_a_wrong_passphrase_is_told_and_opens_nothing(served: Served, at: Client) -> None:
    account = stored(at)
    at.post("/lock")
    answer = at.post(f"{account}/remove", {"passphrase": "wrong words that are long"})

    assert answer.status == 400
    assert 'role="alert"' in answer.body
    assert "wrong words" not in answer.text
    assert not served.desk.keeper.is_open
    assert labels(served) == ["main"]
    assert_protected(answer)


def test_the_right_passphrase_opens_the_vault_and_goes_on(served: Served, at: Client) -> None:
    account = stored(at)
    at.post("/lock")
    asked = at.get(at.post(f"{account}/remove").header("Location") or "")
    done = at.post(f"{account}/remove", {"passphrase": PASSPHRASE})

    assert "Open the vault" in asked.body
    assert f'action="{account}/remove"' in asked.body
    assert (done.status, done.header("Location")) == (303, "/")
    assert labels(served) == []


@pytest.mark.parametrize(
    "typed",
    [{"passphrase": "short", "again": "short"}, {"passphrase": PASSPHRASE, "again": f"{PASSPHRASE}s"}, {"again": "x"}],
    ids=["short", "different", "missing"],
)
def test_no_vault_is_made_with_an_unfit_passphrase(served: Served, at: Client, typed: dict[str, str]) -> None:
    answer = at.post(f"{at.test(READ_ONLY)}/submit", typed)

    assert answer.status in {303, 400}
    assert PASSPHRASE not in answer.text
    assert is_empty(served)


def test_a_vault_that_nobody_uses_locks_itself(served: Served, at: Client) -> None:
    account = stored(at)
    served.clock.turn(IDLE_SECONDS)
    before = served.desk.keeper.is_open
    served.clock.turn(0.001)

    assert IDLE_SECONDS == 600
    assert before
    assert not served.desk.keeper.is_open
    assert at.post(f"{account}/remove").header("Location") == f"/vault?to={quote(f'{account}/remove', safe='')}"
    assert labels(served) == ["main"]


def test_looking_at_pages_does_not_keep_the_vault_open(served: Served, at: Client) -> None:
    stored(at)
    for _ in range(4):
        served.clock.turn(IDLE_SECONDS / 3)
        at.get("/")

    assert not served.desk.keeper.is_open


def test_using_the_vault_keeps_it_open(served: Served, at: Client) -> None:
    account = stored(at)
    for _ in range(4):
        served.clock.turn(IDLE_SECONDS - 1)
        at.post(f"{account}/test")

    assert served.desk.keeper.is_open


def test_the_lock_button_locks_and_is_there_only_while_the_vault_is_open(served: Served, at: Client) -> None:
    stored(at)
    opened = at.get("/").body
    answer = at.post("/lock")

    assert "Lock the vault" in opened
    assert (answer.status, answer.header("Location")) == (303, "/")
    assert not served.desk.keeper.is_open
    assert "Lock the vault" not in at.get("/").body


def test_the_page_for_the_passphrase_leads_to_forms_of_the_portal_alone(at: Client) -> None:
    for to in (
        "",
        "/",
        "//evil.example",
        "https://evil.example/tests/x/submit",
        "/lock",
        "/tests/x/submit/y",
        "/add/x",
    ):
        assert at.get(f"/vault?to={quote(to, safe='')}").status == 404


def test_the_page_for_the_passphrase_goes_back_once_the_vault_is_open(served: Served, at: Client) -> None:
    account = stored(at)

    assert served.desk.keeper.is_open
    assert at.get(f"/vault?to={quote(f'{account}/remove', safe='')}").header("Location") == account
    assert at.get("/vault?to=/accounts/test").header("Location") == "/"


def test_a_lost_vault_is_told_and_no_new_one_is_made(served: Served, at: Client) -> None:
    account = stored(at)
    served.desk.store.home.vault.rename(served.desk.store.home.path / "elsewhere")
    answers = [
        at.post(f"{account}/test"),
        at.post(f"{account}/remove", NEW_VAULT),
        at.get("/vault?to=/accounts/test"),
        at.post(f"{at.test(UNKNOWN, 'other')}/again"),
    ]

    for answer in answers[:3]:
        assert (answer.status, "is missing, which holds the keys of 1 stored account" in answer.body) == (500, True)
    assert not served.desk.store.has_vault()


def test_a_vault_that_was_replaced_is_opened_again(served: Served, at: Client) -> None:
    account = stored(at)
    home = served.desk.store.home
    home.vault.unlink()
    home.accounts.rename(home.path / "aside")
    served.desk.store.make_vault(Passphrase(Secret("quite another phrase")))
    (home.path / "aside").rename(home.accounts)
    asked = at.post(f"{account}/test")
    opened = at.post(f"{account}/test", {"passphrase": "quite another phrase"})

    assert (asked.status, "The vault was changed in the meantime" in asked.body) == (400, True)
    assert opened.status == 303


def test_a_key_file_that_opens_nothing_is_told_without_asking_for_a_passphrase(
    home_of_one: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.key"
    other.touch(mode=0o600)
    other.write_bytes(b"x" * 32)
    with running(home_of_one, "--key-file", str(other)) as portal:
        client = portal.entered()
        answer = client.post("/accounts/test")

    assert answer.status == 500
    assert 'type="password"' not in answer.body


def test_who_needs_a_key_file_is_not_asked_for_a_passphrase(home_of_one: Path) -> None:
    with running(home_of_one) as portal:
        answer = portal.entered().post("/accounts/test")

    assert (answer.status, "Start the portal again with --key-file FILE" in answer.body) == (500, True)
