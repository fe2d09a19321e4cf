"""The package that `hashdata plugins new` writes: installed, listed, typed, and failing only for its author."""

from __future__ import annotations

import importlib
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest
from hashdata.errors import UsageError
from hashdata.exchange.ccxt_facts import exchanges, facts
from hashdata.permissions import FORBIDDEN, Grant
from hashdata.practice import Provenance
from hashdata.scaffold import plan, write
from hashdata.scaffold.choosing import choose_questions

from tests.cli.command import terminal
from tests.docs.documents import ROOT
from tests.registry.plugins import hashdata
from tests.scaffold.conftest import New
from tests.scaffold.packages import failed, install, run, run_pytest

# One with a passphrase, one whose reads are POSTs, one that has no question for rights, one that hides its key, one
# that hides its passphrase, and one whose time is text by ISO 8601.
KINDS = ("okx", "kraken", "bitstamp", "coinbase", "kucoin", "alpaca")
_PLACE = re.compile(r"^(README\.md|hashdata_okx/\w+\.py), line \d+: [A-Z].+[.?]", re.MULTILINE)


@pytest.fixture(name="packages", scope="module")
def _packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for name in KINDS:
        write(plan(name, directory=str(folder)))
    return folder


@pytest.fixture(name="site", scope="module")
def _site(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("site")
    install([packages / f"hashdata-{name}" for name in KINDS], site)
    return site


def test_it_is_formatted(packages: Path) -> None:
    run("ruff", "format", "--check", "--no-cache", ".", cwd=packages)


def test_its_code_keeps_the_rules_of_this_project(packages: Path) -> None:
    lint = ("check", "--no-cache", "--config", str(ROOT / "pyproject.toml"), "--extend-exclude", "tests")

    run("ruff", *lint, ".", cwd=packages)


def test_it_is_typed(packages: Path, tmp_path: Path) -> None:
    folder = packages / "hashdata-okx"
    switches = ("--strict", "--cache-dir", str(tmp_path), "--config-file", os.devnull)

    run(sys.executable, "-m", "mypy", *switches, "hashdata_okx", "tests/conftest.py", cwd=folder)


def test_it_is_ready(site: Path) -> None:
    listed = hashdata(site, "connectors", "list", "--json").document["connectors"]

    assert isinstance(listed, list)
    assert {one["name"]: one["state"] for one in listed if one["name"] in KINDS} == dict.fromkeys(KINDS, "ready")


@pytest.fixture(name="tested", scope="module")
def _tested(packages: Path, site: Path) -> str:
    return run_pytest(packages / "hashdata-okx", site)


def test_its_tests_fail_only_where_there_is_something_to_decide(packages: Path, tested: str) -> None:
    files = [path for path in (packages / "hashdata-okx").rglob("*") if path.suffix in {".py", ".md"}]
    open_files = {path.name for path in files if path.parent.name != "tests" and "DECIDE:" in path.read_text("utf-8")}

    assert failed(tested) == {
        "TestOkx::test_a_wrong_secret_or_passphrase_is_unusable",
        "TestOkx::test_the_guide_has_a_date",
        *(f"test_everything_is_decided_in[{name}]" for name in open_files),
    }
    assert "error" not in tested.lower().replace("error 5", "").rpartition("short test summary")[2]


def test_each_failure_says_what_to_decide_and_in_which_file(packages: Path, tested: str) -> None:
    marks = sum(
        path.read_text("utf-8").count("DECIDE:") for path in _sources(packages / "hashdata-okx", "hashdata_okx")
    )

    assert len(_PLACE.findall(tested)) == marks
    assert "still to decide" in tested.partition("test_a_wrong_secret")[2].partition("test_everything")[0]
    assert "Traceback" not in tested


def test_a_decision_of_several_lines_is_told_whole(tested: str) -> None:
    assert "until then any secret will do, and the test of a wrong secret fails as well." in tested.lower()


def test_a_key_that_stands_nowhere_in_plain_sight_is_a_decision(packages: Path) -> None:
    shown, hidden = ((packages / f"hashdata-{n}/hashdata_{n}/sandbox.py").read_text() for n in ("okx", "coinbase"))

    assert "DECIDE: Where does the API key stand" in hidden
    assert "DECIDE:" not in shown


def test_a_passphrase_that_stands_nowhere_in_plain_sight_is_a_decision(packages: Path) -> None:
    shown, hidden = ((packages / f"hashdata-{n}/hashdata_{n}/signing.py").read_text() for n in ("okx", "kucoin"))

    assert "DECIDE: Where and in which form does a request carry the passphrase" in hidden
    assert 'request.headers.get("ok-access-passphrase") == held["passphrase"]' in shown


@pytest.mark.parametrize(
    ("persona", "cause"),
    [
        ("read-only", None),
        ("with-trade", "trade_granted"),
        ("with-withdraw", "withdraw_granted"),
        ("with-transfer", "transfer_granted"),
        ("full-power", "trade_granted"),
        ("wrong-key", "unknown_key"),
        ("wrong-passphrase", "wrong_passphrase"),
    ],
)
def test_a_practice_key_ends_as_it_is_called(site: Path, persona: str, cause: str | None) -> None:
    said = hashdata(site, "connectors", "test", "okx", "--sandbox", persona, "--json").document

    assert said["cause"] == cause


def test_no_answer_is_said_to_be_documented_before_its_author_says_so(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(site)
    written = importlib.import_module("hashdata_okx.examples")
    answers = [*written.EXAMPLES.values(), *written.ERRORS.values(), written.statement([])]

    assert {answer.provenance for answer in (*answers, written.time_answer(0))} == {Provenance.INFERRED}


def test_until_it_is_decided_no_real_answer_proves_anything(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(site)
    from hashdata.registry import find

    (probe,) = find("okx").declared
    # The example of OKX's document, Get account configuration.
    real = {"code": "0", "msg": "", "data": [{"uid": "44705892343619584", "perm": "read_only", "ip": ""}]}

    assert not probe.shape.fits(real)
    assert {probe.rights(real).of(permission) for permission in FORBIDDEN} == {Grant.UNPROVEN}
    assert not any(stream.shape.fits(real) for stream in find("okx").streams)


def test_of_every_exchange_in_ccxt_only_reads_are_asked() -> None:
    started = dict(_started())
    changes = re.compile(r"revoke|cancel|create|delete|remove|update|(?<!ex)change|generate|apply", re.IGNORECASE)

    assert len(started) > 50
    assert [sends for asked in started.values() for sends in asked if changes.search(sends)] == []


def _started() -> Iterator[tuple[str, list[str]]]:
    """Yield what is asked of each exchange for which a connector can be started; others are refused in words."""
    for exchange in exchanges():
        with suppress(UsageError):
            known = facts(exchange)
            yield exchange, [request.sends for request in choose_questions(known).requests]


def test_ccxt_fills_in_what_it_knows(packages: Path) -> None:
    package = packages / "hashdata-okx" / "hashdata_okx"
    connector, questions = (package / "connector.py").read_text(), (package / "questions.py").read_text()

    assert 'hosts=("www.okx.com",)' in connector
    assert 'homepage="https://www.okx.com"' in connector
    assert 'sends="GET /api/v5/account/config"' in questions
    assert '"GET /api/v5/public/time"' in questions
    assert 'at=("data", 0, "ts")' in questions
    assert 'name="passphrase"' in (package / "guide.py").read_text()
    assert "ccxt takes these for PermissionDenied: 50027" in (package / "diagnoses.py").read_text()


def test_no_rate_is_above_what_the_kit_takes(packages: Path) -> None:
    assert facts("kucoin").rate > 100
    assert 'RATES = {"light": 100.0}' in (packages / "hashdata-kucoin/hashdata_kucoin/questions.py").read_text()


def test_what_was_not_chosen_is_a_decision_with_the_methods_that_may_be_it(packages: Path) -> None:
    some, none = (
        (packages / f"hashdata-{n}/hashdata_{n}/questions.py").read_text().replace("\n# ", " ")
        for n in ("bitstamp", "coinbase")
    )

    assert "DECIDE: How are these read: orders? None of ccxt's methods was chosen." in some
    assert "By their names these may read orders: privatePost" in some
    assert "No private read is called like deposits, withdrawals, ledger; those whose path has a place" in none


def test_recordings_are_replayed_after_the_kit_has_looked(packages: Path) -> None:
    tests = sorted(path.name for path in (packages / "hashdata-okx" / "tests").glob("test_*.py"))

    assert tests.index("test_connector.py") < tests.index("test_replays.py")
    assert "`tests/test_replays.py` replays" in (packages / "hashdata-okx" / "cassettes" / "README.md").read_text()


def test_options_fill_in_the_rest(new: New, tmp_path: Path) -> None:
    options = ("--ccxt", "kraken", "--title", "Dr. O'Neil & Co", "--author", "Jane Doe", "--into", "here")
    done = new("my-own", *options, "--directory", str(tmp_path), "--yes")
    project = tomllib.loads((tmp_path / "here" / "pyproject.toml").read_text())["project"]

    assert done.code == 0
    assert project["name"] == "hashdata-my-own"
    assert project["entry-points"] == {"hashdata.connectors": {"my-own": "hashdata_my_own:connector"}}
    assert project["authors"] == [{"name": "Jane Doe"}]
    assert "Jane Doe" in (tmp_path / "here" / "LICENSE").read_text()
    assert "Dr. O'Neil & Co" in (tmp_path / "here" / "README.md").read_text()
    assert (tmp_path / "here" / "hashdata_my_own" / "py.typed").is_file()


def test_a_person_is_asked_for_what_is_missing(tmp_path: Path) -> None:
    with terminal("plugins", "new", "krakow", "--directory", str(tmp_path)) as screen:
        screen.read_until("Exchange in ccxt []: ")
        screen.send("kraken\n")
        screen.read_until("Name that people know [Kraken]: ")
        screen.send("Krakow\n")
        screen.read_until("Author, for the licence [The authors of hashdata-krakow]: ")
        screen.send("\n")

        assert screen.end() == 0

    assert 'title="Krakow"' in (tmp_path / "hashdata-krakow/hashdata_krakow/connector.py").read_text()
    assert "The authors of hashdata-krakow" in (tmp_path / "hashdata-krakow/LICENSE").read_text()


def test_the_wheel_of_hashdata_carries_every_template(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", str(ROOT / "core"), "--outdir", str(tmp_path))
    (wheel,) = tmp_path.glob("*.whl")
    source = ROOT / "core" / "hashdata" / "scaffold" / "templates"
    templates = {f"hashdata/scaffold/templates/{path.relative_to(source)}" for path in source.rglob("*.tmpl")}

    assert len(templates) == 21
    assert templates <= set(ZipFile(wheel).namelist())


def _sources(folder: Path, package: str) -> list[Path]:
    return [folder / "README.md", *(folder / package).glob("*.py")]
