"""Take a recording apart that a stranger sent: never more work than its size allows, and nothing in it is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hashdata.errors import UsageError

LARGEST = 4 * 1024 * 1024
MOST_FILES = 500
_DEEPEST = 12
_MOST_EVENTS = 200_000
_ENDINGS = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that is no recording: why, as a clause that repeats nothing of it, and what to do."""

    reason: str
    fix: str


class _Unreadable(ValueError):  # noqa: N818 - said of a file
    """The text is no recording; the message says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One request and its answer as they stand in a file; everything in them may be hostile."""

    method: str
    uri: str
    request_body: str
    request_headers: tuple[tuple[str, str], ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    evidence: str
    source: str
    recorded_at: str


def files_at(path: Path) -> tuple[Path, ...]:
    """Return `path`, or the recordings in the folder that it is. Raises `UsageError` where there are none."""
    try:
        if path.is_file():
            return (path,)
        below = path.rglob("*") if path.is_dir() else iter(())
        found = sorted(one for one in below if one.suffix in _ENDINGS and one.is_file() and not one.is_symlink())
    except (OSError, ValueError):
        found = []
    if not found:
        raise UsageError("there is no recording at that place", fix="Name a file, or a folder with files in .yaml.")
    if len(found) > MOST_FILES:
        raise UsageError(
            f"there are more than {MOST_FILES} files in the folder", fix="Name a folder with fewer of them."
        )
    return tuple(found)


def read(path: Path) -> tuple[str, tuple[Interaction, ...]] | Unreadable:
    """Return the text of a file and what stands in it, or why it is no recording: one bad file hides no other."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        reason = f"it cannot be opened ({error.strerror or 'it failed'})"
        return Unreadable(reason=reason, fix="See who may read the file, or name another one.")
    try:
        return taken_apart(content)
    except _Unreadable as error:
        return Unreadable(reason=str(error), fix="Ask whoever sent it for the file as --record wrote it.")


def taken_apart(content: bytes) -> tuple[str, tuple[Interaction, ...]]:
    """Return text and interactions; raise `ValueError` for anything else, with a clause that says why."""
    if len(content) > LARGEST:
        raise _Unreadable(f"it is larger than {LARGEST // 1024 // 1024} MiB")
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = content.decode()
        _check_events(yaml, loader, text)
        document = yaml.load(text, loader)  # noqa: S506 - both are safe loaders
        return text, tuple(_interaction(one) for one in document["interactions"])
    except _Unreadable:
        raise
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise _Unreadable("it is not YAML with requests and answers") from None


def _check_events(yaml: Any, loader: Any, text: str) -> None:  # noqa: ANN401 - PyYAML's types are not there at run time
    """Look at the parts of a document before anything is built of them."""
    # For each open mapping the names seen so far and whether a name comes next; None for a list.
    open_: list[tuple[set[str], list[bool]] | None] = []
    for count, event in enumerate(yaml.parse(text, loader)):
        if count > _MOST_EVENTS or len(open_) > _DEEPEST:
            raise _Unreadable("it has too many parts, or they are nested too deep")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Unreadable("a part of it stands for another one (an anchor or alias)")
        if getattr(event, "tag", None) is not None:
            raise _Unreadable("it names the type of a part (a tag)")
        if isinstance(event, yaml.CollectionEndEvent):
            open_.pop()
        elif isinstance(event, yaml.NodeEvent):
            _check_name(open_, event.value if isinstance(event, yaml.ScalarEvent) else None)
            if isinstance(event, yaml.CollectionStartEvent):
                open_.append((set(), [True]) if isinstance(event, yaml.MappingStartEvent) else None)


def _check_name(open_: list[tuple[set[str], list[bool]] | None], value: str | None) -> None:
    """Refuse a name that stands twice: of two values only one would be looked at."""
    if not open_ or (mapping := open_[-1]) is None:
        return
    names, is_name_next = mapping
    if is_name_next[0]:
        if value is None or value in names:
            raise _Unreadable("a name stands twice, or is no text")
        names.add(value)
    is_name_next[0] = not is_name_next[0]


def _interaction(one: Any) -> Interaction:  # noqa: ANN401 - a stranger's document
    """Return one request and its answer; whatever is not of the right type raises an error that is caught above."""
    request, response = one["request"], one["response"]
    provenance = response.get("provenance") or {}
    status = response["status"]["code"]
    if type(status) is not int or not 100 <= status <= 599:  # noqa: PLR2004 - HTTP
        raise _Unreadable("an answer has no HTTP status")
    return Interaction(
        method=_text(request["method"]),
        uri=_text(request["uri"]),
        request_body=_text(request.get("body") or ""),
        request_headers=tuple(_headers(request.get("headers") or {})),
        status=status,
        headers=tuple(_headers(response.get("headers") or {})),
        body=_text(response["body"].get("string") or ""),
        evidence=_text(provenance.get("evidence") or ""),
        source=_text(provenance.get("source") or ""),
        recorded_at=_text(provenance.get("recorded_at") or ""),
    )


def _headers(found: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - a stranger's document
    """Yield each header and its value; a header may have several."""
    for name, values in found.items():
        for value in values if isinstance(values, list) else [values]:
            yield _text(name), _text(value)


def _text(value: object) -> str:
    """Return a text; raise `_Unreadable` for anything else."""
    if not isinstance(value, str):
        raise _Unreadable("something in it is of another type than text")
    return value
