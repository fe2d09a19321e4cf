"""Fill the templates, and lay the folder down whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from hashdata.errors import UsageError
from hashdata.questions import TimeForm
from hashdata.scaffold.choosing import Chosen, choose_questions
from hashdata.scaffold.planning import Plan

# Where each template goes; what is not named here keeps its name.
_PLACES = {
    "gitignore": ".gitignore",
    "workflow.yml": ".github/workflows/test.yml",
    "cassettes.md": "cassettes/README.md",
}
_WIDTH = 118
_MOST_CODES = 5
# What the kit takes; ccxt gives some exchanges no limit at all.
_HIGHEST_RATE = 100.0


def write(plan: Plan) -> tuple[Path, ...]:
    """
    Write the package of `plan`, and return its files below its folder.

    Everything is written beside the folder first and renamed at the end.
    Raises `UsageError` where that fails, and leaves nothing behind.
    """
    texts = dict(_rendered(plan))
    beside: Path | None = None
    try:
        beside = Path(tempfile.mkdtemp(prefix=".hashdata-new-", dir=plan.folder.parent))
        for name, text in texts.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        # mkdtemp makes it for its owner alone.
        beside.chmod((plan.folder.parent.stat().st_mode & 0o777) | 0o700)
        if os.path.lexists(plan.folder):
            raise UsageError(f"{plan.folder} appeared meanwhile", fix="Give another one with --into.")
        beside.rename(plan.folder)
    except OSError as error:
        reason = error.strerror or "it failed"
        raise UsageError(
            f"the package cannot be written to {plan.folder.parent}: {reason}",
            fix="Nothing was left behind. Give another folder with --directory.",
        ) from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
    return tuple(Path(name) for name in texts)


def _rendered(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each file."""
    import jinja2

    # Brackets, because code and workflows are full of braces.
    environment = jinja2.Environment(
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - it writes code, and the texts in it were checked
    )
    environment.filters |= {"comment": _comment, "quoted": _quoted}
    values = _values(plan)
    for name, source in sorted(_templates()):
        place = _PLACES.get(name, name.replace("package/", f"{plan.package}/", 1))
        yield place, environment.from_string(source).render(values)


def _templates() -> Iterator[tuple[str, str]]:
    """Yield the name of each template without its ending, and its text."""
    root = files("hashdata.scaffold") / "templates"
    for folder in (root, root / "package", root / "tests"):
        before = "" if folder is root else f"{folder.name}/"
        for item in folder.iterdir():
            if item.name.endswith(".tmpl"):
                yield before + item.name.removesuffix(".tmpl"), item.read_text(encoding="utf-8")


def _values(plan: Plan) -> Mapping[str, object]:
    """Return everything that templates name."""
    choice, known = choose_questions(plan.facts), plan.facts
    private = choice.requests[1:]
    hosts = tuple(dict.fromkeys(request.host for request in choice.requests))
    time = known.time_in(choice.clock.request.call)
    at, form = (time.at, time.form) if time else (("time",), TimeForm.MILLISECONDS)
    return {
        "name": plan.name,
        "title": plan.title,
        "author": plan.author,
        "package": plan.package,
        "camel": "".join(word.capitalize() for word in plan.name.split("-")),
        "ccxt": known.exchange,
        "ccxt_versions": _range(version("ccxt")),
        "homepage": known.homepage or f"https://{hosts[0]}",
        "hosts": hosts,
        "other_hosts": tuple(host for host in known.hosts if host not in hosts),
        "needs": known.needs,
        "rate": min(known.rate, _HIGHEST_RATE),
        "added": tuple(sorted({name for request in private for name in request.added})),
        "shows_key": all(request.shows_key for request in private),
        "clock": choice.clock,
        "passphrase_in": next((request.passphrase_in for request in private if request.passphrase_in), None),
        "time_is_read": time is not None,
        "time_at": f"({', '.join(map(_literal, at))}{',' * (len(at) == 1)})",
        "time_form": form.name,
        "time_answer": _time_answer(at, form, is_text=time is not None and time.is_text),
        "rights": choice.rights,
        "states_rights": choice.states_rights,
        "streams": choice.streams,
        "examples": _once(choice.streams),
        "missing": choice.missing,
        "unnamed": tuple(name for name, calls in choice.missing.items() if not calls),
        "errors": {name: _named(codes) for name, codes in known.errors.items() if _named(codes)},
        "today": datetime.now(UTC).date(),
    }


def _time_answer(at: tuple[str | int, ...], form: TimeForm, *, is_text: bool) -> str:
    """Return the code of an answer that holds the time where `at` leads."""
    code = {
        TimeForm.MILLISECONDS: "now_ms",
        TimeForm.SECONDS: "now_ms // 1000",
        TimeForm.ISO: "datetime.fromtimestamp(now_ms / 1000, UTC).isoformat()",
    }[form]
    if is_text and form is not TimeForm.ISO:
        code = f"str({code})"
    for step in reversed(at):
        code = f"{{{_literal(step)}: {code}}}" if isinstance(step, str) else f"[{'None, ' * step}{code}]"
    return code


def _literal(step: str | int) -> str:
    """Return a name or a position as it stands in code."""
    return _quoted(step) if isinstance(step, str) else str(step)


def _once(streams: tuple[Chosen, ...]) -> tuple[Chosen, ...]:
    """Return one of the streams for each request: deposits and withdrawals may have the same."""
    return tuple({stream.request.sends: stream for stream in reversed(streams)}.values())[::-1]


def _named(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first codes that are none of the exchange's sentences."""
    return tuple(code for code in codes if not code.endswith("."))[:_MOST_CODES]


def _range(installed: str) -> str:
    """Return the range that begins with a version and ends before the next minor one."""
    major, minor, *_ = installed.split(".")
    return f">={installed},<{major}.{int(minor) + 1}"


def _comment(text: str, indent: int = 0) -> str:
    """Break a comment into lines, for a place that is indented already."""
    before = " " * indent + "# "
    lines = textwrap.fill(
        " ".join(text.split()),
        _WIDTH,
        initial_indent=before,
        subsequent_indent=before,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines.lstrip()


def _quoted(text: str) -> str:
    """Return a text as Python and TOML write it in double quotes."""
    return json.dumps(text, ensure_ascii=False)
