"""How the documents are written: plain words, one sentence a line, nothing of the machine they were written on."""

import re

import pytest

from tests.docs.documents import DOCUMENTS, RECORDS, ROOT, Document, named

BANNED = re.compile(r"\bsimply\b|\brobust(?:ly|ness)?\b|img\.shields|/work/|/root/|/home/", re.IGNORECASE)
EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]")
TWO_SENTENCES = re.compile(r"[a-z0-9)\"”`*][.!?][\"”)]* +[A-Z“\"]")
ENDS = re.compile(r"[.:;!?,][\"”)*`]*$")
# What a newcomer reads in about four minutes, tables and all.
README_WORDS = 1150


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_no_banned_word_or_emoji_is_used(document: Document) -> None:
    assert BANNED.findall(document.text) + EMOJI.findall(document.text) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_no_line_holds_two_sentences(document: Document) -> None:
    assert [line for line in document.prose if TWO_SENTENCES.search(line)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_no_sentence_is_broken_over_lines(document: Document) -> None:
    assert [line for line in document.paragraphs.splitlines() if line and not ENDS.search(line)] == []


def test_a_readme_can_be_read_in_four_minutes() -> None:
    assert len(named("README.md").unfenced.split()) <= README_WORDS


@pytest.mark.parametrize("record", RECORDS, ids=lambda d: d.path.stem)
def test_a_decision_record_is_short_and_has_its_three_parts(record: Document) -> None:
    assert len(record.text.splitlines()) <= 40
    assert record.headings(2) == ["Context", "Decision", "Cost"]
    assert [title.partition(":")[0] for title in record.headings(1)] == [record.path.name[:4]]


def test_decision_records_are_numbered_without_a_gap() -> None:
    assert [record.path.name[:4] for record in RECORDS] == [f"{n:04d}" for n in range(1, len(RECORDS) + 1)]


def test_the_changelog_has_this_version_and_room_for_the_next() -> None:
    project = (ROOT / "core" / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    headings = named("CHANGELOG.md").headings(2)

    assert version is not None
    assert headings[0] == "[Unreleased]"
    assert headings[1].startswith(f"[{version[1]}] - ")
