"""`hashdata sandbox`: an exchange to practise on stands until it is stopped."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hashdata.registry import find
from hashdata.sandbox.personas import exchange_of

from tests.cli.command import CONNECTORS, HASHDATA, PATIENCE, Outcome, environment, run, shell


@contextmanager
def standing(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start a sandbox and yield it with the lines that it prints; it is not left behind."""
    with subprocess.Popen(
        [HASHDATA, "sandbox", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        try:
            lines: list[str] = []
            assert process.stdout
            while not lines or not lines[-1].startswith("printf "):
                line = process.stdout.readline()

                assert line, process.communicate()
                lines.append(line.rstrip("\n"))
            yield process, lines
        finally:
            process.kill()


def stop(process: subprocess.Popen[str], signum: signal.Signals) -> Outcome:
    process.send_signal(signum)
    out, err = process.communicate(timeout=PATIENCE)
    return Outcome(process.returncode, out, err)


@pytest.mark.parametrize("name", CONNECTORS)
def test_the_command_that_a_sandbox_prints_works(name: str) -> None:
    with standing(name) as (process, lines):
        ended = shell(lines[-1])
        stopped = stop(process, signal.SIGINT)

    assert ended.out.startswith("ACCEPTED (practice)\n")
    assert ended.code == 0
    assert stopped == Outcome(130, "", "Stopped.\n")


def test_every_practice_key_is_printed_as_a_test_reads_it() -> None:
    personas = exchange_of(find("poloniex-futures")).personas
    with standing("Poloniex_Futures") as (process, lines):
        origin = lines[0].split(" stands at ")[1].split()[0]
        index = next(n for n, line in enumerate(lines) if line.startswith("wrong-passphrase: "))
        ended = run(
            *("connectors", "test", "poloniex-futures", "--credentials", "-", "--endpoint", origin, "--json"),
            stdin=lines[index + 1].encode(),
        )
        stop(process, signal.SIGINT)

    printed = {line.split(":")[0]: json.loads(after) for line, after in pairwise(lines) if is_key(after)}
    assert printed == {persona.name: persona.credentials for persona in personas}
    assert ended.document["cause"] == "wrong_passphrase"


def is_key(line: str) -> bool:
    return line.startswith('{"api_key"')


def test_a_clock_that_is_off_stands_at_an_address_of_its_own() -> None:
    with standing("poloniex") as (process, lines):
        index = next(n for n, line in enumerate(lines) if line.startswith("skewed-clock: "))
        origin = lines[index].split("(at ")[1].removesuffix(")")
        ended = run(
            *("connectors", "test", "poloniex", "--credentials", "-", "--endpoint", origin, "--json"),
            stdin=lines[index + 1].encode(),
        )
        stop(process, signal.SIGINT)

    assert origin not in lines[0]
    assert ended.document["cause"] == "clock"


def test_sigterm_stops_a_sandbox() -> None:
    with standing("poloniex") as (process, _):
        stopped = stop(process, signal.SIGTERM)

    assert stopped == Outcome(-signal.SIGTERM, "", "")


def test_a_sandbox_stands_at_the_port_that_was_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with standing("poloniex", "--port", str(port)) as (process, lines):
        stop(process, signal.SIGINT)

    assert f" stands at http://127.0.0.1:{port} until Ctrl-C." in lines[0]


def test_a_port_that_is_in_use_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("sandbox", "poloniex", "--port", str(port))

    assert ended == Outcome(
        2,
        "",
        f"Error: port {port} of 127.0.0.1 is in use.\nFix: Choose another port, or 0 for any free one.\n",
    )
