"""`hashdata cassettes check`, on recordings as they should be, as they should not, and on files made to do harm."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hashdata.cli import run
from jsonschema import ValidationError, validate

from tests.cassettes.test_standins import IN_USE
from tests.record_cassettes import FOLDER

GOOD = FOLDER / "poloniex" / "accepted.yaml"
SCHEMA = json.loads(Path(__file__).parents[2].joinpath("docs/schemas/hashdata.cassettes-1.json").read_text("utf-8"))
TRADES = json.dumps(IN_USE[1])


@dataclass(frozen=True, slots=True)
class Done:
    """How the command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Check = Callable[..., Done]


@pytest.fixture
def check(capfd: pytest.CaptureFixture[str]) -> Check:
    """Return what runs the command inside this process."""

    def run_here(path: Path, *options: str) -> Done:
        capfd.readouterr()
        code = run(["cassettes", "check", str(path), *options])
        return Done(code, *capfd.readouterr())

    return run_here


def document() -> Any:  # noqa: ANN401 - a document
    return yaml.safe_load(GOOD.read_text(encoding="ascii"))


def found(check: Check, tmp_path: Path, changed: Any) -> tuple[int, set[tuple[str, str]]]:  # noqa: ANN401 - a document
    """Check a changed document, and return the exit code and what was found in its first interaction."""
    path = tmp_path / "file.yaml"
    path.write_text(yaml.safe_dump(changed, sort_keys=False), encoding="utf-8")
    done = check(path, "--json")
    (file,) = json.loads(done.stdout)["files"]
    assert file["fine"] == (done.returncode == 0)
    return done.returncode, {(one["what"], one["place"]) for one in file["interactions"][0]["findings"]}


@pytest.mark.parametrize(("name", "persona"), [("poloniex", "read-only"), ("poloniex-futures", "read-only")])
def test_what_the_command_records_is_found_fine_and_understood(
    check: Check, tmp_path: Path, name: str, persona: str
) -> None:
    path = tmp_path / "file.yaml"
    record = [sys.executable, "-m", "hashdata", "connectors", "test", name, "--sandbox", persona, "--record", str(path)]
    first = subprocess.run(record, capture_output=True, timeout=60, check=False)
    again = subprocess.run([*record[:-1], str(tmp_path / "other.yaml")], capture_output=True, timeout=60, check=False)

    done = check(path, "--json")

    (file,) = json.loads(done.stdout)["files"]
    means = {(one["about"], one["means"]) for i in file["interactions"] for one in i["meanings"]}
    assert (first.returncode, again.returncode, done.returncode, done.stderr) == (0, 0, 0, "")
    assert {("trade", "refused"), ("withdraw", "refused"), ("time", "readable")} <= means
    assert all(i["meanings"] for i in file["interactions"])
    bodies = [yaml.safe_load((tmp_path / one).read_text())["interactions"] for one in ("file.yaml", "other.yaml")]
    account, other = (json.loads(one[0 if name == "poloniex" else 1]["response"]["body"]["string"]) for one in bodies)
    # Each recording has a secret of its own.
    assert account != other


def test_the_recordings_of_this_project_are_fine(check: Check) -> None:
    done = check(FOLDER)

    assert (done.returncode, done.stderr) == (0, "")
    assert "poloniex-futures/denied-trade.yaml" in done.stdout
    assert "trade granted" in done.stdout


@pytest.mark.parametrize(
    ("body", "what", "place"),
    [
        (TRADES, "id", "answer, field id"),
        ('[{"accountId": "3000000001"}]', "id", "answer, field accountId"),
        ('[{"accountId": 1694032006}]', "id", "answer, field accountId"),
        ('{"300000000000000002": 1}', "id", "answer, field id"),
        ('[{"label": "Janes account"}]', "id", "answer, field label"),
        ('{"data": {"note": "mail jane@mail.example"}}', "email", "answer, field note"),
        ('{"message": "not from 192.0.2.7"}', "address", "answer, field message"),
        ('{"message": "not from 2001:db8:0:1:2:3:4:5"}', "address", "answer, field message"),
        ('{"data": {"apiKey": "ABCDEFGH-12345678"}}', "credential", "answer, field apiKey"),
        ('{"data": "' + "0123456789abcdef" * 8 + '"}', "signature", "answer, field data"),
        ('{"message": "see Zx81kQ92Lmn0pR47tUvW"}', "token", "answer, field message"),
        ("<p>Zx81kQ92Lmn0pR47tUvW</p>", "token", "answer"),
        ("<p>account 300000000000000002</p>", "id", "answer"),
    ],
)
def test_what_should_have_been_taken_out_is_found_and_not_repeated(
    check: Check, tmp_path: Path, body: str, what: str, place: str
) -> None:
    changed = document()
    changed["interactions"][0]["response"]["body"]["string"] = body

    code, findings = found(check, tmp_path, changed)

    assert code == 1
    assert (what, place) in findings
    shown = check(tmp_path / "file.yaml").stdout
    assert "must be looked at" in shown
    assert not any(value in shown for value in ("300000", "jane@", "192.0.2", "2001:db8", "ABCDEFGH", "Zx81"))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda one: one["response"].pop("provenance"), "provenance"),
        (lambda one: one["response"]["provenance"].update(evidence="sworn"), "provenance"),
        (lambda one: one["response"]["provenance"].pop("recorded_at"), "provenance"),
        (lambda one: one["request"]["headers"].update(Key=["x"]), "header"),
        (lambda one: one["response"]["headers"].update({"Set-Cookie": ["a=b"]}), "header"),
        (lambda one: one["request"].update(uri="https://example.com/accounts"), "host"),
        (lambda one: one["request"].update(uri="http://api.poloniex.com/accounts"), "host"),
        (lambda one: one["request"].update(uri="https://api.poloniex.com@example.com/accounts"), "host"),
        (lambda one: one["request"].update(uri="https://jane:x@api.poloniex.com/accounts"), "host"),
        (lambda one: one["request"].update(uri="https://[/accounts"), "host"),
        (lambda one: one["request"].update(uri=one["request"]["uri"] + "?signature=x"), "request"),
        (lambda one: one["request"].update(uri=one["request"]["uri"] + "?key=Zx81kQ92Lmn0"), "credential"),
        (lambda one: one["request"].update(method="POST"), "request"),
    ],
)
def test_what_is_not_as_recordings_are_is_found(check: Check, tmp_path: Path, change: Any, what: str) -> None:  # noqa: ANN401 - a function
    changed = document()
    change(changed["interactions"][0])

    code, findings = found(check, tmp_path, changed)

    assert code == 1
    assert what in {kind for kind, _ in findings}


@pytest.mark.parametrize("host", ["example.com", "futures-api.poloniex.com", "[", "API.poloniex.com"])
@pytest.mark.parametrize("name", ["poloniex", "poloniex-futures"])
def test_each_request_is_matched_by_its_own_host(check: Check, tmp_path: Path, name: str, host: str) -> None:
    good = FOLDER / name / "accepted.yaml"
    (before,) = json.loads(check(good, "--json").stdout)["files"]
    path = tmp_path / "file.yaml"
    others = []
    for number, one in enumerate(before["interactions"]):
        if one["host"] == host:
            continue
        changed = yaml.safe_load(good.read_text(encoding="ascii"))
        request = changed["interactions"][number]["request"]
        request["uri"] = request["uri"].replace(one["host"], host)
        path.write_text(yaml.safe_dump(changed, sort_keys=False), encoding="utf-8")
        (after,) = json.loads(check(path, "--json").stdout)["files"]
        assert {found["what"] for found in after["interactions"].pop(number)["findings"]} & {"host", "request"}
        expected = [*before["interactions"]]
        del expected[number]
        others.append(after["interactions"] == expected)

    assert others
    assert all(others)


def test_a_comment_is_looked_at_too(check: Check, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(GOOD.read_text(encoding="ascii") + "# ask jane@mail.example\n", encoding="ascii")

    done = check(path)

    assert done.returncode == 1
    assert "LOOK: file holds an e-mail address" in done.stdout


BOMB = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 8)}]\n" for n in range(9)
)
INTERACTION = "version: 1\ninteractions:\n- request: {method: 'GET', uri: 'u', body: null, headers: {}}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not YAML with requests"),
        ("interactions: 7", "not YAML with requests"),
        ("interactions: [7]", "not YAML with requests"),
        ("{", "not YAML with requests"),
        ("interactions: [" * 5000, "nested too deep"),
        ("[" * 200_000, "nested too deep"),
        ("interactions:\n" + "- 1\n" * 300_000, "too many parts"),
        (BOMB, "an anchor or alias"),
        ("a: &a {b: *a}", "an anchor or alias"),
        ("!!python/object/apply:os.system ['touch here']", "a tag"),
        ("interactions: !!binary aGk=", "a tag"),
        ("interactions: []\ninteractions: []", "a name stands twice"),
        ("? [a]\n: 1", "a name stands twice, or is no text"),
        (INTERACTION + "  response: {status: {code: true}, body: {string: ''}}", "no HTTP status"),
        (INTERACTION + "  response: {status: {code: 200}, body: {string: 7}}", "another type than text"),
        (INTERACTION + "  response: {status: {code: 2026-13-45}, body: {string: ''}}", "not YAML with requests"),
        ("\ud800", "not YAML with requests"),
        ("\x00\x07", "not YAML with requests"),
        ("x" * 5_000_000, "larger than 4 MiB"),
    ],
    ids=lambda value: value[:20].encode("ascii", "backslashreplace").decode(),
)
def test_a_file_that_is_made_to_do_harm_is_refused_in_one_sentence(
    check: Check, tmp_path: Path, text: str, why: str
) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(text.encode(errors="surrogatepass"))
    begun = time.monotonic()

    done = check(path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: file.yaml is not a recording that can be read: ")
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert time.monotonic() - begun < 20
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_in_a_file_reaches_the_terminal_as_it_is(check: Check, tmp_path: Path) -> None:
    changed = document()
    one = changed["interactions"][0]
    one["request"]["uri"] = "https://api.poloniex.com/\x1b[2Jcleared\u202e"
    one["response"]["provenance"]["source"] = "\x1b]0;title\x07"
    one["response"]["body"]["string"] = json.dumps({"a\x1b[31m": "jane@mail.example"})
    path = tmp_path / "na\x1bme.yaml"
    path.write_text(yaml.safe_dump(changed), encoding="utf-8")

    shown, as_json = check(path), check(path, "--json")

    assert (shown.returncode, as_json.returncode) == (1, 1)
    assert not any(sign in shown.stdout + shown.stderr for sign in "\x1b\x07\u202e")
    assert not any(sign in text for text in texts(json.loads(as_json.stdout)) for sign in "\x1b\x07\u202e")


def texts(value: Any) -> list[str]:  # noqa: ANN401 - a document
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("place", ["nowhere.yaml", "empty", "\x00"])
def test_where_there_is_no_recording_it_is_said(check: Check, tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    if place == "\x00":
        place = "x" * 5000

    done = check(tmp_path / place)

    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no recording at that place" in done.stderr


@pytest.fixture(name="mixed")
def _mixed(tmp_path: Path) -> Path:
    """Return a folder with a good file, one that cannot be read, and one that must be looked at."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.yaml").write_bytes(GOOD.read_bytes())
    (folder / "link.yaml").symlink_to(GOOD)
    (folder / "bad.yml").write_text("{", encoding="ascii")
    (folder / "odd.yaml").write_bytes(GOOD.read_bytes() + b"# ask jane@mail.example\n")
    return folder


def test_a_bad_file_in_a_folder_hides_no_other(check: Check, mixed: Path) -> None:
    done = check(mixed)

    assert (done.returncode, done.stderr) == (2, "")
    assert "UNREADABLE: it is not YAML with requests and answers. Ask whoever sent it" in done.stdout
    assert done.stdout.index("bad.yml") < done.stdout.index("UNREADABLE") < done.stdout.index("good.yaml")
    assert "trade refused" in done.stdout
    assert "LOOK: file holds an e-mail address" in done.stdout
    assert "1 of 3 cannot be read\n1 of 3 must be looked at" in done.stdout


def test_a_bad_file_in_a_folder_stands_in_the_one_document(check: Check, mixed: Path) -> None:
    done = check(mixed, "--json")

    files = {file["name"]: file for file in json.loads(done.stdout)["files"]}
    assert (done.returncode, done.stderr) == (2, "")
    validate({"schema": "hashdata.cassettes/1", "files": list(files.values())}, SCHEMA)
    assert {name: (file["fine"], file["unreadable"]) for name, file in files.items()} == {
        "bad.yml": (False, "it is not YAML with requests and answers"),
        "good.yaml": (True, None),
        "odd.yaml": (False, None),
    }
    assert len(files["good.yaml"]["interactions"]) == len(document()["interactions"])


@pytest.mark.parametrize(
    "change", [{"fine": True}, {"findings": [{"what": "host", "place": "file"}]}, {"unreadable": ""}]
)
def test_the_schema_lets_an_unreadable_file_hold_nothing(change: dict[str, object]) -> None:
    bad = {"name": "bad.yml", "fine": False, "unreadable": "it is large", "interactions": [], "findings": []}
    validate({"schema": "hashdata.cassettes/1", "files": [bad]}, SCHEMA)

    with pytest.raises(ValidationError):
        validate({"schema": "hashdata.cassettes/1", "files": [bad | change]}, SCHEMA)


def test_it_ends_with_whole_sentences(check: Check) -> None:
    assert check(GOOD).stdout.endswith("Nothing was found that should not be there. Read it all the same.\n")


def test_a_folder_of_nothing_but_good_files_says_of_none_that_it_cannot_be_read(check: Check, mixed: Path) -> None:
    (mixed / "bad.yml").unlink()

    done = check(mixed)

    assert done.returncode == 1
    assert "cannot be read" not in done.stdout


def test_a_file_that_may_not_be_opened_is_told(check: Check, mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    # As root every file can be opened.
    def refuse(self: Path, *given: Any, **options: Any) -> Any:  # noqa: ANN401 - as Path has it
        if self.name == "bad.yml":
            raise PermissionError(13, "Permission denied")
        return opened(self, *given, **options)

    monkeypatch.setattr(Path, "open", refuse)
    alone, among = check(mixed / "bad.yml"), check(mixed)

    assert (alone.returncode, alone.stdout, among.returncode) == (2, "", 2)
    assert "bad.yml is not a recording that can be read: it cannot be opened (Permission denied)" in alone.stderr
    assert "UNREADABLE: it cannot be opened (Permission denied)" in among.stdout
