"""From Test Keys to Submit: a key is stored whole or not at all, once, and only after it was accepted."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest
from hashdata.portal.drafts import KEEP_SECONDS
from hashdata_poloniex.practice_keys import values

from tests.portal.conftest import Client, Portal, Served, command, running, stored_labels, until
from tests.portal.test_gate import assert_protected

READ_ONLY, TRADING, UNKNOWN, SLOW, CAPTCHA = values(1), values(2), values(5), values(14), values(13)
PASSPHRASE = "several words that are easy"
NEW_VAULT = {"passphrase": PASSPHRASE, "again": PASSPHRASE}


@pytest.fixture
def at(served: Served) -> Client:
    return served.entered()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "vault.key"
    path.touch(mode=0o600)
    path.write_bytes(bytes(range(32)))
    return path


def labels(served: Served) -> list[str]:
    return [row.account.label for row in served.desk.rows()]


def is_empty(served: Served) -> bool:
    """Whether nothing at all was stored."""
    return not labels(served) and not served.desk.store.has_vault()


def stored(client: Client, label: str = "main") -> str:
    """Store an account in a new vault, and return the path of its page."""
    answer = client.post(f"{client.test(READ_ONLY, label)}/submit", NEW_VAULT)

    assert answer.status == 303, answer.body
    return answer.header("Location") or ""


def test_an_accepted_key_is_stored(served: Served, at: Client) -> None:
    account = stored(at)

    assert labels(served) == ["main"]
    assert "Accepted" in at.get(account).body


@pytest.mark.parametrize("key", [TRADING, UNKNOWN, CAPTCHA], ids=["denied", "unusable", "inconclusive"])
def test_a_key_that_was_not_accepted_cannot_be_submitted(served: Served, at: Client, key: dict[str, str]) -> None:
    path = at.test(key)

    assert "/submit" not in at.get(path).body
    assert at.post(f"{path}/submit", NEW_VAULT).status == 404
    assert is_empty(served)


def test_a_key_cannot_be_submitted_while_its_test_runs(served: Served, at: Client) -> None:
    began = at.post("/add/poloniex", {"label": "slow", **SLOW})

    assert at.post(f"{began.header('Location')}/submit", NEW_VAULT).status == 404
    assert is_empty(served)


def test_a_draft_is_kept_for_ten_minutes(served: Served, at: Client) -> None:
    path = at.test(READ_ONLY)
    served.clock.turn(KEEP_SECONDS)

    assert KEEP_SECONDS == 600
    assert at.post(f"{path}/submit", NEW_VAULT).status == 303


def test_a_draft_of_more_than_ten_minutes_ago_is_gone(served: Served, at: Client) -> None:
    path = at.test(READ_ONLY)
    draft = served.desk.drafts.get(path.rpartition("/")[2])
    served.clock.turn(KEEP_SECONDS + 0.001)

    assert at.post(f"{path}/submit", NEW_VAULT).status == 404
    assert at.get(path).status == 404
    assert draft is not None
    assert draft.credentials is None
    assert is_empty(served)


def test_a_draft_that_expires_while_the_passphrase_is_typed_is_gone(served: Served, at: Client) -> None:
    path = at.test(READ_ONLY)
    asked = at.post(f"{path}/submit")
    served.clock.turn(KEEP_SECONDS + 1)

    assert "Make the vault" in at.get(asked.header("Location") or "").body
    assert at.post(f"{path}/submit", NEW_VAULT).status == 404
    assert is_empty(served)


def test_only_the_last_twenty_drafts_are_kept(served: Served, at: Client) -> None:
    paths = []
    for number in range(21):
        served.clock.turn(10)
        paths.append(at.post("/add/poloniex", {"label": f"n{number}", **UNKNOWN}).header("Location") or "")

    assert [at.get(path).status for path in paths] == [404] + [200] * 20


def test_a_draft_of_another_run_is_not_found(served: Served, at: Client, client: Client) -> None:
    path = client.test(READ_ONLY, "elsewhere")

    assert at.get(path).status == 404
    assert at.post(f"{path}/submit", NEW_VAULT).status == 404
    assert is_empty(served)


def test_a_guessed_draft_is_not_found(at: Client) -> None:
    path = at.test(READ_ONLY)

    for guess in (path[:-1], f"{path}x", "/tests/", "/tests/..%2f", "/tests/%00", path.upper()):
        assert at.post(f"{guess}/submit", NEW_VAULT).status == 404


def test_submitting_twice_stores_once(served: Served, at: Client) -> None:
    path = at.test(READ_ONLY)
    first, second = (at.post(f"{path}/submit", NEW_VAULT) for _ in range(2))

    assert (first.status, second.status) == (303, 303)
    assert first.header("Location") == second.header("Location") == at.get(path).header("Location")
    assert labels(served) == ["main"]


def test_submitting_in_eight_tabs_at_once_stores_once(served: Served, at: Client) -> None:
    stored(at, "before")
    path = at.test(READ_ONLY, "main", "poloniex-futures")

    def press(_: int) -> int:
        return Client(at.port, at.host, at.cookie, at.csrf).post(f"{path}/submit").status

    with ThreadPoolExecutor(8) as tabs:
        statuses = sorted(tabs.map(press, range(8)))

    assert sorted(labels(served)) == ["before", "main"]
    assert statuses == [303] * 8


def test_every_redirect_is_relative_and_protected(served: Served, at: Client) -> None:
    account = stored(at)
    at.post(f"{account}/rename", {"label": "other"})
    at.post(f"{account}/test")
    at.post("/lock")
    redirects = [answer for answer in at.seen if answer.status == 303]

    assert len(redirects) == 6
    for answer in redirects:
        assert re.match(r"/(?!/)[^:]*$|/$", answer.header("Location") or "")
        assert_protected(answer)
    assert labels(served) == ["other"]


def test_one_key_is_not_stored_under_two_labels(served: Served, at: Client) -> None:
    stored(at)
    typed = at.post("/add/poloniex", {"label": "again", **READ_ONLY})
    at.post("/lock")
    answer = at.post(f"{at.test(READ_ONLY, 'again')}/submit", NEW_VAULT)

    assert [typed.status, answer.status] == [400, 400]
    assert "This key is stored already, as main" in typed.body
    assert 'role="alert"' in answer.body
    assert labels(served) == ["main"]


def test_the_key_of_an_account_is_not_its_new_key(served: Served, at: Client) -> None:
    stored(at)
    path = f"/accounts/{served.desk.store.book().find('main').id}/rotate"
    typed = at.post(path, READ_ONLY)
    at.post("/lock")
    began = at.post(path, READ_ONLY)
    place = str(began.header("Location"))
    at.get(f"{place}/events")
    answer = at.post(f"{place}/submit", NEW_VAULT)

    assert [typed.status, began.status, answer.status] == [400, 303, 400]
    for refused in (typed, answer):
        assert "hat is the key that main has already" in refused.body


def test_a_label_that_holds_a_part_of_the_key_is_refused(at: Client) -> None:
    answer = at.post("/add/poloniex", {"label": f"my {READ_ONLY['api_key'][:16]}", **READ_ONLY})

    assert answer.status == 400
    assert "The label holds a part of the key" in answer.body
    assert f"my {READ_ONLY['api_key'][:16]}" not in answer.body


def test_one_label_is_not_stored_for_two_keys(served: Served, at: Client) -> None:
    paths = [at.test(READ_ONLY), at.test(READ_ONLY)]
    answers = [at.post(f"{path}/submit", NEW_VAULT) for path in paths]
    typed = at.post("/add/poloniex", {"label": "MAIN", **UNKNOWN})

    assert [answer.status for answer in answers] == [303, 400]
    assert typed.status == 400
    assert labels(served) == ["main"]


def test_what_is_submitted_is_what_was_tested_whatever_the_form_says(served: Served, at: Client) -> None:
    path = at.test(READ_ONLY)
    answer = at.post(f"{path}/submit", {**NEW_VAULT, **TRADING, "label": "other", "connector": "poloniex-futures"})
    row = served.desk.rows()[0]

    assert answer.status == 303
    assert (row.account.label, row.account.connector, row.account.last4) == (
        "main",
        "poloniex",
        READ_ONLY["api_key"][-4:],
    )


def test_a_key_that_was_accepted_in_practice_is_never_stored_as_a_real_one(served: Served, at: Client) -> None:
    pair = {"api_key": values(6)["api_key"], "secret": values(96)["secret"]}
    path = at.test(pair)
    at.post(f"{path}/submit", NEW_VAULT)

    assert [row.account.label for row in served.desk.rows() if not row.account.is_practice] == []
    assert served.desk.store.book().accounts == {} or all(
        account.is_practice for account in served.desk.store.book().accounts.values()
    )


def check_whole(home: Path, key_file: Path) -> list[str]:
    """Fail unless everything in a home is whole, and return the labels that are stored."""
    found = command(home, "doctor", "--key-file", str(key_file))

    assert found.returncode == 0, found.stdout + found.stderr
    return list(stored_labels(home))


def test_a_kill_in_the_middle_of_a_test_leaves_nothing(portal: Portal) -> None:
    client = portal.entered()
    began = client.post("/add/poloniex", {"label": "slow", **SLOW})
    until(lambda: "asking" in client.get(began.header("Location") or "").body)
    portal.kill()

    assert [file.name for file in portal.home.rglob("*") if file.is_file()] == []


@pytest.fixture
def home_of_one(tmp_path: Path, key_file: Path) -> Path:
    """Store one account by the portal, and return the folder to run another one in."""
    with running(tmp_path / "p", "--sandbox", "--key-file", str(key_file)) as one:
        client = one.entered()

        assert client.post(f"{client.test(READ_ONLY, 'before')}/submit").status == 303
    return tmp_path / "p"


def test_a_kill_in_the_middle_of_a_submit_stores_all_or_nothing(home_of_one: Path, key_file: Path) -> None:
    for number, moment in enumerate((0.0, 0.003, 0.006, 0.01, 0.02)):
        with running(home_of_one, "--sandbox", "--key-file", str(key_file)) as one:
            client = one.entered()
            path = client.test(READ_ONLY, f"n{number}", "poloniex-futures")
            accounts = stored_labels(one.home)
            press = threading.Thread(target=_press, args=(client, f"{path}/submit"))
            press.start()
            time.sleep(moment)
            one.kill()
            press.join()
        left = check_whole(one.home, key_file)

        assert left[: len(accounts)] == accounts
        assert set(left) <= {"before", f"n{number}", *accounts}
        # A key is stored once, so there is nothing more to try.
        if f"n{number}" in left:
            break


def _press(client: Client, target: str) -> None:
    with suppress(OSError, HTTPException):
        client.post(target)


@pytest.mark.parametrize("key", [TRADING, UNKNOWN], ids=["denied", "unusable"])
def test_a_key_that_will_never_be_stored_is_forgotten_at_once(served: Served, at: Client, key: dict[str, str]) -> None:
    path = at.test(key)
    draft = served.desk.drafts.get(path.rpartition("/")[2])

    assert draft is not None
    assert draft.credentials is None
    assert at.post(f"{path}/again").header("Location") == path


def test_a_key_of_which_nothing_was_learned_is_tested_again_without_typing_it(served: Served, at: Client) -> None:
    path = at.test(CAPTCHA)
    fresh = at.post(f"{path}/again").header("Location") or ""
    at.get(f"{fresh}/events")
    old, new = (served.desk.drafts.get(one.rpartition("/")[2]) for one in (path, fresh))

    assert fresh != path
    assert old is not None
    assert old.credentials is None
    assert new is not None
    assert new.credentials is not None
    assert "Inconclusive" in at.get(fresh).body


def test_what_is_gone_is_told_with_a_way_on(served: Served, at: Client) -> None:
    account = stored(at)
    at.post(f"{account}/remove")
    answers = {path: at.get(path) for path in (account, f"{account}/rotate", "/tests/x", "/add/polonix", "/rounds/x")}

    assert {answer.status for answer in answers.values()} == {404}
    for answer in answers.values():
        assert 'href="/"' in answer.body
    assert "It may have been removed" in answers[account].body
    assert "kept for ten minutes" in answers["/tests/x"].body
    assert "poloniex" in answers["/add/polonix"].body
    assert labels(served) == []


def test_commands_in_sentences_are_links_to_pages(served: Served, at: Client) -> None:
    stored(at, "my main")
    answer = at.post("/add/poloniex", {"label": "my main", **UNKNOWN})
    rotate = at.get("/labels/my%20main/rotate")

    assert 'href="/labels/my%20main/rotate">Rotate</a>' in answer.body
    assert rotate.header("Location") == f"/accounts/{served.desk.store.book().find('my main').id}/rotate"
    assert at.get("/labels/nobody").status == 404
