"""The page on the architecture names layers and files that are there."""

import re
import tomllib

from tests.docs.documents import ROOT, named

PAGE = named("docs/architecture.md")


def test_the_layers_are_those_that_are_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    checked = [re.findall(r"\w+", layer) for layer in project["tool"]["importlinter"]["contracts"][0]["layers"]]
    shown = [line.split() for line in PAGE.blocks[0].text.splitlines()]

    assert [line[: len(layer)] for line, layer in zip(shown, checked, strict=True)] == checked


def test_every_file_that_is_named_exists() -> None:
    files = {name for span in PAGE.spans for name in span.split() if name.endswith(".py")}
    places = [ROOT / "core" / "hashdata", *(ROOT / "plugins").glob("*/hashdata_*")]

    assert "tester/judge.py" in files
    assert sorted(name for name in files if not any(list(place.glob(name)) for place in places)) == []


def test_every_module_on_the_way_of_a_command_exists() -> None:
    ways = "".join(block.text for block in PAGE.blocks[1:])
    way = re.findall(r"^ .* ((?:accounts|cli|exchange|portal|render|tester)\.(?!toml)\w+)", ways, re.MULTILINE)
    places = [ROOT / "core" / "hashdata" / name.replace(".", "/") for name in way]

    assert len(places) > 16
    assert [place.name for place in places if not (place.with_suffix(".py").is_file() or place.is_dir())] == []
