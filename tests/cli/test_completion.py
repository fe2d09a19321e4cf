"""What a shell offers when the tab key is pressed."""

from __future__ import annotations

import pytest

from tests.cli.command import Outcome, run


def complete(line: str) -> Outcome:
    words = line.split(" ")
    return run(
        env={
            "_HASHDATA_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        }
    )


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("hashdata con", {"connectors"}),
        ("hashdata connectors ", {"list", "show", "guide", "test"}),
        ("hashdata connectors show ", {"poloniex", "poloniex-futures"}),
        ("hashdata sandbox poloniex-", {"poloniex-futures"}),
        ("hashdata connectors test poloniex --sandbox wr", {"wrong-key", "wrong-secret"}),
        ("hashdata connectors test --json poloniex --sandbox read", {"read-only"}),
        ("hashdata connectors test poloniex_futures --sandbox never", {"never-opened"}),
        ("hashdata connectors guide poloniex --variant ", {"today", "older"}),
        ("hashdata connectors test nonsense --sandbox ", set()),
        ("hashdata connectors test --sandbox ", set()),
        ("hashdata connectors show nonsense", set()),
        ("hashdata connectors test poloniex --cre", {"--credentials"}),
    ],
)
def test_a_shell_is_offered_what_fits(line: str, offered: set[str]) -> None:
    ended = complete(line)

    assert set(ended.out.split()) == offered
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("arguments", [[], ["connectors", "test", "poloniex", "--sandbox", "read-only"]])
def test_an_unknown_way_to_complete_is_no_verdict(arguments: list[str]) -> None:
    ended = run(*arguments, env={"_HASHDATA_COMPLETE": "nonsense"})

    assert "Traceback" not in ended.all
    assert ended.code == 2
