"""`pytest --record-mode=rewrite` and a test that prints a credential: neither gets it into a file or a report."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from vcr.request import Request
from vcr.serializers import yamlserializer

from tests.canaries import KEY, SECRET, shows
from tests.cassettes.persister import CarefulPersister, Unfit
from tests.cassettes.test_recording import echoing
from tests.record_cassettes import FOLDER

ROOT = FOLDER.parent


def cassette(body: str) -> dict[str, Any]:
    provenance = {"evidence": "inferred", "source": "a test", "recorded_at": "2026-11-22T12:00:00.000Z"}
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": body.encode()}}
    request = Request("GET", "https://api.poloniex.com/accounts", None, {})
    return {"requests": [request], "responses": [{**response, "provenance": provenance}]}


def test_what_is_fit_is_written_and_read_back_with_its_provenance(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.yaml"

    CarefulPersister.save_cassette(path, cassette("[]"), yamlserializer)

    _, responses = CarefulPersister.load_cassette(path, yamlserializer)
    assert responses[0]["provenance"]["source"] == "a test"


@pytest.mark.parametrize(
    "body", [f"you are {KEY}", SECRET[::-1], SECRET.encode().hex()], ids=["raw", "reversed", "hex"]
)
def test_a_cassette_with_a_planted_leak_is_not_written(tmp_path: Path, body: str) -> None:
    path = tmp_path / "file.yaml"

    with pytest.raises(Unfit, match=r"file\.yaml was not written: it holds a credential"):
        CarefulPersister.save_cassette(path, cassette(body), yamlserializer)

    assert not path.exists()


def test_a_cassette_without_provenance_is_not_written(tmp_path: Path) -> None:
    unsaid = cassette("[]")
    del unsaid["responses"][0]["provenance"]

    with pytest.raises(Unfit, match="does not say where it comes from"):
        CarefulPersister.save_cassette(tmp_path / "file.yaml", unsaid, yamlserializer)


def test_a_cassette_with_metadata_of_vcrpy_can_be_read(tmp_path: Path) -> None:
    document = yaml.safe_load((FOLDER / "poloniex/accepted.yaml").read_text(encoding="utf-8"))
    (tmp_path / "file.yaml").write_text(yaml.safe_dump({**document, "metadata": {"a": 1}}), encoding="utf-8")

    _, responses, metadata = CarefulPersister.load_cassette(tmp_path / "file.yaml", yamlserializer)

    assert (len(responses), metadata) == (9, {"a": 1})


def run(folder: Path, source: str, *options: str) -> str:
    """Run a test file under the project's own settings and hooks, and return all that pytest printed."""
    path = folder / "test_planted.py"
    path.write_text(textwrap.dedent(source), encoding="utf-8")
    (folder / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, *options, "-rA", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def test_rewriting_a_cassette_does_not_write_what_a_server_echoes(tmp_path: Path) -> None:
    with echoing("key") as origin:
        output = run(
            tmp_path,
            f"""
            import asyncio
            import aiohttp
            import pytest
            from tests.canaries import KEY

            @pytest.mark.vcr
            def test_echo():
                async def ask():
                    async with aiohttp.ClientSession(headers={{"key": KEY}}) as session:
                        answer = await session.get("{origin}/")
                        assert KEY in await answer.text()

                asyncio.run(ask())
            """,
            "--record-mode=rewrite",
        )

    assert "test_echo.yaml was not written: " in output
    assert "it holds a credential" in output
    assert not shows(output)
    assert list(tmp_path.rglob("*.yaml")) == []


def test_a_test_whose_output_holds_a_canary_fails_and_its_output_is_withheld(tmp_path: Path) -> None:
    output = run(
        tmp_path,
        """
        import base64
        import logging
        import sys
        import pytest
        from tests.canaries import KEY, PASSPHRASE, SECRET

        def test_printed():
            print("begin", KEY, "end")

        def test_printed_to_the_other_stream_in_disguise():
            print(base64.b64encode(b"." + SECRET.encode()).decode(), file=sys.stderr)

        def test_logged():
            logging.getLogger("any").warning("phrase %s", PASSPHRASE)

        def test_asserted():
            assert {"secret": SECRET} == {}

        @pytest.fixture
        def torn_down():
            yield
            raise ValueError(KEY)

        def test_raised_at_the_end(torn_down):
            pass

        def test_property(record_property):
            record_property("key", KEY)

        @pytest.mark.xfail
        def test_expected():
            raise ValueError(KEY)

        def test_innocent():
            print("nothing to hide")
        """,
    )

    assert not shows(output)
    assert "6 failed, 2 passed, 1 error" in output
    assert output.count("all of that is withheld") >= 7
    assert "nothing to hide" in output


def test_a_test_file_that_shows_a_canary_while_it_is_collected_is_withheld(tmp_path: Path) -> None:
    output = run(tmp_path, "from tests.canaries import KEY\nraise ValueError(KEY)\n")

    assert not shows(output)
    assert "all of that is withheld" in output
    assert "1 error" in output
