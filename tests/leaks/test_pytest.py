"""pytest's own output: a canary in the name of a test, or one that pytest cut short, is not printed either."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.canaries import KEY, SECRET
from tests.cassettes.test_persister import run
from tests.leaks.search import assert_clean

NAMED = "import pytest\nfrom tests.canaries import KEY\n@pytest.mark.parametrize('a', [KEY])\ndef test_a(a): ...\n"
SHORTENED = "from tests.canaries import SECRET\ndef test_a():\n    assert ['x' * 300, SECRET] == 'y' * 300\n"
PRINTED = "from tests.canaries import KEY\ndef test_a():\n    print(KEY[:20])\n    assert False\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [(NAMED, "stands in the name of a test"), (SHORTENED, "1 failed"), (PRINTED, "all of that is withheld")],
    ids=["named", "shortened", "a part"],
)
@pytest.mark.parametrize("options", [(), ("-v", "--tb=long", "--showlocals")], ids=["short", "long"])
def test_pytest_prints_no_part_of_a_canary(tmp_path: Path, source: str, said: str, options: tuple[str, ...]) -> None:
    output = run(tmp_path, source, *options)

    assert_clean("the output", output)
    assert KEY[:12] not in output
    assert SECRET[:12] not in output
    assert said in output
