"""A full disk leaves the old files as they are, says so in one sentence, and hinders nothing once there is room."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hashdata.errors import StorageError
from hashdata.tester.report import Report

from tests.accounts.exchange import values
from tests.cli.command import HASHDATA, Outcome, execute
from tests.reliability.bench import Bench
from tests.reliability.border import Fault
from tests.reliability.operations import OPERATIONS, Plan, carry_out, copy, view

_REPEATABLE = {"add the first", "add", "rotate", "remove", "rename", "note and fold", "change slot"}
# The process sees "File too large" where the disk would say "No space left on device".
_LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
os.execv(sys.argv[2], sys.argv[2:])
"""


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.MonkeyPatch.context() as patch:
        # What Python compiles meanwhile would be cut off, and it does not notice.
        patch.setattr(sys, "dont_write_bytecode", True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def refusal(plan: Plan, bench: Bench, fault: Fault, at: int) -> StorageError | None:
    """Carry out a plan with a fault at call number `at`, and return what it is refused with."""
    try:
        carry_out(plan.operation, bench, fault, at)
    except StorageError as error:
        return error
    return None


def limited(size: int, *arguments: str) -> Outcome:
    """Run the command where no file can be longer than `size`, without cutting off what Python compiles."""
    command = [sys.executable, "-c", _LIMITED, str(size), HASHDATA, *arguments]
    return execute(command, env={"PYTHONDONTWRITEBYTECODE": "1"})


@pytest.mark.parametrize("fault", [Fault.FULL, Fault.ONCE], ids=["from then on", "once"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_space_at_any_step_is_said_and_leaves_what_was_there(
    name: str, fault: Fault, tmp_path: Path, template: Report
) -> None:
    plan = Plan.of(OPERATIONS[name], tmp_path / "plan", template)
    refused = 0
    for at in range(1, len(plan.calls) + 1):
        bench = copy(plan.prepared, tmp_path / str(at))
        where = f"{name}, call {at} ({plan.calls[at - 1]})"
        before, after = plan.allowed(at)
        error = refusal(plan, bench, fault, at)
        found = view(bench, plan.operation)
        if error is None:
            assert found == plan.views[-1], where
        else:
            refused += 1
            # Some say that the change is done, but not all that belongs to it.
            allowed = [before, after] if ", but " in error.what else [before]

            assert found in allowed, f"{where}: {error.what}"
            assert "\n" not in error.what, where
            assert error.fix, where
        bench.check_sound()

    assert refused > len(plan.calls) // 3


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name in _REPEATABLE])
def test_what_found_no_space_succeeds_once_there_is_room(name: str, tmp_path: Path, template: Report) -> None:
    plan = Plan.of(OPERATIONS[name], tmp_path / "plan", template)
    repeated = 0
    for at in range(1, len(plan.calls) + 1):
        bench = copy(plan.prepared, tmp_path / str(at))
        if refusal(plan, bench, Fault.ONCE, at) and view(bench, plan.operation) == plan.views[0]:
            repeated += 1
            carry_out(plan.operation, bench, Fault.NONE, 0)
            accounts, opener = view(bench, plan.operation)
            wanted, wanted_opener = plan.views[-1]

            assert opener == wanted_opener
            assert {label: number for label, (number, _) in accounts.items()} == {
                label: number for label, (number, _) in wanted.items()
            }, f"call {at}"
            # The report of the attempt that failed may be kept beside that of the one that succeeded.
            assert all(accounts[label][1] >= tests for label, (_, tests) in wanted.items())
            bench.check_sound()

    assert repeated > 2


@pytest.mark.parametrize("limit", [0, 100, 500, 1000, 2000])
def test_no_limit_of_a_file_breaks_what_is_stored(two: Bench, limit: int) -> None:
    before = two.seen()
    vault = two.vault()
    with no_file_longer_than(limit), pytest.raises(StorageError, match="cannot be written: File too large"):
        two.add(vault, "third", 3)

    assert two.seen() == before
    two.check_sound()
    two.add(two.vault(), "third", 3)
    assert two.seen().keys() == {"first", "second", "third"}


def test_each_file_in_its_turn_is_the_one_that_cannot_be_written(two: Bench) -> None:
    vault = two.vault()
    said = []
    # Longer than the others, so that it has a limit at which it alone finds no space.
    text = two.home.accounts.read_text()
    two.home.accounts.write_text(text.replace("schema = 1\n", f'schema = 1\nfiller = "{"x" * 8000}"\n'))
    for limit in range(0, 16000, 200):
        try:
            with no_file_longer_than(limit):
                two.add(vault, "third", 3)
        except StorageError as error:
            said.append(Path(error.what.partition(" cannot")[0]).suffix)
        else:
            break

    assert set(said) >= {".json", ".jsonl", ".toml"}, said
    assert "third" in two.seen()


def test_the_command_ends_with_2_and_one_sentence(two: Bench) -> None:
    given = two.folder / "key.json"
    given.touch(mode=0o600)
    given.write_text(json.dumps(values(3)))
    before = two.seen()
    add = ("accounts", "add", "third", "poloniex", "--credentials", str(given), "--endpoint", two.template.endpoint)
    refused = limited(1000, *add)

    assert refused.code == 2, refused.all
    assert refused.err.count("Error:") == 1
    assert f"{two.home.vault} cannot be written: File too large" in refused.err.replace("\n", " ")
    assert two.seen() == before
    assert execute([HASHDATA, *add]).code == 0


def test_a_bulk_test_whose_journal_finds_no_space_ends_with_2_and_goes_on_later(two: Bench) -> None:
    test = ("accounts", "test", "--all", "--min-age", "0", "--jsonl")
    tests_before = {label: len(one.tests) for label, one in two.seen().items()}
    # Room for the first line and one result, not for two.
    refused = limited(_size_of_result(two) * 3 // 2, *test)
    heard = [json.loads(line)["label"] for line in refused.out.splitlines() if "label" in line]
    kept = {label: len(one.tests) for label, one in two.seen().items()}

    assert refused.code == 2, refused.all
    assert "the journal of the test cannot be written: File too large" in refused.out
    assert {label for label in kept if kept[label] > tests_before[label]} == set(heard)
    assert len(heard) == 1
    assert execute([HASHDATA, "accounts", "test", "--resume"]).code == 0
    assert {label: len(one.tests) for label, one in two.seen().items()} == {"first": 2, "second": 2}


def _size_of_result(bench: Bench) -> int:
    return len(json.dumps(bench.entry("first").kept.report)) + 200


def test_a_result_that_found_no_space_spoils_none_that_comes_after_it(two: Bench) -> None:
    from hashdata.accounts.journal import Journal

    from tests.reliability.border import border

    entries = [two.entry("first"), two.entry("second")]
    with Journal.begin(two.home.journal, [entry.key for entry in entries]) as journal:
        with border(Fault.ONCE, 1), pytest.raises(StorageError):
            journal.write(entries[0])
        journal.write(entries[1])

    assert {label: len(one.tests) for label, one in two.seen().items()} == {"first": 1, "second": 2}
