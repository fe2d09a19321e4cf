"""docs/tutorial.md does what it says: each file is written and each command run, in an environment of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.docs.transcript import Ended, is_as_shown
from tests.scaffold.walkthrough import PAGE, File, Workshop, steps


@pytest.fixture(name="workshop", scope="module")
def _workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop.open(tmp_path_factory.mktemp("tutorial"))


@pytest.fixture(name="done", scope="module")
def _done(workshop: Workshop) -> Sequence[Ended]:
    return list(workshop.do(steps()))


def test_every_command_prints_what_is_shown(done: Sequence[Ended]) -> None:
    different = [f"$ {one.command.line}\n{one.printed}" for one in done if one.command.shown and not is_as_shown(one)]

    assert different == [], "\n".join(different)


def test_only_what_is_meant_to_fail_fails(done: Sequence[Ended]) -> None:
    failed = [(one.command.line.rpartition(" ")[2], one.status) for one in done if one.status]

    assert failed == [("-q", 1), ("with-enable-futures", 1), ("wrong-secret", 3)]


def test_once_everything_is_decided_the_kit_passes_whole(done: Sequence[Ended]) -> None:
    before, after = (one for one in done if one.command.line == "pytest -q")

    assert before.status == 1
    assert after.status == 0
    assert re.fullmatch(r"[.\s]+\[100%\]\s+\d+ passed in [\d.]+s\s*", after.printed)


def test_no_question_is_left_in_what_the_page_writes(workshop: Workshop, done: Sequence[Ended]) -> None:
    left = [path for path in (workshop.folder / "work").rglob("*.py") if "DECIDE:" in path.read_text("utf-8")]

    assert done
    assert left == []


def test_the_page_says_how_many_lines_the_smallest_connector_has() -> None:
    project, module, *_ = [len(step.text.splitlines()) for step in steps() if isinstance(step, File)]
    page = PAGE.read_text("utf-8")

    assert f"of {project} and {module} lines" in page
    assert f"in {project + module} lines" in page


def test_the_page_writes_only_files_that_the_command_wrote_before(workshop: Workshop, done: Sequence[Ended]) -> None:
    written = {step.path for step in steps() if isinstance(step, File) and "tiny" not in step.path}
    package = Path(workshop.folder, "work", "hashdata-binance", "hashdata_binance")

    assert done
    assert {name.removeprefix("hashdata_binance/") for name in written} <= {
        "README.md",
        *(path.name for path in package.glob("*.py")),
    }
