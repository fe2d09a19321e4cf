"""Hooks that never return, what plugins do to the streams, and the hook that is called late: the sandbox."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest
from hashdata.errors import PluginError
from hashdata.registry import find, loading

from tests.registry.plugins import Plugin, hashdata

WAIT = "import threading\n        threading.Event().wait()"


def overriding(name: str, hook: str, body: str) -> Plugin:
    """Return a connector of which one hook has the given body."""
    source = f"class Other(Example):\n    @hookimpl\n    def {hook}(self):\n        {body}\n\n\nconnector = Other()"
    return Plugin(name=name, source=source)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(loading, "PATIENCE", 0.3)
    return tmp_path


@pytest.mark.parametrize(
    "hook", ["describe", "credential_schema", "permission_probes", "streams", "diagnoses", "guide"]
)
def test_a_hook_that_hangs_is_given_up(hook: str, site: Path) -> None:
    name = f"hang-{hook.replace('_', '-')}"
    overriding(name, hook, WAIT).install(site)

    with pytest.raises(PluginError, match="it did not finish loading within"):
        find(name)


def test_a_sandbox_that_hangs_is_given_up(site: Path) -> None:
    overriding("hang-sandbox", "sandbox", WAIT).install(site)
    connector = find("hang-sandbox")

    with pytest.raises(PluginError, match="the sandbox of hang-sandbox cannot be used: it did not finish"):
        connector.make_sandbox()


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("sandbox-raises", "raise ValueError('no')", "it raised ValueError: no. Update it"),
        ("sandbox-exits", "raise SystemExit(0)", "it raised SystemExit: 0. Update it"),
        ("sandbox-interrupts", "raise KeyboardInterrupt", "it raised KeyboardInterrupt. Update it"),
        ("sandbox-number", "return 5", r"sandbox\(\) is int, not a factory. Update it"),
    ],
)
def test_a_sandbox_hook_that_fails_is_an_error_with_its_reason(name: str, body: str, reason: str, site: Path) -> None:
    overriding(name, "sandbox", body).install(site)
    connector = find(name)

    with pytest.raises(PluginError, match=f"the sandbox of {name} cannot be used: {reason}") as raised:
        connector.make_sandbox()

    assert ".." not in raised.value.told


@pytest.mark.parametrize("body", ["raise SystemExit(0)", "return 5"], ids=["exits", "number"])
def test_the_command_line_ends_with_5_when_a_sandbox_fails(body: str, tmp_path: Path) -> None:
    overriding("practice", "sandbox", body).install(tmp_path)

    ran = hashdata(tmp_path, "connectors", "test", "practice", "--sandbox", "any", "--json")

    assert ran.code == 5
    assert "the sandbox of practice cannot be" in str(ran.document["error"])


def test_a_connector_without_a_sandbox_is_ready_and_says_so(site: Path) -> None:
    Plugin(name="no-sandbox", source="").install(site)

    assert find("no-sandbox").make_sandbox() is None


def test_both_streams_are_put_back(site: Path) -> None:
    Plugin(
        name="stream-thief",
        source="import io\nimport sys\n\nsys.stdout = io.StringIO()\nsys.stderr = io.StringIO()",
    ).install(site)
    before = (sys.stdout, sys.stderr)

    find("stream-thief")

    assert (sys.stdout, sys.stderr) == before


def test_what_a_connector_prints_goes_to_standard_error(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Plugin(name="printer", source="print('hello')").install(site)

    find("printer")

    assert capsys.readouterr() == ("", "hello\n")


def test_threads_that_a_connector_starts_do_not_keep_the_process(site: Path) -> None:
    Plugin(
        name="spinner",
        source="import threading\n\nthreading.Thread(target=threading.Event().wait, name='spun').start()",
    ).install(site)

    find("spinner")

    assert [thread.daemon for thread in threading.enumerate() if thread.name == "spun"] == [True]


def test_a_process_ends_although_a_connector_hangs(tmp_path: Path) -> None:
    Plugin(name="stuck", source="import threading\n\nthreading.Event().wait()", alone=True).install(tmp_path)
    begin = time.monotonic()

    ran = hashdata(tmp_path, "connectors", "show", "stuck", "--json")

    assert ran.code == 5
    assert time.monotonic() - begin < loading.PATIENCE + 10
