"""What was found in recordings: as a page and as JSON. A file may be hostile, so no text of it is shown as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from hashdata.recording.checking import Checked, File, Found
from hashdata.recording.meanings import Meaning
from hashdata.recording.suspects import Suspicion
from hashdata.render.layout import columns, heading
from hashdata.render.plain import plain

SCHEMA = "hashdata.cassettes/1"
_LONGEST = 200
WORDS = {
    Suspicion.CREDENTIAL: "looks like a key, a secret or a passphrase",
    Suspicion.SIGNATURE: "looks like a signature",
    Suspicion.EMAIL: "holds an e-mail address",
    Suspicion.ADDRESS: "holds an IP address",
    Suspicion.TOKEN: "holds a long random text that is no stand-in",
    Suspicion.ID: "holds an id that was not replaced",
    Suspicion.PROVENANCE: "does not say when it was recorded, or where it comes from",
    Suspicion.HEADER: "hold one that is never kept",
    Suspicion.HOST: "went to a host that no installed connector declares",
    Suspicion.REQUEST: "is one that no installed connector sends",
}


def to_json(files: Sequence[File]) -> dict[str, object]:
    """Return the published document `hashdata.cassettes/1`."""
    return {
        "schema": SCHEMA,
        "files": [
            {
                "name": _shown(file.name),
                "fine": file.is_fine,
                "unreadable": file.unreadable and _shown(file.unreadable.reason),
                "interactions": [_interaction(one) for one in file.interactions],
                "findings": [_finding(found) for found in file.found],
            }
            for file in files
        ],
    }


def _interaction(one: Checked) -> dict[str, object]:
    """Return one request and its answer."""
    return {
        "method": _shown(one.method),
        "host": _shown(one.host) or None,
        "path": _shown(one.path),
        "status": one.status,
        "evidence": one.evidence and str(one.evidence),
        "source": _shown(one.source) or None,
        "meanings": [_meaning(meaning) for meaning in one.meanings],
        "findings": [_finding(found) for found in one.found],
    }


def _meaning(meaning: Meaning) -> dict[str, object]:
    """Return what one connector reads in an answer."""
    return {
        "connector": meaning.connector,
        "api": meaning.api,
        "about": meaning.about,
        "means": str(meaning.means),
        "cause": meaning.cause and str(meaning.cause),
        "rights": {str(permission): str(grant) for permission, grant in meaning.rights.items()},
    }


def _finding(found: Found) -> dict[str, object]:
    """Return one thing to look at."""
    return {"what": str(found.suspicion), "place": _shown(found.place)}


def page(files: Sequence[File]) -> Iterator[RenderableType]:
    """Yield each file's requests with what their answers mean and what must be looked at, or why it cannot be read."""
    for file in files:
        yield heading(_shown(file.name))
        if file.unreadable:
            yield Text(f"UNREADABLE: {_shown(file.unreadable.reason)}. {file.unreadable.fix}", style="bold red")
            continue
        yield columns(_rows(file))
        for found in file.found:
            yield _line(found)
    unread = sum(file.unreadable is not None for file in files)
    amiss = sum(not file.is_fine for file in files) - unread
    counts = {"cannot be read": unread, "must be looked at before it is used or passed on": amiss}
    if lines := [f"{count} of {len(files)} {what}" for what, count in counts.items() if count]:
        yield Text("\n" + "\n".join(lines), style="bold red")
    else:
        yield Text("\nNothing was found that should not be there. Read it all the same.", style="green")


def _rows(file: File) -> Iterator[tuple[str | Text, ...]]:
    """Yield a row for each request, and under it one for each thing to look at."""
    for one in file.interactions:
        request = f"{_shown(one.method)} {_shown(one.path)}"
        says = "; ".join(dict.fromkeys(map(_says, one.meanings))) or "no connector knows it"
        yield request, str(one.status), str(one.evidence or "unsaid"), plain(says)
        yield from ((_line(found),) for found in one.found)


def _says(meaning: Meaning) -> str:
    """Say in one phrase what an answer means."""
    rights = ", ".join(f"{permission} {grant}" for permission, grant in meaning.rights.items())
    why = f" ({meaning.cause})" if meaning.cause else ""
    return f"{meaning.about} {meaning.means}{f': {rights}' if rights else ''}{why}"


def _line(found: Found) -> Text:
    """Return the line about one thing to look at."""
    return Text(f"LOOK: {_shown(found.place)} {WORDS[found.suspicion]}", style="bold red")


def _shown(text: str) -> str:
    """Return a text of a file as it may be shown."""
    return plain(text[: 2 * _LONGEST])[:_LONGEST]
