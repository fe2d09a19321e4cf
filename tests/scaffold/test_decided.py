"""What the tests of a new package say once its author decides: rightly, for rights unlike ours, and wrongly."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hashdata.scaffold import plan, write

from tests.scaffold.packages import failed, install, run_pytest

NAME = "hashdata-okx"
UNDECIDED = {
    "TestOkx::test_a_wrong_secret_or_passphrase_is_unusable",
    "TestOkx::test_the_guide_has_a_date",
    *(
        f"test_everything_is_decided_in[{name}]"
        for name in (
            "README.md",
            "diagnoses.py",
            "examples.py",
            "guide.py",
            "practice_keys.py",
            "questions.py",
            "rights.py",
            "signing.py",
        )
    ),
}
# As OKX states them: words in one text, inside of a list, and one of them gives two permissions.
RIGHTS = """
from __future__ import annotations

from collections.abc import Iterator, Mapping

from hashdata.answers import Fields, ListOf, Shape, Text
from hashdata.permissions import Permission
from hashdata.rights import Gives, Rights, by_flags

KNOWN: Mapping[str, Gives] = {
    "read_only": None,
    "trade": (Permission.TRADE, Permission.TRANSFER),
    "withdraw": Permission.WITHDRAW,
}
SHAPE: Shape = Fields({"data": ListOf(Fields({"perm": Text()}), at_least=1)})


def rights(value: object) -> Rights:
    return by_flags(_flags(value), KNOWN) if SHAPE.fits(value) else Rights()


def _flags(value: dict) -> Iterator[str]:
    for item in value["data"]:
        yield from filter(None, item["perm"].split(","))
"""
STATEMENT = (
    '{"undecided": [*flags]}',
    '{"data": [{"perm": ",".join(flag for flag in ("read_only", "trade", "withdraw") if flag in flags)}]}',
)


@pytest.fixture(name="written", scope="module")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    write(plan("okx", directory=str(folder)))
    return folder / NAME


@pytest.fixture(name="site", scope="module")
def _site(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = tmp_path_factory.mktemp("site")
    install([written], site)
    return site


@pytest.fixture(name="package")
def _package(written: Path, tmp_path: Path) -> Path:
    """Return a copy of the package for its author to change."""
    return Path(shutil.copytree(written, tmp_path / NAME))


def change(package: Path, module: str, old: str, new: str) -> None:
    """Replace a text that stands once in a module of the package, or in a file of the folder around it."""
    path = package / (module if "/" in module else f"hashdata_okx/{module}")
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("at", ['("data", "0", "ts")', '("ts",)', '("data", 1, "ts")'])
def test_a_clock_that_looks_elsewhere_than_the_exchange_writes_is_noticed(package: Path, site: Path, at: str) -> None:
    change(package, "questions.py", 'at=("data", 0, "ts")', f"at={at}")

    assert failed(run_pytest(package, site)) >= {
        "test_the_clock_finds_the_time_in_the_answer",
        "TestOkx::test_a_key_that_can_only_read_is_accepted",
    }


def test_a_clock_that_takes_milliseconds_for_seconds_is_noticed(package: Path, site: Path) -> None:
    change(package, "questions.py", "TimeForm.MILLISECONDS", "TimeForm.SECONDS")

    assert "test_the_clock_finds_the_time_in_the_answer" in failed(run_pytest(package, site))


@pytest.mark.parametrize("written_as", ["now_ms", "str(now_ms)"])
def test_a_time_may_be_a_number_or_the_same_in_text(package: Path, site: Path, written_as: str) -> None:
    change(package, "examples.py", "str(now_ms)", written_as)

    assert failed(run_pytest(package, site)) == UNDECIDED


def test_rights_that_come_together_need_no_other_keys_and_no_other_tests(package: Path, site: Path) -> None:
    (package / "hashdata_okx" / "rights.py").write_text(RIGHTS, "utf-8")
    change(package, "examples.py", *STATEMENT)

    printed = run_pytest(package, site)

    assert failed(printed) == UNDECIDED - {"test_everything_is_decided_in[rights.py]"}


def test_a_statement_that_gives_less_than_its_flag_is_noticed(package: Path, site: Path) -> None:
    (package / "hashdata_okx" / "rights.py").write_text(RIGHTS, "utf-8")
    change(package, "examples.py", STATEMENT[0], STATEMENT[1].replace('"trade", ', ""))

    assert "test_each_flag_gives_what_known_says_and_nothing_else[trade]" in failed(run_pytest(package, site))


def test_a_flag_that_is_called_otherwise_in_the_example_is_noticed(package: Path, site: Path) -> None:
    (package / "hashdata_okx" / "rights.py").write_text(RIGHTS, "utf-8")
    change(package, "examples.py", STATEMENT[0], STATEMENT[1].replace("flag for", 'flag.replace("dr", "r") for'))

    assert "test_each_flag_gives_what_known_says_and_nothing_else[withdraw]" in failed(run_pytest(package, site))


def test_flags_that_give_the_same_have_a_key_each(package: Path) -> None:
    flags = '"enableMargin": Permission.TRADE,\n    "Futures_V2 (new)": Permission.TRADE,\n    "ipBound": None,\n'
    change(package, "rights.py", '"trade": Permission.TRADE,', flags)
    program = "from hashdata_okx.practice_keys import KEYS\nfor key in KEYS: print(key.persona.name, *key.flags)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=package, capture_output=True, text=True, timeout=60, check=False
    )

    assert [line.partition(" ")[::2] for line in done.stdout.splitlines()] == [
        ("read-only", "read ipBound"),
        ("with-enable-margin", "read ipBound enableMargin"),
        ("with-futures-v2-new", "read ipBound Futures_V2 (new)"),
        ("with-withdraw", "read ipBound withdraw"),
        ("with-transfer", "read ipBound transfer"),
        ("full-power", "read enableMargin Futures_V2 (new) ipBound withdraw transfer"),
        ("wrong-key", "read ipBound"),
        ("wrong-secret", "read ipBound"),
        ("wrong-passphrase", "read ipBound"),
    ]


def test_a_key_with_an_error_gets_it_for_everything_it_signs(package: Path, site: Path) -> None:
    comment = (package / "hashdata_okx" / "practice_keys.py").read_text("utf-8").replace("\n# ", " ")
    row = comment.partition("number of its own: `")[2].partition("`")[0]
    change(package, "practice_keys.py", "    _UNKNOWN,\n", f"    _UNKNOWN,\n    {row}\n")
    answer = '"expired key": _inferred({"code": "undecided-expired", "message": "Expired."}, 401),'
    change(package, "examples.py", '    "unknown path"', f'    {answer}\n    "unknown path"')
    diagnosis = '"undecided-expired": (Cause.EXPIRED_KEY, "not known yet"),'
    change(package, "diagnoses.py", '    "undecided-no-right"', f'    {diagnosis}\n    "undecided-no-right"')
    change(package, "tests/test_connector.py", '("okx")', '("okx", ends={"expired": "expired_key"})')

    printed = run_pytest(package, site)

    assert row.startswith('_key(6, "expired", ')
    assert failed(printed) == UNDECIDED | {"TestOkx::test_every_practice_key_ends_as_expected"}
    assert "does not name the practice key read-only" in printed
    assert "The practice key expired" not in printed


def test_a_passphrase_that_is_not_looked_at_is_noticed(package: Path, site: Path) -> None:
    change(package, "sandbox.py", "not has_passphrase(request, key.held)", "False")

    assert "accepts the key of read-only with another passphrase" in run_pytest(package, site)
