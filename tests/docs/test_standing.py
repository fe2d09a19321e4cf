"""A standing practice exchange can be used as the page of the sandbox says."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of

from tests.docs.documents import named

HASHDATA = (sys.executable, "-m", "hashdata")


@pytest.fixture(name="printed")
def _printed() -> Iterator[str]:
    """Yield what a standing exchange prints up to the command that it offers, while it stands."""
    with subprocess.Popen([*HASHDATA, "sandbox", "poloniex"], stdout=subprocess.PIPE, text=True) as process:
        lines: list[str] = []
        for line in process.stdout or ():
            lines.append(line)
            if "--endpoint" in line:
                break
        yield "".join(lines)
        process.send_signal(signal.SIGINT)


def test_it_prints_every_key_and_a_printed_key_can_be_tested_there(printed: str, tmp_path: Path) -> None:
    keys = re.findall(r"^\{.*\}$", printed, re.MULTILINE)
    origin = re.search(r"http://127\.0\.0\.1:\d+", printed)
    assert origin is not None
    file = tmp_path / "key.json"
    file.touch(mode=0o600)
    file.write_text(keys[1])
    done = subprocess.run(
        [*HASHDATA, "connectors", "test", "poloniex", "--credentials", str(file), "--endpoint", origin[0]],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(keys) == len(exchange_of(find("poloniex")).personas)
    assert "may read and place orders" in printed
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "DENIED (practice)")


def test_the_page_shows_how(printed: str) -> None:
    text = named("docs/sandbox.md").text

    assert "hashdata connectors test poloniex --credentials key.json --endpoint http://127.0.0.1:8750" in text
    assert "hashdata connectors test poloniex --credentials - --endpoint" in printed
