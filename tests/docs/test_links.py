"""What a document points at is there."""

import pytest

from tests.docs.documents import DOCUMENTS, Document


def dead(document: Document, target: str) -> bool:
    """Whether `target` leads nowhere; other sites are not asked."""
    if target.startswith("https://"):
        return False
    name, _, anchor = target.partition("#")
    path = (document.path.parent / name).resolve() if name else document.path
    if not path.exists():
        return True
    return bool(anchor) and anchor not in Document(path).anchors


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_link_leads_somewhere(document: Document) -> None:
    assert [target for target in document.links if dead(document, target)] == []


def test_a_dead_link_is_noticed() -> None:
    document = DOCUMENTS[0]

    assert dead(document, "docs/nowhere.md")
    assert dead(document, "docs/report.md#nowhere")
    assert not dead(document, "docs/report.md#verdicts")


def test_the_readme_leads_to_every_document() -> None:
    readme = DOCUMENTS[0]
    linked = {(readme.path.parent / target.partition("#")[0]).resolve() for target in readme.links}
    documents = {d.path for d in DOCUMENTS if d.path.parent.name == "docs"}

    assert sorted(path.name for path in documents - linked) == []
